"""The loss against one weight, or along the steepest direction: the curve that the step is taken on."""

from functools import partial

import numpy as np

from app import figures
from app.charts.scene import Scene
from app.charts.surface import roomy, smooth_slope
from app.engine.losses import KINK_DISTANCE
from app.figures import MODEL, VALLEY, Array
from app.runs.frames import BIAS
from components.player import Chart, Curve, Line, PiecewiseSlope, Trail

STEEPEST = "steepest direction"

MOST_ROWS, MOST_NUMBERS = 500, 50_000
"""Rows whose errors the browser follows where the loss is no parabola, and factors that they hold."""


def cross_section_chart(scene: Scene) -> Chart:
    """Along the view's direction and through the frame's own point, with the tangent there and the step along it.

    Of squared errors it is a parabola, L(s) = L + g (s − s₀) + ½ c (s − s₀)², whose place s₀, loss L and slope g are
    the frame's. What other losses and λ₁ add bends with the rows' errors and the weights.
    """
    names, best, objective = [*scene.terms, BIAS], scene.scaled_optimum, scene.run.objective
    steepest = scene.view.along not in names
    direction = _steepest(scene) if steepest else np.eye(len(names))[names.index(scene.view.along)]
    origin = float(direction @ best) if steepest else 0.0
    place, slope = _row(scene, direction, origin), smooth_slope(scene, direction)
    curvature = float(direction @ objective.constant_hessian.numpy() @ direction)
    center = 0.0 if steepest else float(direction @ best)
    places = scene.scaled[: scene.length] @ direction - origin
    near = scene.losses[: scene.length] <= 10 * scene.losses[0]
    x, y_range = _across(places[near], center), _up(scene.losses[: scene.length][near], scene.run.optimum.loss)
    scaled = " (standardized)" if scene.is_scaled else ""
    title = (
        f"along the {STEEPEST}" if steepest else f"weight of {scene.view.along}{scaled}".removeprefix("weight of bias")
    )
    figure = figures.cross_section((center, scene.run.optimum.loss), scene.lowest_point, title or BIAS,
                             f"loss ({objective.title})", [float(x[0]), float(x[-1])], y_range)  # fmt: skip
    curve = partial(Curve, place=place, height=scene.loss_row, slope=slope, curvature=curvature,
                    piecewise=_bends(scene, direction))  # fmt: skip
    marks: list[Trail | Line | Curve] = [
        curve("loss along it", VALLEY, x),
        curve("tangent", VALLEY, x[[0, -1]], straight=True),
        Trail("path", MODEL, place, scene.loss_row),
    ]
    if scene.sends_all:
        marks.append(curve("step along the tangent", MODEL, np.empty(0), straight=True))
    alt = f"The loss {title}, with all else as it is at the epoch shown, and the tangent at the point."
    heading = STEEPEST.capitalize() if steepest else "One weight"
    return Chart("surface", heading, _note(scene, curvature, steepest=steepest), alt, figure, marks)


def _note(scene: Scene, curvature: float, *, steepest: bool) -> str:
    """What each step does to the distance from the lowest point, where that is always the same."""
    settings, objective = scene.run.settings, scene.run.objective
    plain = (settings.optimizer, settings.schedule) == ("gradient_descent", "constant") and objective.modes is not None
    if steepest and plain:
        return f"distance × {1 - settings.learning_rate * curvature:.3g} each step".replace("-", "−")
    words = "all else as it is at this epoch"
    if not objective.is_quadratic and scene.run.problem.n_rows > (most := _most_rows(scene)):
        words += f"; shape from {most:,} rows, drawn at random"
    return words


def _steepest(scene: Scene) -> Array:
    """[d + 1]: the unit vector along which squared errors and λ₂ are curved most, its largest part positive."""
    objective = scene.run.objective
    hessian = objective.constant_hessian if objective.is_quadratic else objective.problem.gram
    vector: Array = np.linalg.eigh(hessian.numpy())[1][:, -1]
    return vector if vector[np.abs(vector).argmax()] > 0 else -vector


def _bends(scene: Scene, direction: Array) -> list[PiecewiseSlope]:
    """How a loss that is not squared follows the errors along a direction, and λ₁ the weights."""
    objective, d, parameters = scene.run.objective, len(scene.terms), scene.step_parameters
    found = []
    if objective.l1:
        kink = np.array([-1.0, 1.0])  # The mean of d weights is d times too small.
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
    return min(MOST_ROWS, max(20, MOST_NUMBERS // scene.width))


def _row(scene: Scene, direction: Array, away: float) -> Array:
    """The place along a direction [d + 1] of the parameters as the descent steps them, less a number, as a row."""
    row: Array = direction @ scene.step_parameters
    row[-1] -= away
    return row


def _across(places: Array, center: float) -> Array:
    """81 places about the lowest point, as far as the path goes."""
    reach = roomy(float(np.abs(places - center).max()) or abs(center) or 1.0)
    return np.linspace(center - reach, center + reach, 81)


def _up(losses: Array, lowest: float) -> list[float]:
    span = float(losses.max()) - lowest or abs(lowest) or 1.0
    return [lowest - 0.06 * span, lowest + 1.06 * span]
