"""The loss along one line through the parameters: one weight, or the direction of the largest curvature."""

from functools import partial

import numpy as np

from app import figures
from app.charts.scene import CURVE_POINTS, Scene
from app.charts.surface import roomy, smooth_slope
from app.engine.losses import KINK_DISTANCE
from app.figures import MODEL, VALLEY, Array
from app.runs.frames import BIAS
from app.wording import readable
from components.player import Chart, Curve, Line, PiecewiseSlope, Trail

STEEPEST = "steepest direction"

MAX_CURVE_ROWS = 500
"""Rows whose errors the browser follows if the loss is no parabola; of more, a random sample."""

MAX_CURVE_FACTORS = 50_000
"""Numbers in the rows that give these errors at a frame."""


def cross_section_chart(scene: Scene) -> Chart:
    """The loss along the view's line through the frame's point, the tangent there, and the step along the tangent.

    For squared errors it is a parabola, L(s) = L + g (s − s₀) + ½ c (s − s₀)², whose place s₀, loss L and slope g are
    the frame's. Other losses and the λ₁ penalty add piecewise slopes of the rows' errors and of the weights.
    """
    names, optimum, objective = [*scene.terms, BIAS], scene.step_optimum, scene.run.objective
    steepest = scene.view.along not in names
    direction = _steepest(scene) if steepest else np.eye(len(names))[names.index(scene.view.along)]
    origin = float(direction @ optimum) if steepest else 0.0
    place, slope = _row(scene, direction, origin), smooth_slope(scene, direction)
    curvature = float(direction @ objective.constant_hessian.numpy() @ direction)
    center = 0.0 if steepest else float(direction @ optimum)
    places = scene.step_states[: scene.length] @ direction - origin
    near = scene.losses[: scene.length] <= 10 * scene.losses[0]
    x, y_range = _across(places[near], center), _up(scene.losses[: scene.length][near], scene.run.optimum.loss)
    x_title = f"along the {STEEPEST}" if steepest else scene.parameter_title(scene.view.along)
    lowest, y_title = (center, scene.run.optimum.loss), f"loss ({objective.title})"
    x_range = [float(x[0]), float(x[-1])]
    figure = figures.cross_section(lowest, scene.lowest_point, x_title, y_title, x_range, y_range)
    piecewise = _piecewise_slopes(scene, direction)
    curve = partial(Curve, place=place, height=scene.loss_row, slope=slope, curvature=curvature, piecewise=piecewise)
    marks: list[Trail | Line | Curve] = [
        curve("loss along it", VALLEY, x),
        curve("tangent", VALLEY, x[[0, -1]], straight=True, rate=_rate(scene)),
        Trail("path", MODEL, place, scene.loss_row, f"epoch %{{customdata:,.6~g}}<br>{figures.place(x_title, 'loss')}"),
    ]
    if scene.sends_all:
        marks.append(curve("step", MODEL, np.empty(0), straight=True))
    line = x_title if steepest else f"along the {x_title}"
    alt = f"The loss {line}, with all else as it is at the epoch shown, and the tangent at the point."
    heading = STEEPEST.capitalize() if steepest else "One weight"
    return Chart("surface", heading, _note(scene, curvature, steepest=steepest), alt, figure, marks)


def _rate(scene: Scene) -> float:
    """The learning rate, if every step is the slope times it; otherwise 0."""
    run, settings = scene.run, scene.run.settings
    is_plain = (settings.optimizer, settings.schedule) == ("gradient_descent", "constant") and not settings.accumulates
    return settings.learning_rate if is_plain and not run.segments and run.history.updates_per_epoch == 1 else 0.0


def _note(scene: Scene, curvature: float, *, steepest: bool) -> str:
    """The factor by which each step multiplies the distance from the lowest point, if it is always the same."""
    settings, objective = scene.run.settings, scene.run.objective
    if steepest and _rate(scene) and objective.modes is not None:
        return f"distance × {readable(1 - settings.learning_rate * curvature, 3)} each step"
    words = "all else as it is at this epoch"
    if not objective.is_quadratic and scene.run.problem.n_rows > (most := _most_rows(scene)):
        words += f"; shape from {most:,} rows, drawn at random"
    return words


def _steepest(scene: Scene) -> Array:
    """The unit vector [d + 1] of the largest curvature of squared errors and the λ₂ penalty, largest part positive."""
    objective = scene.run.objective
    hessian = objective.constant_hessian if objective.is_quadratic else objective.problem.gram
    vector: Array = np.linalg.eigh(hessian.numpy())[1][:, -1]
    return vector if vector[np.abs(vector).argmax()] > 0 else -vector


def _piecewise_slopes(scene: Scene, direction: Array) -> list[PiecewiseSlope]:
    """What the errors add along a direction [d + 1] if the loss is not squared, and the weights by the λ₁ penalty."""
    objective, d, parameters = scene.run.objective, len(scene.terms), scene.step_parameters
    found = []
    if objective.l1:
        kink = np.array([-1.0, 1.0])  # below, times d: a PiecewiseSlope is a mean, and the penalty a sum
        found.append(PiecewiseSlope(parameters[:-1], direction[:-1], KINK_DISTANCE * kink, objective.l1 * d * kink))
    if not objective.is_quadratic:
        few = objective.on_sample(_most_rows(scene))
        rows = np.column_stack([few.problem.features.numpy(), np.ones(few.problem.n_rows)])
        errors = rows @ parameters
        errors[:, -1] -= few.problem.target.numpy()
        places = objective.loss.breakpoints()
        slopes = objective.loss.slope(places)
        found.append(PiecewiseSlope(errors, rows @ direction, places.numpy(), slopes.numpy()))
    return found


def _most_rows(scene: Scene) -> int:
    return min(MAX_CURVE_ROWS, max(20, MAX_CURVE_FACTORS // scene.width))


def _row(scene: Scene, direction: Array, origin: float) -> Array:
    """The place along a direction [d + 1], measured from `origin`, as a row [width]."""
    row: Array = direction @ scene.step_parameters
    row[-1] -= origin
    return row


def _across(places: Array, center: float) -> Array:
    """Places around the lowest point that hold the path."""
    reach = roomy(float(np.abs(places - center).max()) or abs(center) or 1.0)
    return np.linspace(center - reach, center + reach, CURVE_POINTS)


def _up(losses: Array, lowest: float) -> list[float]:
    """A range that holds these losses and the lowest one, with room above for the tangent's words."""
    span = float(losses.max()) - lowest or abs(lowest) or 1.0
    return [lowest - 0.06 * span, lowest + 1.22 * span]
