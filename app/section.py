"""The loss against one weight, or along the steepest direction: the parabola that the step is taken on."""

import numpy as np

from app import figures
from app.figures import MODEL, VALLEY, Array
from app.frames import BIAS
from app.scene import Scene
from app.surface import roomy
from components.player import Chart, Line, Parabola, Trail

STEEPEST = "steepest direction"


def is_parabola(scene: Scene) -> bool:
    """Whether the loss is a parabola along every direction."""
    return scene.run.objective.modes is not None


def section(scene: Scene) -> Chart:
    """Along the view's direction and through the frame's own point, with the tangent there and the step along it.

    On the parabola L(s) = L + g (s − s₀) + ½ c (s − s₀)², the place s₀, the loss L and the slope g are the frame's.
    """
    names = [*scene.terms, BIAS]
    objective, best = scene.run.objective, scene.scaled_optimum
    assert objective.hessian is not None
    assert objective.modes is not None
    hessian, directions = objective.hessian.numpy(), objective.modes.directions.numpy()
    steepest = scene.view.along not in names
    direction = _steepest(directions) if steepest else np.eye(len(names))[names.index(scene.view.along)]
    origin = float(direction @ best) if steepest else 0.0
    place, slope = _row(scene, direction, origin), _row(scene, hessian @ direction, float(direction @ hessian @ best))
    curvature = float(direction @ hessian @ direction)
    center = 0.0 if steepest else float(direction @ best)
    places = scene.scaled[: scene.length] @ direction - origin
    near = scene.losses[: scene.length] <= 10 * scene.losses[0]
    x, y_range = _across(places[near], center), _up(scene.losses[: scene.length][near], objective.optimum.loss)
    scaled = " (standardized)" if scene.is_scaled else ""
    title = (
        f"along the {STEEPEST}" if steepest else f"weight of {scene.view.along}{scaled}".removeprefix("weight of bias")
    )
    figure = figures.section((center, objective.optimum.loss), scene.lowest_point, title or BIAS,
                             f"loss ({objective.title})", [float(x[0]), float(x[-1])], y_range)  # fmt: skip
    marks: list[Trail | Line | Parabola] = [
        Parabola("loss along it", VALLEY, x, place, scene.loss_row, slope, curvature),
        Parabola("tangent", VALLEY, x[[0, -1]], place, scene.loss_row, slope, 0.0, dashed=True),
        Trail("path", MODEL, place, scene.loss_row),
    ]
    if scene.sends_all:
        marks.append(Parabola("step along the tangent", MODEL, np.empty(0), place, scene.loss_row, slope, 0.0))
    alt = f"The loss {title}, with all else as it is at the epoch shown, and the tangent at the point."
    heading = STEEPEST.capitalize() if steepest else "One weight"
    return Chart("surface", heading, _note(scene, curvature, steepest=steepest), alt, figure, marks)


def _called(name: str) -> str:
    return name if name == BIAS else f"weight of {name}"


def _note(scene: Scene, curvature: float, *, steepest: bool) -> str:
    """What each step does to the distance from the lowest point, where that is always the same."""
    settings = scene.run.settings
    if not steepest or (settings.optimizer, settings.schedule) != ("gradient_descent", "constant"):
        return "all else as it is at this epoch"
    return f"distance × {1 - settings.learning_rate * curvature:.3g} each step".replace("-", "−")


def _steepest(directions: Array) -> Array:
    """[d + 1]: the unit vector along which the loss is curved most, its largest part positive."""
    vector: Array = directions[:, 0]
    return vector if vector[np.abs(vector).argmax()] > 0 else -vector


def _row(scene: Scene, factors: Array, away: float) -> Array:
    """Factors [d + 1] of the parameters as the descent steps them, less a number, as a row of the frames."""
    row = np.zeros(scene.width)
    row[-1] = -away
    for i, factor in enumerate(factors.tolist()):
        row += factor * scene.step_parameter(i)
    return row


def _across(places: Array, center: float) -> Array:
    """81 places about the lowest point, as far as the path goes."""
    reach = roomy(float(np.abs(places - center).max()) or abs(center) or 1.0)
    return np.linspace(center - reach, center + reach, 81)


def _up(losses: Array, lowest: float) -> list[float]:
    span = float(losses.max()) - lowest or abs(lowest) or 1.0
    return [lowest - 0.06 * span, lowest + 1.06 * span]
