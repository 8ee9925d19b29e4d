"""On a phone nothing is wider than the screen, and touch scrolls and taps."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.harness import RUN, wait_for_another_run
from tests.browser.surface import inside

SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


def swipe(page: Page, x: float, y: float, up: float) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for i in range(1, 11):
        point = {"x": x, "y": y - up * i / 10}
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(20)
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(400)


def test_a_phone_shows_it_all_and_fingers_scroll_and_tap(visit: Callable[..., Page]) -> None:
    # The dataset with the longest names and the most features.
    path = "/?epochs=50&dataset=Employment+in+the+USA+(Longley+1967)"
    page = visit(path, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    nothing_is_cut_off(page)
    for chart in ("fit", "loss"):
        # A finger can only touch what is on the screen.
        page.locator(f"[data-chart={chart}]").evaluate("(chart) => chart.scrollIntoView({ block: 'center' })")
        scrolled, box = page.evaluate(SCROLLED), page.locator(f"[data-chart={chart}]").bounding_box()
        assert box
        swipe(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, up=120)
        # A finger on a chart scrolls the page; on a busy machine not at once.
        page.wait_for_function(f"(least) => ({SCROLLED})() > least", arg=scrolled + 50)
    page.locator("[data-chart=surface]").scroll_into_view_if_needed()
    before = page.evaluate(RUN)
    page.touchscreen.tap(*inside(page, 0.3, 0.6))
    page.wait_for_function("() => new URLSearchParams(location.search).has('start')")
    wait_for_another_run(page, before)


def nothing_is_cut_off(page: Page) -> None:
    assert page.locator("[data-value=year]").count() == 1
    wide = page.evaluate(
        """() => ["html", "body", "[data-testid=stApp]", "[data-testid=stMain]", "[data-testid=player]"]
          .filter((name) => { const e = document.querySelector(name); return e.scrollWidth > e.clientWidth })"""
    )
    assert wide == []
    for name in ("Restart", "Step back", "Play", "Step forward"):
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert min(box["width"], box["height"]) >= 24, "WCAG 2.5.8: a finger needs that much."
    charts = [chart.bounding_box() for chart in page.locator("[data-chart]").all()]
    assert all(box and box["width"] > 300 and box["height"] > 200 for box in charts)


def test_player_and_learning_rate_stay_at_the_lower_edge_of_a_phone(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=50", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    slider = page.locator(".st-key-learning_rate_thumb input[type=range]")
    for chart in ("fit", "loss", "surface"):
        page.locator(f"[data-chart={chart}]").evaluate("(chart) => chart.scrollIntoView({ block: 'center' })")
        for control in (page.get_by_role("button", name="Play"), page.get_by_role("slider", name="Epoch"), slider):
            box = control.bounding_box()
            assert box
            assert 844 / 2 < box["y"]
            assert box["y"] + box["height"] <= 844
            middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            assert control.evaluate("(control, at) => control.contains(document.elementFromPoint(...at))", [*middle])
    before = page.evaluate(RUN)
    box = slider.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2)
    wait_for_another_run(page, before)


def test_wide_screens_have_one_slider_for_the_learning_rate(visit: Callable[..., Page]) -> None:
    assert visit("/?epochs=50").get_by_role("slider", name="Learning rate").count() == 1
