"""What the browser works out while a start is dragged is what the engine would train."""

from typing import Any

import numpy as np
import pytest

from app import course as module
from app.course import LONGEST, course
from app.dataset import Columns
from app.engine import Settings
from app.figures import Array
from components.player import Course
from tests.test_scene import ON_SLEEP, STANDARDIZED, sleep, students


def walked(way: Course, x: float, y: float) -> tuple[Array, Array]:
    """Columns [frames, c] and heights [frames], as the browser computes them."""
    away = [way.begin @ [x, y, 1.0] - way.best]
    for k in range(way.length - 1):
        away.append(way.trace @ away[-1] - way.determinant @ away[-2] if k else way.first @ away[0])
    e = np.array(away)
    return way.best + e, way.value + np.einsum("ki,ij,kj->k", e, way.hessian, e) / 2


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "nesterov"])
@pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED], ids=lambda columns: columns.scaling)
@pytest.mark.parametrize("pair", [(0, 1), (2, 1)])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_every_other_start_leads_where_the_engine_goes(
    optimizer: Any, columns: Columns, pair: tuple[int, int], l2: float
) -> None:
    shown = sleep(columns, optimizer=optimizer, learning_rate=0.002, l2=l2)
    way = course(shown, pair)
    assert way
    start = shown.scaled[0].copy()
    start[list(pair)] = 3.0, -2.0
    other = sleep(columns, optimizer=optimizer, learning_rate=0.002, l2=l2, start=tuple(start.tolist()))
    there, heights = walked(way, 3.0, -2.0)
    assert there == pytest.approx(other.parameters, rel=1e-9, abs=1e-9)
    assert heights == pytest.approx(other.losses, rel=1e-9)


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
    assert course(sleep(epochs=5, **chosen), (0, 1)) is None


def test_many_parameters_wait_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PARAMETERS", 3)
    assert course(sleep(epochs=5), (0, 1))
    monkeypatch.setattr(module, "MOST_PARAMETERS", 2)
    assert course(sleep(epochs=5), (0, 1)) is None


def test_numbers_beyond_all_bounds_are_never_sent() -> None:
    assert course(sleep(epochs=5, learning_rate=1e308), (0, 1)) is None


def test_a_long_path_is_cut_short() -> None:
    long = course(students(Settings(epochs=LONGEST + 1)), (0, 1))
    assert long
    assert long.length == LONGEST + 1
