"""What the browser computes equals what the engine computes: the player's pure modules, one by one."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from app.charts import charts
from app.charts.cross_section import STEEPEST
from app.charts.scene import ONE_WEIGHT, Scene, View
from app.charts.surface import plane, surface_chart
from app.charts.trajectory import linear_trajectory
from app.dataset import ColumnChoice
from app.engine import Settings
from app.runs.frames import BIAS
from components.player import Curve, Grid, Quadratic, Trajectory
from components.player.message import Message, pack
from tests.scenes import ON_SLEEP, STANDARDIZED, at, sleep, students

Array = NDArray[np.float64]
BOTH = pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED], ids=lambda columns: columns.scaling)
LOSSES: list[dict[str, Any]] = [
    {}, {"l2": 0.3}, {"l1": 0.8}, {"loss": "mae"}, {"loss": "huber", "delta": 3.0}, {"loss": "log_cosh", "l2": 0.1},
    {"loss": "quantile", "quantile": 0.8, "l1": 0.2, "l2": 0.1},
]  # fmt: skip


def followed(page: Page, trajectory: Trajectory, point: tuple[float, float], dial: float) -> tuple[Array, Array]:
    """Columns [frames, c] and losses [frames] of a run from another start and rate, from trajectory.js."""
    columns = page.evaluate(
        """([spec, point, dial]) => {
          const { columns, length } = new Trajectory(spec).frames(point, dial)
          return columns.map((column) => Array.from(column.subarray(0, length)))
        }""",
        [trajectory.message(), point, dial],
    )
    return np.array(columns[:-1]).T, np.array(columns[-1])


def trajectory_of(scene: Scene) -> Trajectory:
    found = linear_trajectory(scene)
    assert found
    return found


def started_at(scene: Scene, point: tuple[float, float]) -> tuple[float, ...]:
    start = scene.step_states[0].copy()
    start[list(plane(scene))] = point
    return tuple(start.tolist())


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "nesterov"])
@BOTH
@pytest.mark.parametrize("across", ["hours studied", "bias"])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_every_other_start_and_rate_lead_where_the_engine_goes(
    modules: Page, optimizer: Any, columns: ColumnChoice, across: str, l2: float
) -> None:
    shown = sleep(columns, View(surface_x=across, surface_y="hours slept"), optimizer=optimizer, l2=l2)
    trajectory = trajectory_of(shown)
    assert trajectory.dial_value == shown.run.settings.learning_rate
    start = started_at(shown, (3.0, -2.0))
    other = sleep(columns, optimizer=optimizer, l2=l2, learning_rate=0.002, start=start)
    found = followed(modules, trajectory, (3.0, -2.0), 0.002)
    for there, expected in zip(found, (other.parameters, other.losses), strict=True):
        assert there == pytest.approx(expected, rel=1e-9, abs=1e-9)


@BOTH
def test_a_trajectory_begins_where_the_run_does(modules: Page, columns: ColumnChoice) -> None:
    shown = sleep(columns)
    trajectory = trajectory_of(shown)
    there, heights = followed(modules, trajectory, trajectory.at, trajectory.dial_value)
    assert there == pytest.approx(shown.parameters, rel=1e-9, abs=1e-9)
    assert heights == pytest.approx(shown.losses, rel=1e-9)


@pytest.mark.parametrize(("rate", "outcome"), [(2.0, "diverged"), (0.1, "converged"), (0.001, "finished")])
def test_a_trajectory_ends_where_the_engine_stops(modules: Page, rate: float, outcome: str) -> None:
    trajectory = trajectory_of(sleep(STANDARDIZED, epochs=1500, tolerance=1e-6))
    engine = sleep(STANDARDIZED, epochs=1500, tolerance=1e-6, learning_rate=rate).run.history
    assert engine.outcome == outcome
    _, heights = followed(modules, trajectory, trajectory.at, rate)
    assert len(heights) == engine.epochs + 1


def heights_of(page: Page, spec: Message, frame: Array, points: list[tuple[float, float]]) -> list[float]:
    """Heights [points], from heights.js, at a frame: the columns of one epoch and a 1."""
    found: list[float] = page.evaluate(
        """([spec, frame, points]) => {
          const heights = makeHeights(spec)
          heights.follow(new Frames(frame.map((number) => Float64Array.of(number)), 1), 0)
          return points.map(([x, y]) => heights.height(x, y))
        }""",
        [spec.message(), frame[:-1].tolist(), points],
    )
    return found


@BOTH
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.0, 0.3), (0.7, 0.1)])
@pytest.mark.parametrize("held_at", ["optimum", "epoch shown"])
def test_the_surface_is_the_loss_of_the_rows(
    modules: Page, columns: ColumnChoice, l1: float, l2: float, held_at: str
) -> None:
    view = View(surface_x="hours slept", surface_y=BIAS, held_at=held_at)
    scene = sleep(columns, view, l1=l1, l2=l2, learning_rate=0.001)
    heights, points = surface_chart(scene).heights, [(0.0, 0.0), (1.5, -40.0), (-30.0, 80.0)]
    assert isinstance(heights, Quadratic)
    for epoch in (0, 90):
        others = scene.step_states[epoch] if held_at == "epoch shown" else scene.step_optimum
        losses = scene.run.objective.of(np.array([[others[0], x, y] for x, y in points])).tolist()
        assert heights_of(modules, heights, at(scene, epoch), points) == pytest.approx(losses, rel=1e-6)


def test_a_grid_has_the_engines_losses_at_its_points_and_their_means_halfway(modules: Page) -> None:
    scene = sleep(view=View(surface_x="hours slept", surface_y=BIAS), loss="mae", learning_rate=0.1)
    grid = surface_chart(scene).heights
    assert isinstance(grid, Grid)
    for i, j in ((0, 0), (20, 20), (3, 37)):
        corners = [(float(grid.x[i + a]), float(grid.y[j + b])) for a in (0, 1) for b in (0, 1)]
        losses = scene.run.objective.of(np.array([[scene.step_optimum[0], x, y] for x, y in corners])).numpy()
        middle = (float(grid.x[i : i + 2].mean()), float(grid.y[j : j + 2].mean()))
        found = heights_of(modules, grid, at(scene, 0), [*corners, middle])
        assert found == pytest.approx([*losses, losses.mean()], rel=1e-6)


def test_heights_beyond_what_plotly_draws_end_at_the_highest(modules: Page) -> None:
    steep = Quadratic((0.0, 0.0), 1.0, (0.0, 0.0), (1e300, 0.0, 1e300))
    near, far, farther = heights_of(modules, steep, np.ones(1), [(0.0, 0.0), (1e10, 0.0), (1e200, 1e200)])
    assert near == 1
    assert far == farther < np.finfo(np.float32).max


def points_of(page: Page, curve: Curve, frame: Array) -> Array:
    """Points [m, 2] of a curve, from curves.js, at a frame: the columns of one epoch and a 1."""
    found = page.evaluate(
        """([spec, frame]) => {
          const frames = new Frames(frame.map((number) => Float64Array.of(number)), 1)
          return new Curve(spec).points(frames, 0)
        }""",
        [curve.message(), frame[:-1].tolist()],
    )
    return np.array(found)


def curve_of(scene: Scene, name: str) -> Curve:
    (found,) = (mark for mark in charts(scene)[-1].marks if mark.name == name)
    assert isinstance(found, Curve)
    return found


@BOTH
@pytest.mark.parametrize("along", ["hours studied", "hours slept", BIAS, STEEPEST])
@pytest.mark.parametrize("chosen", LOSSES, ids=lambda chosen: "-".join(map(str, chosen.values())) or "mse")
def test_the_curve_is_the_loss_along_that_direction(
    modules: Page, columns: ColumnChoice, along: str, chosen: dict[str, Any]
) -> None:
    scene = sleep(columns, View(surface=ONE_WEIGHT, along=along), learning_rate=0.002, **chosen)
    objective, names = scene.run.objective, [*scene.terms, BIAS]
    direction, origin = np.eye(3)[names.index(along) if along in names else 0], 0.0
    if along == STEEPEST:
        hessian = objective.problem.gram if objective.hessian is None else objective.hessian
        direction = np.linalg.eigh(hessian.numpy())[1][:, -1]
        direction *= np.sign(direction[np.abs(direction).argmax()])
        origin = float(direction @ scene.step_optimum)
    # The slope of log-cosh is sent at breakpoints and interpolated linearly.
    curve, tolerance = curve_of(scene, "loss along it"), 2e-4 if chosen.get("loss") == "log_cosh" else 1e-9
    for epoch in (0, 3, 150):
        state = scene.step_states[epoch]
        place = direction @ state - origin
        expected = objective.of(state + (curve.x - place)[:, None] * direction).numpy()
        points = points_of(modules, curve, at(scene, epoch))
        assert points[:, 0].tolist() == curve.x.tolist()
        assert np.allclose(points[:, 1], expected, rtol=tolerance)


@pytest.mark.parametrize("chosen", LOSSES, ids=lambda chosen: "-".join(map(str, chosen.values())) or "mse")
def test_the_tangents_slope_is_the_gradient(modules: Page, chosen: dict[str, Any]) -> None:
    settings = Settings(learning_rate=0.01, epochs=600, **chosen)
    scene = students(settings, View(surface=ONE_WEIGHT, along="hours studied"))
    tangent = curve_of(scene, "tangent")
    for epoch in (0, 1, 500):
        state, h = scene.step_states[epoch], np.array([1e-4, 0.0])
        measured = (scene.run.objective.of(state + h) - scene.run.objective.of(state - h)).item() / 2e-4
        (x0, y0), (x1, y1) = points_of(modules, tangent, at(scene, epoch))
        assert (y1 - y0) / (x1 - x0) == pytest.approx(measured, rel=1e-5, abs=1e-5)


def camera_at(eye: Array) -> Array:
    """The matrix [4, 4] of a perspective camera that looks at the origin."""
    back = eye / np.linalg.norm(eye)
    right = np.cross([0.0, 0.0, 1.0], back)
    right /= np.linalg.norm(right)
    view = np.eye(4)
    view[:3, :3] = right, np.cross(back, right), back
    view[:3, 3] = -view[:3, :3] @ eye
    near, far = 0.1, 100.0
    depth = [[0, 0, (far + near) / (near - far), 2 * far * near / (near - far)], [0, 0, -1, 0]]
    camera: Array = np.array([[1.5, 0, 0, 0], [0, 1.5, 0, 0], *depth]) @ view
    return camera


def test_a_ray_leads_from_the_eye_through_its_place_on_the_screen(modules: Page) -> None:
    for where in ((0.7, -2.3, 1.8), (5.0, 3.0, 0.5), (-1.0, 0.2, -4.0)):
        camera = camera_at(np.array(where))
        for across, up in ((0.0, 0.0), (-0.9, 0.4), (0.3, -1.0)):
            eye, point = modules.evaluate(
                "([camera, across, up]) => [eye(camera), ahead(camera, across, up)]",
                [camera.T.ravel().tolist(), across, up],
            )
            assert eye == pytest.approx(where)
            x, y, _, w = camera @ [*point, 1]
            assert (x / w, y / w) == pytest.approx((across, up))


def test_a_ray_meets_the_loss_surface_where_the_engine_has_it_first(modules: Page) -> None:
    scene = students(Settings(epochs=20))
    heights, (x, y) = surface_chart(scene).heights, scene.step_optimum
    assert isinstance(heights, Quadratic)
    box = [[x - 40, x + 60], [y - 40, y + 60], [0.0, 1e5]]
    rays = {
        "down": ((x - 30, y - 30, 9e4), (x + 10, y + 20, 0.0)),
        "across the valley": ((x - 38, y + 5, 4e3), (x + 50, y + 5, 4e3)),
        "above": ((x, y, 9e4), (x + 1, y + 1, 9e4)),
    }
    for name, (begin, end) in rays.items():
        share = modules.evaluate(
            """([spec, box, from, to]) => {
              const heights = makeHeights(spec)
              const isAbove = ([x, y, z]) => z > heights.height(x, y)
              const shares = crossing(isAbove, box, from, to, { most: 1, steps: 400 })
              return shares && narrowed(isAbove, from, to, shares, 60)
            }""",
            [heights.message(), box, begin, end],
        )
        shares = np.linspace(0, 1, 20_001)
        way = np.array(begin) + shares[:, None] * (np.array(end) - begin)
        above = way[:, 2] > scene.run.objective.of(way[:, :2]).numpy()
        changes = np.flatnonzero(above != above[0])
        assert (share is None, len(changes) == 0) == (name == "above", name == "above")
        if share is not None:
            assert shares[changes[0] - 1] <= share <= shares[changes[0]]
            met = np.array(begin) + share * (np.array(end) - begin)
            assert met[2] == pytest.approx(scene.run.objective.of(met[:2]).item(), rel=1e-6)


def numbers() -> list[float]:
    """Numbers of every magnitude and both signs."""
    rng = np.random.default_rng(7)
    found: list[float] = (rng.choice([-1, 1], 400) * 10 ** rng.uniform(-9, 12, 400)).tolist()
    return found


def written(page: Page, by: str, values: list[float]) -> list[str]:
    """What a function of numbers.js makes of these, with hyphens for its minus signs, as Python reads them."""
    texts = page.evaluate(f"(values) => values.map({by})", values)
    assert not any("-" in text for text in texts)
    return [text.replace("−", "-") for text in texts]


def read(text: str) -> float:
    """A number as these functions write it, such as 1.23 × 10⁻⁸."""
    factor, _, power = text.replace(",", "").partition(" × 10")
    return float(f"{factor}e{power.translate(str.maketrans('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789')) or 0}")


def test_a_readable_number_is_rounded_to_what_it_shows(modules: Page) -> None:
    values = numbers()
    for value, text in zip(values, written(modules, "readable", values), strict=True):
        if "×" in text or abs(value) < 0.1:
            assert read(text) == float(f"{value:.4g}")
            assert sum(map(str.isdigit, text.partition(" × ")[0].lstrip("-0."))) == 4
            assert ("×" in text) == (abs(value) < 1e-6 or abs(value) >= 1e9)
        else:
            decimals = len(text.partition(".")[2])
            assert text == f"{value:,.{decimals}f}"
            assert decimals <= 4
            assert 4 <= sum(map(str.isdigit, text.lstrip("-0."))) <= 9
    assert modules.evaluate("() => readable(0)") == "0.0000"


def test_a_brief_number_has_two_decimals_or_three_digits(modules: Page) -> None:
    values = numbers()
    for value, text in zip(values, written(modules, "brief", values), strict=True):
        size = abs(value)
        spec = ".2f" if 1 <= size < 1e6 else ".0f" if 1e6 <= size < 1e9 else ".3g"
        assert read(text) == float(format(value, spec))
    assert modules.evaluate("() => [brief(0), brief(12345)]") == ["0.00", "12,345.00"]


def test_a_number_is_rounded_to_half_a_step_without_digits_to_spare(modules: Page) -> None:
    values = numbers()
    for step in (1e-3, 2.5, 1e6):
        found = modules.evaluate("([values, step]) => values.map((value) => rounded(value, step))", [values, step])
        for value, near in zip(values, found, strict=True):
            assert abs(near - value) <= max(step / 2, 1e-14 * abs(value))  # with at most 15 digits
            digits = Decimal(repr(near)).normalize().as_tuple().digits
            assert len(digits) <= max(1, math.log10(abs(value) / step) + 2)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_packed_array_arrives_bit_for_bit(modules: Page, kind: type[Any]) -> None:
    values = np.array([[*numbers()], [1 / value for value in numbers()]]).astype(kind)
    found = modules.evaluate("(packed) => Array.from(unpack(packed))", pack(values))
    assert np.array(found, dtype=kind).tobytes() == values.tobytes()


SLOW_START = """([columns, height]) => {
  const packed = columns.map((column) => Float64Array.from(column))
  const frames = new Frames(packed, columns[0].length)
  return Array.from(slowStart(frames, Float64Array.from(height)))
}"""


def seconds_of(page: Page, heights: Array) -> Array:
    """How long each step to another of these heights is shown at a slow start, from pace.js."""
    row = [0.0, 1.0, 0.0]
    columns = [np.zeros(len(heights)).tolist(), heights.tolist()]
    return np.array(page.evaluate(SLOW_START, [columns, row]))


def test_a_slow_start_shows_the_first_steps_long_enough_and_the_whole_in_eight_seconds(modules: Page) -> None:
    losses = students(Settings()).losses
    seconds = seconds_of(modules, losses)
    assert seconds.sum() == pytest.approx(8)
    assert seconds.argmax() == 0
    assert np.all(seconds[:3] > 0.1)
    assert np.all(seconds > 0)
    # Half of the time goes by the way down, of which one step has at most 0.8 s, the rest by the epoch's logarithm.
    left = np.log1p((losses - losses.min()) / (losses[0] - losses.min()) / 1e-3)
    by_fall = np.minimum(0.8, 4 * -np.diff(np.minimum.accumulate(left)) / left[0])
    by_epoch = np.diff(np.log1p(np.arange(len(losses)))) / np.log1p(len(losses) - 1)
    assert seconds == pytest.approx(by_fall + (8 - by_fall.sum()) * by_epoch)


@pytest.mark.parametrize(
    "heights",
    [
        np.array([5.0, 5.0, 5.0]),
        np.array([3.0, 0.0]),
        2.0 ** np.arange(1000),
        np.concatenate([[1e300], np.zeros(400)]),
        50 + np.random.default_rng(0).normal(size=5000),
        np.geomspace(7000, 1e-300, 900),
    ],
    ids=["flat", "at once", "diverging", "huge, then zero", "noise", "to zero"],
)
def test_a_slow_start_ends_whatever_the_heights_are(modules: Page, heights: Array) -> None:
    seconds = seconds_of(modules, heights)
    assert np.all(np.isfinite(seconds))
    assert np.all(seconds > 0)
    assert seconds.sum() == pytest.approx(min(8, (len(heights) - 1) / 10))


def test_the_pace_between_frames_that_are_not_even_is_the_epochs(modules: Page) -> None:
    reached = modules.evaluate(
        """() => {
          const frames = new Frames([Float64Array.of(4, 3, 2, 1)], 4, Float64Array.of(0, 10, 30, 100))
          const pace = new Pace()
          pace.follow(frames, Float64Array.of(1, 0))
          pace.speed = 0.5
          return [pace.after(0, 0.1), pace.after(7, 0.2), pace.after(25, 0.9), pace.after(25, 60), pace.after(100, 1)]
        }"""
    )
    assert reached == pytest.approx([5, 17, 70, 100, 100])
