"""Scripts take turns in order of arrival; one that takes long holds nobody up."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event, Thread

from app.runs.turns import Turns


def in_a_thread(work: Callable[[], None]) -> Thread:
    thread = Thread(target=work)
    thread.start()
    return thread


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_scripts_run_one_at_a_time_in_order_of_arrival() -> None:
    turns, waiting = Turns(seconds=60), []
    order: list[int] = []
    running: list[int] = []

    def script(number: int) -> None:
        with turns.turn():
            running.append(number)
            assert running == [number]
            order.append(number)
            running.remove(number)

    def line_is(length: int) -> bool:
        return turns.waiting == length

    with turns.turn():
        for number in range(8):
            waiting.append(in_a_thread(partial(script, number)))
            wait_until(partial(line_is, number + 1))
        assert order == []
        assert turns.taken
    for thread in waiting:
        thread.join()
    assert order == [*range(8)]
    assert not turns.taken
    assert not turns.waiting


def test_a_fragment_within_its_page_has_the_pages_turn() -> None:
    turns = Turns(seconds=60)
    with turns.turn(), turns.turn():
        assert turns.taken
    assert not turns.taken


def test_a_script_that_takes_long_goes_on_beside_the_next() -> None:
    turns, second_runs, may_end = Turns(seconds=0.01), Event(), Event()

    def long_script() -> None:
        with turns.turn():
            assert may_end.wait(30)

    def second() -> None:
        with turns.turn():
            second_runs.set()

    first = in_a_thread(long_script)
    wait_until(lambda: turns.taken)
    other = in_a_thread(second)
    assert second_runs.wait(30)
    may_end.set()
    first.join()
    other.join()


def test_a_script_that_fails_gives_its_turn_back() -> None:
    turns = Turns(seconds=60)
    try:
        with turns.turn():
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    with turns.turn():
        assert turns.taken


def test_every_fragment_takes_its_turn() -> None:
    app = Path(__file__).parents[1] / "app"
    uses = [path.name for path in app.rglob("*.py") if "st.fragment(" in path.read_text("utf-8")]
    assert uses == ["fragment.py"]
    assert [path.name for path in app.rglob("*.py") if "@st.fragment" in path.read_text("utf-8")] == []
