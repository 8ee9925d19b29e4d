"""A solver that knows no function of ours, only lstsq, eigvalsh and a loop, passes every challenge on every table."""

import math
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from app.dataset import PRESETS, ColumnChoice, Dataset, DatasetError, Selection, load_sample, select
from app.engine import Objective, Settings, run
from app.lessons import UNMADE, Attempt, Lesson, Moment, Quantity, Step, as_widgets, challenges, course, printed
from app.runs.run import Recording
from app.session.shared import once
from tests.page import (
    CLASS,
    TITLES,
    address,
    bring,
    checked,
    choose,
    component,
    done,
    held,
    message,
    texts,
    visit,
    widget,
)

Array = NDArray[np.float64]
OUTCOME, LARGEST_RATE, LOSS_AT_100, FEWEST_EPOCHS, SCALING, PULL, ONE_STEP, LEAST_SQUARES = range(8)


def sample(key: str) -> Selection:
    preset = next(preset for preset in PRESETS if preset.key == key)
    degrees = tuple((name[:-1], 5) for name in preset.settings["degrees"])
    return select(load_sample(key), ColumnChoice(preset.target, preset.features, degrees))


@cache
def made(key: str) -> Lesson:
    return challenges(sample(key))


def table(selection: Selection, scaling: str) -> tuple[Array, Array]:
    """Features with a column of ones, scaled by hand, and the target."""
    x = selection.design
    if scaling == "standardize":
        spread = x.std(axis=0)
        x = (x - x.mean(axis=0)) / np.where(spread > 1e-12 * np.abs(x).max(axis=0), spread, np.inf)
    return np.column_stack([x, np.ones(len(x))]), selection.target


def limit(z: Array) -> float:
    return float(2 / np.linalg.eigvalsh(2 * z.T @ z / len(z))[-1])


def descents(z: Array, y: Array, rates: Array) -> Iterator[Array]:
    """The losses [rates] at each epoch of descents from zero, step by step."""
    θ = np.zeros((z.shape[1], len(rates)))
    while True:
        errors = z @ θ - y[:, None]
        yield (errors**2).mean(axis=0)
        θ = θ - rates * 2 * (z.T @ errors) / len(y)


def loss_at(epoch: int, z: Array, y: Array, *rates: float) -> Array:
    return next(islice(descents(z, y, np.array(rates)), epoch, None))


def epochs_to(goal: float, z: Array, y: Array, rates: Array) -> tuple[int, NDArray[np.intp]]:
    """The first epoch at which any of the rates has come to the goal, and which have."""
    for epoch, now in enumerate(islice(descents(z, y, rates), 6_000)):
        if (reached := np.flatnonzero(now <= goal)).size:
            return epoch, reached
    raise AssertionError("No rate comes to the goal.")


def solved(step: Step, kind: int, selection: Selection) -> tuple[float, dict[str, str], float]:
    """A guess, what is to be set, and the epoch to come to."""
    assert step.question
    scaling, rate = str(step.preset["scaling"]), float(str(step.preset["learning_rate"]))
    z, y = table(selection, scaling)
    largest, epochs = limit(z), float(str(step.preset["epochs"]))
    options = [text.replace("\\", "") for text, _ in step.question.options]
    if kind == OUTCOME:
        assert min(abs(rate / largest - 1), abs(rate / largest - 0.5) / 0.5) > 0.05
        flies = loss_at(20, z, y, rate) > loss_at(0, z, y, rate)
        return (2.0 if flies else 1.0 if rate > largest / 2 else 0.0), {}, 30.0
    if kind == LARGEST_RATE:
        below, above = loss_at(500, z, y, 0.99 * largest, 1.01 * largest)
        assert below < np.mean(y**2) < above
        return largest, {"learning_rate": repr(0.995 * largest)}, epochs
    if kind == LOSS_AT_100:
        return nearest(numbers(options), float(loss_at(100, z, y, rate)[0])), {}, epochs
    if kind == FEWEST_EPOCHS:
        few, best = fewest_epochs(goal_of(step), z, y)
        return few, {"learning_rate": repr(best)}, epochs
    if kind == SCALING:
        return nearest(numbers(options), epochs_to(goal_of(step), z, y, np.array([rate]))[0]), {}, epochs
    if kind == PULL:
        lines = [int(re.search(r"line (\d+)", text)[1]) for text in options]  # type: ignore[index]
        pulls = pulls_of(*table(selection, "standardize"))
        rows = [int(np.flatnonzero(selection.dataset.lines[selection.rows] == line)[0]) for line in lines]
        hardest = max(range(4), key=lambda i: pulls[rows[i]])
        assert pulls[rows[hardest]] == pytest.approx(pulls.max())
        assert all(3 * pulls[row] < pulls.max() for row in rows if row != rows[hardest])
        return float(hardest), {}, 0.0
    if kind == ONE_STEP:
        bias = float(str(step.preset["start"]).split(",")[-1])
        slope = 2 * float(np.mean(bias - y))
        return (slope if "slope" in step.question.ask else bias - rate * slope), {}, 0.0
    least, *_ = np.linalg.lstsq(z, y, rcond=None)
    for change in (1e-3, -1e-3):
        assert np.mean((z @ (least + change * np.abs(least)) - y) ** 2) > np.mean((z @ least - y) ** 2)
    return 1.0, {"start": ", ".join(map(repr, map(float, least)))}, 0.0


def goal_of(step: Step) -> float:
    assert step.question
    about = step.question.number.name if step.question.number else step.question.options[0][1][0].about
    return float(about.removeprefix("epochs to "))


def numbers(options: list[str]) -> list[float]:
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--", ",")
    found = [float(text.removeprefix("about ").translate(plain).replace(" × 10", "e")) for text in options]
    assert all(3 * low < high for low, high in zip(found, found[1:], strict=False))
    return found


def nearest(numbers: list[float], value: float) -> float:
    return float(np.argmin([abs(math.log(number / value)) for number in numbers]))


def fewest_epochs(goal: float, z: Array, y: Array) -> tuple[int, float]:
    """Of rates on a grid that becomes finer, and a rate that needs no more."""
    low, high = 0.2 * limit(z), limit(z)
    for _ in range(3):
        rates = np.linspace(low, high, 50)
        epoch, reached = epochs_to(goal, z, y, rates)
        low, high = rates[max(reached[0] - 1, 0)], rates[min(reached[-1] + 1, 49)]
    return epoch, float(rates[reached[len(reached) // 2]])


def pulls_of(z: Array, y: Array) -> Array:
    """The mean change of the predictions when a row is left out and the line is fitted again."""
    whole, *_ = np.linalg.lstsq(z, y, rcond=None)
    others = [np.linalg.lstsq(np.delete(z, i, 0), np.delete(y, i), rcond=None)[0] for i in range(len(y))]
    return np.array([np.abs(z @ (other - whole)).mean() for other in others])


def recording(selection: Selection, words: dict[str, Any]) -> Recording:
    """What the page shows for a challenge's settings."""
    values = as_widgets(words)
    columns = replace(selection.columns, scaling=values["scaling"])
    chosen = {field.name: values[field.name] for field in fields(Settings) if field.name in values}
    start = tuple(float(part) for part in values["start"].split(","))
    settings = Settings(**{**chosen, "start": start})
    selected = select(selection.dataset, columns)
    objective = Objective(selected.problem, settings)
    history = run(objective.problem, settings)
    return Recording(selection=selected, objective=objective, settings=settings, history=history, epochs=history.epochs)


def seen(step: Step, guess: float, run: Recording, epoch: float) -> Attempt:
    attempt = Attempt(guess=guess)
    attempt.see(step, Moment(run, min(epoch, float(run.epochs))))
    return attempt


def solve(lesson: Lesson, kind: int, selection: Selection) -> None:
    """Pass a challenge, and fail it before anything is done and with a wrong guess."""
    step = lesson.steps[kind]
    if step.question is None:
        assert not step.check
        assert step.text.endswith(".")
        return
    guess, act, epoch = solved(step, kind, selection)
    opened, acted = recording(selection, dict(step.preset)), recording(selection, {**step.preset, **act})
    assert step.question.takes(guess)
    assert seen(step, guess, acted, epoch).passes(step)
    assert not Attempt().passes(step)
    if step.check:
        assert not seen(step, guess, opened, 0.0).passes(step)
    assert kind != FEWEST_EPOCHS or f"at epoch {guess:.0f}." in printed(step.tells, lambda: Moment(acted, epoch))
    wrong = (guess + 1) % len(step.question.options) if step.question.options else 1.1 * guess
    attempt = seen(step, wrong, acted, epoch)
    assert attempt.is_done
    assert attempt.passes(step) != step.scored


@pytest.mark.parametrize("kind", range(8), ids=[step.title for step in UNMADE.steps])
@pytest.mark.parametrize("key", [preset.key for preset in PRESETS])
def test_the_solver_passes_a_challenge_on_a_sample(key: str, kind: int) -> None:
    solve(made(key), kind, sample(key))


@pytest.mark.parametrize("kind", range(8), ids=[step.title for step in UNMADE.steps])
def test_every_challenge_is_asked_of_several_samples(kind: int) -> None:
    assert sum(made(preset.key).steps[kind].question is not None for preset in PRESETS) >= 4


@settings(deadline=None, max_examples=20)
@given(
    n=st.integers(2, 30),
    d=st.integers(1, 3),
    seed=st.integers(0, 10_000),
    offset=st.sampled_from([0.0, 1.0, 100.0]),
    scale=st.sampled_from([0.01, 1.0, 1000.0]),
    noise=st.sampled_from([0.0, 0.1, 3.0]),
)
def test_the_solver_passes_every_challenge_on_random_tables(
    n: int, d: int, seed: int, offset: float, scale: float, noise: float
) -> None:
    generator = np.random.default_rng(seed)
    x = generator.normal(offset, scale, (n, d)).round(3)
    y = x @ generator.normal(size=d) + offset + noise * scale * generator.normal(size=n)
    check_table(np.column_stack([x, y]))


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), min_size=1, max_size=12))
def test_the_solver_passes_every_challenge_on_tables_with_ties_and_constants(rows: list[list[int]]) -> None:
    check_table(np.array(rows, float))


def check_table(values: Array) -> None:
    names = [f"x{i}" for i in range(values.shape[1] - 1)]
    dataset = Dataset("table", pd.DataFrame(values, columns=[*names, "y"]), lines=np.arange(len(values)) + 2)
    try:
        selection = select(dataset, ColumnChoice("y", tuple(names)))
    except DatasetError:
        assume(False)
    lesson = challenges(selection)
    for kind in range(8):
        solve(lesson, kind, selection)


def on_learn(page: AppTest) -> AppTest:
    """The page Learn, by the link of the playground."""
    page.switch_page("views/learn.py")
    return checked(page.run())


def by_link(page: AppTest, step: int) -> AppTest:
    """A challenge in a visit of its own, by the link that Learn gives."""
    sent = component(page, "progress")
    return visit(lesson="challenges", step=str(step), **parse_qs(sent["link"]))


def is_asked(page: AppTest, lesson: Lesson, kind: int) -> None:
    """The page shows a challenge's words, and plays as it opens."""
    step = lesson.steps[kind]
    assert step.text.replace("\\", "") in texts(page)
    opened = as_widgets(step.preset)
    assert [
        key for key in ("learning_rate", "epochs", "start", "scaling", "optimizer") if held(page, key) != opened[key]
    ] == []
    assert message(page)["waits"] == bool(step.question)


def test_a_challenge_on_the_page_is_guessed_played_by_its_link_and_passed() -> None:
    page = visit(lesson="challenges", step="7")
    is_asked(page, made("students"), ONE_STEP)
    assert component(page, "lesson")["lesson"] == made("students").name
    page = choose(page, **{f"guess_{made('students').name}_7": -94.8})
    assert "You guessed **−94.8**; it is **−94.8**, to three digits." in texts(page)
    assert ":material/check:" in texts(page)
    page = choose(visit(lesson="challenges", step="7"), **{f"guess_{made('students').name}_7": -90.0})
    assert "it is **−94.8**: 4.8 too high." in texts(page)
    assert ":material/check:" not in texts(page)


def test_other_data_in_an_open_challenge_make_another_and_open_it() -> None:
    page = visit(lesson="challenges", step="3")
    page = choose(choose(page, epochs=7), dataset=TITLES["forbes"])
    is_asked(page, made("forbes"), LOSS_AT_100)
    page = bring(page, CLASS)
    own = page.session_state["_state"].place.lesson
    assert own.name not in {made("students").name, made("forbes").name}
    is_asked(page, own, LOSS_AT_100)
    address_then = {**address(page), "tab": ["History"]}
    assert address_then["data"]
    is_asked(visit(**address_then), own, LOSS_AT_100)
    scaled = choose(page, scaling="none" if held(page, "scaling") == "standardize" else "standardize")
    assert scaled.session_state["_state"].place.lesson is own


def test_after_the_last_lesson_come_the_challenges_on_the_data_at_hand() -> None:
    last = course()[-1]
    page = visit(lesson=last.id, step=str(len(last.steps)))
    widget(page, "lesson_next").click()
    page = done(checked(page.run()))
    now = page.session_state["_state"]
    assert address(page)["lesson"] == ["challenges"]
    is_asked(page, challenges(now.selection), OUTCOME)


def test_a_challenges_link_keeps_settings_of_its_own() -> None:
    page = visit(lesson="challenges", step="3", epochs="7")
    assert (held(page, "epochs"), held(page, "start")) == (7, "0, 0")


def test_learn_lists_the_challenges_on_the_data_of_the_playground_and_links_to_them() -> None:
    page = on_learn(visit(dataset=TITLES["students_sleep"], features=["hours studied", "hours slept"]))
    assert "**Students: hours studied and slept**, test score from hours studied and hours slept" in texts(page)
    lesson = made("students_sleep")
    assert all(step.title in texts(page) for step in lesson.steps)
    assert lesson.steps[LEAST_SQUARES].text.replace("\\", "") in texts(page)
    sent = component(page, "progress")
    assert (sent["made"], sent["scored"]) == (lesson.name, [step.scored for step in lesson.steps])
    is_asked(by_link(page, 5), lesson, SCALING)


def test_learn_makes_challenges_of_the_visitors_own_table_which_travels_in_their_links() -> None:
    page = bring(visit(), CLASS)
    page = on_learn(choose(page, target="hours", features=["score", "group"], degrees=["score²"], interactions=True))
    assert "Yours: class.csv" in texts(page)
    name = component(page, "progress")["made"]
    assert by_link(page, 1).session_state["_state"].place.lesson.name == name


def test_without_an_open_challenge_none_is_made() -> None:
    page = visit(dataset=TITLES["women"])
    selection = page.session_state["_state"].selection
    key = ("challenges", replace(selection.columns, scaling="none"))
    assert once(selection.dataset, key, lambda: replace(UNMADE, minutes=1)).minutes == 1
    there = visit(dataset=TITLES["women"], lesson="challenges", step="1").session_state["_state"].place.lesson
    assert once(selection.dataset, key, lambda: UNMADE) is there


def test_a_row_pulls_as_far_as_least_squares_without_it_moves_the_predictions() -> None:
    selection = sample("hill_races")
    moment = Moment(recording(selection, dict(made("hill_races").steps[PULL].preset)), 0.0)
    expected = pulls_of(*table(selection, "none"))
    found = [Quantity(f"pull of row {i + 1}").of(moment) for i in range(len(expected))]
    assert found == pytest.approx(expected, rel=1e-6)
