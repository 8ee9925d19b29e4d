"""What the charts say of themselves: legends, words beside the marks, a scale, and the tangent's slope."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.engine import Objective, Settings, run
from tests.browser.harness import change_rate, seek
from tests.problems import students

LEGENDS = """() => Object.fromEntries([...document.querySelectorAll("[data-chart]")].map((plot) => {
  const items = plot.closest("figure").querySelectorAll(".player-legend span")
  return [plot.dataset.chart, [...items].map((item) => item.textContent)]
}))"""

LABELS = """() => [...document.querySelectorAll(".player-labels text")]
  .filter((text) => text.getAttribute("visibility") === "visible").map((text) => text.textContent)"""

SHADES = """() => {
  const scale = document.querySelector("[data-chart=surface]").data[0].colorscale
  const stops = [...document.querySelectorAll("#player-scale stop")].map((stop) => stop.getAttribute("stop-color"))
  return [scale.map(([, color]) => color), stops]
}"""


def test_every_symbol_is_in_a_legend(visit: Callable[..., Page]) -> None:
    page = visit("/?residuals=true&held_out=0.2&arrows=true")
    assert page.evaluate(LEGENDS) == {
        "fit": ["data", "held out", "residuals", "fit line", "predictions"],
        "loss": ["least squares", "least held-out loss", "held-out loss", "loss"],
        "surface": ["eigenvector", "least squares", "start", "now", "−learning rate × gradient", "step taken"],
    }
    change_rate(page, "0.012")
    expect(page.locator("[data-chart=surface]").locator("xpath=ancestor::figure")).to_contain_text("run before")


def test_marks_are_named_until_the_visitor_has_done_a_few_things_and_then_when_looked_at(
    visit: Callable[..., Page],
) -> None:
    # An option that no other test has gives a browser that remembers nothing.
    page = visit("/?epochs=300&learning_rate=0.02", locale="en-NZ")
    page.wait_for_function(f"() => ({LABELS})().join() === 'you are here,lowest point'")
    seek(page, 300)
    page.wait_for_function(f"() => ['you are here', 'start'].every((word) => ({LABELS})().includes(word))")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => ({LABELS})().length === 0")
    page.locator("[data-chart=surface]").hover()
    page.wait_for_function(f"() => ({LABELS})().includes('start')")
    page.mouse.move(0, 0)
    page.wait_for_function(f"() => ({LABELS})().length === 0")
    enlarge = page.get_by_role("button", name="Enlarge Loss surface")
    enlarge.focus()
    page.wait_for_function(f"() => ({LABELS})().includes('start')")
    enlarge.blur()
    page.wait_for_function(f"() => ({LABELS})().length === 0")
    page.reload()
    visit("/?epochs=300", page)
    assert page.evaluate(LABELS) == []


def test_the_surfaces_colours_mean_the_same_in_light_and_dark_and_have_a_scale(visit: Callable[..., Page]) -> None:
    seen = []
    for scheme in ("light", "dark"):
        page = visit("/?epochs=50", color_scheme=scheme)
        scale, stops = page.evaluate(SHADES)
        assert scale == stops
        seen.append(scale)
        page.close()
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("loss", "optimizer"), [("mse", "gradient_descent"), ("mae", "gradient_descent"), ("mse", "adam")]
)
def test_the_tangent_says_its_slope_and_the_step_that_follows_from_it(
    visit: Callable[..., Page], loss: Any, optimizer: Any
) -> None:
    query = f"surface=one+weight&along=hours+studied&learning_rate=0.02&precision=float64&loss={loss}"
    page = visit(f"/?epochs=300&optimizer={optimizer}&{query}")
    settings = Settings(epochs=300, learning_rate=0.02, precision="float64", loss=loss, optimizer=optimizer)
    states, objective = run(students(), settings).parameters, Objective(students(), settings)
    for epoch in (0, 7):
        seek(page, epoch)
        slope = objective.gradient(states[epoch][None])[0, 0].item()
        lines = page.locator("[data-chart=surface] ~ svg .player-saying").all_text_contents()
        texts = [text.replace("−", "-").replace(",", "") for text in lines]
        assert texts[0] == f"slope {brief(slope)}"
        if optimizer == "adam":
            assert texts[1] == ""
        else:
            taken = (states[epoch + 1] - states[epoch])[0].item()
            assert texts[1] == f"step = -slope × rate = {brief(taken)}"


def brief(value: float) -> str:
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:#.3g}"
