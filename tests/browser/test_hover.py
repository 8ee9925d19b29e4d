"""What the charts say under the pointer or a finger, and how their axes are labelled."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.engine import Settings, run
from app.figures.loss import loss_axis
from components.player.plotly_part import PLOTLY
from tests.browser.harness import RUN, seek, wait_for_another_run
from tests.conftest import Visitors
from tests.problems import students

PLACE = """([chart, x, y]) => {
  const plot = document.querySelector(`[data-chart=${chart}]`), box = plot.getBoundingClientRect()
  const { xaxis, yaxis } = plot._fullLayout
  return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)]
}"""

LINES = """(chart) => [...document.querySelectorAll(`[data-chart=${chart}] .hovertext`)]
  .flatMap((text) => [...text.querySelectorAll("tspan.line")].map((line) => line.textContent))"""


def handed(page: Page, epoch: int) -> None:
    """Wait until Plotly has the moving parts of this epoch."""
    page.wait_for_function(
        """(epoch) => {
          const trail = document.querySelector("[data-chart=loss]").data.find(({ name }) => name === "loss")
          return trail?.x.at(-1) === epoch
        }""",
        arg=epoch,
    )


def said(page: Page, chart: str, x: float, y: float, *, by_touch: bool = False) -> list[str]:
    """The lines of the hover at a point in the axes' units."""
    at = page.evaluate(PLACE, [chart, x, y])
    if by_touch:
        page.touchscreen.tap(*at)
    else:
        page.mouse.move(0, 0)
        expect(page.locator(f"[data-chart={chart}] .hovertext")).to_have_count(0)
        page.mouse.move(*at)
    page.wait_for_function(f"(chart) => ({LINES})(chart).length > 0", arg=chart)
    return list(page.evaluate(LINES, chart))


@pytest.mark.parametrize("by_touch", [False, True])
def test_a_row_says_its_numbers_the_prediction_and_the_error(visit: Callable[..., Page], by_touch: bool) -> None:
    page = visit("/?epochs=300&precision=float64", **({"has_touch": True, "is_mobile": True} if by_touch else {}))
    seek(page, 300)
    handed(page, 300)
    weight, bias = run(students(), Settings(epochs=300, precision="float64")).parameters[300].tolist()
    predicted = bias + 6 * weight
    error = f"{'−' if predicted < 90 else '+'}{abs(predicted - 90):.2f}"
    expected = ["hours studied 6", "test score 90", f"predicted {predicted:.2f}", f"error {error}"]
    assert said(page, "fit", 6, 90, by_touch=by_touch) == expected
    if not by_touch:
        assert said(page, "fit", 6, predicted) == expected


def test_loss_and_path_say_their_epoch_and_no_hyphen_stands_for_a_minus(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&precision=float64&start=-3,-2")
    seek(page, 300)
    handed(page, 300)
    history = run(students(), Settings(epochs=300, precision="float64", start=(-3.0, -2.0)))
    loss = history.losses[300].item()
    assert said(page, "loss", 300, loss) == ["epoch 300", f"loss {loss:.6g}"]
    assert said(page, "surface", *history.parameters[300].tolist())[0] == "epoch 300"
    assert said(page, "surface", -4, 90)[0].startswith("weight of hours studied −")


@pytest.fixture(scope="module")
def plotly(visitors: Visitors) -> Iterator[Page]:
    """A page with Plotly and a place for a chart."""
    page = visitors.new_page(viewport={"width": 1400, "height": 900})
    page.set_content("<div id='chart' style='width: 330px; height: 390px'></div>")
    page.add_script_tag(path=PLOTLY)
    yield page
    page.close()


@pytest.mark.parametrize("scale", [1.0, 1e-7, 3e3, 1e12, 1e22])
@pytest.mark.parametrize("decades", [0.01, 0.5, 0.9, 1.2, 1.9, 2.1, 4.0, 11.0])
def test_the_labels_of_a_log_axis_are_whole_numbers_in_order(plotly: Page, scale: float, decades: float) -> None:
    axis = loss_axis(np.array([scale * 10**decades, scale]), 0.0, "loss", logarithmic=True)
    labels = plotly.evaluate(
        """(axis) => {
          Plotly.newPlot("chart", [{ x: [0], y: [1] }], { yaxis: axis })
          return [...document.querySelectorAll(".ytick text")].map((tick) => tick.textContent)
        }""",
        axis,
    )
    assert len(labels) >= 2
    numbers = [number(label) for label in labels]
    assert numbers == sorted(set(numbers))
    low, high = (10**end for end in axis["range"])
    assert all(low * 0.99 <= value <= high * 1.01 for value in numbers)


def number(label: str) -> float:
    """What a label says: 2000, 5k, 2e−8, or 10 and a raised exponent between characters of no width."""
    text = label.replace("−", "-")
    if "\u200b" in text:
        base, exponent = text.strip("\u200b").split("\u200b")
        assert base == "10"
        return float(f"1e{exponent}")
    suffixes = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
    return float(text.rstrip("kMGT")) * suffixes.get(text[-1], 1.0)


TITLES = """(chart) => [".xtitle", ".ytitle"].map((which) => {
  const plot = document.querySelector(`[data-chart=${chart}]`), text = plot.querySelector(which)
  const [title, area] = [text, plot.querySelector(".nsewdrag")].map((element) => element.getBoundingClientRect())
  const [long, room] = which === ".xtitle" ? [title.width, area.width] : [title.height, area.height]
  return { whole: text.querySelector("title").textContent, shown: text.dataset.unformatted, fits: long <= room + 8 }
})"""


@pytest.mark.parametrize("width", [390, 1400])
def test_an_axis_title_fits_its_axis_and_is_whole_under_the_pointer(visit: Callable[..., Page], width: int) -> None:
    page = visit("/?dataset=longley", viewport={"width": width, "height": 900})
    across, up = page.evaluate(TITLES, "surface")
    assert across["whole"] == "weight of price deflator (1954 = 100) (standardized)"
    assert across["fits"]
    assert across["shown"].startswith("weight of")
    assert across["shown"].endswith("(standardized)")
    assert "…" in across["shown"]
    assert (up["whole"], up["shown"], up["fits"]) == ("bias (standardized)", "bias (standardized)", True)


def test_titles_of_the_widest_letters_fit_too(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=50", viewport={"width": 1280, "height": 720})
    before = page.evaluate(RUN)
    wide, rows = 160 * "m", "\n".join(f"{x},{3 * x}" for x in range(1, 9))
    content = f"{wide},{wide}y\n{rows}".encode()
    uploader = page.get_by_test_id("stFileUploaderDropzoneInput")
    uploader.set_input_files({"name": "wide.csv", "mimeType": "text/csv", "buffer": content})
    wait_for_another_run(page, before)
    page.locator("[data-chart=fit] .ytitle title").wait_for(state="attached")
    for title in page.evaluate(TITLES, "fit"):
        assert title["fits"]
        assert len(title["whole"]) >= 160
