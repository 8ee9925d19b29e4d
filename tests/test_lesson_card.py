"""The card of a lesson: what a step opens on the page, and what is said of a guess."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.lessons import Lesson, course
from app.tabs.lesson import verdict
from tests.page import (
    UI,
    address,
    chart,
    checked,
    choose,
    component,
    done,
    frames,
    held,
    message,
    numbers,
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
    page = choose(opened(lesson, 1), **{f"guess_{lesson.id}_2": 12.0})
    (loss,) = (chart for chart in message(page)["charts"] if chart["name"] == "loss")
    (trace,) = (trace for trace in loss["figure"]["data"] if trace.get("name") == "Your guess")
    assert trace["marker"]["symbol"] == "diamond-open"


def test_a_guess_of_a_weight_is_a_line_over_the_surface_and_one_of_an_error_a_point_at_its_row() -> None:
    page = choose(opened(FIRST, 0), **{f"guess_{FIRST.id}_1": 5.0})
    (line,) = (trace for trace in chart(page, "surface")["figure"]["data"] if trace.get("name") == "Your guess")
    assert [line["x"], line["y"]] == [[5, 5], chart(page, "surface")["figure"]["layout"]["yaxis"]["range"]]
    lesson = next(one for one in course() if one.id == "how-wrong")
    page = choose(opened(lesson, 0), **{f"guess_{lesson.id}_1": -20.0})
    (point,) = (trace for trace in chart(page, "fit")["figure"]["data"] if trace.get("name") == "Your guess")
    assert [numbers(point[axis]) for axis in "xy"] == [[6], [90 - 20]]


def test_a_step_that_speaks_of_the_end_opens_there_also_by_its_link() -> None:
    assert [message(opened(FIRST, k))["opens"] for k in (4, 5)] == [0, 2000]
    predict = next(one for one in course() if one.id == "predict")
    assert predict.moment(1).epoch == 2000


def test_how_far_a_guess_is_off_is_a_distance_or_a_factor() -> None:
    questions = [step.question for lesson in course() for step in lesson.steps if step.question]
    asked = {question.gap: question for question in questions if question.number}
    said = [verdict(asked["distance"], 90, 80), verdict(asked["factor"], 10, 25), verdict(asked["factor"], 25, 25)]
    assert [text.partition("; it is ")[2].replace("\\", "") for text in said] == [
        "**80**: 10 too high.",
        "**25**: 2.5 times too low.",
        "**25**, to three digits.",
    ]


def test_a_sketch_is_typed_or_dragged_and_only_when_all_of_it_is_there_it_can_play() -> None:
    lesson = next(one for one in course() if one.id == "learning-rate")
    page = opened(lesson, 0)
    drawn = chart(page, "loss")["sketch"]
    assert (drawn["x"], drawn["y"], drawn["open"]) == ([5, 10, 20, 40], [None] * 4, True)
    assert drawn["begin"] == [0, pytest.approx(377)]
    keys = [f"guess_{lesson.id}_1_{epoch}" for epoch in (5, 10, 20, 40)]
    page = choose(page, **dict(zip(keys[:3], (300.0, 200.0, 100.0), strict=True)))
    assert chart(page, "loss")["sketch"]["y"] == [300, 200, 100, None]
    assert message(page)["waits"]
    page = choose(page, **{keys[3]: 50.0})
    assert not message(page)["waits"]
    assert component(page, "lesson")["attempts"][0][:3] == [[300, 200, 100, 50], [0, 0, 0, 0], True]


def test_the_axis_of_a_sketch_is_as_wide_before_it_is_drawn_as_after() -> None:
    lesson = next(one for one in course() if one.id == "momentum")
    page = opened(lesson, 2)
    before = chart(page, "loss")["figure"]["layout"]["yaxis"]["range"]
    assert before[0] < 0 < 4 < before[1]
    keys = [f"guess_{lesson.id}_3_{epoch}" for epoch in (50, 100, 150, 200)]
    page = choose(page, **dict.fromkeys(keys, 3.0))
    assert chart(page, "loss")["figure"]["layout"]["yaxis"]["range"] == before


def test_before_a_guess_the_axes_of_the_losses_tell_nothing_of_the_run() -> None:
    page = opened(next(one for one in course() if one.id == "learning-rate"), 3)
    layout = chart(page, "loss")["figure"]["layout"]
    assert layout["yaxis"]["range"][1] < 3  # powers of ten: the run reaches 10 to the 15th
    assert layout["xaxis"]["range"][1] > 40
    page = opened(next(one for one in course() if one.id == "over-fitting"), 0)
    assert "least held-out loss" not in [trace["name"] for trace in chart(page, "loss")["figure"]["data"]]


def test_how_far_a_sketch_is_off_is_a_factor_on_average_and_at_its_worst_place() -> None:
    question = next(one for one in course() if one.id == "learning-rate").steps[0].question
    assert question
    said = verdict(question, (200.0, 50.0, 10.0, 1.0), (100.0, 100.0, 10.0, 4.0)).replace("\\", "")
    factor = (2 * 2 * 1 * 4) ** (1 / 4)
    assert said == f"Your curve is off **{factor:g} times** on average, most at epoch 40: you drew 1, it is **4**."


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
