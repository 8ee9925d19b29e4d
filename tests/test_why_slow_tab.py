"""The tab "Why it is slow" without a browser."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.dataset import load_sample
from app.engine import Objective, Problem, Settings, run
from app.tabs.why_slow import valley
from tests.page import checked, choose, done, held, numbers, visit
from tests.problems import students, with_ones


def why_slow_tab(**parameters: str | list[str]) -> AppTest:
    return visit(tab="Why it is slow", **parameters)


def charts(page: AppTest) -> list[list[dict[str, Any]]]:
    """The traces of each chart; NaN or infinity fails, as in a browser."""
    return [json.loads(chart.proto.spec, parse_constant=pytest.fail)["data"] for chart in page.get("plotly_chart")]


def said(page: AppTest) -> str:
    return "\n".join(str(found.value) for found in [*page.markdown, *page.caption])


def test_lines_are_the_runs_distances_along_each_eigenvector() -> None:
    left, right = charts(why_slow_tab(precision="float64"))
    problem = students()
    history = run(problem, Settings())
    z = with_ones(problem.features.numpy())
    eigenvalues, vectors = np.linalg.eigh(2 * z.T @ z / 5)
    deviation = (history.parameters - problem.optimum.parameters).numpy()
    theirs = np.abs(deviation @ vectors) / np.linalg.norm(deviation[0])
    slow, fast = left[2], left[0]
    assert slow["name"] == f"λ = {eigenvalues[0]:.3g}, factor {1 - 0.01 * eigenvalues[0]:.3g} a step"
    assert fast["name"] == f"λ = {eigenvalues[1]:.3g}, factor {1 - 0.01 * eigenvalues[1]:.3g} a step"
    epochs = [int(epoch) for epoch in numbers(slow["x"])]
    assert epochs[-1] == 2000
    assert numbers(slow["y"]) == pytest.approx(theirs[epochs, 0].tolist(), rel=1e-6)
    dotted = left[3]
    assert dotted["name"] == "theory"
    powers = theirs[0, 0] * np.abs(1 - 0.01 * eigenvalues[0]) ** np.array(epochs)
    assert numbers(dotted["y"]) == pytest.approx(powers.tolist(), rel=1e-6)
    assert [line["name"] for line in right if line["name"] != "theory"] == ["λ = 2, factor 0 a step"] * 2


def test_the_valley_is_said_in_words_beside_the_other_scaling() -> None:
    page = why_slow_tab()
    condition = students().condition_number
    words = said(page)
    assert f"**This run, unscaled**: condition number **{condition:.0f}**" in words
    assert f"the valley is {condition**0.5:.0f} times as long as it is wide" in words
    assert "it needs about 1,600 epochs at rate 0.01; at the fastest, 0.0222, about 714 epochs." in words
    assert "**Standardized instead**: condition number **1**: the valley is round." in words
    assert "it would need 1 epoch at its fastest rate, 0.5." in words
    words = said(choose(page, scaling="standardize"))
    assert "**This run, standardized**: condition number **1**" in words
    assert f"**Unscaled instead**: condition number **{condition:.0f}**" in words


def test_a_run_that_diverges_rises_along_the_steepest_direction() -> None:
    page = why_slow_tab(learning_rate="0.06", precision="float64")
    left, _ = charts(page)
    sizes = numbers(left[0]["y"])
    assert sizes[5] / sizes[4] == pytest.approx(0.06 * students().curvatures[0].item() - 1, rel=1e-6)
    assert "It never arrives at rate 0.06" in said(page)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [({"loss": "mae"}, "Only the mean squared error"), ({"l1": "0.1"}, "Only the mean squared error")],
)
def test_a_loss_that_is_no_bowl_has_a_sentence(parameters: dict[str, str], words: str) -> None:
    page = why_slow_tab(epochs="50", **parameters)
    assert words in said(page)
    assert not page.get("plotly_chart")


@pytest.mark.parametrize(
    "parameters",
    [
        {"optimizer": "momentum"}, {"optimizer": "adam"}, {"batch_size": "2"}, {"schedule": "cosine"}, {"l2": "0.5"},
        {"dataset": "longley", "scaling": "none", "learning_rate": "1e-11"}, {"learning_rate": "1000000"},
        {"dataset": "hubble", "held_out": "0.3"}, {"start": "3, 69.4"},
    ],
    ids=str,
)  # fmt: skip
def test_every_kind_of_run_has_at_most_six_lines_of_finite_numbers(parameters: dict[str, str]) -> None:
    page = why_slow_tab(epochs="50", **parameters)
    for lines in charts(page):
        assert 1 <= len([line for line in lines if line["name"] != "theory"]) <= 6
        assert all(np.isfinite(numbers(line["y"])).all() for line in lines)
    plain = not {"optimizer", "batch_size", "schedule"} & set(parameters)
    assert any(line["name"] == "theory" for line in charts(page)[0]) == plain
    assert ("holds for gradient descent only" in said(page)) == ("optimizer" in parameters)


def test_the_tab_costs_nothing_while_it_is_shut() -> None:
    assert not visit(tab="Predict", epochs="50").get("plotly_chart")


def test_flat_directions_are_counted() -> None:
    problem = Problem(np.column_stack([np.arange(5.0), np.arange(5.0)]), np.arange(5.0))
    modes = Objective(problem, Settings()).modes
    assert modes
    assert "flat along 1 more direction" in valley(modes)


def test_the_button_mends_what_is_slow() -> None:
    page = why_slow_tab(dataset="old_faithful", learning_rate="0.01", precision="float64", tolerance="0")
    button = next(found for found in page.button if found.key == "mend")
    assert button.label == "Standardize and set rate 0\\.5"
    done(checked(button.click().run()))
    assert (held(page, "scaling"), held(page, "learning_rate")) == ("standardize", 0.5)
    problem = load_sample("old_faithful").problem(
        features=["eruption duration (min)"], target="waiting time to the next (min)", scaling="standardize"
    )
    history = run(problem, Settings(learning_rate=0.5, epochs=1))
    assert history.losses[1].item() == pytest.approx(problem.optimum.loss)
    assert not [found for found in page.button if found.key == "mend"]


@pytest.mark.parametrize("parameters", [{"optimizer": "adam"}, {"batch_size": "2"}, {"schedule": "cosine"}], ids=str)
def test_nothing_is_offered_where_no_rate_is_known(parameters: dict[str, str]) -> None:
    page = why_slow_tab(epochs="50", **parameters)
    assert not [found for found in page.button if found.key == "mend"]
