"""The three charts of a scene: the fit, the loss, and the loss surface."""

import numpy as np

from app import figures
from app.figures import MODEL, Array
from app.scene import BIAS, PREDICTED, Scene
from components.player import Chart, Line, Points, Segments, Trail

MOST_POINTS = 1500
"""Data points that a chart shows at the most; a fair sample stands for more."""

MOST_MOVING = 500
"""Points that move with every frame at the most."""


def charts(scene: Scene) -> list[Chart]:
    return [fit(scene), loss(scene), surface(scene)]


def _rows_of_data(scene: Scene, most: int) -> tuple[Array, Array, str]:
    """Raw feature values [m, f], target [m], and the words that say whether they are a sample."""
    selection = scene.selection
    chosen = selection.sample(most)
    n = len(selection.target)
    note = "" if len(chosen) == n else f"{len(chosen):,} of {n:,} rows, drawn at random"
    return selection.raw[chosen], selection.target[chosen], note


def fit(scene: Scene) -> Chart:
    names = [source.name for source in scene.sources]
    if len(names) == 1:
        return _line_along(scene, 0, residuals=scene.view.residuals)
    if scene.view.fit in names:
        return _line_along(scene, names.index(scene.view.fit), residuals=False)
    return _predicted_against_actual(scene)


def _line_along(scene: Scene, j: int, *, residuals: bool) -> Chart:
    """The target against feature j, and what the model says along it with the other features at their centre."""
    source = scene.sources[j]
    x, y, note = _rows_of_data(scene, MOST_POINTS)
    along = _along(scene, j)
    rows = scene.prediction(along)
    marks: list[Trail | Line] = []
    if residuals:
        few = slice(None, MOST_MOVING)
        marks.append(Segments("residuals", MODEL, x[few, j], scene.prediction(x[few]), origin=y[few]))
    kind = Points if source.levels else Line
    marks.append(kind("fit line", MODEL, along[:, j], rows))
    if len(scene.sources) > 1:
        note = f"other features at their {'centre' if source.levels else 'mean'}{'; ' + note if note else ''}"
    y_range = _fit_range(scene, y, rows)
    ends = [float(along[0, j]), float(along[-1, j])]
    if source.levels:
        ends = [-0.5, len(source.levels) - 0.5]
    figure = figures.scatter(x[:, j], y, source.label, scene.target, ends, y_range, source.levels)
    alt = f"Data and fit line: {scene.target} against {source.label}."
    return Chart("fit", "Fit", note, alt, figure, marks)


def _along(scene: Scene, j: int) -> Array:
    """Raw values [p, f] from a little below feature j's lowest to a little above its highest, or at each level."""
    low, high = scene.selection.ranges[j]
    edge = 0.06 * (high - low or abs(high) or 1.0)
    straight = len(scene.terms) == len(scene.sources)
    places = np.linspace(low - edge, high + edge, 2 if straight else 81)
    if scene.sources[j].levels:
        places = np.arange(len(scene.sources[j].levels), dtype=float)
    along = np.tile(scene.selection.centre, (len(places), 1))
    along[:, j] = places
    return along


def _fit_range(scene: Scene, y: Array, rows: Array) -> list[float]:
    """The data's range, and the first line's too unless that would squeeze the data flat."""
    low, high = float(y.min()), float(y.max())
    first = rows[:, :-2] @ scene.parameters[0]
    span = high - low or abs(high) or 1.0
    if max(low - first.min(), first.max() - high) < 4 * span:
        low, high = min(low, float(first.min())), max(high, float(first.max()))
    edge = 0.06 * (high - low or 1.0)
    return [low - edge, high + edge]


def _predicted_against_actual(scene: Scene) -> Chart:
    x, y, note = _rows_of_data(scene, MOST_MOVING)
    rows = scene.prediction(x)
    marks: list[Trail | Line] = [Points("prediction", MODEL, y, rows)]
    if scene.view.residuals:
        marks.insert(0, Segments("residuals", MODEL, y, rows, origin=y))
    figure = figures.predicted_against_actual(y, scene.target)
    alt = f"Predicted against actual {scene.target}; on the dashed diagonal a prediction is right."
    return Chart("fit", "Fit", note or PREDICTED, alt, figure, marks)


def loss(scene: Scene) -> Chart:
    losses = scene.losses[: scene.length]
    epochs = scene.run.settings.epochs if scene.run.history.outcome != "diverged" else scene.length - 1
    figure = figures.loss_curve(
        epochs, losses, scene.run.problem.optimum.loss, scene.view.loss_axis == "log", " (mean squared error)"
    )
    trail = Trail("loss", MODEL, "epoch", scene.row({-2: 1.0}))
    return Chart("loss", "Loss", "mean squared error by epoch", "Loss at every epoch so far.", figure, [trail])


def surface(scene: Scene) -> Chart:
    names = [*scene.terms, BIAS]
    i = names.index(scene.view.surface_x) if scene.view.surface_x in names else 0
    j = names.index(scene.view.surface_y) if scene.view.surface_y in names else len(names) - 1
    if i == j:
        j = len(names) - 1 if i < len(names) - 1 else 0
    x, y = _around(scene, i), _around(scene, j)
    grid = np.tile(scene.scaled_optimum, (len(y), len(x), 1))
    grid[:, :, i], grid[:, :, j] = x[None, :], y[:, None]
    limit = float(np.finfo(np.float32).max) / 10
    losses = np.minimum(scene.run.problem.loss(grid).numpy(), limit)
    best = (float(scene.scaled_optimum[i]), float(scene.scaled_optimum[j]))
    titles = [_surface_title(scene, names[k]) for k in (i, j)]
    figure = figures.surface(x, y, losses, best, *titles)
    trail = Trail("path", MODEL, scene.step_parameter(i), scene.step_parameter(j))
    others = len(names) - 2
    held = "the other one" if others == 1 else f"the other {others}"
    note = f"{held} held at the optimum" if others else ""
    alt = f"Contours of the loss over {titles[0]} and {titles[1]}, with the path of the descent."
    return Chart("surface", "Loss surface", note, alt, figure, [trail])


def _surface_title(scene: Scene, name: str) -> str:
    scaled = " (standardized)" if scene.run.problem.scaling == "standardize" else ""
    return f"bias{scaled}" if name == BIAS else f"weight of {name}{scaled}"


def _around(scene: Scene, i: int) -> Array:
    """41 values of parameter i about its optimum, as far as the path goes but not where it diverges to."""
    near = scene.losses[: scene.length] <= 10 * scene.losses[0]
    reach = float(np.abs(scene.scaled[: scene.length, i][near] - scene.scaled_optimum[i]).max())
    start = float(np.abs(scene.scaled[0] - scene.scaled_optimum).max())
    reach = max(reach, 0.05 * start, 1e-9 * abs(float(scene.scaled_optimum[i]))) or 1.0
    # In steps of a fifth, so that a small change of the settings leaves the surface where it is.
    reach = 1.2 ** float(np.ceil(np.log(reach * 1.08) / np.log(1.2)))
    return np.linspace(scene.scaled_optimum[i] - reach, scene.scaled_optimum[i] + reach, 41)
