"""A sweep, and the run that one of its points becomes."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.harness import RUN, wait_for_another_run

POINTS = """() => {
  const chart = document.querySelector('[class*=st-key-sweep_chart] .js-plotly-plot')
  const { left, top } = chart.getBoundingClientRect(), { xaxis, yaxis, _size } = chart._fullLayout
  const { x, y } = chart._fullData.find((trace) => trace.name === 'loss')
  return Array.from(x, (rate, i) =>
    [rate, left + _size.l + xaxis.d2p(rate), top + _size.t + yaxis.d2p(y[i])])
}"""


def test_a_click_on_a_point_makes_it_the_run(visit: Callable[..., Page]) -> None:
    page = visit("/?tab=Sweep&epochs=300")
    page.get_by_role("button", name="Sweep", exact=True).click()
    page.locator("[class*=st-key-sweep_chart] .scatterlayer .point").first.wait_for()
    page.get_by_text("click one to make it the run").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    rate, x, y = page.evaluate(POINTS)[20]
    before = page.evaluate(RUN)
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    wait_for_another_run(page, before)
    assert page.get_by_label("Learning rate").first.input_value() == f"{rate:g}"
    assert float(parse_qs(urlsplit(page.url).query)["learning_rate"][0]) == pytest.approx(rate, rel=1e-6)
