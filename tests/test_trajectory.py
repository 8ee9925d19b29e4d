"""Which runs the browser can follow itself while a start is dragged; that it then does: browser/test_modules.py."""

from typing import Any

import pytest

from app.charts import trajectory as module
from app.charts.trajectory import LONGEST, linear_trajectory
from app.engine import Settings
from tests.scenes import sleep, students


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


def test_a_run_of_many_parameters_waits_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PARAMETERS", 3)
    assert linear_trajectory(sleep(epochs=5))
    monkeypatch.setattr(module, "MOST_PARAMETERS", 2)
    assert linear_trajectory(sleep(epochs=5)) is None


def test_a_long_path_is_cut_short() -> None:
    long = linear_trajectory(students(Settings(epochs=LONGEST + 1)))
    assert long
    assert long.length == LONGEST + 1
