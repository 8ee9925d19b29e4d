"""The card of a lesson: what a step opens on the page, and what is said of a guess."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.lessons import Lesson, course
from app.tabs.lesson import verdict
from tests.page import (
    UI,
    address,
    checked,
    choose,
    component,
    done,
    frames,
    held,
    message,
    sentence,
    texts,
    visit,
    widget,
)

FIRST = course()[0]


def opened(lesson: Lesson, k: int, **more: str) -> AppTest:
    return visit(lesson=lesson.id, step=str(k + 1), **more)


def clicked(page: AppTest, button: str) -> AppTest:
    widget(page, f"lesson_{button}").click()
    return done(checked(page.run()))


def is_as_promised(page: AppTest, lesson: Lesson, k: int) -> None:
    """The page shows the step's words, and plays the run that tests hold the step to."""
    assert lesson.text(k).replace("\\", "") in texts(page)
    losses = lesson.moment(k).frames.losses
    np.testing.assert_array_equal(frames(page)["loss"], losses[: len(frames(page)["loss"])])
    assert len(frames(page)["loss"]) == lesson.moment(k).frames.length


@pytest.mark.parametrize("lesson", course(), ids=lambda lesson: lesson.id)
def test_every_step_opens_what_it_promises_by_next_and_the_last_by_its_link(lesson: Lesson) -> None:
    page = opened(lesson, 0)
    for k in range(len(lesson.steps)):
        is_as_promised(page, lesson, k)
        assert message(page)["waits"] == (lesson.steps[k].question is not None)
        assert address(page)["step"] == [str(k + 1)]
        if k + 1 < len(lesson.steps):
            page = clicked(page, "next")
    is_as_promised(opened(lesson, k), lesson, k)


def test_a_step_takes_back_what_the_learner_changed_and_one_without_preset_does_not() -> None:
    lesson = next(one for one in course() if one.id == "learning-rate")
    page = choose(opened(lesson, 0), optimizer="adam", seed=7)
    page = clicked(page, "next")
    assert (held(page, "optimizer"), held(page, "seed"), held(page, "learning_rate")) == ("gradient_descent", 42, 0.01)
    page = choose(opened(lesson, 4), learning_rate=0.0215)
    chapter = message(page)["chapter"]
    page = clicked(page, "next")
    assert (held(page, "learning_rate"), message(page)["chapter"]) == (0.0215, chapter)


def test_a_link_with_settings_of_its_own_keeps_them() -> None:
    assert held(opened(FIRST, 0, epochs="7"), "epochs") == 7


def test_a_guess_lets_it_play_and_a_number_worked_out_is_answered_at_once() -> None:
    page = opened(FIRST, 0)
    assert component(page, "lesson")["waits"]
    page = choose(page, **{f"guess_{FIRST.id}_1": 5.0})
    assert not message(page)["waits"]
    assert "You guessed" not in texts(page)
    page = choose(opened(FIRST, 2), **{f"guess_{FIRST.id}_3": 90.0})
    assert "You guessed **90**; it is **80**: 10 too high." in texts(page)
    assert component(page, "lesson")["attempts"][2] == [90.0, 80.0, True, True]


def test_a_guess_of_a_number_is_a_point_in_its_chart() -> None:
    lesson = next(one for one in course() if one.id == "learning-rate")
    page = choose(opened(lesson, 0), **{f"guess_{lesson.id}_1": 12.0})
    (loss,) = (chart for chart in message(page)["charts"] if chart["name"] == "loss")
    (trace,) = (trace for trace in loss["figure"]["data"] if trace["name"] == "Your guess")
    assert trace["marker"]["symbol"] == "diamond-open"


def test_how_far_a_guess_is_off_is_a_distance_or_a_factor() -> None:
    questions = [step.question for lesson in course() for step in lesson.steps if step.question]
    asked = {question.gap: question for question in questions if question.number}
    said = [verdict(asked["distance"], 90, 80), verdict(asked["factor"], 10, 25), verdict(asked["factor"], 25, 25)]
    assert [text.partition("; it is ")[2].replace("\\", "") for text in said] == [
        "**80**: 10 too high.",
        "**25**: 2.5 times too low.",
        "**25**, to three digits.",
    ]


def test_who_leaves_the_lesson_keeps_the_settings() -> None:
    page = opened(FIRST, 4)
    page = clicked(page, "leave")
    assert "lesson" not in address(page)
    assert held(page, "start") == "0, 0"
    assert "gradient descent" not in texts(page)
    assert sentence(page).startswith("Arrived")


def test_in_a_lesson_only_the_loss_is_said_and_no_rate_that_a_step_asks_for() -> None:
    page = opened(next(one for one in course() if one.id == "learning-rate"), 3)
    assert message(page)["outcome"] == "diverged"
    assert sentence(page, 0).startswith("Now: loss 377")
    assert "limit" not in sentence(page)
    assert "Set rate 0.011" not in {button.label for button in page.button}
    assert "Set rate 0.011" in {button.label for button in clicked(page, "leave").button}


def test_a_lesson_that_there_is_not_opens_the_playground() -> None:
    page = visit(lesson="none", step="3")
    assert [found for found in page.get("bidi_component") if found.proto.component_name == "lesson"] == []


def test_the_course_lists_every_lesson_with_its_minutes() -> None:
    page = AppTest.from_file(UI, default_timeout=60)
    page.switch_page("views/learn.py")
    said = texts(checked(page.run()))
    assert all(f"[{lesson.title}]" in said and f"{lesson.minutes} min" in said for lesson in course())
