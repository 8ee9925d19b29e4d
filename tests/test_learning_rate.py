"""The limits on the learning rate's slider before any step, and the sentences about them."""

import json
import math
import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.engine import Objective, Problem, Settings, run
from app.engine.rates import edge_learning_rate, epochs_needed, fastest_learning_rate, max_learning_rate, rounded_down
from app.wording import epochs, farther, rounded
from tests.page import brief, checked, choose, done, frames, message, sentence, visit
from tests.problems import students, table


def slider(page: AppTest) -> dict[str, Any]:
    """What the learning rate's slider was sent."""
    found = (json.loads(each.proto.json or each.proto.mixed.json) for each in page.get("bidi_component")
             if each.proto.component_name == "log_slider")  # fmt: skip
    return next(sent for sent in found if sent["label"] == "Learning rate")


def visited(**parameters: str) -> dict[str, Any]:
    return slider(visit(epochs="50", tab="Predict", **parameters))


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "nesterov"])
def test_marks_and_jumps_are_the_engines_own(optimizer: Any) -> None:
    sent, settings = visited(optimizer=optimizer), Settings(optimizer=optimizer)
    objective = Objective(students(), settings)
    fastest, limit = fastest_learning_rate(objective, settings), max_learning_rate(objective, settings)
    assert fastest
    assert limit
    marks, jumps = dict(sent["marks"]), dict(sent["jumps"])
    assert marks == {"fastest": fastest, "limit": limit}
    assert jumps == {"fastest": fastest, "edge": edge_learning_rate(objective, settings)}
    assert fastest < limit < jumps["edge"] < 1.03 * limit


def test_the_edge_is_just_beyond_the_limit_and_three_digits_less_are_below_it() -> None:
    edge = dict(visited()["jumps"])["edge"]
    assert edge == 0.0227
    losses = run(students(), Settings(learning_rate=edge)).losses
    assert 2 * losses[0] < losses[50] < math.inf, "one sees it turn"
    assert run(students(), Settings(learning_rate=0.0222)).outcome == "finished"


@pytest.mark.parametrize(
    ("parameters", "marks", "note"),
    [
        ({}, ["fastest", "limit"], "About 1,600 epochs to within 1 % of the optimum."),
        ({"learning_rate": "0.0223"}, ["fastest", "limit"], "Past the fastest: about 6,230 epochs to within 1 %"),
        ({"learning_rate": "0.06"}, ["fastest", "limit"], "Beyond the limit: each step lands 4.4 times as far away."),
        ({"scaling": "standardize", "learning_rate": "0.5"}, ["fastest", "limit"], "1 epoch to within 1 %"),
        ({"optimizer": "adam"}, [], "Adam has no fixed limit."),
        ({"loss": "mae"}, [], "A loss with a kink has no limit of the rate."),
        ({"loss": "huber"}, ["limit"], ""),
        ({"l1": "0.1"}, ["limit"], ""),
        ({"loss": "quantile"}, [], "A loss with a kink has no limit of the rate."),
        ({"batch_size": "2"}, [], "The limit is known only with all rows in each batch."),
        ({"batch_size": "5"}, ["fastest", "limit"], "About 1,600 epochs to within 1 % of the optimum."),
        (
            {"dataset": "galton", "scaling": "none", "learning_rate": "0.0002"},
            ["fastest", "limit"],
            "About 16.8 million",
        ),
    ],
    ids=str,
)
def test_the_control_says_what_the_rate_will_do(parameters: dict[str, str], marks: list[str], note: str) -> None:
    sent = visited(**parameters)
    assert [name for name, _ in sent["marks"]] == marks
    assert [name for name, _ in sent["jumps"]] == [name.replace("limit", "edge") for name in marks]
    assert sent["note"].startswith(note) if note else sent["note"] == ""


def test_another_scaling_or_penalty_moves_the_limit() -> None:
    page = visit(epochs="50", tab="Predict")
    limits = [dict(slider(page)["marks"])["limit"]]
    for change in ({"scaling": "standardize"}, {"l2": 1.0}, {"optimizer": "momentum"}, {"momentum": 0.5}):
        limits.append(dict(slider(choose(page, **change))["marks"])["limit"])
    assert limits[1] == pytest.approx(1.0)
    assert len(set(limits)) == 5


def test_a_rate_that_cannot_be_typed_is_no_jump() -> None:
    huge = Problem(1e9 * table(20, 1)[0], table(20, 1)[1])
    limit = max_learning_rate(Objective(huge, Settings()), Settings())
    assert limit
    assert limit < 1e-12
    sent = visited(dataset="longley", scaling="none", features="gross national product (million USD)")
    assert all(1e-12 <= value <= 1e6 for _, value in sent["jumps"])


def test_the_fastest_rate_of_a_very_long_valley_is_below_the_limit() -> None:
    x, y = table(20, 1)
    problem = Problem(1e-8 * x, y)
    assert problem.best_learning_rate >= 0.9999999 * problem.max_learning_rate
    assert fastest_learning_rate(Objective(problem, Settings()), Settings()) == 0.999


RATES = [0.5, 0.49999999999999994, 1.0, 0.02229, 1.2345e-7, 98765.0, 0.001, 3.21e-308, 9.99e307]


@pytest.mark.parametrize("rate", RATES)
def test_three_digits_are_never_rounded_up(rate: float) -> None:
    down = rounded_down(rate)
    assert rate * 0.99 < down <= rate * (1 + 1e-8)
    assert down == float(f"{down:.2e}")


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (0, "0 epochs"), (1, "1 epoch"), (99, "99 epochs"), (1237, "about 1,240 epochs"),
        (17464409, "about 17.5 million epochs"), (float("inf"), "more than a billion epochs"),
    ],
)  # fmt: skip
def test_epochs_are_said_in_three_digits(needed: float, words: str) -> None:
    assert epochs(needed) == words


@pytest.mark.parametrize(
    ("grown", "words"),
    [
        (1.001, "a little farther"),
        (1.7, "1.7 times as far"),
        (1e4, "10,000"),
        (math.inf, "more than a million"),
        (math.nan, "more"),
    ],
)
def test_growth_is_said_in_two_digits(grown: float, words: str) -> None:
    assert farther(grown).startswith(words)


@pytest.mark.parametrize(("parameters", "times"), [({}, "4.4"), ({"optimizer": "momentum"}, "3.2")])
def test_the_verdict_says_how_each_step_overshoots(parameters: dict[str, str], times: str) -> None:
    said = sentence(visit(learning_rate="0.06", tab="Predict", **parameters))
    assert f"each step lands {times} times as far away on the other side;" in said


def test_a_rate_just_beyond_the_limit_diverges_before_the_loss_has_left_all_bounds() -> None:
    said = sentence(visit(learning_rate="0.0225", epochs="40", tab="Predict"))
    assert said.startswith("Thrown out: it diverges, each step lands a little farther away on the other side;")
    assert "Thrown out" not in sentence(visit(learning_rate="0.0222", epochs="40", tab="Predict"))


@pytest.mark.parametrize(
    "parameters",
    [
        {"batch_size": "1", "learning_rate": "0.01"},
        {"batch_size": "4", "learning_rate": "0.2"},
        {"batch_size": "4", "optimizer": "adam"},
        {"loss": "mae"},
        {"loss": "quantile", "optimizer": "momentum"},
        {"schedule": "cosine", "learning_rate": "0.002"},
    ],
    ids=str,
)
def test_a_rate_is_offered_only_once_a_trial_has_shown_that_it_ends_lower(parameters: dict[str, str]) -> None:
    page = tried(visit(epochs="200", tab="Data", precision="float64", **parameters))
    sent = slider(page)
    assert [name for name, _ in sent["marks"]] in ([], ["limit"])
    before, labels = last_loss(page), [button.label for button in page.button if button.label.startswith("Set rate")]
    assert bool(labels) == bool(page.session_state["_state"].run.trial.better)
    if labels:
        (button,) = (button for button in page.button if button.label == labels[0])
        done(checked(button.click().run()))
        assert last_loss(page) < before
        assert labels[0] not in [button.label for button in page.button], "it is set"


def tried(page: AppTest) -> AppTest:
    """The page once other rates have been tried."""
    run = page.session_state["_state"].run
    while not run.trial or run.is_trying:
        time.sleep(0.02)
        checked(page.run())
    return checked(page.run())


def test_adam_with_a_rate_that_is_far_too_small_is_offered_a_larger_one() -> None:
    page = tried(visit(epochs="200", tab="Data", optimizer="adam", learning_rate="0.001"))
    assert " A larger rate?" in sentence(page)
    assert [button.label for button in page.button if button.label.startswith("Set rate")]


def last_loss(page: AppTest) -> float:
    """The mean of the last tenth of the epochs; that of a run that diverged is above all."""
    losses = frames(page)["loss"]
    return math.inf if message(page)["outcome"] == "diverged" else float(losses[-20:].mean())


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"learning_rate": 0.0001},
        {"optimizer": "adam", "learning_rate": 0.5},
        {"batch_size": 2, "learning_rate": 0.005},
        {"schedule": "cosine", "learning_rate": 0.02},
        {"loss": "huber", "learning_rate": 0.04},
        {"optimizer": "adam", "learning_rate": 0.001},
        {"optimizer": "momentum", "learning_rate": 0.02},
    ],
    ids=str,
)
def test_the_first_sentence_is_the_outcome(chosen: dict[str, Any]) -> None:
    settings = Settings(**{"precision": "float32", "epochs": 1500, **chosen})
    history, objective = run(students(), settings), Objective(students(), settings)
    left = objective.distance_left(history.parameters, history.parameters[0])
    arrived = int((left > 0.01).nonzero()[-1]) + 1
    page = visit(epochs="1500", tab="Predict", **{name: str(value) for name, value in chosen.items()})

    def compared(epoch: int) -> str:
        loss, lowest = brief(history.losses[epoch].item()), brief(objective.optimum.loss)
        return f"loss {loss}, {'the lowest there is' if loss == lowest else f'where {lowest} is the lowest there is'}"

    assert sentence(page, 3).startswith(f"Not there yet: {compared(3)}")
    if arrived > 1500:
        assert sentence(page).startswith(f"Not there yet: {compared(1500)}")
    else:
        assert sentence(page, arrived - 1) == f"Not there yet: {compared(arrived - 1)}; 1 more epoch at this rate."
        assert sentence(page, arrived) == f"Arrived at epoch {arrived:,}: {compared(arrived)}."
        assert sentence(page) == f"Arrived at epoch {arrived:,}: {compared(1500)}."


def test_what_is_left_at_a_small_rate_and_how_long_it_takes_are_said() -> None:
    said = sentence(visit(learning_rate="0.0001", tab="Predict"))
    settings = Settings(learning_rate=0.0001)
    needed = epochs_needed(Objective(students(), settings), settings)
    assert needed
    assert f"; about {rounded(needed - 2000, 3)} more epochs at this rate. A larger rate?" in said
