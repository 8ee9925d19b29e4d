"""Which runs the browser can compute itself while a start is dragged. That it does is in browser/test_modules.py."""

from typing import Any

import pytest

from app.charts.trajectory import MAX_EPOCHS, MAX_PARAMETERS, linear_trajectory
from app.engine import Settings
from tests.scenes import large, sleep, students


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
def test_a_run_that_is_not_linear_waits_for_the_server(chosen: dict[str, Any]) -> None:
    assert linear_trajectory(sleep(epochs=5, **chosen)) is None


def test_a_run_of_many_parameters_waits_for_the_server() -> None:
    assert linear_trajectory(large(60, MAX_PARAMETERS - 1))
    assert linear_trajectory(large(60, MAX_PARAMETERS)) is None


def test_a_long_path_is_cut_short() -> None:
    long = linear_trajectory(students(Settings(epochs=MAX_EPOCHS + 1)))
    assert long
    assert long.length == MAX_EPOCHS + 1
