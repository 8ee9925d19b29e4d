"""The parts of Plotly that the browser loads draw as the whole does."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from components.player.plotly_part import PLOTLY, plotly_with
from components.player.routes import PLOTLY_PARTS

WHOLE = PLOTLY.read_text("utf-8")
PICTURE = """async (kinds) => {
  const [x, z] = [[0, 1, 2], [[1, 20, 400], [2, 3000, 10], [50, 10, 1]]]
  const log = { type: "log", title: { text: "loss" } }
  const traces = kinds.map((type) => ({ type, uid: type, x, y: x, z: type === "scatter3d" ? x : z }))
  const plot = await Plotly.newPlot("chart", traces,
    { width: 300, height: 300, xaxis: { title: { text: "epoch" } }, scene: { zaxis: log } })
  const picture = await Plotly.toImage(plot, { format: "svg", imageDataOnly: true })
  return picture.replace(/[0-9a-f]{6}/g, "")  // of each drawing's own, in its elements' names
}"""


@pytest.mark.parametrize(
    ("part", "kinds"), [("plotly_2d.js", ["scatter", "contour"]), ("plotly_3d.js", ["surface", "scatter3d"])]
)
def test_a_part_is_less_than_half_and_draws_what_the_whole_draws(
    new_page: Callable[..., Page], part: str, kinds: list[str]
) -> None:
    script = plotly_with(*PLOTLY_PARTS[part])
    assert len(script) < len(WHOLE) / 2
    drawn = []
    for each in (script, WHOLE):
        page = new_page()
        page.set_content("<div id='chart'></div>")
        page.add_script_tag(content=each)
        drawn.append(page.evaluate(PICTURE, kinds))
    assert len(drawn[0]) > 5000
    assert drawn[0] == drawn[1]
