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
"""Runs of a sweep."""

MAX_VALUES_READ = 10_000_000_000
"""Values that all runs of a sweep may read in total; up to a minute."""

MAX_VALUES_HELD = 4_000_000
"""Predictions, or values of rows, that all runs may hold at a time; 32 MB."""

MAX_LOSSES = 8_000_000
"""Losses of all runs and epochs; 64 MB."""


@dataclass(eq=False)
class Sweep:
    """Runs of one problem that differ in one setting. The results are complete once `done` is 1."""

    name: str
    """The setting."""

    values: tuple[float, ...]
    """Its value in each run [R]."""

    losses: Tensor
    """Loss and penalty on all training rows [R, epochs + 1]; a run that diverged keeps its last finite loss."""

    parameters: Tensor
    """Each run's last parameters [R, d + 1]."""

    diverged: Tensor
    """Which runs did [R]."""

    held_out_losses: Tensor
    """Losses without penalty of the last parameters on the held-out rows [R]; [0] if there are none."""

    done: float = 0.0
    """Share of the work."""

    @property
    def last_losses(self) -> Tensor:
        """Of each run [R]."""
        return self.losses[:, -1]

    @property
    def best(self) -> int | None:
        """The run with the lowest last loss, on held-out rows if there are any; None if all diverged."""
        judged = self.held_out_losses if len(self.held_out_losses) else self.last_losses
        return None if self.diverged.all() else int(judged.masked_fill(self.diverged, torch.inf).argmin())


def sweep(problem: Problem, settings: Settings, name: str, values: Sequence[float]) -> Sweep:
    """The whole sweep at once."""
    *_, found = sweeping(problem, settings, name, values)
    return found


def sweeping(problem: Problem, settings: Settings, name: str, values: Sequence[float]) -> Iterator[Sweep]:
    """Train one run for each value of the setting `name`; yield the same Sweep, further each time, until it is done.

    Up to rounding each run is what `run` would train, but it does all its epochs whatever the tolerance. Gradients are
    by hand. Raises ValueError, in one sentence, for an impossible sweep or one that takes too long.
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
    """Raise ValueError for a sweep that takes too much time or memory."""
    n, width, epochs = problem.n_rows, problem.n_features + 1, runs[0].epochs
    own_rows = runs[0].seed != runs[-1].seed and updates_per_epoch(n, runs[0].batch_size) > 1
    rows = max(n, runs[0].batch_size * width) if own_rows else 0 if reads_no_rows(problem, runs[0]) else n
    shares = (sum(works) / MAX_VALUES_READ, len(runs) * rows / MAX_VALUES_HELD, len(runs) * epochs / MAX_LOSSES)
    if max(shares) > 1:
        raise ValueError(
            f"{len(runs)} runs of {epochs:,} epochs on {n:,} rows are {max(shares):.2g} times as much as a sweep can "
            "do. Choose fewer runs, fewer epochs or larger batches."
        )
