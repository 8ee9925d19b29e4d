"""Pinned runs: what stays of a run, on the page and in a link, while others come and go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from app.dataset import ColumnChoice, Dataset, Selection
from app.engine import Objective, Problem, Settings, hold_out
from app.engine.losses import loss_of
from app.engine.problem import Scaling
from app.engine.rates import epochs_taken
from app.runs.frames import BIAS, Frames, few
from app.runs.jobs import Job
from app.runs.run import Recording
from app.runs.segments import Segment, possible, replay

MAX_PINS = 8
"""Runs that may be pinned at a time; each has a colour of its own."""

MAX_PIN_FRAMES = 500
"""Of a pinned run that are drawn."""

MAX_NAME_LENGTH = 40
"""In characters."""

SCALINGS: tuple[Scaling, ...] = ("none", "standardize")


@dataclass(frozen=True)
class Plan:
    """All that is needed to train a run again on the same rows; with the last of the `segments` it ends."""

    name: str
    scaling: Scaling
    segments: tuple[Segment, ...]

    @property
    def settings(self) -> Settings:
        return self.segments[-1].settings


@dataclass(frozen=True, eq=False)
class Pin:
    """A run that was pinned."""

    number: int
    """Its colour's, from 1."""

    run: str
    """The id of the run that it was taken from, or ""."""

    plan: Plan
    dataset: ref[Dataset]
    columns: ColumnChoice
    outcome: str

    epochs: NDArray[np.float32]
    """[n] of the few frames that are drawn."""

    parameters: NDArray[np.float32]
    """[n, d + 1] in the file's units."""

    losses: NDArray[np.float32]
    """[n]"""

    arrival: int | None
    """The first epoch within 1 % of the optimum, as `epochs_taken` has it; None if it never came there."""

    last: int
    """The last epoch."""

    loss: float
    """At the last epoch."""

    held_out_loss: float | None
    """Of the held-out rows at the last epoch; None if there are none."""

    seconds: float
    """That the training took."""

    hidden: bool = False

    @property
    def settings(self) -> Settings:
        return self.plan.settings

    @property
    def frames(self) -> dict[str, NDArray[np.float32]]:
        """As the player wants them."""
        d = self.parameters.shape[1] - 1
        columns = {f"w{i}": self.parameters[:, i] for i in range(d)}
        return {"epoch": self.epochs, **columns, BIAS: self.parameters[:, d], "loss": self.losses}

    @property
    def ending(self) -> str:
        """The outcome in words."""
        words = {"diverged": "diverged at epoch", "converged": "converged at epoch", "finished": "done at epoch"}
        return f"{words.get(self.outcome, 'so far at epoch')} {self.last:,}"

    def is_on(self, selection: Selection) -> bool:
        """Whether it was made from these rows and terms; the scaling may be another."""
        same_table = self.dataset() is selection.dataset
        return same_table and self.columns == replaced(selection.columns, "none")

    def has_loss_of(self, run: Recording) -> bool:
        """Whether its losses can be compared with those of a run on the same rows."""
        return _loss(self.settings, self.plan.scaling) == _loss(run.settings, run.problem.scaling)

    def is_of(self, run: Recording) -> bool:
        """Whether it is that very run, or one that goes the same way."""
        same = self.settings == run.settings and self.plan.segments[:-1] == run.segments
        return same and self.plan.scaling == run.problem.scaling and self.is_on(run.selection)


def pin(run: Recording, number: int, name: str, *, run_id: str = "", hidden: bool = False) -> Pin:
    """What stays of a run, as far as it has come; `run_id` if it may go on."""
    frames, history = Frames(run), run.history
    kept, last = few(frames.length, MAX_PIN_FRAMES), frames.last_epoch
    losses = frames.losses[: frames.length]
    return Pin(
        number,
        run_id,
        Plan(tidy(name) or f"Run {number}", run.problem.scaling, (*run.segments, _end(run, last))),
        ref(run.selection.dataset),
        replaced(run.selection.columns, "none"),
        run.outcome,
        frames.epochs[kept].astype(np.float32),
        _narrow(frames.parameters[kept]),
        _narrow(losses[kept]),
        epochs_taken(run.objective, history.parameters[: last + 1]),
        last,
        float(losses[-1]),
        float(frames.held_out_losses[frames.length - 1]) if frames.holds_out else None,
        history.seconds,
        hidden,
    )


def free_number(taken: Sequence[int]) -> int | None:
    """The lowest that no pin has; None if all are taken."""
    return next((number for number in range(1, MAX_PINS + 1) if number not in taken), None)


def tidy(name: str) -> str:
    """A name without the character that separates plans in a link."""
    return " ".join(name.replace("|", "/").split())[:MAX_NAME_LENGTH].strip()


class PinRestore:
    """Runs that a link says were pinned, trained again in turns, one after the other."""

    def __init__(self, plans: Sequence[Plan], selection: Selection, owner: str = "") -> None:
        self.plans = plans
        self.pins: list[Pin] = []
        self.job = Job(_train_again(plans, selection, self.pins), owner)


def _train_again(plans: Sequence[Plan], selection: Selection, pins: list[Pin]) -> Iterator[int]:
    for number, plan in enumerate(plans, 1):
        try:
            for longer in trained(plan, selection):
                run = longer
                yield number
        except ValueError:  # A start of another width, say.
            continue
        pins.append(pin(run, number, plan.name))


def trained(plan: Plan, selection: Selection) -> Iterator[Recording]:
    """The recording of a plan, longer each time. Raises ValueError for one that these rows cannot have."""
    settings = plan.settings
    same = plan.scaling == selection.columns.scaling
    whole = selection.problem if same else Problem(selection.design, selection.target, scaling=plan.scaling)
    if not all(possible(whole, segment.settings) for segment in plan.segments):
        raise ValueError("With these columns there are too many epochs, or a start of another width.")
    objective = Objective(hold_out(whole, settings.held_out, settings.seed), settings)
    before, end = plan.segments[:-1], plan.segments[-1].until
    for history in replay(objective.problem, before, settings):
        run = Recording(
            selection=selection,
            objective=objective,
            settings=settings,
            segments=before,
            history=history,
            epochs=min(history.epochs, end),
        )
        run.outcome = "stopped" if history.epochs > end else history.outcome
        yield run
        if history.epochs >= end:
            break


def replaced(columns: ColumnChoice, scaling: Scaling) -> ColumnChoice:
    return ColumnChoice(
        columns.target, columns.features, columns.degrees, columns.interactions, columns.missing, scaling
    )


def _end(run: Recording, last: int) -> Segment:
    """The last segment, as long as it has become if it was cut short."""
    until = last if run.outcome in ("running", "stopped") else run.settings.epochs
    return Segment(max(until, 1, *(segment.until + 1 for segment in run.segments)), run.settings)


def _loss(settings: Settings, scaling: Scaling) -> tuple[object, ...]:
    """The same for runs whose losses can be compared; penalties are on the weights in step units."""
    penalty = (settings.l1, settings.l2, scaling) if settings.l1 or settings.l2 else ()
    rows = (settings.held_out, settings.seed) if settings.held_out else ()
    return (loss_of(settings), penalty, rows)


def _narrow(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """In half the bytes; what is too large for float32 is its largest number."""
    largest = float(np.finfo(np.float32).max)
    return values.clip(-largest, largest).astype(np.float32)
