"""Training in chunks, and when it ends."""

import inspect
import math
import time
from collections.abc import Iterator

import torch

from app.engine.descent import Descent
from app.engine.history import History
from app.engine.objective import Objective
from app.engine.problem import Problem
from app.engine.rates import ARRIVED_SHARE
from app.engine.settings import Settings

STILL_EPOCHS = 10
"""A run has converged when its loss has not changed over so many epochs."""

DIVERGED_RATIO = 1e12
"""A run has diverged when its loss is this many times the first one."""

MIN_CHUNK_SECONDS = 0.02
"""Chunks grow until they take this long."""


def train(problem: Problem, settings: Settings, *, after: History | None = None, at: int = 0) -> Iterator[History]:
    """Yield the same History, longer each time, until its outcome is no longer "running".

    With `after`, another history of the same problem, the run copies that one up to epoch `at` and continues with these
    settings. Raises ValueError if `settings.start` does not fit the problem's features.
    """
    descent = Descent(problem, settings)
    history = descent.begin() if after is None else descent.resume(after, at)
    yield from _trained(descent, history)


def run(problem: Problem, settings: Settings) -> History:
    """Train to the end."""
    *_, history = train(problem, settings)
    return history


def _trained(descent: Descent, history: History) -> Iterator[History]:
    _judge(history, descent, since=history.epochs)
    chunk, most = descent.shortest_chunk, descent.longest_chunk
    if history.outcome != "running":
        yield history
    while history.outcome == "running":
        began, first = time.perf_counter(), history.epochs
        descent.walk(history, chunk)
        _judge(history, descent, since=first)
        took = time.perf_counter() - began
        history.seconds += took
        chunk = (
            min(2 * chunk, most)
            if took < MIN_CHUNK_SECONDS
            else max(1, chunk // 2)
            if took > 4 * MIN_CHUNK_SECONDS
            else chunk
        )
        yield history


def _judge(history: History, descent: Descent, *, since: int) -> None:
    """End the run at the first epoch after `since` that diverged or converged, or at the last epoch."""
    settings, losses = descent.settings, history.losses[since:].double()
    limit = DIVERGED_RATIO * (history.losses[0].item() or math.inf)
    beyond = (~((losses <= limit) & losses.isfinite())).nonzero()
    if len(beyond):
        epoch = since + int(beyond[0])
        finite = bool(torch.isfinite(history.parameters[epoch]).all() and losses[epoch - since].isfinite())
        why = "is more than 1e12 times the first one" if finite else "is no longer a finite number"
        history.end(epoch if finite else max(epoch - 1, 0), "diverged", f"The loss {why} at epoch {epoch:,}.")
        return
    if settings.tolerance:
        from_epoch = max(since - STILL_EPOCHS, 0)
        recent = history.losses[from_epoch:].double()
        change = (recent[:-STILL_EPOCHS] - recent[STILL_EPOCHS:]).abs()
        # A loss whose minimum is zero ends as rounding errors, whose relative change never gets small.
        enough = torch.clamp(settings.tolerance * recent[:-STILL_EPOCHS], min=descent.rounding)
        still = (change <= enough).nonzero()[:, 0] + from_epoch + STILL_EPOCHS
        # In a long flat valley the loss hardly changes even far from the optimum.
        arrived = still[
            descent.objective.distance_left(history.parameters[still], history.parameters[0]) <= ARRIVED_SHARE
        ]
        if len(arrived):
            epoch = int(arrived[0])
            share = f"{settings.tolerance:g} of itself" if history.losses[epoch] > descent.rounding else "its rounding"
            history.end(epoch, "converged", f"The loss changed by no more than {share} over {STILL_EPOCHS} epochs.")
            return
    if history.epochs == settings.epochs:
        reason = f"All {settings.epochs:,} epochs are done."
        if settings.tolerance:
            left = descent.objective.distance_left(history.parameters[-1], history.parameters[0]).item()
            reason += f" {left:.0%} of the way to the lowest point is left." if left > ARRIVED_SHARE else ""
        history.end(settings.epochs, "finished", reason)


def source(problem: Problem, settings: Settings) -> str:
    """The source code of a step with these settings."""
    return "\n\n".join(inspect.getsource(part) for part in Descent(problem, settings).shown_source)


def warm_up_torch() -> None:
    """Use one thread, best for small problems and many sessions; pay for torch's first calls and compile loops now."""
    torch.set_num_threads(1)
    problem = Problem([[0.0], [1.0], [2.0]], [0.0, 1.0, 3.0])
    run(problem, Settings(epochs=20))
    run(problem, Settings(epochs=20, precision="float32"))
    run(problem, Settings(epochs=20, gradient="autograd"))
    run(problem, Settings(epochs=20, gradient="autograd", precision="float32"))
    for loss in ("mae", "huber"):
        assert Objective(problem, Settings(loss=loss)).optimum
