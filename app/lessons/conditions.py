"""What can be said of a run at the epoch shown: numbers by name, and conditions on them.

Lessons have these words for all that they ask, check, promise and print.
"""

import math
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from app.engine.rates import epochs_taken, fastest_learning_rate, growth, max_learning_rate
from app.engine.settings import BOUNDS, CHOICES
from app.runs.frames import Frames
from app.runs.run import Recording

NUMBER = r"[-−]?\d[\d,]*\.?\d*(?:e-?\d+)?"


@dataclass(frozen=True)
class Moment:
    """A run at an epoch: the state that conditions are about."""

    run: Recording
    epoch: float

    @cached_property
    def frames(self) -> Frames:
        return Frames(self.run)

    def row(self, epoch: float) -> int | None:
        """The row of that epoch in the run's frames; None if the run has not come so far."""
        row = int(epoch * self.frames.frames_an_epoch)
        return row if 0 <= row < self.frames.length else None

    @property
    def word(self) -> dict[str, str]:
        """Everything that is a word: settings, the scaling, and the outcome."""
        settings, columns = self.run.settings, self.run.selection.columns
        words = {name: str(value) for name, value in asdict(settings).items() if name in CHOICES}
        return words | {"scaling": columns.scaling, "outcome": self.run.outcome}


Value = Callable[[Moment, int, list[float]], float | None]
"""Of a moment, the row of an epoch, and the numbers in the quantity's name."""


def _parameter(i: int) -> Value:
    return lambda moment, row, numbers: float(moment.frames.parameters[row, i])


def _slope(i: int) -> Value:
    def slope(moment: Moment, row: int, numbers: list[float]) -> float:
        return float(moment.run.objective.gradient(moment.frames.step_states[row][None])[0, i])

    return slope


def _prediction(moment: Moment, row: int, numbers: list[float]) -> float | None:
    """For a value of each feature; None if they are not so many."""
    if len(numbers) != len(moment.run.selection.features):
        return None
    state = moment.frames.parameters[row]
    terms = moment.run.selection.evaluate(np.array([numbers]))[0]
    return float(terms @ state[:-1] + state[-1])


def _target(moment: Moment, row: int, numbers: list[float]) -> float:
    return float(moment.run.selection.target[int(numbers[0]) - 1])


def _error(moment: Moment, row: int, numbers: list[float]) -> float:
    """Prediction − target of the row with that number, from 1."""
    i, selection, state = int(numbers[0]) - 1, moment.run.selection, moment.frames.parameters[row]
    return float(selection.design[i] @ state[:-1] + state[-1] - selection.target[i])


def _pull(moment: Moment, row: int, numbers: list[float]) -> float:
    """How far the predictions of least squares change on average without the row with that number, from 1."""
    problem = moment.run.selection.problem
    change = problem.optimum_without(int(numbers[0]) - 1) - problem.optimum.parameters
    return float((problem.features @ change[:-1] + change[-1]).abs().mean())


def _mean_error(moment: Moment, row: int) -> float:
    selection = moment.run.selection
    return float(np.mean([_error(moment, row, [i + 1.0]) for i in range(len(selection.target))]))


def _epochs_to(moment: Moment, row: int, numbers: list[float]) -> float | None:
    below = (moment.frames.losses <= numbers[0]).nonzero()[0]
    return float(below[0]) / moment.frames.frames_an_epoch if len(below) else None


def _held_out_loss(moment: Moment, row: int, numbers: list[float]) -> float | None:
    return float(moment.frames.held_out_losses[row]) if moment.frames.holds_out else None


def _best_epoch(moment: Moment, row: int, numbers: list[float]) -> float | None:
    frames = moment.frames
    return float(frames.held_out_losses.argmin()) / frames.frames_an_epoch if frames.holds_out else None


def _arrival(moment: Moment, row: int, numbers: list[float]) -> float | None:
    return epochs_taken(moment.run.objective, moment.run.history.parameters[: moment.run.epochs + 1])


def _setting(name: str) -> Value:
    return lambda moment, row, numbers: float(getattr(moment.run.settings, name) or 0)


QUANTITIES: dict[str, Value] = {name: _setting(name) for name in BOUNDS} | {
    "epoch": lambda moment, row, numbers: moment.epoch,
    "loss": lambda moment, row, numbers: float(moment.frames.losses[row]),
    "held-out loss": _held_out_loss,
    "best epoch": _best_epoch,
    "weight": _parameter(0),
    "weight 2": _parameter(1),
    "bias": _parameter(-1),
    "slope of weight": _slope(0),
    "slope of bias": _slope(-1),
    "sum of errors": lambda moment, row, numbers: _mean_error(moment, row) * len(moment.run.selection.target),
    "mean error": lambda moment, row, numbers: _mean_error(moment, row),
    "prediction for #": _prediction,
    "target #": _target,
    "error #": _error,
    "lowest loss": lambda moment, row, numbers: float(moment.run.optimum.loss),
    "best weight": lambda moment, row, numbers: float(moment.frames.optimum[0]),
    "best bias": lambda moment, row, numbers: float(moment.frames.optimum[-1]),
    "limit": lambda moment, row, numbers: max_learning_rate(moment.run.objective, moment.run.settings),
    "fastest": lambda moment, row, numbers: fastest_learning_rate(moment.run.objective, moment.run.settings),
    "growth": lambda moment, row, numbers: growth(moment.run.objective, moment.run.settings),
    "epochs to #": _epochs_to,
    "pull of row #": _pull,
    "arrival": _arrival,
}  # fmt: skip
"""Every number by its name, in the file's units, but slopes in those that the descent steps in; # stands for a number.

"weight at 100" is that at epoch 100, "weight at end" at the last, and "weight" at the epoch shown. "error 2" is
prediction minus target in row 2, "prediction for 6, 8" that for values of two features; "epochs to 2.25" is the first
epoch with no larger loss, "best epoch" that with the least held-out loss; "growth" how many times as far away each step
lands; "pull of row 2" how far predictions move without it; "arrival" that of the verdict.
"""


@dataclass(frozen=True)
class Quantity:
    """A number of a moment, by its name; raises ValueError for a name that there is not."""

    name: str

    def __post_init__(self) -> None:
        if self._parts[0] not in QUANTITIES:
            raise ValueError(f"there is no number “{self.name}”; there are {', '.join(QUANTITIES)}")

    @property
    def _parts(self) -> tuple[str, list[float], str]:
        """The name with # for its numbers, these numbers, and the epoch as written."""
        name, _, epoch = self.name.partition(" at ")
        if name in QUANTITIES:
            return name, [], epoch
        number = r"-?\d+(?:\.\d+)?"
        return re.sub(f"{number}(, {number})*", "#", name), [float(one) for one in re.findall(number, name)], epoch

    def of(self, moment: Moment) -> float | None:
        """None if the run has no such number: it has not come so far, or there is no limit."""
        kind, numbers, written = self._parts
        row = moment.row(self._epoch(moment, written))
        return None if row is None else QUANTITIES[kind](moment, row, numbers)

    @staticmethod
    def _epoch(moment: Moment, written: str) -> float:
        return moment.epoch if not written else moment.frames.last_epoch if written == "end" else float(written)

    def place(self, value: float, moment: Moment) -> tuple[str, float, float | None] | None:
        """The chart on which a guess of it is a point or, without a height, a line upwards; None if on none."""
        kind, numbers, written = self._parts
        selection = moment.run.selection
        is_on_axis = len(selection.features) == 1 and selection.columns.scaling == "none"
        if kind in ("weight", "best weight") and is_on_axis:
            return "surface", value, None
        if kind == "error #" and is_on_axis:
            i = int(numbers[0]) - 1
            return "fit", float(selection.feature_values[i, 0]), float(selection.target[i]) + value
        if kind in ("loss", "held-out loss"):
            return "loss", self._epoch(moment, written), value
        if kind == "epochs to #":
            return "loss", value, numbers[0]
        return ("fit", numbers[0], value) if kind == "prediction for #" and len(numbers) == 1 else None


RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "below": operator.lt, "above": operator.gt, "at least": operator.ge, "at most": operator.le,
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """What is wanted of a number or a word; raises ValueError for what cannot be understood.

    about: a quantity, or a word of `Moment.word`.
    wanted: "12.5" (rounded to these digits), "below 2", "at least 0.5 × limit", "1 to 2 × limit", or the word.
    """

    about: str
    wanted: str

    def __post_init__(self) -> None:
        if not self._is_word:
            Quantity(self.about)
            self._bounds()

    @property
    def _is_word(self) -> bool:
        return self.wanted in CHOICES.get(self.about, ()) or self.about in ("outcome", "scaling")

    def holds(self, moment: Moment) -> bool:
        """Whether the moment is so; not if it has no such number."""
        if self._is_word:
            return moment.word[self.about] == self.wanted
        value = Quantity(self.about).of(moment)
        if value is None or math.isnan(value):
            return False
        limits = [(relation, term.of(moment)) for relation, term in self._bounds()]
        return all(limit is not None and relation(value, limit) for relation, limit in limits)

    def _bounds(self) -> "list[tuple[Callable[[float, float], bool], Term]]":
        """Relations that all have to hold."""
        if re.fullmatch(NUMBER, self.wanted):
            half = 10.0 ** int(Decimal(_plain(self.wanted)).as_tuple().exponent) / 2
            return [(lambda value, number: abs(value - number) <= half, Term(self.wanted))]
        relation = next((word for word in RELATIONS if self.wanted.startswith(f"{word} ")), None)
        if relation:
            return [(RELATIONS[relation], Term(self.wanted.removeprefix(f"{relation} ")))]
        low, to, high = self.wanted.partition(" to ")
        if not to:
            raise ValueError(
                f"“{self.wanted}” is no number, no “1 to 2”, and begins with none of {', '.join(RELATIONS)}"
            )
        return [(operator.ge, Term(low)), (operator.le, Term(high))]


@dataclass(frozen=True)
class Term:
    """What a number is compared with: "12.5", "limit" or "0.5 × limit"; raises ValueError for anything else."""

    text: str

    def __post_init__(self) -> None:
        if self._quantity:
            Quantity(self._quantity)

    @property
    def _quantity(self) -> str:
        return "" if re.fullmatch(NUMBER, self.text) else self.text.rpartition(" × ")[2]

    def of(self, moment: Moment) -> float | None:
        factor, times, _ = self.text.rpartition(" × ")
        if not self._quantity:
            return float(_plain(self.text))
        value = Quantity(self._quantity).of(moment)
        return None if value is None else value * (float(_plain(factor)) if times else 1.0)


def all_hold(conditions: Iterable[Condition], moment: Moment) -> bool:
    return all(condition.holds(moment) for condition in conditions)


def _plain(text: str) -> str:
    return text.replace(",", "").replace("−", "-")
