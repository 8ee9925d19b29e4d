"""The loss against one weight: at every frame the parabola is the loss, and its tangent the gradient."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.charts import charts
from app.engine import Settings
from app.frames import BIAS
from app.scene import ONE_WEIGHT, Scene, View
from app.section import STEEPEST
from components.player import Chart, Parabola
from tests.test_scene import ON_SLEEP, STANDARDIZED, at, sleep, students

Array = NDArray[np.float64]


def drawn(scene: Scene) -> Chart:
    return charts(scene)[-1]


def mark(scene: Scene, name: str) -> Parabola:
    (found,) = (mark for mark in drawn(scene).marks if mark.name == name)
    assert isinstance(found, Parabola)
    return found


def heights(parabola: Parabola, frame: Array, x: Array) -> Array:
    away = x - parabola.place @ frame
    curve: Array = parabola.height @ frame + parabola.slope @ frame * away + parabola.curvature / 2 * away**2
    return curve


@pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED])
@pytest.mark.parametrize("along", ["hours studied", "hours slept", BIAS, STEEPEST])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_the_parabola_is_the_loss_along_that_direction(columns: Any, along: str, l2: float) -> None:
    scene = sleep(columns, View(surface=ONE_WEIGHT, along=along), l2=l2, learning_rate=0.002)
    objective = scene.run.objective
    names = [*scene.terms, BIAS]
    direction, origin = np.eye(3)[names.index(along) if along in names else 0], 0.0
    if along == STEEPEST:
        assert objective.hessian is not None
        direction = np.linalg.eigh(objective.hessian.numpy())[1][:, -1]
        direction *= np.sign(direction[np.abs(direction).argmax()])
        origin = float(direction @ scene.scaled_optimum)
    parabola = mark(scene, "loss along it")
    for epoch in (0, 3, 150):
        frame, state = at(scene, epoch), scene.scaled[epoch]
        place = parabola.place @ frame
        assert place == pytest.approx(direction @ state - origin, rel=1e-9, abs=1e-9)
        expected = objective.of(state + (parabola.x - place)[:, None] * direction).numpy()
        assert np.allclose(heights(parabola, frame, parabola.x), expected, rtol=1e-9)


def test_the_tangents_slope_is_the_gradient() -> None:
    scene = students(view=View(surface=ONE_WEIGHT, along="hours studied"))
    tangent = mark(scene, "tangent")
    for epoch in (0, 1, 500):
        state, h = scene.scaled[epoch], np.array([1e-4, 0.0])
        measured = (scene.run.objective.of(state + h) - scene.run.objective.of(state - h)).item() / 2e-4
        assert tangent.slope @ at(scene, epoch) == pytest.approx(measured, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("rate", [0.005, 0.02, 0.0225])
def test_along_the_steepest_direction_each_step_multiplies_the_distance_by_the_factor_named(rate: float) -> None:
    view = View(surface=ONE_WEIGHT, along=STEEPEST)
    scene = students(Settings(learning_rate=rate, epochs=20), view)
    place = mark(scene, "loss along it").place
    places = [place @ at(scene, epoch) for epoch in range(6)]
    note = drawn(scene).note
    named = float(note.split("×")[1].split()[0].replace("−", "-"))
    for before, after in zip(places, places[1:], strict=False):
        assert after / before == pytest.approx(named, rel=5e-3)


def test_a_loss_that_is_no_parabola_keeps_its_contours() -> None:
    scene = sleep(view=View(surface=ONE_WEIGHT, along=BIAS), loss="huber")
    assert drawn(scene).title == "Loss surface"
