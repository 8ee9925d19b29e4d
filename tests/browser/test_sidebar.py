"""What the page is for can be reached without scrolling, and the sidebar's terms are explained."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from app.controls.terms import TERMS

PLAIN = "/?epochs=50"
SIX_FEATURES = "/?dataset=longley&epochs=50"
TWO_FEATURES = "/?epochs=50&features=hours+studied&features=hours+slept"
MANY_ROWS = [(PLAIN, 1), (TWO_FEATURES, 2), (SIX_FEATURES, 6)]

# Whether the charts are drawn to their places in a window of this width.
FILLED = """(width) => innerWidth === width && [...document.querySelectorAll("[data-chart]")].every((plot) => {
  const box = plot.getBoundingClientRect(), { width, height } = plot._fullLayout
  return Math.abs(box.width - width) <= 1 && Math.abs(box.height - height) <= 1 })"""

TERM = ".st-key-{} [data-testid=stWidgetLabel]"


def is_in_view(page: Page, found: Locator) -> bool:
    """Whether all of it is on the screen, without scrolling, and nothing lies over its middle."""
    found.click(trial=True)
    return bool(
        found.evaluate(
            """(element) => {
              const box = element.getBoundingClientRect()
              return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth }"""
        )
    )


@pytest.mark.parametrize(("path", "features"), MANY_ROWS)
def test_what_the_page_is_for_is_seen_without_scrolling(visit: Callable[..., Page], path: str, features: int) -> None:
    page = visit(path)
    for width, height in [(1280, 720), (1366, 768), (1400, 900)]:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(FILLED, arg=width)
        it_is_seen_without_scrolling(page, features, height)


def it_is_seen_without_scrolling(page: Page, features: int, height: int) -> None:
    expect(page.locator(".st-key-features [aria-label='Selected values'] > *")).to_have_count(features)
    labels = [page.get_by_label(name, exact=True) for name in ("Learning rate", "Epochs", "Features", "Target")]
    rate = page.locator(".st-key-learning_rate_slider")
    sidebar = page.get_by_test_id("stSidebar")
    sliders = [sidebar.get_by_role("slider", name=name) for name in ("Learning rate", "Number of steps")]
    for found in (*labels, *sliders, *rate.get_by_role("button").all(), rate.locator(".log-slider-note")):
        assert is_in_view(page, found)
    play = page.get_by_role("button", name="Play", exact=True).or_(page.get_by_role("button", name="Pause", exact=True))
    charts = [page.locator(f"[data-chart={name}]") for name in ("fit", "loss", "surface")]
    for found in (page.locator(".player-equation"), *charts, play, page.get_by_role("slider", name="Epoch")):
        assert is_in_view(page, found), found
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == 0
    box = page.locator(".st-key-features").bounding_box()
    assert box
    assert box["y"] + box["height"] <= height
    assert page.evaluate("() => document.querySelector('[data-testid=stSidebarContent]').scrollTop") == 0


def test_a_label_belongs_to_one_widget(visit: Callable[..., Page]) -> None:
    page = visit(PLAIN)
    for label in ("Learning rate", "Epochs", "Features", "Target", "Optimizer", "Batch size", "Dataset", "Upload CSV"):
        expect(page.get_by_label(label)).to_have_count(1)
        expect(page.get_by_label(label, exact=True)).to_have_count(1)


def test_a_term_is_explained_under_the_pointer_and_with_the_focus(visit: Callable[..., Page]) -> None:
    page = visit(PLAIN)
    tip = page.get_by_role("tooltip")
    expect(tip).to_have_count(0)
    page.locator(TERM.format("epochs")).hover()
    expect(tip).to_have_text(TERMS["epochs"])
    page.locator(".player-equation").hover()
    expect(tip).to_have_count(0)
    rate = page.get_by_label("Learning rate", exact=True)
    rate.focus()
    expect(tip).to_have_text(TERMS["learning_rate"])
    assert rate.get_attribute("aria-description") == TERMS["learning_rate"]
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_a_term_is_explained_to_a_finger(visit: Callable[..., Page]) -> None:
    page = visit(PLAIN, has_touch=True)
    page.locator(TERM.format("dataset")).tap()
    expect(page.get_by_role("tooltip")).to_have_text(TERMS["dataset"])


def test_each_explanation_is_short_and_belongs_to_a_widget(visit: Callable[..., Page]) -> None:
    page = visit(PLAIN)
    assert {key: text for key, text in TERMS.items() if len(text.split()) > 20} == {}
    shown = page.evaluate("() => [...document.querySelectorAll('[class*=st-key-]')].flatMap((e) => [...e.classList])")
    of_other_choices = {"momentum", "smoothing", "beta1", "beta2", "epsilon", "weight_decay", "period", "drop"}
    of_other_choices |= {"delta", "quantile"}
    assert set(TERMS) - {name.removeprefix("st-key-") for name in shown} == of_other_choices
