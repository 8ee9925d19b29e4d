"""What a page says before the server is ready for it, or many things in a moment, is not lost. No browser is needed."""

import asyncio
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import RerunData

from app.server.messages import LOOK_SECONDS, lose_no_message
from tests.visitor import Visitor, visiting

OWN_TABLE = b"x,score\n" + b"".join(b"%d,%d\n" % (i, 3 * i + i % 2) for i in range(9))
RATE = 0.005
SHOWN = f'"title": "students, learning rate {RATE}"'


@pytest.fixture(scope="module")
def before(server: str) -> Iterator[Visitor]:
    with visiting(server) as visitor:
        visitor.run("epochs=20")
        yield visitor


@pytest.fixture
def forgotten(server: str, before: Visitor) -> Iterator[Visitor]:
    """A tab with the whole page, of a server that was started again."""
    with visiting(server) as visitor:
        visitor.take_over(before)
        yield visitor


def typed(visitor: Visitor) -> tuple[WidgetState, str]:
    field, fragment = visitor.places["learning_rate"]
    return WidgetState(id=field, double_value=RATE), fragment


def moved(visitor: Visitor) -> tuple[WidgetState, str]:
    return visitor.done("learning_rate_slider", "moved", RATE), visitor.places["learning_rate_slider"][1]


@pytest.mark.parametrize("act", [typed, moved])
@pytest.mark.parametrize("runs", [False, True])
def test_what_is_said_of_a_part_that_the_server_has_not_come_to_is_heeded(
    forgotten: Visitor, act: Callable[[Visitor], tuple[WidgetState, str]], runs: bool
) -> None:
    state, fragment = act(forgotten)
    assert fragment
    if runs:
        forgotten.send()
    forgotten.send(state, fragment=fragment)
    forgotten.wait_for("player", SHOWN)


def test_what_waits_for_a_script_outlasts_the_next_message(server: str) -> None:
    with visiting(server) as visitor:
        visitor.run("epochs=20")
        state, fragment = moved(visitor)
        visitor.send()
        visitor.send(state, fragment=fragment)
        visitor.send()
        visitor.wait_for("player", SHOWN)


def test_what_is_said_late_of_a_page_that_was_left_does_not_lead_back_to_it(server: str) -> None:
    with visiting(server) as visitor:
        visitor.send(page="learn")
        visitor.wait()
        learn = visitor.page
        visitor.send(page="playground")
        visitor.wait()
        playground = visitor.page
        (state, fragment), visitor.page = moved(visitor), learn
        visitor.send()
        visitor.wait()
        time.sleep(0.3)  # Its thread ends a moment after the script, which nothing tells.
        visitor.page = playground
        visitor.send(state, fragment=fragment)
        with pytest.raises(TimeoutError):
            visitor.wait(patience=2)


def test_a_script_begins_when_all_that_the_last_one_said_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[RerunData] = []
    monkeypatch.setattr(AppSession, "_create_scriptrunner", lambda _, data: started.append(data))
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    lose_no_message()

    async def say(first: RerunData, second: RerunData) -> None:
        session = Session()
        session._create_scriptrunner(first)
        session._create_scriptrunner(second)
        await asyncio.sleep(5 * LOOK_SECONDS)
        assert started == [], "The script that has ended is still heard."
        session._scriptrunner = None
        while len(started) < 2:
            await asyncio.sleep(LOOK_SECONDS)
        assert started == [first, second]
        session._state, session._scriptrunner = AppSessionState.SHUTDOWN_REQUESTED, None
        session._create_scriptrunner(first)
        assert len(started) == 2

    asyncio.run(say(RerunData("a"), RerunData("b")))


class Session(AppSession):
    """One whose script has ended, though not everything that it said has been sent."""

    def __init__(self) -> None:
        self._event_loop = asyncio.get_running_loop()
        self._state = AppSessionState.APP_IS_RUNNING
        self._scriptrunner: Any = SimpleNamespace(request_rerun=lambda _: False)

    def __del__(self) -> None:
        """It holds nothing."""


def test_a_file_that_was_chosen_before_the_server_has_drawn_the_uploader_is_read(forgotten: Visitor) -> None:
    forgotten.send(page="learn")
    forgotten.wait()
    assert forgotten.send_file(OWN_TABLE).status == 204
    forgotten.send(forgotten.holding("file_0"), page="playground")
    forgotten.wait_for("player", '"title": "a, learning rate ')
