"""The learning rate's slider: where its zones end, its keys, and the buttons that jump."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from app.engine import Objective, Settings
from app.engine.rates import fastest_learning_rate, max_learning_rate
from tests.browser.harness import wait_for_address
from tests.problems import students

LOW, HIGH, THUMB = 1e-6, 10.0, 18

# The track's ends, its ticks, and where its colours change, in pixels of the window.
ZONES = """() => {
  const slider = document.querySelector(".st-key-learning_rate_slider input"), root = slider.closest(".log-slider")
  const { left, width } = slider.getBoundingClientRect()
  const middle = (element) => { const box = element.getBoundingClientRect(); return box.left + box.width / 2 }
  const probe = (name) => {
    const tick = root.querySelector(".log-slider-ticks").appendChild(document.createElement("i"))
    tick.style.left = getComputedStyle(root).getPropertyValue(name)
    const found = middle(tick); tick.remove(); return found }
  const ticks = [...root.querySelectorAll("[data-mark]")].map((tick) => [tick.dataset.mark, middle(tick)])
  return { left, width, ticks: Object.fromEntries(ticks), colors: [probe("--first"), probe("--last")],
           zoned: root.classList.contains("zoned"), text: root.innerText, value: Number(slider.value) } }"""


def place(rate: float, left: float, width: float) -> float:
    """Where the middle of the thumb is for a rate, in pixels."""
    share = math.log10(rate / LOW) / math.log10(HIGH / LOW)
    return left + THUMB / 2 + (width - THUMB) * share


@pytest.mark.parametrize(("optimizer", "scaling"), [("gradient_descent", "none"), ("nesterov", "standardize")])
def test_zones_end_where_the_engine_says(visit: Callable[..., Page], optimizer: Any, scaling: Any) -> None:
    page = visit(f"/?epochs=50&optimizer={optimizer}&scaling={scaling}")
    settings = Settings(optimizer=optimizer)
    objective = Objective(students(scaling), settings)
    fastest, limit = fastest_learning_rate(objective, settings), max_learning_rate(objective, settings)
    assert fastest
    assert limit
    seen = page.evaluate(ZONES)
    ends = [place(rate, seen["left"], seen["width"]) for rate in (fastest, limit)]
    assert [seen["ticks"]["fastest"], seen["ticks"]["limit"]] == pytest.approx(ends, abs=1)
    assert seen["colors"] == pytest.approx(ends, abs=1)
    assert f"limit {limit:.3g}" in seen["text"]


def test_keys_move_through_the_zones_and_buttons_jump(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=50")
    edge = page.get_by_role("button", name="edge", exact=True)
    edge.focus()
    edge.press("Enter")
    wait_for_address(page, learning_rate="0.0227")
    page.wait_for_selector(".st-key-learning_rate_slider input[aria-valuetext='0.0227']")
    assert page.get_by_label("Learning rate").first.input_value() == "0.0227"
    assert edge.evaluate("(button) => button === document.activeElement"), "the button keeps the focus"
    slider = page.get_by_role("slider", name="Learning rate")
    for _ in range(2):
        slider.press("ArrowRight")
    page.get_by_test_id("stSidebar").get_by_text("Beyond the limit: each step lands").wait_for()
    assert page.locator("[data-testid=stSidebar] .log-slider[data-zone=beyond]").count() == 1
    assert "Beyond the limit" in (slider.get_attribute("aria-description") or "")
    page.get_by_role("button", name="fastest", exact=True).click()
    page.get_by_test_id("stSidebar").get_by_text("epochs to within 1 % of the optimum").wait_for()
    assert page.locator("[data-testid=stSidebar] .log-slider[data-zone=before]").count() == 1
    page.wait_for_selector("[data-testid=player][data-outcome=finished]")


def test_without_a_limit_the_plain_slider_remains(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=50&optimizer=adam")
    page.get_by_test_id("stSidebar").get_by_text("Adam has no fixed limit.", exact=True).wait_for()
    seen = page.evaluate(ZONES)
    assert not seen["zoned"]
    assert seen["ticks"] == {}
    assert page.get_by_role("button", name="edge", exact=True).count() == 0
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    wait_for_address(page, learning_rate="0.0101")
