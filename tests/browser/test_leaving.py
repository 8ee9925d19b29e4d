"""What leaves the charts: the fit's axis opens for it, a note at the edge says where it is, a zigzag stays legible."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from app.engine import Settings, run
from tests.browser.harness import seek
from tests.problems import students

DIVERGING = "/?learning_rate=0.0226&epochs=2000&precision=float64"
SETTINGS = Settings(learning_rate=0.0226, epochs=2000, precision="float64")

HEIGHTS = "() => document.querySelector('[data-chart=fit]')._fullLayout.yaxis.range"

DRAWN = """(chart) => {
  const overlay = document.querySelector(`[data-chart=${chart}] ~ svg.player-overlay`)
  const points = (path) => path.getAttribute("d").split(/[ML]/).filter(Boolean).length
  const notes = [...overlay.querySelectorAll(".player-edges text")]
  return {
    notes: Object.fromEntries(notes.map((note) => [note.dataset.side, note.textContent])),
    isFaded: overlay.querySelector("g:not(.player-ghost) > path.player-faded") !== null,
    steps: points(overlay.querySelector(".player-steps") ?? overlay.querySelector("path")),
  }
}"""

OPENED = """(heights) => {
  const mark = { reach: (_, k) => [[0, heights[k]]] }
  const opening = new Opening([mark], { length: heights.length }, [0, 10])
  return heights.map((_, k) => opening.at(k))
}"""


def opened(page: Page, heights: list[float]) -> Any:
    """The axis [frames, 2], from 0 to 10 if nothing leaves it, for a point at these heights."""
    return np.array(page.evaluate(OPENED, heights))


def changes(ends: Any) -> int:
    return int(np.count_nonzero(np.diff(ends)))


@pytest.mark.parametrize("seed", range(20))
def test_an_axis_holds_what_moves_and_opens_and_closes_once(modules: Page, seed: int) -> None:
    rng = np.random.default_rng(seed)
    heights = 5 + 40 * rng.normal(size=rng.integers(1, 250))
    low, high = opened(modules, heights.tolist()).T
    reachable = (heights > -80) & (heights < 90)
    assert (low[reachable] <= heights[reachable]).all()
    assert (high[reachable] >= heights[reachable]).all()
    assert changes(low) <= 8
    assert changes(high) <= 8


def test_an_axis_stands_still_unless_something_leaves_it(modules: Page) -> None:
    assert (opened(modules, [1.0, 9.0, 5.0]) == [0, 10]).all()


def test_an_axis_opens_in_steps_for_a_swing_that_grows_and_closes_for_one_that_dies_down(modules: Page) -> None:
    swing = [5 + (-1.1) ** k for k in range(60)]
    low, high = opened(modules, swing).T
    assert (np.diff(low) <= 0).all()
    assert (np.diff(high) >= 0).all()
    assert low[-1] == -80
    assert high[-1] == 90
    low, high = opened(modules, swing[::-1]).T
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()
    assert (low[-1], high[-1]) == (0, 10)


def test_in_a_long_run_too_both_sides_of_a_swing_are_seen(modules: Page) -> None:
    ends = opened(modules, [5 + 30 * (-1) ** k for k in range(20_001)])
    assert (ends[:, 0] <= -25).all()
    assert (ends[:, 1] >= 35).all()


def test_the_fits_axis_opens_with_the_swing_and_at_last_a_note_says_where_the_line_is(
    visit: Callable[..., Page],
) -> None:
    page = visit(DIVERGING)
    closed = page.evaluate(HEIGHTS)
    states = run(students(), SETTINGS).parameters
    seek(page, 40)
    low, high = page.evaluate(HEIGHTS)
    assert low < closed[0]
    assert high > closed[1]
    for weight, bias in states[[39, 40]].tolist():
        assert low < bias + 2 * weight < high
        assert low < bias + 10 * weight < high
    assert set(page.evaluate(DRAWN, "fit")["notes"].values()) == {""}
    seek(page, 201)
    weight, bias = states[201].tolist()
    ends = [bias + x * weight for x in (2 - 0.06 * 8, 10 + 0.06 * 8)]
    side, word, far = ("top", "up", max(ends)) if weight > 0 else ("bottom", "down", min(ends))
    note = page.evaluate(DRAWN, "fit")["notes"][side]
    assert note[1:] == f" fit line {word} to {float(f'{far:.3g}'):,.0f}".replace("-", "−")
    seek(page, 0)
    assert page.evaluate(HEIGHTS) == closed


def test_predictions_that_begin_far_outside_the_data_are_seen_from_the_first_epoch(visit: Callable[..., Page]) -> None:
    page = visit("/?dataset=students_sleep")
    low, high = page.evaluate(HEIGHTS)
    assert low < 0 < 100 < high
    assert set(page.evaluate(DRAWN, "fit")["notes"].values()) == {""}
    seek(page, 5000)
    low, high = page.evaluate(HEIGHTS)
    assert 60 < low < 75 < 98 < high < 110


def test_a_zoomed_fit_stays_as_it_is_until_a_double_click(visit: Callable[..., Page]) -> None:
    page = visit(DIVERGING)
    box, whole = page.locator("[data-chart=fit] .nsewdrag").bounding_box(), page.evaluate(HEIGHTS)
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 160, steps=4)
    page.mouse.up()
    page.wait_for_function(f"(whole) => ({HEIGHTS})()[0] !== whole[0]", arg=whole)
    zoomed = page.evaluate(HEIGHTS)
    seek(page, 40)
    assert page.evaluate(HEIGHTS) == zoomed
    page.mouse.dblclick(box["x"] + 60, box["y"] + 60)
    page.wait_for_function(f"(zoomed) => ({HEIGHTS})()[0] < zoomed[0]", arg=zoomed)
    seek(page, 41)
    assert page.evaluate(HEIGHTS)[0] < -200


def test_of_a_long_zigzag_the_last_fifty_steps_are_drawn_in_full(visit: Callable[..., Page]) -> None:
    for surface in ("contours", "3D", "one+weight"):
        page = visit(f"{DIVERGING}&surface={surface}")
        seek(page, 300)
        seen = page.evaluate(DRAWN, "surface")
        assert (seen["isFaded"], seen["steps"]) == (True, 51)
        page.close()


def test_a_path_that_curves_is_one_line(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300")
    seek(page, 300)
    seen = page.evaluate(DRAWN, "surface")
    assert (seen["isFaded"], seen["steps"]) == (False, 0)


def test_a_path_that_has_left_the_surface_is_told_where_it_went(visit: Callable[..., Page]) -> None:
    page = visit(DIVERGING)
    seek(page, 300)
    weight = run(students(), SETTINGS).parameters[300, 0].item()
    notes = page.evaluate(DRAWN, "surface")["notes"]
    side = "left" if weight < 0 else "right"
    assert notes[side][1:] == f" path at {float(f'{weight:.3g}'):,.0f}".replace("-", "−")
