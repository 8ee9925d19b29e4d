"""Pinned runs: what is drawn, how they are described, and how they are written in a link."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dataset import ColumnChoice, Selection, load_sample, select
from app.engine import Settings
from app.engine.problem import Scaling
from app.engine.rates import epochs_needed
from app.engine.settings import BOUNDS
from app.figures.palette import DATA, HELD_OUT, MODEL, OPTIMUM, PINS
from app.runs import segments
from app.runs.frames import few
from app.runs.link import plans_from, text_of_plans
from app.runs.pins import (
    MAX_NAME_LENGTH,
    MAX_PIN_FRAMES,
    MAX_PINS,
    Pin,
    PinRestore,
    Plan,
    free_number,
    pin,
    tidy,
    trained,
)
from app.runs.run import Run
from app.runs.segments import Segment
from tests.scenes import begun

STUDENTS = ColumnChoice("test score", ("hours studied",))
SLEEP = ColumnChoice("test score", ("hours studied", "hours slept"))


def chosen(columns: ColumnChoice = STUDENTS, sample: str = "students") -> Selection:
    return select(load_sample(sample), columns)


def ran(selection: Selection | None = None, **how: Any) -> Run:
    """A run with these settings, trained to its end."""
    selection, wanted = selection or chosen(), Settings(**how)
    run = begun(selection, wanted, run_id="7")
    run.advance(60)
    return run


def plan(*segments: Segment, scaling: Scaling = "none", name: str = "a") -> Plan:
    return Plan(name, scaling, segments)


def states(run: Run) -> Any:
    """Parameters [epochs + 1, d + 1] in the file's units, from the engine."""
    return run.problem.in_file_units(run.history.parameters).numpy()


@pytest.mark.parametrize(
    "how",
    [
        {"epochs": 2000},
        {"epochs": 300},
        {"epochs": 1, "learning_rate": 0.02},
        {"epochs": 20_000, "optimizer": "adam", "learning_rate": 0.3},
        {"epochs": 2000, "learning_rate": 0.06},
        {"epochs": 900, "precision": "float32", "learning_rate": 0.022},
        {"epochs": 50, "held_out": 0.4},
    ],
)
@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_the_frames_of_a_pin_are_the_engines_at_their_epochs(how: dict[str, Any], scaling: Scaling) -> None:
    run = ran(chosen(replace(STUDENTS, scaling=scaling)), **how)
    kept = pin(run, 1, "a")
    epochs = kept.epochs.astype(int)
    assert epochs.tolist() == kept.epochs.tolist()
    assert (epochs[0], epochs[-1], len(epochs) <= MAX_PIN_FRAMES) == (0, run.history.epochs, True)
    assert kept.parameters == pytest.approx(states(run)[epochs], rel=1e-6)
    assert kept.losses == pytest.approx(run.history.losses[epochs].double().numpy(), rel=1e-6)
    assert np.isfinite(np.concatenate([column.ravel() for column in kept.frames.values()])).all()


def test_updates_of_batches_are_frames_of_a_pin_too() -> None:
    run = ran(epochs=40, batch_size=2)
    kept = pin(run, 1, "a")
    assert kept.epochs == pytest.approx(np.arange(121) / 3, rel=1e-6)
    assert kept.parameters == pytest.approx(run.history.path.numpy(), rel=1e-6)
    assert kept.last == 40


@given(st.integers(1, 200_000))
def test_few_frames_are_kept_of_many_the_first_ones_all(n: int) -> None:
    kept = few(n, MAX_PIN_FRAMES)
    assert (kept[0], kept[-1]) == (0, n - 1)
    assert len(kept) <= MAX_PIN_FRAMES
    assert (np.diff(kept) > 0).all()
    dense = min(n, MAX_PIN_FRAMES // 2)
    assert kept[:dense].tolist() == list(range(dense))


def test_a_zigzag_is_not_drawn_through_its_middle() -> None:
    kept = few(5000, MAX_PIN_FRAMES)
    assert (kept[MAX_PIN_FRAMES // 2 : -1] % 2 == 0).all()


def test_a_run_arrives_in_the_table_when_the_control_of_the_rate_says_so() -> None:
    run = ran(epochs=2000, learning_rate=0.02)
    left = run.objective.distance_left(run.history.parameters, run.history.parameters[0])
    k = pin(run, 1, "a").arrival
    assert k is not None
    assert left[k] <= 0.01 < left[k - 1]
    assert k == epochs_needed(run.objective, run.settings)
    assert pin(ran(epochs=5), 1, "a").arrival is None
    best = tuple(run.objective.optimum.parameters.tolist())
    assert pin(ran(epochs=5, start=best), 1, "a").arrival == 0


def test_the_outcome_is_described_in_words() -> None:
    assert pin(ran(epochs=50), 1, "a").ending == "done at epoch 50"
    assert pin(ran(learning_rate=0.06), 1, "a").ending.startswith("diverged at epoch ")
    assert pin(ran(learning_rate=0.02, epochs=20_000, tolerance=1e-9), 1, "a").ending.startswith("converged at epoch ")


def test_a_pin_keeps_the_time_that_training_took() -> None:
    run = ran(epochs=50)
    assert pin(run, 1, "a").seconds == run.history.seconds > 0


def test_a_pin_belongs_to_its_rows_and_terms_but_not_to_their_scaling() -> None:
    kept = pin(ran(epochs=5), 1, "a")
    assert kept.is_on(chosen())
    assert kept.is_on(chosen(replace(STUDENTS, scaling="standardize")))
    assert not kept.is_on(chosen(SLEEP, "students_sleep"))
    assert not kept.is_on(chosen(replace(STUDENTS, degrees=(("hours studied", 2),))))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {"learning_rate": 0.02, "optimizer": "adam", "epochs": 9}, True),
        ({}, {"loss": "mae"}, False),
        ({"loss": "huber", "delta": 1.0}, {"loss": "huber", "delta": 2.0}, False),
        ({}, {"l2": 0.1}, False),
        ({"held_out": 0.2}, {"held_out": 0.2, "seed": 1}, False),
        ({}, {"seed": 1}, True),
    ],
)
def test_pins_are_compared_by_loss_only_where_the_loss_is_the_same(
    one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    assert pin(ran(**{"epochs": 5, **one}), 1, "a").has_loss_of(ran(**{"epochs": 5, **other})) == same


def test_a_penalty_is_another_in_other_units() -> None:
    scaled = chosen(replace(STUDENTS, scaling="standardize"))
    assert pin(ran(epochs=5), 1, "a").has_loss_of(ran(scaled, epochs=5))
    assert not pin(ran(epochs=5, l2=0.1), 1, "a").has_loss_of(ran(scaled, epochs=5, l2=0.1))


def test_a_new_pin_gets_the_lowest_free_number() -> None:
    assert [free_number([]), free_number([1, 3]), free_number(range(1, MAX_PINS + 1))] == [1, 2, None]


def test_every_pin_has_a_colour_of_its_own() -> None:
    assert len({*PINS, DATA, MODEL, OPTIMUM, HELD_OUT}) == MAX_PINS + 4


NAMES = st.text().map(tidy)
SETTINGS = st.builds(
    Settings,
    learning_rate=st.floats(1e-12, 1e6),
    epochs=st.integers(1, int(BOUNDS["epochs"][1])),
    optimizer=st.sampled_from(["gradient_descent", "adam", "nesterov"]),
    loss=st.sampled_from(["mse", "huber"]),
    epsilon=st.none() | st.floats(1e-16, 1),
    start=st.lists(st.floats(-1e9, 1e9), max_size=3).map(tuple),
    held_out=st.floats(0, 0.9),
    seed=st.integers(0, 2**31 - 1),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    ends = sorted(draw(st.sets(st.integers(1, int(BOUNDS["epochs"][1])), min_size=1, max_size=3)))
    segments = tuple(Segment(end, draw(SETTINGS)) for end in ends)
    return Plan(draw(NAMES), draw(st.sampled_from(["none", "standardize"])), segments)


@settings(deadline=None)
@given(st.lists(plans(), max_size=MAX_PINS))
def test_pins_written_to_a_link_are_read_back_from_it(given: list[Plan]) -> None:
    assert plans_from(text_of_plans(given)) == tuple(given)


@given(st.text())
def test_any_text_in_a_link_gives_at_most_as_many_pins_as_there_may_be(text: str) -> None:
    assert len(plans_from(text)) <= MAX_PINS


@given(st.text())
def test_a_pins_name_is_short_and_without_separators(name: str) -> None:
    assert "|" not in tidy(name)
    assert len(tidy(name)) <= MAX_NAME_LENGTH
    assert tidy(tidy(name)) == tidy(name)


@pytest.mark.parametrize(
    "text",
    ["", "x", "||", "~none~a", "10 loss=no~none~a", "10~other~a"],
)
def test_a_part_of_a_link_that_is_no_pin_is_left_out(text: str) -> None:
    assert [found.name for found in plans_from(f"{text}|10 epochs=10~none~b")] == ["b"]


def again(one: Pin, selection: Selection) -> Pin:
    *_, run = trained(plans_from(text_of_plans([one.plan]))[0], selection)
    return pin(run, one.number, one.plan.name)


def summary(one: Pin) -> tuple[Any, ...]:
    return (one.plan, one.outcome, one.last, one.arrival, one.loss, one.epochs.tolist(), one.parameters.tolist())


@pytest.mark.parametrize(
    "how", [{"epochs": 300}, {"learning_rate": 0.06}, {"epochs": 60, "batch_size": 2}, {"epochs": 60, "held_out": 0.4}]
)
@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_a_pin_that_comes_out_of_a_link_is_the_one_that_went_in(how: dict[str, Any], scaling: Scaling) -> None:
    kept = pin(ran(chosen(replace(STUDENTS, scaling=scaling)), **how), 3, "a name ~ of 3 words")
    assert summary(again(kept, chosen())) == summary(kept)


def test_a_pin_of_several_segments_is_restored() -> None:
    selection = chosen()
    ways = (Segment(20, Settings(learning_rate=0.005)), Segment(80, Settings(learning_rate=0.02, epochs=80)))
    *_, run = trained(plan(*ways), selection)
    kept = pin(run, 1, "a")
    assert (kept.last, kept.plan.segments) == (80, ways)
    assert summary(again(kept, selection)) == summary(kept)


def test_a_pinned_run_that_was_stopped_early_is_restored_as_short() -> None:
    run = ran(epochs=100_000)
    run.epochs, run.outcome = 1000, "stopped"
    kept = pin(run, 1, "a")
    assert (kept.last, kept.ending) == (1000, "so far at epoch 1,000")
    assert summary(again(kept, chosen())) == summary(kept)


def test_a_pin_with_settings_that_do_not_fit_the_rows_is_not_restored() -> None:
    wrong = Segment(5, Settings(epochs=5, start=(1.0, 2.0, 3.0)))
    back = PinRestore([plan(wrong, name="wrong"), plan(Segment(5, Settings(epochs=5)), name="right")], chosen())
    back.job.work(60)
    back.job.check()
    assert [(one.number, one.plan.name) for one in back.pins] == [(2, "right")]


def test_a_pinned_run_of_too_many_numbers_is_not_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "MAX_NUMBERS_RECORDED", 19)
    with pytest.raises(ValueError, match="too many epochs"):
        list(trained(plan(Segment(10, Settings(epochs=10))), chosen()))
    assert list(trained(plan(Segment(9, Settings(epochs=9))), chosen()))
