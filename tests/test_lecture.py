"""A lecture's stops keep what the page shows, and the page opens what they keep."""

from urllib.parse import urlencode

import pytest
from streamlit.testing.v1 import AppTest

from app.dataset import PRESETS
from tests.page import arrive, component, held, message, visit

SAMPLES = [preset.key for preset in PRESETS if preset.key]


def kept(page: AppTest) -> dict[str, str | list[str]]:
    """What a stop made now would keep."""
    found: dict[str, str | list[str]] = component(page, "player_stops")["page"]
    return found


def link(words: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    return {name: text for name, text in words.items() if text}


@pytest.mark.parametrize("name", ["students", "students_sleep", "old_faithful"])
def test_a_link_of_what_a_stop_keeps_opens_the_same_page(name: str) -> None:
    assert name in SAMPLES
    page = arrive(dataset=name, epochs="30", optimizer="adam", surface="3D", residuals="true")
    words = kept(page)
    assert (words["dataset"], words["epochs"], words["residuals"]) == (name, "30", "true")
    assert kept(arrive(**link(words))) == words


def test_in_a_lesson_a_stop_keeps_the_step() -> None:
    assert kept(visit(lesson="test-scores", step="2")) == {"lesson": "test-scores", "step": "2"}


def test_lecture_mode_and_stops_in_a_link_leave_the_run_alone() -> None:
    plain, lecture = visit(epochs="40"), visit(epochs="40", lecture="1", stops="0,1,end," + urlencode({"l2": 1}) + "@0")
    assert message(plain)["frames"]["loss"].tolist() == message(lecture)["frames"]["loss"].tolist()
    assert held(lecture, "l2") == 0
