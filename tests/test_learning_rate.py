"""The limits on the learning rate's slider before any step, and the sentences about them."""

import json
import math
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.engine import Objective, Problem, Settings, run
from app.engine.rates import edge_learning_rate, fastest_learning_rate, max_learning_rate, rounded_down
from app.wording import epochs, farther
from tests.page import choose, sentence, visit
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
    said = sentence(visit(learning_rate="0.06", tab="Predict", **parameters)).replace("\\", "")
    assert f"each step overshoots and lands {times} times as far away on the other side." in said


def test_a_rate_just_beyond_the_limit_diverges_before_the_loss_has_left_all_bounds() -> None:
    said = sentence(visit(learning_rate="0.0225", epochs="40", tab="Predict"))
    assert said.startswith(":red[**Diverging:**] the limit")
    assert "a little farther away on the other side" in said
    assert "Diverging" not in sentence(visit(learning_rate="0.0222", epochs="40", tab="Predict"))


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        (
            {"batch_size": "1", "learning_rate": "0.01"},
            "is known only with all rows in each batch; you chose",
        ),
        ({"batch_size": "4", "learning_rate": "0.2"}, "A smaller rate or larger batches calm it."),
        ({"batch_size": "4", "optimizer": "adam"}, "Adam has no fixed limit"),
        ({"loss": "mae"}, "A loss with a kink has no limit"),
        ({"loss": "quantile", "optimizer": "momentum"}, "A loss with a kink has no limit"),
    ],
    ids=str,
)
def test_no_rate_is_offered_where_none_is_known(parameters: dict[str, str], says: str) -> None:
    page = visit(epochs="200", tab="Data", **parameters)
    sent = slider(page)
    assert (sent["marks"], sent["jumps"]) == ([], [])
    assert says in sentence(page)
    assert not [button.label for button in page.button if "rate" in button.label]


@pytest.mark.parametrize(
    "chosen",
    [
        {"optimizer": "adam", "learning_rate": 0.5},
        {"batch_size": 2, "learning_rate": 0.005},
        {"schedule": "cosine", "learning_rate": 0.02},
        {"loss": "huber", "learning_rate": 0.04},
        {"optimizer": "adam", "learning_rate": 0.001},
    ],
    ids=str,
)
def test_where_the_control_cannot_know_it_the_verdict_says_when_the_run_arrives(chosen: dict[str, Any]) -> None:
    settings = Settings(**{"precision": "float32", "epochs": 1500, **chosen})
    parameters, objective = run(students(), settings).parameters, Objective(students(), settings)
    far = (objective.distance_left(parameters, parameters[0]) > 0.01).nonzero()
    arrived = int(far[-1]) + 1
    said = sentence(visit(epochs="1500", tab="Predict", **{name: str(value) for name, value in chosen.items()}))
    if arrived < len(parameters):
        assert said.endswith(f" It comes within 1 % of the optimum at epoch {arrived:,}.")
    else:
        assert said.endswith(" In these 1,500 epochs it does not come within 1 % of the optimum.")


def test_the_verdict_does_not_repeat_what_the_control_says() -> None:
    assert "1 %" not in sentence(visit(epochs="1500", tab="Predict"))
