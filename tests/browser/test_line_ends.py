"""The line of the fit chart is moved by its ends, with the mouse and the keyboard; that begins the next run there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.engine import Settings, run
from tests.browser.harness import RUN, wait_for_another_run, wait_for_script
from tests.problems import students

LEFT, RIGHT = "Line at hours studied 2", "Line at hours studied 10"
TABLE = "() => [...document.querySelectorAll('.player-table tbody tr')].map((row) => row.children[1].textContent)"


def parameters(page: Page) -> list[float]:
    text = page.evaluate("() => new URLSearchParams(location.search).get('start')")
    return [float(part) for part in text.split(",")]


@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_the_line_is_moved_by_its_ends_and_the_loss_follows(visit: Callable[..., Page], scaling: str) -> None:
    page = visit(f"/?epochs=300&precision=float64&learning_rate=0.001&squares=true&scaling={scaling}")
    page.get_by_role("button", name="Restart").click()
    left, right = (page.get_by_role("slider", name=name, exact=True) for name in (LEFT, RIGHT))
    before, loss = page.evaluate(RUN), page.evaluate(TABLE)[0]
    place = right.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 100, steps=5)
    expect(page.locator(".player-table tbody td").first).not_to_have_text(loss)
    assert page.evaluate(RUN) == before, "the browser itself draws what follows the hand"
    page.mouse.up()
    wait_for_another_run(page, before)
    wait_for_script(page)
    ends = [float(handle.get_attribute("aria-valuenow") or 0) for handle in (left, right)]
    problem = students("standardize" if scaling == "standardize" else "none")
    start = parameters(page)
    weight, bias = problem.in_file_units(run(problem, Settings(epochs=0, start=tuple(start))).parameters[0]).tolist()
    assert [2 * weight + bias, 10 * weight + bias] == pytest.approx(ends, abs=0.01)
    assert ends[1] > ends[0] + 20
    expect(page.get_by_test_id("player")).to_have_attribute("data-epoch", "0")

    before = page.evaluate(RUN)
    left.focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    wait_for_another_run(page, before)
    wait_for_script(page)
    expect(left).to_be_focused()
    assert float(left.get_attribute("aria-valuenow") or 0) > ends[0]
    assert float(right.get_attribute("aria-valuenow") or 0) == pytest.approx(ends[1], abs=0.01)
    page.get_by_role("button", name="Step forward").click()
    expect(left).to_be_hidden()


def test_a_curve_and_a_loss_without_a_formula_have_no_ends(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=20&loss=Huber")
    page.get_by_role("button", name="Restart").click()
    expect(page.get_by_role("slider", name="Epoch")).to_be_visible()
    expect(page.get_by_role("slider", name="Line at")).to_have_count(0)
