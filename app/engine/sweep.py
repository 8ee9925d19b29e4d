"""Many runs that differ in one setting, trained at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from app.engine.batches import updates_per_epoch
from app.engine.objective import Objective
from app.engine.problem import Problem
from app.engine.settings import Settings
from app.engine.vectorized import VectorizedDescent, reads_no_rows, work_of

SWEPT_SETTINGS = ("learning_rate", "batch_size", "seed", "l2", "l1")
"""The settings in which the runs of a sweep may differ."""

MAX_RUNS = 64

MAX_VALUES_READ = 10_000_000_000
"""Numbers that all runs of a sweep may read together; up to a minute."""

MAX_VALUES_HELD = 4_000_000
"""Predictions, or numbers of rows, that all runs hold together; 32 MB."""

MAX_LOSSES = 8_000_000
"""Losses of all runs and epochs together; 64 MB."""


@dataclass(eq=False)
class Sweep:
    """Runs of one problem that differ in the setting `name`: one for each of the `values` [R].

    What follows is there once the share `done` of the work is 1.
    `losses` [R, epochs + 1] are loss and penalty on all rows. A run that `diverged` [R] keeps its last finite
    loss to the end. `parameters` [R, d + 1] are each run's last. `held_out_losses` [R] are the losses alone
    that these have on the rows held out; [0] where there are none.
    """

    name: str
    values: tuple[float, ...]
    losses: Tensor
    parameters: Tensor
    diverged: Tensor
    held_out_losses: Tensor
    done: float = 0.0

    @property
    def last_losses(self) -> Tensor:
        """[R]"""
        return self.losses[:, -1]

    @property
    def best(self) -> int | None:
        """The run that ends lowest, on the rows held out where there are any; None if all diverged."""
        judged = self.held_out_losses if len(self.held_out_losses) else self.last_losses
        return None if self.diverged.all() else int(judged.masked_fill(self.diverged, torch.inf).argmin())


def sweep(problem: Problem, settings: Settings, name: str, values: Sequence[float]) -> Sweep:
    """The whole sweep at once."""
    *_, found = sweeping(problem, settings, name, values)
    return found


def sweeping(problem: Problem, settings: Settings, name: str, values: Sequence[float]) -> Iterator[Sweep]:
    """Train one run for each value of the setting `name`; yield the same Sweep, further each time, until it is done.

    Each run is the one that `run` trains alone, but for rounding, and takes all its epochs whatever the
    tolerance. Gradients are by hand. Raises ValueError, in one sentence, for what is no sweep or too long a one.
    """
    changes: list[dict[str, Any]] = [{name: value} for value in values if name in SWEPT_SETTINGS]
    runs = [replace(settings, **change) for change in changes]
    if not 1 <= len(runs) <= MAX_RUNS:
        raise ValueError(
            f"A sweep takes 1 to {MAX_RUNS} values of {' or '.join(SWEPT_SETTINGS)}, not {len(values)} of {name}."
        )
    if name == "seed" and problem.held_out:
        raise ValueError("The seed also draws the rows held out. To compare seeds, hold no rows out.")
    groups: dict[int, list[int]] = {}
    for i, each in enumerate(runs):
        size = each.batch_size if updates_per_epoch(problem.n_rows, each.batch_size) > 1 else 0
        groups.setdefault(size, []).append(i)
    works = [work_of(problem, [runs[i] for i in members]) for members in groups.values()]
    _check(problem, runs, works)
    losses = torch.empty(len(runs), settings.epochs + 1, dtype=torch.float64)
    parameters = torch.empty(len(runs), problem.n_features + 1, dtype=torch.float64)
    diverged, none = torch.zeros(len(runs), dtype=torch.bool), torch.empty(0, dtype=torch.float64)
    found = Sweep(name, tuple(values), losses, parameters, diverged, none)
    yield found
    for k, members in enumerate(groups.values()):
        group = VectorizedDescent(problem, [runs[i] for i in members])
        for share in group.train():
            found.done = 0.99 * (sum(works[:k]) + share * works[k]) / max(sum(works), 1)
            yield found
        losses[members], parameters[members], diverged[members] = group.losses, group.parameters, group.diverged
    if problem.held_out:
        found.held_out_losses = Objective(problem, settings).mean_loss(problem.held_out, parameters)
    found.done = 1.0
    yield found


def _check(problem: Problem, runs: Sequence[Settings], works: Sequence[int]) -> None:
    """Refuse what takes too long or too much room."""
    n, width, epochs = problem.n_rows, problem.n_features + 1, runs[0].epochs
    own_rows = runs[0].seed != runs[-1].seed and updates_per_epoch(n, runs[0].batch_size) > 1
    rows = max(n, runs[0].batch_size * width) if own_rows else 0 if reads_no_rows(problem, runs[0]) else n
    shares = (sum(works) / MAX_VALUES_READ, len(runs) * rows / MAX_VALUES_HELD, len(runs) * epochs / MAX_LOSSES)
    if max(shares) > 1:
        raise ValueError(
            f"{len(runs)} runs of {epochs:,} epochs on {n:,} rows are {max(shares):.2g} times as much as a sweep can "
            "do. Choose fewer runs, fewer epochs or larger batches."
        )
