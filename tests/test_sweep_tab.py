"""The tab "Sweep" without a browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.page import arrive, checked, choose, held, message, numbers, widget
from tests.problems import students


def sweep_tab(**parameters: str | list[str]) -> AppTest:
    return arrive(tab="Sweep", **parameters)


def swept(page: AppTest, **values: Any) -> AppTest:
    """Set these widgets of the tab, press “Sweep” and wait for its end."""
    for key, value in values.items():
        labelled(page, key.replace("_", " ").capitalize()).set_value(value)
        checked(page.run())
    next(button for button in page.button if button.label == "Sweep").click()
    checked(page.run())
    while going(page):
        checked(page.run())
    return page


def going(page: AppTest) -> bool:
    """Whether a sweep is running."""
    return any(button.label == "Cancel" for button in page.button)


def labelled(page: AppTest, label: str) -> Any:
    return next(found for found in [*page.number_input, *page.selectbox] if found.label == label)


def figure(page: AppTest) -> dict[str, Any]:
    """The traces of the chart by name; NaN or infinity fails, as in a browser."""
    (chart,) = page.get("plotly_chart")
    sent: dict[str, Any] = json.loads(chart.proto.spec, parse_constant=pytest.fail)
    return {trace["name"]: trace for trace in sent["data"]}


def says(page: AppTest, words: str) -> bool:
    return any(words in str(found.value) for found in page.markdown)


def test_nothing_is_swept_until_it_is_asked_for() -> None:
    page = sweep_tab(epochs="50")
    assert not page.get("plotly_chart")
    choose(page, learning_rate=0.02)
    assert not page.get("plotly_chart")


def test_rates_are_drawn_about_the_limit_with_the_best_and_the_lowest_loss() -> None:
    page = swept(sweep_tab())
    drawn, limit = figure(page), students().max_learning_rate
    rates = numbers(drawn["loss"]["x"])
    assert len(rates) == 64
    assert (rates[0], rates[-1]) == pytest.approx((limit / 1000, 2 * limit), rel=0.01)
    assert numbers(drawn["stability limit"]["x"]) == pytest.approx([limit] * 2)
    assert numbers(drawn["lowest possible"]["y"]) == pytest.approx([students().optimum.loss] * 64)
    symbols = dict(zip(rates, drawn["loss"]["marker"]["symbol"], strict=True))
    clear = {rate: symbol for rate, symbol in symbols.items() if abs(rate / limit - 1) > 0.1}
    assert all((symbol == "circle") == (rate < limit) for rate, symbol in clear.items())
    assert says(page, "Of 64 runs the best has learning rate")


def test_the_best_becomes_the_run() -> None:
    page = swept(sweep_tab())
    best = numbers(figure(page)["the best"]["x"])[0]
    widget(page, "sweep_best").click()
    checked(page.run())
    assert held(page, "learning_rate") == best
    ring = numbers(figure(page)["the best"]["customdata"])[0]
    assert message(page)["frames"]["loss"][-1] == pytest.approx(ring, rel=1e-6)
    assert not widget(page, "sweep_best").disabled


@pytest.mark.parametrize(
    ("title", "key", "count"), [("batch_size", "batch_size", 5), ("seed", "seed", 64), ("l2", "l2", 64)]
)
def test_other_settings_are_swept_too(title: str, key: str, count: int) -> None:
    page = swept(sweep_tab(epochs="50"), setting_to_vary=title)
    assert len(numbers(figure(page)["loss"]["x"])) == count
    widget(page, "sweep_best").click()
    checked(page.run())
    assert held(page, key) == numbers(figure(page)["the best"]["x"])[0]


def test_a_sweep_of_other_settings_says_so_and_cannot_be_used() -> None:
    page = choose(swept(sweep_tab(epochs="50")), epochs=60)
    assert says(page, "belongs to other settings")
    assert widget(page, "sweep_best").disabled
    choose(page, epochs=50, learning_rate=0.02)
    assert not says(page, "belongs to other settings")


def test_runs_that_all_diverge_are_drawn_and_said() -> None:
    page = swept(sweep_tab(), **{"from": 0.04, "to": 0.05, "runs": 3})
    assert set(figure(page)["loss"]["marker"]["symbol"]) == {"x-open"}
    assert says(page, "All runs diverged")
    assert widget(page, "sweep_best").disabled


def test_a_sweep_that_is_too_long_is_refused_in_a_sentence() -> None:
    page = swept(sweep_tab(epochs="100000", dataset="hubble"), setting_to_vary="batch_size", **{"from": 1})
    assert ["times as much as a sweep can do" in warning.value for warning in page.warning] == [True]
    assert not page.get("plotly_chart")


def begin_a_long_one() -> AppTest:
    page = sweep_tab(epochs="5000", dataset="hubble")
    labelled(page, "Setting to vary").set_value("batch_size")
    checked(page.run())
    next(button for button in page.button if button.label == "Sweep").click()
    return checked(page.run())


def test_a_long_sweep_goes_on_beside_the_page_until_it_is_cancelled() -> None:
    page = begin_a_long_one()
    assert going(page)
    job = page.session_state["_state"].sweep.job
    reached = job.reached
    while job.reached == reached:
        checked(page.run())
    next(button for button in page.button if button.label == "Cancel").click()
    checked(page.run())
    assert job.over
    assert not going(page)
    assert not page.get("plotly_chart")


def test_other_settings_end_a_sweep_that_goes_on() -> None:
    page = begin_a_long_one()
    job = page.session_state["_state"].sweep.job
    choose(page, learning_rate=0.02)
    assert job.over
    assert not going(page)


def test_held_out_rows_judge_and_refuse_seeds() -> None:
    page = swept(sweep_tab(dataset="hubble", epochs="50", held_out="0.3"), setting_to_vary="l2")
    assert len(numbers(figure(page)["held-out loss"]["x"])) == 64
    assert says(page, "on the held-out rows")
    swept(page, setting_to_vary="seed")
    assert any("hold no rows out" in warning.value for warning in page.warning)


def test_batches_have_no_known_limit_to_draw() -> None:
    drawn, limit = figure(swept(sweep_tab(epochs="50", batch_size="2"))), students().max_learning_rate
    assert "stability limit" not in drawn
    rates = numbers(drawn["loss"]["x"])
    assert (rates[0], rates[-1]) == pytest.approx((limit / 1000, 2 * limit), rel=0.01)


def test_adaptive_rules_have_no_limit_to_draw() -> None:
    drawn = figure(swept(sweep_tab(epochs="50", optimizer="adam")))
    assert "stability limit" not in drawn
    assert numbers(drawn["loss"]["x"])[0] == 1e-4
