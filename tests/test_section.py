"""The loss against one weight: at every frame the curve is the loss, and its tangent the gradient."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.charts import charts
from app.dataset import Columns, load_sample
from app.engine import Settings
from app.frames import BIAS
from app.scene import ONE_WEIGHT, Scene, View
from app.section import STEEPEST
from components.player import Chart, Curve, PiecewiseSlope
from tests.test_scene import ON_SLEEP, STANDARDIZED, at, finished, sleep, students

Array = NDArray[np.float64]


def drawn(scene: Scene) -> Chart:
    return charts(scene)[-1]


def mark(scene: Scene, name: str) -> Curve:
    (found,) = (mark for mark in drawn(scene).marks if mark.name == name)
    assert isinstance(found, Curve)
    return found


def bent(bends: PiecewiseSlope, numbers: Array) -> Array:
    """The function of which `bends` tells the slopes; zero at the first breakpoint."""
    steps = np.diff(bends.breakpoints) * (bends.slopes[1:] + bends.slopes[:-1]) / 2
    inside = np.interp(numbers, bends.breakpoints, np.concatenate([[0], np.cumsum(steps)]))
    low, high = np.minimum(numbers - bends.breakpoints[0], 0), np.maximum(numbers - bends.breakpoints[-1], 0)
    left = np.clip(np.searchsorted(bends.breakpoints, numbers) - 1, 0, len(bends.breakpoints) - 2)
    width, steeper = np.diff(bends.breakpoints)[left], np.diff(bends.slopes)[left]
    part = np.clip((numbers - bends.breakpoints[left]) / width, 0, 1)
    below_the_chord: Array = steeper * width * part * (1 - part) / 2
    found: Array = inside - below_the_chord + low * bends.slopes[0] + high * bends.slopes[-1]
    return found


def heights(curve: Curve, frame: Array, x: Array) -> Array:
    away = x - curve.place @ frame
    found: Array = curve.height @ frame + curve.slope @ frame * away + curve.curvature / 2 * away**2
    for bends in curve.piecewise:
        numbers = bends.rows @ frame
        moved = numbers[:, None] + bends.growth[:, None] * away
        found = found + (bent(bends, moved) - bent(bends, numbers)[:, None]).mean(axis=0)
    return found


def steepness(tangent: Curve, frame: Array) -> float:
    slope = float(tangent.slope @ frame)
    for bends in tangent.piecewise:
        slope += float((bends.growth * np.interp(bends.rows @ frame, bends.breakpoints, bends.slopes)).mean())
    return slope


LOSSES: list[dict[str, Any]] = [
    {}, {"l2": 0.3}, {"l1": 0.8}, {"loss": "mae"}, {"loss": "huber", "delta": 3.0}, {"loss": "log_cosh", "l2": 0.1},
    {"loss": "quantile", "quantile": 0.8, "l1": 0.2, "l2": 0.1},
]  # fmt: skip


@pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED])
@pytest.mark.parametrize("along", ["hours studied", "hours slept", BIAS, STEEPEST])
@pytest.mark.parametrize("chosen", LOSSES, ids=lambda chosen: "-".join(map(str, chosen.values())) or "mse")
def test_the_curve_is_the_loss_along_that_direction(columns: Any, along: str, chosen: dict[str, Any]) -> None:
    scene = sleep(columns, View(surface=ONE_WEIGHT, along=along), learning_rate=0.002, **chosen)
    objective = scene.run.objective
    names = [*scene.terms, BIAS]
    direction, origin = np.eye(3)[names.index(along) if along in names else 0], 0.0
    if along == STEEPEST:
        hessian = objective.problem.gram if objective.hessian is None else objective.hessian
        direction = np.linalg.eigh(hessian.numpy())[1][:, -1]
        direction *= np.sign(direction[np.abs(direction).argmax()])
        origin = float(direction @ scene.scaled_optimum)
    curve, exact = mark(scene, "loss along it"), chosen.get("loss") != "log_cosh"
    for epoch in (0, 3, 150):
        frame, state = at(scene, epoch), scene.scaled[epoch]
        place = curve.place @ frame
        assert place == pytest.approx(direction @ state - origin, rel=1e-9, abs=1e-9)
        expected = objective.of(state + (curve.x - place)[:, None] * direction).numpy()
        assert np.allclose(heights(curve, frame, curve.x), expected, rtol=1e-9 if exact else 2e-4)


@pytest.mark.parametrize("chosen", LOSSES, ids=lambda chosen: "-".join(map(str, chosen.values())) or "mse")
def test_the_tangents_slope_is_the_gradient(chosen: dict[str, Any]) -> None:
    settings = Settings(learning_rate=0.01, epochs=600, **chosen)
    scene = students(settings, View(surface=ONE_WEIGHT, along="hours studied"))
    tangent = mark(scene, "tangent")
    for epoch in (0, 1, 500):
        state, h = scene.scaled[epoch], np.array([1e-4, 0.0])
        measured = (scene.run.objective.of(state + h) - scene.run.objective.of(state - h)).item() / 2e-4
        assert steepness(tangent, at(scene, epoch)) == pytest.approx(measured, rel=1e-5, abs=1e-5)


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


def test_of_very_many_rows_a_fair_sample_gives_the_shape_and_says_so() -> None:
    dataset = load_sample("galton")
    target, feature = dataset.numeric_columns[-1], dataset.numeric_columns[0]
    run = finished(dataset, Columns(target, (feature,)), Settings(loss="mae", epochs=5))
    scene = Scene(run, View(surface=ONE_WEIGHT, along=BIAS))
    (bends,) = mark(scene, "loss along it").piecewise
    assert len(bends.rows) == 500 < scene.run.problem.n_rows
    assert drawn(scene).note.endswith("shape from 500 rows, drawn at random")
