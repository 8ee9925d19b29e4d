"""On a phone: charts are as wide as the screen, and fingers scroll."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.test_surface import RUN, inside

SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    return visit("/?epochs=50", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def swipe(page: Page, x: float, y: float, up: float) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for i in range(1, 11):
        point = {"x": x, "y": y - up * i / 10}
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(20)
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(400)


@pytest.mark.parametrize("chart", ["fit", "loss"])
def test_a_finger_on_a_chart_scrolls_the_page(phone: Page, chart: str) -> None:
    box = phone.locator(f"[data-chart={chart}]").bounding_box()
    assert box
    swipe(phone, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, up=120)
    assert phone.evaluate(SCROLLED) > 50


def test_a_tap_on_the_surface_starts_there(phone: Page) -> None:
    phone.locator("[data-chart=surface]").scroll_into_view_if_needed()
    before = phone.evaluate(RUN)
    phone.touchscreen.tap(*inside(phone, 0.3, 0.6))
    phone.wait_for_function("() => new URLSearchParams(location.search).has('start')")
    phone.wait_for_function(f"() => ({RUN})() !== '{before}'")
