"""Any chart takes the whole width, and how many stand side by side is a matter of the room there is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.player import at_rest, button, look, seek, until

# Of each chart that can be seen: its name, the width and height of its place, and those that Plotly has drawn.
SEEN = """() => [...document.querySelectorAll("[data-chart]")].filter((plot) => plot.checkVisibility()).map((plot) => {
  const box = plot.getBoundingClientRect(), { width, height } = plot._fullLayout
  return [plot.dataset.chart, ...[box.width, box.height, width, height].map(Math.round)] })"""
SETTLED = f"""(names) => {{ const seen = ({SEEN})()
  return seen.map(([name]) => name).join() === names
    && seen.every(([, a, b, c, d]) => Math.abs(a - c) <= 1 && Math.abs(b - d) <= 1) }}"""
ALL = "fit,loss,surface"
SURFACES = pytest.mark.parametrize("surface", ["contours", "3D"])


def seen(page: Page, names: str) -> list[Any]:
    """Wait until these charts are shown and drawn to their size."""
    page.wait_for_function(SETTLED, arg=names)
    return list(page.evaluate(SEEN))


def width(page: Page) -> float:
    return float(page.locator(".player-charts").evaluate("(charts) => charts.clientWidth"))


@SURFACES
def test_a_button_enlarges_a_chart_and_it_plays_on_meanwhile(visit: Callable[..., Page], surface: str) -> None:
    page = visit(f"/?surface={surface}")
    seen(page, ALL)
    button(page, "Play").click()
    before = until(page, "state === 'playing' && epoch > 1")
    button(page, "Enlarge Loss surface").click()
    ((_, wide, high, *_),) = seen(page, "surface")
    assert wide == pytest.approx(width(page), abs=1)
    assert high == pytest.approx(0.6 * page.evaluate("innerHeight"), abs=1)
    assert until(page, "epoch > it", before["epoch"])["state"] == "playing"
    # Another setting draws all three, of which two have no place now.
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    until(page, "run !== it && outcome === 'finished'", before["run"])
    seen(page, "surface")
    button(page, "Back to all charts").click()
    assert len(seen(page, ALL)) == 3


def test_what_moves_lies_where_the_enlarged_axes_say(visit: Callable[..., Page]) -> None:
    page = visit()
    seek(page, 300)
    for name in ("Enlarge Loss", "Back to all charts"):
        button(page, name).click()
        seen(page, "loss" if "Loss" in name else ALL)
        at_rest(page)
        page.wait_for_function(
            """() => {
              const plot = document.querySelector("[data-chart=loss]"), { xaxis: x, yaxis: y } = plot._fullLayout
              const trace = plot.data.find((trace) => trace.name === "loss")
              const head = plot.parentElement.querySelector(".player-overlay circle").transform.baseVal[0]?.matrix
              const place = [x._offset + x.d2p(trace.x.at(-1)), y._offset + y.d2p(trace.y.at(-1))]
              return head && Math.hypot(head.e - place[0], head.f - place[1]) < 0.5 }"""
        )


def test_keys_enlarge_one_chart_after_the_other_and_escape_returns(visit: Callable[..., Page]) -> None:
    page = visit()
    seen(page, ALL)
    page.keyboard.press("+")
    assert len(page.evaluate(SEEN)) == 3, "Without the focus the key is not the player's."
    page.get_by_test_id("player").focus()
    page.mouse.move(5, 5)
    for name in ("fit", "loss", "surface", "fit"):
        page.keyboard.press("+")
        seen(page, name)
    page.keyboard.press("Escape")
    seen(page, ALL)
    button(page, "Enlarge Loss").focus()
    page.keyboard.press("+")
    seen(page, "loss")
    page.keyboard.press("+")
    seen(page, "surface")
    focused = "() => document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "Back to all charts", "The focus stays on what is shown."
    page.keyboard.press("ArrowRight")
    assert look(page)["epoch"] == 1
    page.keyboard.press("Escape")
    seen(page, ALL)


@pytest.mark.parametrize(
    ("window", "columns"), [((1400, 900), 3), ((1280, 720), 3), ((1000, 700), 2), ((900, 700), 1), ((390, 844), 1)]
)
def test_charts_stand_side_by_side_only_where_they_have_room(
    visit: Callable[..., Page], window: tuple[int, int], columns: int
) -> None:
    page = visit("/?epochs=50", viewport={"width": window[0], "height": window[1]})
    charts = seen(page, ALL)
    lefts = page.evaluate(
        "() => [...document.querySelectorAll('[data-chart]')].map((c) => c.getBoundingClientRect().x)"
    )
    assert len(set(lefts)) == columns
    assert min(wide for _, wide, *_ in charts) >= 290
