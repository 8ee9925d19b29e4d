"""Where every other start would lead: all that the browser needs to draw it while a hand moves the start."""

import numpy as np

from app.engine.limits import steady
from app.engine.modes import maps
from app.scene import Scene
from components.player import Course

MOST_PARAMETERS = 12
"""Whose matrices are sent with every run."""

LONGEST = 5000
"""Epochs of a path that is drawn while the hand moves."""


def course(scene: Scene, pair: tuple[int, int]) -> Course | None:
    """For starts over two parameters, the others as they are; None where steps are not alike, linear and finite.

    In the units of the file the distance from the optimum is the descent's own times S⁻¹, which gives matrices M of
    the descent as S⁻¹ M S, and its Hessian H as Sᵀ H S.
    """
    objective, settings = scene.run.objective, scene.run.settings
    d = len(scene.terms)
    if objective.modes is None or scene.holds_out or d + 1 > MOST_PARAMETERS or not steady(objective, settings):
        return None
    assert objective.hessian is not None
    rows = np.array([scene.step_parameter(k) for k in range(d + 1)])
    scales, back = rows[:, : d + 1], np.linalg.inv(rows[:, : d + 1])
    begin = np.zeros((d + 1, 3))
    begin[:, 2] = np.where(np.isin(np.arange(d + 1), pair), 0.0, scene.scaled[0]) - rows[:, -1]
    begin[pair[0], 0] = begin[pair[1], 1] = 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        begin, hessian = back @ begin, scales.T @ objective.hessian.numpy() @ scales
        first, trace, determinant = (back @ step.numpy() @ scales for step in maps(objective.hessian, settings))
    if not all(np.isfinite(matrix).all() for matrix in (begin, hessian, first, trace, determinant)):
        return None
    length = min(settings.epochs, LONGEST) + 1
    return Course(begin, scene.optimum, first, trace, determinant,
                  float(objective.optimum.loss), hessian, length)  # fmt: skip
