"""What a session no longer needs is freed at once, so that no script has to end with a full garbage collection."""

import gc
import math
import weakref
from collections.abc import Iterator

import pytest
from streamlit import config

from app.server.housekeeping import Collector
from tests.page import CLASS, bring, choose, visit


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Only reference counting frees memory."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_script_does_not_end_with_a_collection() -> None:
    assert config.get_option("runner.postScriptGC") is False


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("somebody_is_here", [True, False])
def test_the_server_collects_what_holds_itself_now_and_then_and_once_all_have_left(somebody_is_here: bool) -> None:
    class Session:
        def __init__(self) -> None:
            self.itself = self

    session = weakref.ref(Session())
    collector = Collector(0.0 if somebody_is_here else math.inf)
    collector.collect_now_and_then(closed=0, everybody_left=False)
    assert (session() is None) == somebody_is_here
    collector.collect_now_and_then(closed=1, everybody_left=not somebody_is_here)
    assert session() is None


@pytest.mark.usefixtures("no_collector")
def test_runs_that_others_replaced_are_gone() -> None:
    page = visit(epochs="50")
    runs = []
    for rate in (0.001, 0.002, 0.003, 0.004):
        runs.append(weakref.ref(page.session_state["_state"].run))
        choose(page, learning_rate=rate)
    # A script that has just begun may still hold what the previous one showed.
    assert [run() for run in runs[:-1]] == [None] * 3


@pytest.mark.usefixtures("no_collector")
def test_tables_that_others_replaced_are_gone() -> None:
    page = visit(epochs="50")
    tables = []
    for i in range(4):
        bring(page, CLASS + b"8;90;A\n" * i)
        tables.append(weakref.ref(page.session_state["_state"].upload.dataset))
    assert [table() for table in tables[:2]] == [None] * 2
