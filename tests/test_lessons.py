"""Every lesson: what a step opens, promises, asks and checks is so; a malformed file is refused with its line."""

import re
from typing import Any

import pytest

from app.lessons import Attempt, Condition, Guess, Lesson, Moment, Quantity, Step, course, descent, mean_factor
from app.lessons.conditions import all_hold
from app.lessons.course import LessonError, read
from app.lessons.step import printed

ALL = [(lesson, k) for lesson in course() for k in range(len(lesson.steps))]


def params(some: list[tuple[Lesson, int]]) -> list[Any]:
    return [pytest.param(lesson, k, id=f"{lesson.id}-{k + 1}") for lesson, k in some]


STEPS = params(ALL)
ASKING = params([(lesson, k) for lesson, k in ALL if lesson.steps[k].question])


def acted(lesson: Lesson, k: int) -> Moment:
    """The run after the intended act in step k, at the epoch that it leads to."""
    act = dict(lesson.steps[k].act)
    epoch = float(str(act.pop("epoch", "0")))
    return Moment(descent({**lesson.opening(k), **act}), epoch)


def guess_of(step: Step) -> Guess | None:
    """A guess that may be wrong."""
    if step.question is None:
        return None
    low = step.question.bounds[0]
    return (low,) * len(step.question.sketch) or (low if step.question.number else 0.0)


@pytest.mark.parametrize(("lesson", "k"), STEPS)
def test_a_steps_promise_holds_of_the_run_that_it_opens(lesson: Lesson, k: int) -> None:
    moment = lesson.moment(k)
    assert [condition for condition in lesson.steps[k].promise if not condition.holds(moment)] == []


@pytest.mark.parametrize(("lesson", "k"), STEPS)
def test_a_step_is_done_by_the_intended_act_and_not_before(lesson: Lesson, k: int) -> None:
    step = lesson.steps[k]
    attempt = Attempt()
    attempt.see(step, acted(lesson, k))
    assert attempt.is_done == (bool(step.check) and not step.question), "Without a guess no question is answered."
    attempt = Attempt(guess=guess_of(step))
    if step.check:
        attempt.see(step, lesson.moment(k))
        assert not attempt.is_done
        if k and not step.preset:  # it goes on with what the step before left
            assert not all_hold(step.check, acted(lesson, k - 1))
    attempt.see(step, acted(lesson, k))
    assert attempt.is_done == step.asks_or_checks


@pytest.mark.parametrize(("lesson", "k"), ASKING)
def test_the_run_answers_a_question_with_one_option_or_a_number_within_the_bounds(lesson: Lesson, k: int) -> None:
    question, moment = lesson.steps[k].question, acted(lesson, k)
    assert question
    answer = question.answer(moment)
    assert answer is not None
    if not question.options:
        low, high = question.bounds
        numbers = answer if isinstance(answer, tuple) else (answer,)
        assert all(low < one < high or low <= one == 1.0 for one in numbers)
        assert len(numbers) == (len(question.sketch) or 1)
    else:
        assert [all_hold(conditions, moment) for _, conditions in question.options].count(True) == 1


@pytest.mark.parametrize(("lesson", "k"), STEPS)
def test_the_numbers_in_a_steps_words_are_those_of_the_run(lesson: Lesson, k: int) -> None:
    step = lesson.steps[k]
    assert "–" not in printed("".join(re.findall(r"\{=[^}]*\}", step.text)), lambda: lesson.moment(k))
    assert "{=" not in lesson.text(k)
    if step.question:
        assert "{=" not in printed(step.question.why, lambda: acted(lesson, k))


def test_lessons_have_names_of_their_own() -> None:
    assert len({lesson.id for lesson in course()}) == len(course())
    assert all(re.fullmatch(r"[a-z-]+", lesson.id) for lesson in course())


GOOD = """---
id: one
title: One
minutes: 1
after: Do it.
steps:
  - preset: {dataset: students, start: "0, 70"}
    light: fit
    question:
      ask: How many?
      number: loss at 1
      from: 0
      to: 500
      why: So it is.
    check: {epoch: at least 1}
    act: {epoch: "1"}
---
## First

See [the fit](#fit) of {=loss:.0f}, and set [0.001](?learning_rate=0.001).
"""


def test_a_good_file_is_a_lesson() -> None:
    lesson = read(GOOD, "one.md")
    assert lesson.text(0) == "See [the fit](#fit) of 377, and set [0.001](?learning_rate=0.001)."
    assert lesson.steps[0].acts == [{"learning_rate": "0.001"}]
    assert lesson.steps[0].n_words == 8


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("---\nid", "id", "one.md, line 1: begin with front matter"),
        ("title: One\n", "", "one.md, line 2: “title” is missing"),
        ("    light: fit", "    lite: fit", "one.md, line 8: “lite” is not known here; there are act, at, check"),
        ("    light: fit", "    at: last\n    light: fit", "one.md, line 8: “last” is no epoch; write a whole number"),
        ("light: fit", "light: fits", "one.md, line 8: nothing is called “fits”"),
        ("    light: fit", "   light: fit", "one.md, line 8: this is no YAML"),
        ("dataset: students, ", "", "one.md, line 7: the first step's preset names the dataset"),
        ("dataset: students", "dataset: pupils", "one.md, line 7: dataset is “pupils”; it can be students,"),
        ("number: loss at 1", "number: lost", "one.md, line 11: there is no number “lost”"),
        ("{epoch: at least 1}", "{epoch: over 1}", "one.md, line 15: “over 1” is no number"),
        ("    act: {epoch: \"1\"}\n", "", "one.md, line 7: a check and the act that makes it true come together"),
        ("## First", "First", "one.md, line 7: there are 1 steps above and 0 headings"),
        ("{=loss:.0f}", "{=lost:.0f}", "one.md, line 18: there is no number “lost”"),
        ("(#fit)", "(#fits)", "one.md, line 18: nothing is called “fits”"),
        ("?learning_rate", "?rate", "one.md, line 18: “rate” is no setting of the page"),
        ("See ", "See " + "it " * 60, "one.md, line 18: “First” has 68 words; 60 are the most"),
        ("minutes: 1", "minutes: 2", "one.md, line 4: words and actions take 43 s: write 1 minutes"),
        ("      why: So it is.\n", "", "one.md, line 10: the question lacks “why”"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_file_line_and_what_to_do(old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(LessonError, match=re.escape(complaint)):
        read(GOOD.replace(old, new, 1), "one.md")


SKETCH = "sketch: [1, 10, 100]\n      from: 1\n      to: 500"
NUMBER = "number: loss at 1\n      from: 0\n      to: 500"


def test_a_sketch_is_answered_by_the_losses_at_its_epochs() -> None:
    question = read(GOOD.replace(NUMBER, SKETCH), "one.md").steps[0].question
    assert question
    moment = Moment(descent(STUDENTS), 0.0)
    losses = tuple(Quantity(f"loss at {epoch}").of(moment) for epoch in (1, 10, 100))
    assert question.answer(moment) == losses
    assert question.answer(Moment(descent({**STUDENTS, "epochs": "50"}), 0.0)) is None
    assert question.takes((1.0, 2.0, 500.0))
    wrong: list[Guess] = [(1.0, 2.0), (0.5, 2.0, 3.0), (1.0, 2.0, 501.0), 2.0]
    assert not any(map(question.takes, wrong))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[1, 10, 100]", "[1, 10]", "line 11: sketch is a list of 3 to 5 epochs above 0, in order"),
        ("[1, 10, 100]", "[1, 2, 3, 4, 5, 6]", "line 11: sketch is a list of 3 to 5 epochs above 0, in order"),
        ("[1, 10, 100]", "[0, 10, 100]", "line 11: sketch is a list of 3 to 5 epochs above 0, in order"),
        ("[1, 10, 100]", "[10, 1, 100]", "line 11: sketch is a list of 3 to 5 epochs above 0, in order"),
        ("[1, 10, 100]", "loss", "line 11: sketch is a list of 3 to 5 epochs above 0, in order"),
        ("[1, 10, 100]", "[1, ten, 100]", "line 11: could not convert string to float"),
        ("from: 1", "from: 0", "line 12: a sketch is drawn on a log axis: from above 0 to more"),
        ("      to: 500\n", "", "line 10: give four options, or a number or a sketch"),
        ('    check: {epoch: at least 1}\n    act: {epoch: "1"}\n', "", "line 7: a question with options or a sketch"),
    ],
)
def test_a_malformed_sketch_is_refused_with_file_line_and_what_to_do(old: str, new: str, complaint: str) -> None:
    good = GOOD.replace(NUMBER, SKETCH)
    assert old in good
    with pytest.raises(LessonError, match=re.escape(f"one.md, {complaint}")):
        read(good.replace(old, new, 1), "one.md")


STUDENTS: Any = {"dataset": "students", "start": "0, 70"}


@pytest.mark.parametrize(
    ("about", "wanted", "holds"),
    [
        ("loss", "377", True), ("loss", "376", False), ("loss at 0", "below 377.5", True), ("loss", "above 400", False),
        ("learning_rate", "0.4 × limit to 0.5 × limit", True), ("learning_rate", "above limit", False),
        ("outcome", "finished", True), ("gradient", "by_hand", True), ("gradient", "autograd", False),
        ("loss", "mse", True), ("weight", "0", True), ("bias", "70.0", True), ("error 1", "-5", True),
        ("target 5", "98", True), ("prediction for 5", "70", True), ("loss at 3000", "above 0", False),
        ("slope of bias", "-34.8", True), ("best weight", "3.00", True), ("epochs to 377", "0", True),
    ],
)  # fmt: skip
def test_a_condition_holds_as_its_words_say(about: str, wanted: str, holds: bool) -> None:
    assert Condition(about, wanted).holds(Moment(descent(STUDENTS), 0.0)) == holds


def test_a_sketch_twice_too_high_and_twice_too_low_is_off_by_two() -> None:
    assert mean_factor([20, 5, 8], [10, 10, 8]) == pytest.approx(2 ** (2 / 3))
    assert mean_factor([3], [3]) == 1


def test_the_slopes_are_those_of_the_notebooks_formulas() -> None:
    hours, scores = [2, 4, 6, 8, 10], [75, 80, 90, 94, 98]
    moment = Moment(descent({**STUDENTS, "start": "3, 60"}), 0.0)
    errors = [3 * x + 60 - y for x, y in zip(hours, scores, strict=True)]
    by_hand = {
        "slope of weight": 2 / 5 * sum(e * x for e, x in zip(errors, hours, strict=True)),
        "slope of bias": 2 / 5 * sum(errors),
        "mean error": sum(errors) / 5,
        "loss": sum(e * e for e in errors) / 5,
    }
    assert {name: Quantity(name).of(moment) for name in by_hand} == pytest.approx(by_hand, rel=1e-6)
