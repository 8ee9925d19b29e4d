"""The data that challenges are made of, and the words for conditions on their runs."""

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from app.dataset import Selection, suggested_settings
from app.dataset.presets import DEFAULTS
from app.engine.problem import Scaling
from app.lessons.challenges.from_zero import FromZero
from app.lessons.conditions import Condition
from app.lessons.opening import Words

OPTIONS, APART = 4, 5
"""Each option is so many times the one before: more than 3 even when 1.5 is rounded to 2 and 7.4 to 7."""

OF_THE_COLUMNS = ("degrees", "interactions", "missing", "epsilon")
"""Settings of `DEFAULTS` that a challenge leaves as they are: other columns are other data."""

Conditions = tuple[Condition, ...]


class MisfitError(Exception):
    """Why a challenge is not asked about these data, in a sentence."""


@dataclass(frozen=True)
class Data:
    """What challenges are made of."""

    selection: Selection

    @cached_property
    def settings(self) -> dict[str, float]:
        """Those of a first look."""
        return suggested_settings(self.selection)

    @property
    def scaling(self) -> Scaling:
        return self.settings["scaling"]  # type: ignore[return-value]

    @cached_property
    def descent(self) -> FromZero:
        return self.scaled(self.scaling)

    def scaled(self, scaling: Scaling) -> FromZero:
        return FromZero(self.selection.problem.rescaled(scaling))

    @cached_property
    def number(self) -> int:
        """The same for the same data, and as good as drawn."""
        found = 0
        for table in (self.selection.design, self.selection.target):
            found = zlib.crc32(np.ascontiguousarray(table).data, found)
        return found

    def opening(
        self, rate: float, epochs: float, *, scaling: Scaling | None = None, start: Sequence[float] = ()
    ) -> Words:
        """All settings, with plain descent from a start, in the units that it steps in; from zeros if there is none."""
        usual = {name: value for name, value in DEFAULTS.items() if name not in OF_THE_COLUMNS}
        begin = ", ".join(f"{number:.6g}" for number in start or [0] * (len(self.selection.terms) + 1))
        chosen = {"learning_rate": rate, "epochs": int(epochs), "scaling": scaling or self.scaling, "start": begin}
        view = {"loss_axis": "log", "residuals": False, "squares": False}
        return {name: _written(value) for name, value in {**usual, **chosen, **view}.items()}


def conditions(held: Mapping[str, str]) -> Conditions:
    return tuple(Condition(about, wanted) for about, wanted in held.items())


def plain(scaling: Scaling) -> Conditions:
    """Nothing but the rate and the start was changed."""
    words = {"optimizer": "gradient_descent", "schedule": "constant", "loss": "mse", "gradient": "by_hand"}
    none = dict.fromkeys(("batch_size", "held_out", "l1", "l2"), "at most 0")
    return conditions({**words, "scaling": scaling, **none})


def played(rate: float, epoch: float) -> Conditions:
    """The run of this very rate has come to that epoch."""
    return conditions({"learning_rate": f"{decimal(rate, 17)} to {decimal(rate, 17)}", "epoch": f"at least {epoch:g}"})


def about(quantity: str, value: float) -> Conditions:
    """The number is nearer to this option than to those beside it."""
    return conditions({quantity: f"{decimal(0.55 * value)} to {decimal(1.8 * value)}"})


def options(right: float, least: float, most: float, number: int) -> list[float]:
    """Four values APART, one of them right, which a number chooses; between least and most if they fit in there."""
    below = math.floor(_steps(right, least) + 1e-9) if least > 0 else OPTIONS
    above = math.floor(_steps(most, right) + 1e-9) if math.isfinite(most) else OPTIONS
    low, high = sorted((max(0, OPTIONS - 1 - above), min(OPTIONS - 1, below)))
    place = low + number % (high - low + 1)
    return [right * APART ** float(i - place) for i in range(OPTIONS)]


def _steps(large: float, small: float) -> float:
    return math.log(large / small, APART)


def to_digits(number: float, digits: int) -> float:
    return float(f"{number:.{digits}g}")


def decimal(number: float, digits: int = 3) -> str:
    """Such as "0.00012": without an exponent, as conditions are written."""
    return np.format_float_positional(to_digits(number, digits), trim="-")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
