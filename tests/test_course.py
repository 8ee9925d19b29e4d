"""What the browser works out while a start is dragged is what the engine would train."""

from typing import Any

import numpy as np
import pytest

from app import course as module
from app.course import LONGEST, course
from app.dataset import Columns
from app.engine import Settings
from app.figures import Array
from app.scene import View
from app.surface import plane
from components.player import Trajectory
from tests.test_scene import ON_SLEEP, STANDARDIZED, sleep, students


def walked(way: Trajectory, point: tuple[float, float], turn: float) -> tuple[Array, Array]:
    """Columns [frames, c] and heights [frames], as the browser computes them."""
    first, trace, determinant = (a + b * turn * way.curvatures for a, b in (way.first, way.trace, way.determinant))
    s = [way.begin @ [*point, 1.0]]
    for k in range(way.length - 1):
        s.append(trace * s[-1] - determinant * s[-2] if k else first * s[0])
    modes = np.array(s)
    return way.best + modes @ way.modes.T, way.value + modes**2 @ way.curvatures / 2


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "nesterov"])
@pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED], ids=lambda columns: columns.scaling)
@pytest.mark.parametrize("across", ["hours studied", "bias"])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_every_other_start_and_rate_lead_where_the_engine_goes(
    optimizer: Any, columns: Columns, across: str, l2: float
) -> None:
    shown = sleep(columns, View(surface_x=across, surface_y="hours slept"), optimizer=optimizer, l2=l2)
    way = course(shown)
    assert way
    assert way.turn == shown.run.settings.learning_rate
    start = shown.scaled[0].copy()
    start[list(plane(shown))] = 3.0, -2.0
    chosen: Any = {"optimizer": optimizer, "l2": l2, "learning_rate": 0.002, "start": tuple(start.tolist())}
    other = sleep(columns, **chosen)
    for there, expected in zip(walked(way, (3.0, -2.0), 0.002), (other.parameters, other.losses), strict=True):
        assert there == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED], ids=lambda columns: columns.scaling)
def test_a_trajectory_begins_where_the_run_does(columns: Columns) -> None:
    shown = sleep(columns)
    way = course(shown)
    assert way
    there, heights = walked(way, way.at, way.turn)
    assert there == pytest.approx(shown.parameters, rel=1e-9, abs=1e-9)
    assert heights == pytest.approx(shown.losses, rel=1e-9)


@pytest.mark.parametrize(
    "chosen",
    [
        {"optimizer": "adam"},
        {"loss": "huber"},
        {"l1": 0.1},
        {"batch_size": 2},
        {"schedule": "cosine"},
        {"held_out": 0.4},
    ],
)
def test_what_is_not_linear_waits_for_the_server(chosen: dict[str, Any]) -> None:
    assert course(sleep(epochs=5, **chosen)) is None


def test_many_parameters_wait_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PARAMETERS", 3)
    assert course(sleep(epochs=5))
    monkeypatch.setattr(module, "MOST_PARAMETERS", 2)
    assert course(sleep(epochs=5)) is None


def test_a_long_path_is_cut_short() -> None:
    long = course(students(Settings(epochs=LONGEST + 1)))
    assert long
    assert long.length == LONGEST + 1
