"""Messages that no browser sends change nothing and leave nothing in the log; what they may say is bounded."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.session.told import FROM_ZERO, NUMBER, fits
from tests.browser.harness import serve
from tests.page import arrive, checked, component, texts
from tests.visitor import Visitor, visiting

NO_NUMBERS: list[Any] = [None, "7", "", [], {}, [7], True, math.nan, math.inf, -math.inf, 10**400]
NO_EPOCHS = [*NO_NUMBERS, -5, -0.5]
HOSTILE: list[tuple[str, str, list[Any]]] = [
    ("player", "branched", NO_EPOCHS),
    ("player", "rested", NO_EPOCHS),
    ("player", "started", [*NO_NUMBERS, 7, [1, 2], [1, 2, 3], [1, 2, True, 4], ["1", 2, True], [math.nan, 2, True]]),
    ("player", "zoomed", [*NO_NUMBERS, 7, [[0, 1]], [[0, 1], [0]], [[0, 1], ["0", 1]], [[0, 1], [math.nan, 1]],
                          [[1, 0], [0, 1]], [[0, 0], [0, 1]]]),
    ("player", "unheard of", [7]),
    ("learning_rate_slider", "moved", [*NO_NUMBERS, -1, 0, 1e300]),
    ("epochs_slider", "moved", [*NO_NUMBERS, -1, 0, 1e300]),
    ("lesson_memory", "acted", [*NO_NUMBERS, -1, 99]),
    ("lesson_memory", "remembered", [
        *NO_NUMBERS, [[1, 1, True, True]], [[1, 1, True, 1]] * 6, [["1", 1, True, True]] * 6,
        [[1e300, -1e300, True, True]] * 6, [[0.5, 0.5, True, True]] * 6,
    ]),
    ("stops_of_lecture", "went", [
        *(value for value in NO_NUMBERS if not isinstance(value, str)), "learning_rate=-1", "epochs=1.5", "epochs=abc",
        "nothing=1", "dataset=none", "features=none", "target=none", "degrees=none", "degrees=none²", "surface=4D",
        "lesson=none&step=1", "zero_grad=perhaps", "tolerance=x",
    ]),
]  # fmt: skip
QUERY = "epochs=20&loss=huber&tab=One+step&lesson=test-scores&step=2"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "log.txt"


@pytest.fixture(scope="module")
def visitor(log: Path) -> Iterator[Visitor]:
    with serve(log) as running, visiting(running.address) as visitor:
        visitor.run(QUERY)
        yield visitor


def run_shown(visitor: Visitor) -> str:
    shown: str = json.loads(visitor.components["player"][1])["run"]
    return shown


@pytest.mark.parametrize(("component", "event", "values"), HOSTILE)
def test_what_no_browser_says_is_ignored(
    visitor: Visitor, log: Path, component: str, event: str, values: list[Any]
) -> None:
    before, said = run_shown(visitor), len(log.read_text())
    for value in values:
        visitor.tell(component, event, value)
        assert not visitor.errors, value
    assert run_shown(visitor) == before
    assert log.read_text()[said:] == ""


def test_what_a_browser_says_is_heard(visitor: Visitor) -> None:
    before = run_shown(visitor)
    visitor.tell("player", "started", [1.5, 2, True])
    assert run_shown(visitor) != before
    before = run_shown(visitor)
    visitor.tell("learning_rate_slider", "moved", 0.003)
    assert run_shown(visitor) != before
    before = run_shown(visitor)
    visitor.tell("stops_of_lecture", "went", "learning_rate=0.004&features=hours+studied&target=test+score")
    assert run_shown(visitor) != before


@pytest.mark.parametrize("start", [[1e308, -1e308, True], [1e308, 1e308, False], [0, 1e200, True]])
def test_a_start_beyond_all_measure_is_only_a_bad_start(visitor: Visitor, log: Path, start: list[Any]) -> None:
    said = len(log.read_text())
    visitor.tell("player", "started", start)
    assert not visitor.errors
    visitor.tell("player", "started", [1, 1, True])
    assert not visitor.errors
    assert log.read_text()[said:] == ""


def test_a_number_has_to_be_one_and_a_list_as_long_as_it_should() -> None:
    assert [said for said in NO_NUMBERS if fits(said, NUMBER)] == []
    assert [said for said in NO_EPOCHS if fits(said, FROM_ZERO)] == []
    assert fits([1, 2.5, False], [NUMBER, NUMBER, bool])
    assert not fits([1, 2.5], [NUMBER, NUMBER, bool])


@pytest.mark.parametrize(("lines", "is_cut"), [(100, False), (20_000, True)])
def test_however_many_lines_are_pasted_a_hundred_are_predicted(lines: int, is_cut: bool) -> None:
    page = arrive(epochs="20", tab="Predict")
    page.text_area[0].set_value("5\n" * lines)
    checked(page.run())
    assert len(component(page, "player_table")["table"]["rows"]) == 100
    assert ("These are the first 100 lines of 20,000." in texts(page)) == is_cut
