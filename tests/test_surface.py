"""The loss surface: its shape, arrows and directions, against the rows and finite differences."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.charts.scene import Scene, View
from app.charts.surface import MAX_GRID_ROWS, eigenvectors, start_through, surface_chart
from app.dataset import ColumnChoice
from app.engine import Objective, Problem, Settings
from app.runs.frames import BIAS
from app.runs.segments import Segment
from components.player import Arrow, Trail
from tests.problems import Array
from tests.scenes import ON_SLEEP, STANDARDIZED, at, large, sleep, students, title

BOTH = pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED], ids=lambda columns: columns.scaling)
LOSSES = ("mse", "mae", "huber", "log_cosh", "quantile")


def arrow(scene: Scene, name: str) -> Arrow:
    (found,) = (mark for mark in surface_chart(scene).marks if mark.name == name)
    assert isinstance(found, Arrow)
    return found


def tip(scene: Scene, found: Arrow, k: int) -> list[float]:
    """Where the browser draws an arrow's tip at frame k."""
    if found.by is None:
        return [float(row @ at(scene, k + 1)) for row in (found.x, found.y)]
    by = [float(part[k]) if found.each else float(part @ at(scene, k)) for part in found.by]
    return [float(row @ at(scene, k)) + part for row, part in zip((found.x, found.y), by, strict=True)]


@BOTH
@pytest.mark.parametrize(("x", "y"), [("", BIAS), ("hours slept", "hours studied"), (BIAS, "hours slept")])
def test_the_path_is_walked_in_the_descents_own_units(columns: ColumnChoice, x: str, y: str) -> None:
    scene = sleep(columns, View(surface_x=x, surface_y=y))
    names = [*scene.terms, BIAS]
    path = surface_chart(scene).marks[0]
    assert isinstance(path, Trail)
    assert not isinstance(path.x, str)
    for k in (0, 1, 60, 200):
        theirs = scene.run.history.parameters[k].tolist()
        assert float(path.x @ at(scene, k)) == pytest.approx(theirs[names.index(x or "hours studied")], rel=1e-9)
        assert float(path.y @ at(scene, k)) == pytest.approx(theirs[names.index(y)], rel=1e-9)


def test_the_same_parameter_is_never_on_both_axes() -> None:
    for name in ("hours studied", "hours slept", BIAS):
        found = surface_chart(sleep(view=View(surface_x=name, surface_y=name)))
        assert title(found, "x") != title(found, "y")


def rows_of(scene: Scene) -> tuple[Array, Array]:
    problem = scene.run.problem
    return np.column_stack([problem.features.numpy(), np.ones(problem.n_rows)]), problem.target.numpy()


@pytest.mark.parametrize(("held_at", "where"), [("optimum", "at the optimum"), ("epoch shown", "as at this epoch")])
def test_a_surface_says_where_the_other_parameters_are(held_at: str, where: str) -> None:
    found = surface_chart(sleep(view=View(surface_x="hours slept", surface_y=BIAS, held_at=held_at)))
    assert found.note == f"the other one {where}"


def test_the_surface_of_many_rows_says_that_it_comes_from_a_sample_unless_a_formula_knows_them_all() -> None:
    scene = large(3000, 1)
    assert surface_chart(scene).note == ""
    huber = Settings(loss="huber", learning_rate=0.1, epochs=20)
    scene.run.objective, scene.run.settings = Objective(scene.run.problem, huber), huber
    assert surface_chart(Scene(scene.run, View())).note == f"from {MAX_GRID_ROWS:,} rows, drawn at random"


@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_the_axes_hold_the_whole_path_and_room_for_another_start(scaling: Any) -> None:
    for start in ((), (3.0, 69.0)):
        scene = students(Settings(epochs=500, start=start), scaling=scaling)
        found, path = surface_chart(scene), scene.run.history.parameters.numpy()
        drawn = students(Settings(epochs=0), scaling=scaling).step_states[0]
        for i, axis in enumerate("xy"):
            low, high = found.figure["layout"][f"{axis}axis"]["range"]
            assert low < min(path[:, i].min(), drawn[i])
            assert max(path[:, i].max(), drawn[i]) < high
        assert (title(found, "x") == "weight of hours studied (standardized)") == (scaling != "none")


@pytest.mark.parametrize("rate", [1e-4, 1e-3, 0.01])
@pytest.mark.parametrize("start", [(), (40.0, -300.0)])
def test_path_and_optimum_fill_the_axes_however_far_apart_they_are(rate: float, start: Any) -> None:
    scene = students(Settings(epochs=20, learning_rate=rate, start=start))
    found, optimum = surface_chart(scene), scene.step_optimum
    drawn = students(Settings(epochs=0)).step_states
    shown = np.vstack([scene.step_states, drawn, optimum])
    for i, axis in enumerate("xy"):
        low, high = found.figure["layout"][f"{axis}axis"]["range"]
        assert np.ptp(shown[:, i]) > 0.3 * (high - low)


@BOTH
def test_the_eigenvectors_are_those_of_the_losss_second_differences(columns: ColumnChoice) -> None:
    scene = sleep(columns, View(surface_x="hours studied", surface_y=BIAS), l2=0.2)
    (gentle, least), (steep, most) = eigenvectors(scene, (0, 2))
    assert 0 < least <= most
    for vector, curvature in ((gentle, least), (steep, most)):
        step = np.zeros(3)
        step[[0, 2]] = 0.5 * vector
        near = [scene.step_optimum + k * step for k in (-1, 0, 1)]
        below, middle, above = scene.run.objective.of(np.array(near)).tolist()
        assert (below - 2 * middle + above) / 0.25 == pytest.approx(curvature, rel=1e-6)
    assert float(gentle @ steep) == pytest.approx(0, abs=1e-12)
    z, _ = rows_of(scene)
    hessian = (2 * z.T @ z / 5 + np.diag([0.4, 0.4, 0.0]))[np.ix_([0, 2], [0, 2])]
    assert [least, most] == pytest.approx(np.linalg.eigvalsh(hessian).tolist())
    lines = [trace for trace in surface_chart(scene).figure["data"] if trace.get("name") == "eigenvector"]
    assert [float(f"{curvature:.5g}") for curvature in (least, most)] == [
        float(line["hovertemplate"].split("curvature ")[1].split("<")[0]) for line in lines
    ]


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam"])
@BOTH
def test_the_arrows_are_plain_descents_step_and_the_one_that_was_taken(columns: ColumnChoice, optimizer: Any) -> None:
    scene = sleep(columns, View(arrows=True), optimizer=optimizer, learning_rate=0.002, l2=0.1)
    taken, plain = arrow(scene, "step taken"), arrow(scene, "−learning rate × gradient")
    assert not plain.each
    z, target = rows_of(scene)
    for k in (0, 1, 50):
        now = scene.step_states[k]
        gradient = 2 * z.T @ (z @ now - target) / 5 + 0.2 * np.array([*now[:2], 0.0])
        assert tip(scene, plain, k) == pytest.approx((now - 0.002 * gradient)[[0, 2]].tolist(), rel=1e-9)
        assert tip(scene, taken, k) == pytest.approx(scene.step_states[k + 1][[0, 2]].tolist(), rel=1e-9)
        same = tip(scene, plain, k) == pytest.approx(tip(scene, taken, k), rel=1e-6)
        assert same == (optimizer == "gradient_descent" or (optimizer == "momentum" and k == 0))


@pytest.mark.parametrize("chosen", [
    {"loss": "huber"}, {"l1": 0.5}, {"schedule": "step", "period": 20}, {"loss": "mae", "schedule": "warm_up"},
], ids=str)  # fmt: skip
def test_the_arrows_of_plain_descent_coincide_whatever_is_made_small_and_however_the_rate_changes(
    chosen: dict[str, Any],
) -> None:
    scene = sleep(STANDARDIZED, View(arrows=True), **chosen)
    taken, plain = arrow(scene, "step taken"), arrow(scene, "−learning rate × gradient")
    assert plain.each
    for k in (0, 1, 30, 150):
        assert tip(scene, plain, k) == pytest.approx(tip(scene, taken, k), rel=1e-6)


def test_the_arrows_know_the_rate_of_every_segment() -> None:
    scene = sleep(STANDARDIZED, View(arrows=True), learning_rate=0.05)
    scene.run.segments = (Segment(80, Settings(learning_rate=0.2)),)
    plain = arrow(Scene(scene.run, View(arrows=True)), "−learning rate × gradient")
    z, target = rows_of(scene)
    for k, rate in ((79, 0.2), (80, 0.05)):
        step = -rate * 2 * z.T @ (z @ scene.step_states[k] - target) / 5
        assert [plain.by[0][k], plain.by[1][k]] == pytest.approx(step[[0, 2]].tolist(), rel=1e-5)  # type: ignore[index]


def test_without_the_switch_nothing_is_sent_of_arrows() -> None:
    assert [mark.name for mark in surface_chart(sleep()).marks] == ["path"]


def test_a_start_on_the_surface_keeps_the_other_parameters_start() -> None:
    scene = sleep(STANDARDIZED, View(surface_x="hours slept", surface_y=BIAS))
    start = start_through(scene, 1.25, -3.0)
    assert start == (scene.step_states[0, 0], 1.25, -3.0)
    again = sleep(STANDARDIZED, start=start)
    assert again.step_states[0].tolist() == list(start)


def test_three_dimensions_show_the_same_surface() -> None:
    flat, deep = (surface_chart(sleep(view=View(surface=name))).message() for name in ("contours", "3D"))
    assert (flat.pop("in_3d"), deep.pop("in_3d")) == (False, True)
    assert flat == deep


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), loss=st.sampled_from(LOSSES), l1=st.sampled_from([0.0, 0.3]),
       l2=st.sampled_from([0.0, 0.2]))  # fmt: skip
def test_gradient_and_hessian_are_the_finite_differences_of_the_objective(
    seed: int, loss: Any, l1: float, l2: float
) -> None:
    rng = np.random.default_rng(seed)
    problem = Problem(rng.normal(size=(12, 3)), rng.normal(size=12) * 3)
    objective = Objective(problem, Settings(loss=loss, l1=l1, l2=l2))
    here, step = torch.tensor(rng.normal(size=(1, 4)) + 0.01), 1e-6
    errors = problem.features @ here[0, :-1] + here[0, -1] - problem.target
    assume(float(torch.cat([errors, here[0]]).abs().min()) > 1e-4)  # no kink within the step
    ahead, behind = here + step * torch.eye(4), here - step * torch.eye(4)
    slopes = (objective.of(ahead.double()) - objective.of(behind.double())) / (2 * step)
    assert objective.gradient(here)[0].tolist() == pytest.approx(slopes.tolist(), abs=1e-6)
    if objective.hessian is None:
        assert loss != "mse"
    else:
        bends = (objective.gradient(ahead) - objective.gradient(behind)) / (2 * step)
        assert bends.flatten().tolist() == pytest.approx(objective.hessian.flatten().tolist(), abs=1e-6)
