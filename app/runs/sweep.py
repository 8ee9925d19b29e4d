"""A sweep on its way to the screen: one setting varied, and how each run ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.engine import Objective, Problem, Settings
from app.engine.rates import max_learning_rate
from app.engine.sweep import Sweep, sweeping
from app.runs.jobs import Job
from app.runs.run import TRAINING_SECONDS, Run
from app.wording import Markdown, readable

TITLES = {"learning_rate": "Learning rate", "batch_size": "Batch size", "seed": "Seed", "l2": "L2 penalty"}


@dataclass(frozen=True)
class SweepRun:
    """A sweep on the screen, or on its way there."""

    number: int
    """Another for every sweep."""

    sweep: Sweep
    job: Job

    problem: Problem
    settings: Settings
    """Of the run that it was made for."""

    lowest: tuple[float, ...]
    """The least possible loss for each value; empty where each would take long to find."""

    limit: float | None
    """Of the learning rate, if that is varied and has one."""

    def fits(self, run: Run) -> bool:
        """Whether nothing but the varied setting has changed since."""
        name = self.sweep.name
        change: dict[str, Any] = {name: getattr(self.settings, name)}
        return self.problem is run.problem and replace(run.settings, **change) == self.settings


def begin(run: Run, name: str, values: Sequence[Any], number: int) -> SweepRun:
    """A sweep around a run, trained for a moment. Raises ValueError, in one sentence, if it is too large."""
    rest = _few_losses(sweeping(run.problem, run.settings, name, values))
    found = next(rest)
    job = Job(rest, run.owner, lambda found: round(100 * found.done))
    job.work(TRAINING_SECONDS)
    job.check()
    limit = max_learning_rate(run.objective, run.settings) if name == "learning_rate" else None
    return SweepRun(number, found, job, run.problem, run.settings, _lowest(run, name, values), limit)


def _few_losses(rest: Iterator[Sweep]) -> Iterator[Sweep]:
    """At the end only the first and the last loss of each run are kept."""
    for found in rest:
        if found.done == 1:
            found.losses = found.losses[:, [0, -1]]
        yield found


def _lowest(run: Run, name: str, values: Sequence[Any]) -> tuple[float, ...]:
    """The least loss for each value; empty where each takes long to find."""
    if name != "l2":
        return (run.objective.optimum.loss,) * len(values)
    if not run.objective.is_quadratic or run.settings.l1:
        return ()
    return tuple(Objective(run.problem, replace(run.settings, l2=value)).optimum.loss for value in values)


def sentence(swept: SweepRun) -> Markdown:
    found = swept.sweep
    many, lost = len(found.values), int(found.diverged.sum())
    if found.best is None:
        return Markdown(":red[**All runs diverged.**] Choose other values, or a smaller learning rate.")
    losses, where = found.last_losses, Markdown("")
    if len(found.held_out_losses):
        losses, where = found.held_out_losses, Markdown(" on the held-out rows")
    value, loss = found.values[found.best], losses[found.best].item()
    rest = Markdown(" {} diverged." if lost else "").format(lost)
    words = Markdown("Of {} runs the best has {} **{:g}**: loss {}{}.{}")
    return words.format(many, title(found.name), value, readable(loss), where, rest)


def caption(swept: SweepRun) -> str:
    words = f"Each point is a run of {swept.settings.epochs:,} epochs; click one to make it the run."
    if len(swept.sweep.held_out_losses):
        words += " Orange: loss on the rows it learns from; purple: on those held out."
    if swept.settings.tolerance:
        words += " In a sweep the tolerance stops no run."
    if swept.sweep.name == "l2" and not swept.problem.held_out:
        words += " A penalty always adds to the loss: hold rows out to see which one predicts best."
    return words


def title(name: str) -> str:
    """Of a setting, inside a sentence."""
    return TITLES[name] if name == "l2" else TITLES[name].lower()
