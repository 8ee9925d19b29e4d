"""A run with a view becomes a scene: its frames, and the numbers that follow them outside the charts."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from app.dataset.typed import raw_row
from app.figures import MODEL, Array
from app.runs.frames import BIAS, Frames
from app.runs.run import Run
from app.wording import readable
from components.player import Moving

PREDICTED = "predicted against actual"
ONE_WEIGHT = "one weight"

CURVE_POINTS = 81
"""Points of a line that is not straight."""

MAX_TABLE_WEIGHTS = 30
"""Weights in the player's table; each costs a row of as many numbers as there are weights."""


class Sketch(NamedTuple):
    """A loss curve that a learner draws."""

    epochs: tuple[float, ...]
    losses: tuple[float | None, ...]
    """At these epochs; None where it is not drawn yet."""

    bounds: tuple[float, float]
    """Of the losses that can be drawn."""

    is_open: bool
    """Whether it can still be changed."""


@dataclass(frozen=True)
class View:
    """How the charts show a run; fields that a widget chooses have its key."""

    fit: str = PREDICTED
    loss_axis: str = "log"
    residuals: bool = False
    squares: bool = False
    surface: str = "contours"
    along: str = ""
    surface_x: str = ""
    surface_y: str = BIAS
    held_at: str = "optimum"
    arrows: bool = False
    guess: tuple[str, float, float | None] | None = None
    """A learner's: its chart, and its point there; or its place along x, and no height."""

    sketch: Sketch | None = None
    waits: bool = False
    """Whether a learner is still to guess: then the axis of the losses tells nothing of those to come."""

    zoom: tuple[tuple[float, float], tuple[float, float]] | None = None
    """The ranges across and up of the part of the surface that is shown; None for all of it."""


class Scene(Frames):
    """Everything that the player is sent of one run.

    A number that moves is a row [width]: its product with a frame's columns (weights, bias, loss, and the held-out loss
    if there is one) and 1.
    """

    def __init__(self, run: Run, view: View) -> None:
        super().__init__(run)
        self.run: Run = run
        self.view = view
        self.target, self.features = run.selection.columns.target, run.selection.features

    @property
    def message(self) -> dict[str, Any]:
        """The player's arguments, but for its charts."""
        return {
            "run": self.run.id,
            "group": self.run.group,
            "outcome": self.run.outcome,
            "title": f"{Path(self.selection.dataset.name).stem}, learning rate {self.run.settings.learning_rate:g}",
            "total": self.run.settings.epochs,
            "height": Moving(self.loss_row, name="loss"),
            "frames": self.frames,
            "equation": self.equation,
            "head": self.head,
            "rows": self.rows,
            "accent": MODEL,
        }

    @property
    def equation(self) -> list[str | Moving]:
        """The model in words: "test score = 3.01 × hours studied + 69.35"."""
        parts: list[str | Moving] = [f"{self.target} = "]
        shown = self.terms[:4]
        for i, term in enumerate(shown):
            parts += [Moving(self.parameter(i), sign=i > 0), f" × {term} "]
        if len(self.terms) > len(shown):
            parts.append(f"+ … {len(self.terms) - len(shown)} more … ")
        return [*parts, Moving(self.parameter(len(self.terms)), sign=True)]

    def parameter_title(self, name: str) -> str:
        """The title of an axis for a parameter in the units that the descent steps in, by its term's name."""
        title = BIAS if name == BIAS else f"weight of {name}"
        return f"{title} (standardized)" if self.is_scaled else title

    @property
    def head(self) -> list[str]:
        scaled = ["standardized", "in the file's units"] if self.is_scaled else []
        return ["", "now", self.lowest_point, "still to go", *scaled]

    @property
    def is_scaled(self) -> bool:
        return self.run.problem.scaling == "standardize"

    @property
    def rows(self) -> list[list[str | float | Moving]]:
        """The table of the loss and every parameter: now, at the optimum, and the distance between the two.

        Of standardized terms also the parameter as the descent steps it, and how to convert it.
        """
        rows = [self._reading("loss", "loss", self.loss_row, self.run.optimum.loss)]
        if self.holds_out:
            rows.append(["held-out loss", Moving(self.held_out_row, strong=True, name="held-out loss"), "", ""])
        rows = [[*row, "", ""] for row in rows] if self.is_scaled else rows
        for i, name in enumerate(self.terms[:MAX_TABLE_WEIGHTS]):
            rows.append(self._parameter_reading(i, f"weight of {name}", name))
        if len(self.terms) > MAX_TABLE_WEIGHTS:
            more = f"… {len(self.terms) - MAX_TABLE_WEIGHTS:,} more weights, see History"
            rows.append([more, *[""] * (len(self.head) - 1)])
        return [*rows, self._parameter_reading(len(self.terms), "bias", BIAS)]

    def _parameter_reading(self, i: int, label: str, name: str) -> list[str | float | Moving]:
        reading = self._reading(label, name, self.parameter(i), float(self.optimum[i]))
        if self.is_scaled:
            reading += [Moving(self.step_parameter(i), name=f"{name} standardized"), self._conversion(i)]
        return reading

    def _conversion(self, i: int) -> str:
        """How parameter i in the file's units follows from the standardized one."""
        means, scales = self.run.problem.means.tolist(), self.run.problem.scales.tolist()
        if i < len(self.terms):
            return f"= standardized ÷ {readable(scales[i])}"
        shifts = [f"weight × {readable(mean)}" for mean in means[:3]] + (["…"] if len(means) > 3 else [])
        return f"= standardized − {' − '.join(shifts)}"

    @property
    def prediction_head(self) -> list[str]:
        return [", ".join(feature.name for feature in self.features), f"predicted {self.target}", ""]

    def predictions(self, lines: Iterable[str]) -> list[list[str | float | Moving]]:
        """A table row for each typed line of feature values.

        What was understood, the prediction at the frame shown, and if it extrapolates or why there is none.
        """
        reading, rows = self.selection.dataset.reading, list[list[str | float | Moving]]()
        for line in lines:
            try:
                raw = np.array(raw_row(self.features, line, reading.decimal if reading else "."))
            except ValueError as error:
                rows.append([line.strip(), "", str(error)])
                continue
            label = ", ".join(feature.written(value) for feature, value in zip(self.features, raw, strict=True))
            prediction = Moving(self.prediction(raw[None])[0], strong=True, name="prediction")
            rows.append([label, prediction, self._extrapolation(raw)])
        return rows

    def prediction(self, raw: Array) -> Array:
        """Rows [p, width] whose values are the predictions for `raw` feature values [p, f]."""
        terms = self.selection.evaluate(raw)
        return np.column_stack([terms, np.ones(len(raw)), np.zeros((len(raw), self.width - len(self.terms) - 1))])

    def _extrapolation(self, raw: Array) -> str:
        for j, (feature, value) in enumerate(zip(self.features, raw, strict=True)):
            low, high = self.selection.ranges[j]
            if not low <= value <= high:
                return f"extrapolation: {feature.name} is {feature.written(low)} to {feature.written(high)} in the data"
        return ""

    def _reading(self, label: str, name: str, row: Array, optimum: float) -> list[str | float | Moving]:
        distance = row.copy()
        distance[-1] -= optimum
        return [label, Moving(row, strong=True, name=name), optimum, Moving(distance, name=f"{name} distance")]

    @property
    def width(self) -> int:
        """The length of a row: parameters, losses, and 1."""
        return len(self.terms) + 3 + self.holds_out

    @property
    def loss_row(self) -> Array:
        return self.row({len(self.terms) + 1: 1.0})

    @property
    def held_out_row(self) -> Array:
        return self.row({len(self.terms) + 2: 1.0})

    def row(self, factors: dict[int, float]) -> Array:
        row = np.zeros(self.width)
        for i, factor in factors.items():
            row[i] = factor
        return row

    def parameter(self, i: int) -> Array:
        return self.row({i: 1.0})

    def step_parameter(self, i: int) -> Array:
        """The row of parameter i in the units that the descent steps in."""
        means, scales = self.run.problem.means.numpy(), self.run.problem.scales.numpy()
        if i < len(self.terms):
            return self.row({i: float(scales[i])})
        return self.row({**{j: float(mean) for j, mean in enumerate(means)}, i: 1.0})

    @cached_property
    def step_parameters(self) -> Array:
        """The rows [d + 1, width] of all parameters in the units that the descent steps in."""
        return np.array([self.step_parameter(i) for i in range(len(self.terms) + 1)])
