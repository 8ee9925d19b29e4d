"""The fit: the data with the model's line, or predicted against actual values."""

import numpy as np
from numpy.typing import NDArray

from app import figures
from app.charts.scene import CURVE_POINTS, PREDICTED, Scene
from app.figures import HELD_OUT, MODEL, Array
from app.wording import exact
from components.player import Chart, Ends, Line, Points, Predictions, Segments, Squares, Trail

Mask = NDArray[np.bool_]

MAX_POINTS = 1000
"""Data points shown; of more rows, a random sample."""

MAX_MOVING_POINTS = 500
"""Points that move with the frames: the browser redraws these each time."""

MAX_DOTS_ON_THE_LINE = 60
"""Rows whose predictions are marked on it: more would hide it."""

MAX_FEATURES_NAMED = 4
"""In what a hover says of a row."""


def fit_chart(scene: Scene) -> Chart:
    """The data and the model along one feature, the only one or the view's; otherwise predicted against actual."""
    names = [feature.name for feature in scene.features]
    if len(names) == 1:
        return _line_along(scene, 0)
    if scene.view.fit in names:
        return _line_along(scene, names.index(scene.view.fit))
    return _predicted_against_actual(scene)


def _data(scene: Scene, most: int) -> tuple[Array, Array, Mask, str]:
    """Feature values [m, f], target [m], which rows are held out [m], and a note if they are a sample."""
    selection = scene.selection
    chosen = selection.sample(most)
    n = len(selection.target)
    note = "" if len(chosen) == n else f"{len(chosen):,} of {n:,} rows, drawn at random"
    held_out = ~np.isin(chosen, scene.run.problem.rows.numpy()) if scene.holds_out else np.zeros(len(chosen), bool)
    return selection.feature_values[chosen], selection.target[chosen], held_out, note


def _line_along(scene: Scene, j: int) -> Chart:
    """The target against feature j, and the model along it with the other features at their centre."""
    feature = scene.features[j]
    x, y, held_out, note = _data(scene, MAX_POINTS)
    along = _along(scene, j)
    rows = scene.prediction(along)
    few = slice(None, MAX_MOVING_POINTS)
    marks: list[Trail | Line] = []
    predicted = scene.prediction(x[few])
    is_only = len(scene.features) == 1
    if is_only and scene.view.squares:
        marks.append(Squares("squared errors", MODEL, x[few, j], predicted, origin=y[few]))
    if is_only and scene.view.residuals:
        marks.append(Segments("residuals", MODEL, x[few, j], predicted, origin=y[few]))
    kind = Points if feature.levels else Line
    marks.append(kind("fit line", MODEL, along[:, j], rows))
    shown = len(x) <= MAX_DOTS_ON_THE_LINE and is_only and not feature.levels
    labels, radius = _labels(scene, x[few], y[few]), 3.0 if shown else 0.0
    marks.append(Predictions("predictions", MODEL, x[few, j], predicted, y[few], labels, radius, hollow=True))
    if not is_only:
        note = f"other features at their {'centre' if feature.levels else 'mean'}{'; ' + note if note else ''}"
    y_range = _fit_range(scene, y, rows)
    ends = [float(along[0, j]), float(along[-1, j])]
    if feature.levels:
        ends = [-0.5, len(feature.levels) - 0.5]
    figure = figures.scatter(x[:, j], y, held_out, feature.label, scene.target, ends, y_range, feature.levels)
    alt = f"Data and fit line: {scene.target} against {feature.label}."
    return Chart("fit", "Fit", note, alt, figure, marks, opens=True, ends=_line_ends(scene))


def _line_ends(scene: Scene) -> Ends | None:
    """Handles where the data begin and end, if the model is a straight line: through two points there is one."""
    (low, high), *others = scene.selection.ranges
    if others or len(scene.terms) != 1 or scene.features[0].levels or not low < high:
        return None
    x, problem = np.array([low, high]), scene.run.problem
    weight = np.array([-1.0, 1.0, 0.0]) / (high - low)
    bias = np.array([1.0, 0.0, 0.0]) - low * weight
    scale, mean = float(problem.scales[0]), float(problem.means[0])
    start = np.array([weight * scale, bias + mean * weight])
    name = scene.features[0].label
    labels = tuple(f"Line at {name} {scene.features[0].written(at)}" for at in x)
    return Ends(x, scene.prediction(x[:, None]), start, (labels[0], labels[1]))


def _along(scene: Scene, j: int) -> Array:
    """Feature values [p, f] from a little below feature j's lowest to a little above its highest, or at each level."""
    low, high = scene.selection.ranges[j]
    edge = 0.06 * (high - low or abs(high) or 1.0)
    is_straight = len(scene.terms) == len(scene.features)
    places = np.linspace(low - edge, high + edge, 2 if is_straight else CURVE_POINTS)
    if scene.features[j].levels:
        places = np.arange(len(scene.features[j].levels), dtype=float)
    along = np.tile(scene.selection.centre, (len(places), 1))
    along[:, j] = places
    return along


def _fit_range(scene: Scene, y: Array, rows: Array) -> list[float]:
    """The range of the data `y` and the best line, and of the first frame's line too unless that would flatten these.

    Where it does not suffice, the player opens the axis.
    """
    low, high = _ends(y, _best(scene, rows))
    first = rows[:, : len(scene.terms) + 1] @ scene.parameters[0]
    span = high - low or abs(high) or 1.0
    if max(low - first.min(), first.max() - high) < 4 * span:
        low, high = min(low, float(first.min())), max(high, float(first.max()))
    edge = 0.06 * (high - low or 1.0)
    return [low - edge, high + edge]


def _labels(scene: Scene, x: Array, y: Array) -> list[str]:
    """What a hover says of each row [m, f] and its target [m], but for the prediction."""
    named, more = scene.features[:MAX_FEATURES_NAMED], ["…"] if len(scene.features) > MAX_FEATURES_NAMED else []
    found = []
    for row, value in zip(x, y, strict=True):
        features = [f"{feature.name} {feature.written(at)}" for feature, at in zip(named, row, strict=False)]
        found.append(figures.hover([*features, *more, f"{scene.target} {exact(value)}"]))
    return found


def _best(scene: Scene, rows: Array) -> Array:
    """The predictions [p] of rows [p, width] at the lowest point."""
    best: Array = rows[:, : len(scene.terms) + 1] @ scene.optimum
    return best


def _ends(*numbers: Array) -> tuple[float, float]:
    together = np.concatenate(numbers)
    return float(together.min()), float(together.max())


def _predicted_against_actual(scene: Scene) -> Chart:
    """Each row's prediction against its target; residuals and squares are drawn from the diagonal."""
    x, y, held_out, note = _data(scene, MAX_MOVING_POINTS)
    rows = scene.prediction(x)
    labels = np.array(_labels(scene, x, y), dtype=object)

    def predictions(name: str, color: str, some: Mask) -> Predictions:
        return Predictions(name, color, y[some], rows[some], y[some], labels[some].tolist(), radius=4.0)

    marks: list[Trail | Line] = [predictions("prediction", MODEL, ~held_out)]
    if held_out.any():
        marks.append(predictions("prediction of a held-out row", HELD_OUT, held_out))
    if scene.view.residuals:
        marks.insert(0, Segments("residuals", MODEL, y, rows, origin=y))
    if scene.view.squares:
        marks.insert(0, Squares("squared errors", MODEL, y, rows, origin=y))
    figure = figures.predicted_against_actual(_ends(y, _best(scene, rows)), scene.target)
    alt = f"Predicted against actual {scene.target}; on the dashed diagonal a prediction is right."
    return Chart("fit", "Fit", note or PREDICTED, alt, figure, marks, opens=True)
