"""The parts of Plotly that the browser loads draw as the whole does."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from components.player.plotly_part import PLOTLY, plotly_that_draws
from components.player.routes import PLOTLY_PARTS

WHOLE = PLOTLY.read_text("utf-8")
LAYOUT = "{ width: 300, height: 300, title: { text: 'title' }, yaxis: { title: { text: 'loss' } } }"
PICTURE = f"""async (traces) => {{
  const plot = await Plotly.newPlot("chart", traces, {LAYOUT})
  const picture = await Plotly.toImage(plot, {{ format: "svg", imageDataOnly: true }})
  return picture.replace(/[0-9a-f]{{6}}/g, "")  // of each drawing's own, in its elements' names
}}"""


def picture(page: Page, script: str, kinds: list[str]) -> str:
    page.set_content("<div id='chart'></div>")
    page.add_script_tag(content=script)
    heights = [[1.0, 2.0, 4.0], [2.0, 3.0, 1.0], [5.0, 1.0, 0.0]]
    traces = [{"type": kind, "uid": kind, "x": [0, 1, 2], "y": [0, 1, 2], "z": heights} for kind in kinds]
    return str(page.evaluate(PICTURE, traces))


def test_the_part_for_two_dimensions_draws_what_the_whole_draws(new_page: Callable[..., Page]) -> None:
    kinds = ["scatter", "contour"]
    drawn = [picture(new_page(), script, kinds) for script in (plotly_that_draws(*PLOTLY_PARTS["plotly_2d.js"]), WHOLE)]
    assert drawn[0].count("<path") > 10
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("traces", PLOTLY_PARTS.values())
def test_a_part_is_less_than_half_and_knows_no_other_traces(new_page: Callable[..., Page], traces: list[str]) -> None:
    part = plotly_that_draws(*traces)
    assert len(part) < len(WHOLE) / 2
    page = new_page()
    page.add_script_tag(content=part)
    known = page.evaluate("() => Object.keys(Plotly.PlotSchema.get().traces)")
    assert set(known) == {"scatter", *traces}
