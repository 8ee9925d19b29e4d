"""Where other starts and learning rates would lead, for the browser to draw while the user moves them."""

import numpy as np

from app.charts.scene import Scene
from app.charts.surface import plane
from app.engine.modes import recurrence
from app.engine.rates import is_predictable
from app.engine.training import DIVERGED_RATIO, STILL_EPOCHS
from components.player import Trajectory

MAX_PARAMETERS = 12
"""Of runs with more, the modes are not sent: they grow with the square."""

MAX_EPOCHS = 20_000
"""Epochs of a path that is drawn while the user moves what it depends on."""


def linear_trajectory(scene: Scene, dial: str = "") -> Trajectory | None:
    """All paths that differ in the start of the surface's two parameters, or in the learning rate set by a `dial`.

    None if the steps are not linear, all alike and finite. A matrix S turns parameters in the file's units into those
    that the descent steps in, so the modes in the file's units are S⁻¹ times the Hessian's eigenvectors.
    """
    objective, settings = scene.run.objective, scene.run.settings
    width = len(scene.terms) + 1
    if scene.holds_out or width > MAX_PARAMETERS or not is_predictable(objective, settings):
        return None
    assert objective.hessian is not None
    curvatures, vectors = np.linalg.eigh(objective.hessian.numpy())
    pair, scales = plane(scene), np.array([scene.step_parameter(k)[:width] for k in range(width)])
    begin = np.zeros((width, 3))
    begin[:, 2] = np.where(np.isin(np.arange(width), pair), 0.0, scene.step_states[0]) - scene.step_optimum
    begin[pair[0], 0] = begin[pair[1], 1] = 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        begin, modes = vectors.T @ begin, np.linalg.solve(scales, vectors)
    if not np.isfinite([*begin.flat, *modes.flat]).all():
        return None
    at_rest, at_one = recurrence(0.0, settings), recurrence(1.0, settings)
    first, trace, determinant = [(a, b - a) for a, b in zip(at_rest, at_one, strict=True)]
    return Trajectory(
        at=(float(scene.step_states[0, pair[0]]), float(scene.step_states[0, pair[1]])),
        begin=begin,
        fixed_point=scene.optimum,
        modes=modes,
        curvatures=curvatures.clip(min=0.0),
        value=float(objective.optimum.loss),
        dial_value=settings.learning_rate,
        first=first,
        trace=trace,
        determinant=determinant,
        length=min(settings.epochs, MAX_EPOCHS) + 1,
        max_growth=DIVERGED_RATIO,
        min_change=(STILL_EPOCHS, settings.tolerance),
        dial=dial,
    )
