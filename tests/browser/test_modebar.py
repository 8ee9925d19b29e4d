"""The buttons that Plotly shows over a chart."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

BUTTONS = """() => [...document.querySelectorAll(".js-plotly-plot")].map((chart) =>
  chart._fullLayout._modeBar.buttons.flat().map((button) => button.name))"""


@pytest.mark.parametrize(
    ("address", "charts"),
    [("tab=Sweep", 4), ("tab=Why+it+is+slow", 5), ("surface=3D", 3), ("surface=one+weight", 3)],
)
def test_no_chart_offers_a_picture_without_what_moves(visit: Callable[..., Page], address: str, charts: int) -> None:
    page = visit(f"/?epochs=50&{address}")
    if "Sweep" in address:
        page.get_by_role("button", name="Sweep", exact=True).click()
    drawn = "[...document.querySelectorAll('.js-plotly-plot')].filter((chart) => chart._fullLayout)"
    page.wait_for_function(f"() => {drawn}.length === {charts}")
    for names in page.evaluate(BUTTONS):
        assert names, "a chart that offers nothing at all was not drawn"
        assert "toImage" not in names
