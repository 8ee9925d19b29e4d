"""Pinned runs on the charts are where the engine has them, in step with the playing run, and go when removed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from app.engine import Settings, run
from tests.browser.harness import RUN, change_rate, seek, wait_for_another_run
from tests.problems import students

PRESET: dict[str, Any] = {"epochs": 600, "precision": "float32"}

# The head of a pinned run on a chart and the points of its path, in the axes' units.
HEADS = """([chart, pin]) => {
  const plot = document.querySelector(`[data-chart=${chart}]`)
  const { xaxis, yaxis } = plot._fullLayout
  const data = ([x, y]) => [xaxis.p2d(x - xaxis._offset), yaxis.p2d(y - yaxis._offset)]
  const group = plot.parentElement.querySelector(`[data-pin="${pin}"]`)
  if (!group) return null
  const head = group.querySelector("g").getAttribute("transform").match(/-?[\\d.]+/g).map(Number)
  const points = group.querySelector("path").getAttribute("d").slice(1).split("L").map((p) => p.split(",").map(Number))
  return { head: data(head), path: points.map(data) }
}"""

PINS = "() => document.querySelectorAll('[data-chart=loss] ~ svg [data-pin]').length"


def pin(page: Page, many: int) -> None:
    """Pin the run on the screen and wait until `many` are pinned."""
    page.get_by_role("button", name="Pin this run").first.click()
    page.wait_for_function(f"() => ({PINS})() === {many}")


def engine(rate: float, scaling: Any = "none", **how: Any) -> Any:
    """Losses [n] and parameters [n, 2] in the file's units of the notebook's students."""
    problem = students(scaling)
    history = run(problem, Settings(learning_rate=rate, **{**PRESET, **how}))
    return history.losses.double().numpy(), problem.in_file_units(history.parameters).numpy()


def check(page: Page, label: str, epoch: int, losses: Any, states: Any) -> None:
    """Check that heads and line of a pinned run are where the engine has them, within a pixel."""
    wide = {
        chart: page.evaluate(
            """(chart) => { const { xaxis, yaxis } = document.querySelector(`[data-chart=${chart}]`)._fullLayout
                 return [xaxis, yaxis].map((axis) => Math.abs(axis.range[1] - axis.range[0]) / axis._length) }""",
            chart,
        )
        for chart in ("fit", "loss", "surface")
    }
    k = min(epoch, len(losses) - 1)
    x, y = page.evaluate(HEADS, ["loss", label])["head"]
    assert x == pytest.approx(k, abs=wide["loss"][0])
    assert np.log10(y) == pytest.approx(np.log10(losses[k]), abs=wide["loss"][1])
    weight, bias = page.evaluate(HEADS, ["surface", label])["head"]
    assert weight == pytest.approx(states[k, 0], abs=wide["surface"][0])
    assert bias == pytest.approx(states[k, 1], abs=wide["surface"][1])
    for x, y in page.evaluate(HEADS, ["fit", label])["path"]:
        assert y == pytest.approx(states[k, 0] * x + states[k, 1], abs=2 * wide["fit"][1])


def test_a_pinned_run_races_the_next_one_in_step(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=600&learning_rate=0.005")
    pin(page, 1)
    change_rate(page, "0.02")
    pin(page, 2)
    change_rate(page, "0.01")
    for epoch in (0, 1, 40, 249, 600):
        seek(page, epoch)
        check(page, "1", epoch, *engine(0.005))
        check(page, "2", epoch, *engine(0.02))
    seek(page, 7)
    page.get_by_role("button", name="Step forward").click()
    page.wait_for_function("() => document.querySelector('[data-testid=player]').dataset.epoch === '8'")
    check(page, "2", 8, *engine(0.02))


def test_a_run_that_ended_waits_at_its_end(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=30&learning_rate=0.02")
    pin(page, 1)
    before = page.evaluate(RUN)
    page.get_by_label("Epochs").first.fill("600")
    page.keyboard.press("Enter")
    wait_for_another_run(page, before)
    for epoch in (10, 30, 500):
        seek(page, epoch)
        check(page, "1", epoch, *engine(0.02, epochs=30))


def test_a_pin_is_drawn_in_the_units_of_the_run_on_the_screen(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=600&learning_rate=0.02")
    pin(page, 1)
    change_rate(page, "0.01")
    page.get_by_text("Scaling, curves, missing values").click()
    page.get_by_text("standardize", exact=True).click()
    page.wait_for_function("() => document.querySelector('[data-chart=surface]').innerHTML.includes('standardized')")
    seek(page, 40)
    problem = students("standardize")
    losses, states = engine(0.02)
    weight, bias = states[40]
    there = (weight * problem.scales.item(), bias + weight * problem.means.item())
    assert page.evaluate(HEADS, ["surface", "1"])["head"] == pytest.approx(there, abs=1.0)
    assert page.evaluate(HEADS, ["loss", "1"])["head"][1] == pytest.approx(losses[40], rel=0.05)


def test_pins_come_back_from_a_link_and_are_gone_when_removed(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=600&learning_rate=0.005")
    pin(page, 1)
    change_rate(page, "0.02")
    page.wait_for_function("() => new URLSearchParams(location.search).has('pins')")
    other = visit("/?tab=Compare&" + urlsplit(page.url).query)
    other.wait_for_function(f"() => ({PINS})() === 1")
    seek(other, 100)
    check(other, "1", 100, *engine(0.005))
    assert other.locator(".player-pins").inner_text().split("\n")[-1].endswith("rate 0.005")
    table = other.locator("[data-testid=stDataFrame]:visible").first
    table.scroll_into_view_if_needed()
    box = table.locator("canvas").first.bounding_box()
    assert box
    other.mouse.click(box["x"] + box["width"] - 40, box["y"] + 35 * 1.5)  # “Remove”, in the first row's last cell
    other.wait_for_function(f"() => ({PINS})() === 0")
    other.wait_for_function("() => !new URLSearchParams(location.search).has('pins')")
    assert other.locator(".player-pins").count() == 0


def test_a_name_typed_in_the_table_is_the_runs(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=600&learning_rate=0.005&tab=Compare")
    pin(page, 1)
    change_rate(page, "0.02")
    table = page.locator("[class*=st-key-compare_1_0] [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    box = table.locator("canvas").first.bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + 100, box["y"] + 35 * 1.5)
    page.locator("#portal textarea").fill("slow")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.player-pins').innerText.includes('slow')")
    page.wait_for_function("() => new URLSearchParams(location.search).get('pins').endsWith('~slow')")
