"""The lines and counts that runs leave behind, and the figures and the health that the server tells."""

import gc
import json
import logging
import math
import re
from typing import Any

import pytest
from streamlit.runtime.stats import CounterStat, GaugeStat

from app.dataset import ColumnChoice, read_csv, select
from app.engine import Settings
from app.runs.journal import Journal
from app.runs.run import Run
from app.runs.segments import Segment
from app.server.health import answer, descend
from app.server.metrics import written
from tests.scenes import begun

SECRET = b"Grandmother,Shoe size\n4711,815\n4712,816\n4714,819\n4719,828\n"
COLUMNS = ColumnChoice("Shoe size", ("Grandmother",), scaling="standardize")


def shown(run_id: str = "1", segments: tuple[Segment, ...] = (), **settings: Any) -> Run:
    chosen = Settings(**{"learning_rate": 0.1, "epochs": 20, **settings})
    return begun(select(read_csv(SECRET, "Grandmother.csv"), COLUMNS), chosen, run_id=run_id, segments=segments)


def test_a_run_that_is_over_leaves_one_line_with_shape_settings_outcome_and_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "playground.runs")
    journal, run = Journal(), shown(optimizer="adam", start=(4711.0, 815.0), segments=(Segment(5, Settings()),))
    run.advance(math.inf)
    journal.note(run)
    journal.note(run)
    (line,) = caplog.messages
    assert re.fullmatch(
        r"run: 4x1 learning_rate=0\.1 epochs=20 optimizer=adam start=given segments=2; "
        r"finished at epoch 20 after \d+\.\d\d s",
        line,
    )
    assert re.findall("Grandmother|Shoe|47|81|82", line) == []
    assert (journal.changes, journal.epochs, journal.ended) == (1, 20, {"finished": 1})


@pytest.mark.parametrize(("settings", "outcome"), [({"learning_rate": 5.0, "epochs": 5000}, "diverged"),
                                                   ({"tolerance": 0.1, "epochs": 5000}, "converged")])  # fmt: skip
def test_a_run_that_ends_early_is_counted_with_the_epochs_that_it_reached(
    settings: dict[str, Any], outcome: str
) -> None:
    journal, run = Journal(), shown(**settings)
    run.advance(math.inf)
    journal.note(run)
    assert journal.ended == {outcome: 1}
    assert 0 < journal.epochs == run.history.epochs < 5000


def test_a_run_that_gives_way_to_another_is_replaced_and_one_whose_page_is_gone_was_left(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "playground.runs")
    journal = Journal()
    first, second = shown(epochs=100_000, gradient="autograd"), shown("2", epochs=100_000, gradient="autograd")
    journal.note(first)
    journal.note(second)
    assert journal.ended == {"replaced": 1}
    del first, second
    gc.collect()
    assert journal.ended == {"replaced": 1, "left": 1}
    assert [line.partition("; ")[2].split(" ")[0] for line in caplog.messages] == ["replaced", "left"]
    assert journal.changes == 2


def test_healthz_tells_the_loss_of_a_descent_which_is_the_least_squares() -> None:
    reply = descend()
    assert reply.status_code == 200
    # (0, 0), (1, 1), (2, 3): the line 1.5 x - 1/6 leaves 1/6, -1/3 and 1/6.
    assert json.loads(bytes(reply.body))["loss"] == pytest.approx((1 / 36 + 1 / 9 + 1 / 36) / 3)


@pytest.mark.parametrize("loss", [0.06, math.nan, math.inf])
def test_a_descent_that_does_not_arrive_is_an_illness(loss: float) -> None:
    reply = answer(loss, 0.05)
    assert reply.status_code == 503
    assert json.loads(bytes(reply.body))["least"] == 0.05


def test_figures_are_written_as_openmetrics_wants_them() -> None:
    assert written([
        CounterStat("runs", 3, {"outcome": "diverged"}, help="Runs."),
        CounterStat("runs", 5, {"outcome": "finished"}, help="Runs."),
        GaugeStat("memory_bytes", 7, unit="bytes", help="Memory."),
    ]).splitlines() == [
        "# TYPE runs counter",
        "# HELP runs Runs.",
        'runs_total{outcome="diverged"} 3',
        'runs_total{outcome="finished"} 5',
        "# TYPE memory_bytes gauge",
        "# HELP memory_bytes Memory.",
        "memory_bytes 7",
        "# EOF",
    ]  # fmt: skip
