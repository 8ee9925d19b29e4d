"""A run becomes a scene for the player: figures, frames, and what moves in which chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import figures
from app.figures import MODEL
from app.session import Run
from components.player import Chart, Line, Moving, Points, Segments, Trail

Array = NDArray[np.float64]

MOST_POINTS = 5000
"""Data points that a chart shows at the most; a fair sample stands for more."""

MOST_MOVING = 500
"""Points that move with every frame at the most."""

BIAS = "bias"


@dataclass(frozen=True)
class View:
    """How the charts show a run."""

    fit: str = "predicted"
    loss_axis: str = "log"
    residuals: bool = False
    surface_x: str = ""
    surface_y: str = BIAS


class Scene:
    """Everything that the player is told about one run.

    Its frames are the parameters in the file's units, w0 … and bias, and the loss; a row
    [d + 3] multiplies them and 1.
    """

    def __init__(self, run: Run, view: View) -> None:
        self.run, self.view = run, view
        self.target, self.features = run.columns.target, run.columns.features
        scaled = run.history.parameters[: run.epochs + 1]
        self.parameters: Array = run.problem.in_file_units(scaled).numpy()
        self.scaled: Array = scaled.double().numpy()
        self.losses: Array = run.history.losses[: run.epochs + 1].double().numpy()
        best = run.problem.optimum.parameters
        self.optimum: Array = run.problem.in_file_units(best).numpy()
        self.scaled_optimum: Array = best.numpy()
        finite = np.isfinite(self.parameters).all(axis=1) & np.isfinite(self.losses)
        self.length = len(finite) if finite.all() else int(finite.argmin())

    @property
    def frames(self) -> dict[str, Array]:
        d = len(self.features)
        columns = {f"w{i}": self.parameters[: self.length, i] for i in range(d)}
        return columns | {BIAS: self.parameters[: self.length, d], "loss": self.losses[: self.length]}

    @property
    def charts(self) -> list[Chart]:
        return [self._fit(), self._loss(), self._surface()]

    @property
    def equation(self) -> list[str | Moving]:
        """The model in words: "test score = 3.01 × hours studied + 69.35"."""
        parts: list[str | Moving] = [f"{self.target} = "]
        shown = self.features[:4]
        for i, feature in enumerate(shown):
            parts += [Moving(self._parameter(i), sign=i > 0), f" × {feature} "]
        if len(self.features) > len(shown):
            parts.append(f"+ … {len(self.features) - len(shown)} more … ")
        return [*parts, Moving(self._parameter(len(self.features)), sign=True)]

    @property
    def head(self) -> list[str]:
        return ["", "now", "least squares", "still to go"]

    @property
    def rows(self) -> list[list[str | float | Moving]]:
        """The loss and every parameter: now, at the least squares, and the distance between the two."""
        lowest = self.run.problem.optimum.loss
        rows = [self._reading("loss", "loss", self._row({-2: 1.0}), lowest)]
        for i, name in enumerate([*self.features, BIAS]):
            label = f"weight of {name}" if i < len(self.features) else "bias"
            rows.append(self._reading(label, name, self._parameter(i), float(self.optimum[i])))
        return rows

    def prediction(self, values: Sequence[float]) -> Moving:
        """What the model predicts for one value of each feature, at the frame shown."""
        return Moving(self._row({**dict(enumerate(values)), len(self.features): 1.0}), strong=True, name="prediction")

    def _reading(self, label: str, name: str, row: Array, best: float) -> list[str | float | Moving]:
        away = row.copy()
        away[-1] -= best
        return [label, Moving(row, strong=True, name=name), best, Moving(away, name=f"{name} distance")]

    def _row(self, factors: dict[int, float]) -> Array:
        row = np.zeros(len(self.features) + 3)
        for i, factor in factors.items():
            row[i] = factor
        return row

    def _parameter(self, i: int) -> Array:
        return self._row({i: 1.0})

    def _step_parameter(self, i: int) -> Array:
        """Parameter i in the units that the descent steps in."""
        means, scales = self.run.problem.means.numpy(), self.run.problem.scales.numpy()
        if i < len(self.features):
            return self._row({i: float(scales[i])})
        return self._row({**{j: float(mean) for j, mean in enumerate(means)}, i: 1.0})

    def _rows_of_data(self, most: int) -> tuple[Array, Array, str]:
        """Features [m, d], target [m], and the words that say whether they are a sample."""
        frame = self.run.dataset
        chosen = frame.sample_rows(most)
        x = np.column_stack([frame.values(name)[chosen] for name in self.features])
        y = frame.values(self.target)[chosen]
        whole = len(y) == frame.n_rows
        return x, y, "" if whole else f"{len(y):,} of {frame.n_rows:,} rows, drawn at random"

    def _predictions(self, x: Array) -> Array:
        """Rows [m, d + 3] that predict from features [m, d]."""
        return np.column_stack([x, np.ones(len(x)), np.zeros((len(x), 2))])

    def _fit(self) -> Chart:
        if len(self.features) == 1:
            return self._line_along(self.features[0], residuals=self.view.residuals)
        if self.view.fit in self.features:
            return self._line_along(self.view.fit, residuals=False)
        return self._predicted_against_actual()

    def _line_along(self, feature: str, *, residuals: bool) -> Chart:
        j = self.features.index(feature)
        x, y, note = self._rows_of_data(MOST_POINTS)
        means = np.array([self.run.dataset.values(name).mean() for name in self.features])
        low, high = float(x[:, j].min()), float(x[:, j].max())
        edge = 0.06 * (high - low or abs(high) or 1.0)
        ends = np.array([low - edge, high + edge])
        along = np.tile(means, (2, 1))
        along[:, j] = ends
        rows = self._predictions(along)
        marks: list[Trail | Line] = []
        if residuals:
            few = slice(None, MOST_MOVING)
            marks.append(Segments("residuals", MODEL, x[few, j], self._predictions(x[few]), origin=y[few]))
        marks.append(Line("fit line", MODEL, ends, rows))
        if len(self.features) > 1:
            note = f"other features at their mean{'; ' + note if note else ''}"
        figure = figures.scatter(x[:, j], y, feature, self.target, ends.tolist(), self._fit_range(y, rows))
        return Chart("fit", "Fit", note, f"Data and fit line: {self.target} against {feature}.", figure, marks)

    def _fit_range(self, y: Array, rows: Array) -> list[float]:
        """The data's range, and the first line's too unless that would squeeze the data flat."""
        low, high = float(y.min()), float(y.max())
        first = rows[:, :-2] @ self.parameters[0]
        span = high - low or abs(high) or 1.0
        if max(low - first.min(), first.max() - high) < 4 * span:
            low, high = min(low, float(first.min())), max(high, float(first.max()))
        edge = 0.06 * (high - low or 1.0)
        return [low - edge, high + edge]

    def _predicted_against_actual(self) -> Chart:
        x, y, note = self._rows_of_data(MOST_MOVING)
        rows = self._predictions(x)
        marks: list[Trail | Line] = [Points("prediction", MODEL, y, rows)]
        if self.view.residuals:
            marks.insert(0, Segments("residuals", MODEL, y, rows, origin=y))
        figure = figures.predicted_against_actual(y, self.target)
        alt = f"Predicted against actual {self.target}; on the dashed diagonal a prediction is right."
        return Chart("fit", "Fit", note or "predicted against actual", alt, figure, marks)

    def _loss(self) -> Chart:
        losses = self.losses[: self.length]
        epochs = self.run.settings.epochs if self.run.history.outcome != "diverged" else self.length - 1
        figure = figures.loss_curve(
            epochs, losses, self.run.problem.optimum.loss, self.view.loss_axis == "log", " (mean squared error)"
        )
        trail = Trail("loss", MODEL, "epoch", self._row({-2: 1.0}))
        return Chart("loss", "Loss", "mean squared error by epoch", "Loss at every epoch so far.", figure, [trail])

    def _surface(self) -> Chart:
        names = [*self.features, BIAS]
        i = names.index(self.view.surface_x) if self.view.surface_x in names else 0
        j = names.index(self.view.surface_y) if self.view.surface_y in names else len(names) - 1
        if i == j:
            j = len(names) - 1 if i < len(names) - 1 else 0
        x, y = self._around(i), self._around(j)
        grid = np.tile(self.scaled_optimum, (len(y), len(x), 1))
        grid[:, :, i], grid[:, :, j] = x[None, :], y[:, None]
        limit = float(np.finfo(np.float32).max) / 10
        losses = np.minimum(self.run.problem.loss(grid).numpy(), limit)
        best = (float(self.scaled_optimum[i]), float(self.scaled_optimum[j]))
        titles = [self._surface_title(names[k]) for k in (i, j)]
        figure = figures.surface(x, y, losses, best, *titles)
        trail = Trail("path", MODEL, self._step_parameter(i), self._step_parameter(j))
        others = len(names) - 2
        note = "" if not others else f"the other {others} held at the optimum" if others > 1 else "the other one held at the optimum"
        alt = f"Contours of the loss over {titles[0]} and {titles[1]}, with the path of the descent."
        return Chart("surface", "Loss surface", note, alt, figure, [trail])

    def _surface_title(self, name: str) -> str:
        scaled = " (standardized)" if self.run.problem.scaling == "standardize" else ""
        return f"bias{scaled}" if name == BIAS else f"weight of {name}{scaled}"

    def _around(self, i: int) -> Array:
        """41 values of parameter i about its optimum, as far as the path goes but not where it diverges to."""
        near = self.losses[: self.length] <= 10 * self.losses[0]
        reach = float(np.abs(self.scaled[: self.length, i][near] - self.scaled_optimum[i]).max())
        start = float(np.abs(self.scaled[0] - self.scaled_optimum).max())
        reach = max(reach, 0.05 * start, 1e-9 * abs(float(self.scaled_optimum[i]))) or 1.0
        # In steps of a fifth, so that a small change of the settings leaves the surface where it is.
        reach = 1.2 ** float(np.ceil(np.log(reach * 1.08) / np.log(1.2)))
        return np.linspace(self.scaled_optimum[i] - reach, self.scaled_optimum[i] + reach, 41)


def message(scene: Scene) -> dict[str, Any]:
    """The player's arguments for this scene."""
    run = scene.run
    return {
        "run": run.id,
        "group": run.group,
        "outcome": run.history.outcome,
        "total": run.settings.epochs if run.history.outcome == "running" else scene.length - 1,
        "frames": scene.frames,
        "charts": scene.charts,
        "equation": scene.equation,
        "head": scene.head,
        "rows": scene.rows,
        "colors": figures.COLORS,
    }
