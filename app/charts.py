"""The three charts of a scene: the fit, the loss, and the loss surface."""

import numpy as np

from app import figures
from app.figures import MODEL, Array
from app.scene import BIAS, PREDICTED, Scene
from components.player import Chart, Line, Points, Segments, Trail

MOST_POINTS = 5000
"""Data points that a chart shows at the most; a fair sample stands for more."""

MOST_MOVING = 500
"""Points that move with every frame at the most."""


def charts(scene: Scene) -> list[Chart]:
    return [fit(scene), loss(scene), surface(scene)]


def _rows_of_data(scene: Scene, most: int) -> tuple[Array, Array, str]:
    """Features [m, d], target [m], and the words that say whether they are a sample."""
    frame = scene.run.dataset
    chosen = frame.sample_rows(most)
    x = np.column_stack([frame.values(name)[chosen] for name in scene.features])
    y = frame.values(scene.target)[chosen]
    whole = len(y) == frame.n_rows
    return x, y, "" if whole else f"{len(y):,} of {frame.n_rows:,} rows, drawn at random"


def _predictions(scene: Scene, x: Array) -> Array:
    """Rows [m, d + 3] that predict from features [m, d]."""
    return np.column_stack([x, np.ones(len(x)), np.zeros((len(x), 2))])


def fit(scene: Scene) -> Chart:
    if len(scene.features) == 1:
        return _line_along(scene, scene.features[0], residuals=scene.view.residuals)
    if scene.view.fit in scene.features:
        return _line_along(scene, scene.view.fit, residuals=False)
    return _predicted_against_actual(scene)


def _line_along(scene: Scene, feature: str, *, residuals: bool) -> Chart:
    j = scene.features.index(feature)
    x, y, note = _rows_of_data(scene, MOST_POINTS)
    means = np.array([scene.run.dataset.values(name).mean() for name in scene.features])
    low, high = float(x[:, j].min()), float(x[:, j].max())
    edge = 0.06 * (high - low or abs(high) or 1.0)
    ends = np.array([low - edge, high + edge])
    along = np.tile(means, (2, 1))
    along[:, j] = ends
    rows = _predictions(scene, along)
    marks: list[Trail | Line] = []
    if residuals:
        few = slice(None, MOST_MOVING)
        marks.append(Segments("residuals", MODEL, x[few, j], _predictions(scene, x[few]), origin=y[few]))
    marks.append(Line("fit line", MODEL, ends, rows))
    if len(scene.features) > 1:
        note = f"other features at their mean{'; ' + note if note else ''}"
    titles = (feature, scene.target)
    figure = figures.scatter(x[:, j], y, *titles, ends.tolist(), _fit_range(scene, y, rows))
    return Chart("fit", "Fit", note, f"Data and fit line: {scene.target} against {feature}.", figure, marks)


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
    rows = _predictions(scene, x)
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
    names = [*scene.features, BIAS]
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
