"""Typing into a copy of the table: every key counts, and a number is what people mean by it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.harness import wait_for_script

HOURS = """(hours) => (document.querySelector("[data-chart=fit]").calcdata ?? []).some(
  (points) => points[0].trace.name === "data" && String(points.map((point) => point.x)) === hours)"""


def cell(page: Page, column: str, line: int) -> Locator:
    return page.get_by_label(f"{column}, line {line}", exact=True)


@pytest.fixture
def copy(visit: Callable[..., Page]) -> Page:
    page = visit("/?tab=Data&epochs=50")
    page.get_by_role("button", name="Edit a copy").click()
    cell(page, "hours studied", 2).wait_for()
    wait_for_script(page)
    return page


def wait_for_hours(page: Page, *hours: float) -> None:
    """Wait until the fit chart has rows with these hours."""
    page.wait_for_function(HOURS, arg=",".join(f"{hour:g}" for hour in hours))


@pytest.mark.parametrize(("keys", "hour"), [("2,5", 2.5), ("3,7", 3.7), ("2.75", 2.75)])
def test_the_first_edit_of_a_cell_is_what_was_typed(copy: Page, keys: str, hour: float) -> None:
    cell(copy, "hours studied", 2).select_text()
    copy.keyboard.type(keys)
    copy.keyboard.press("Enter")
    wait_for_hours(copy, hour, 4, 6, 8, 10)
    assert cell(copy, "hours studied", 2).input_value() == keys
    expect(cell(copy, "hours studied", 3)).to_be_focused()
    expect(copy.locator(".cells small").first).to_have_text(f"= {hour:g}" if "," in keys else "")


def test_what_is_not_a_number_is_refused_beside_the_cell_and_outlives_another_tab(copy: Page) -> None:
    cell(copy, "test score", 3).fill("eighty")
    copy.keyboard.press("Enter")
    expect(copy.get_by_role("alert")).to_contain_text("Not a number: line 3, “test score”: “eighty”.")
    expect(cell(copy, "test score", 3)).to_have_attribute("aria-invalid", "true")
    wait_for_hours(copy, 2, 4, 6, 8, 10)
    copy.get_by_role("tab", name="Predict").click()
    cell(copy, "test score", 3).wait_for(state="detached")
    copy.get_by_role("tab", name="Data").click()
    expect(cell(copy, "test score", 3)).to_have_value("eighty")
    cell(copy, "test score", 3).fill("80,5")
    copy.keyboard.press("Enter")
    expect(copy.get_by_role("alert")).to_have_count(0)


def test_rows_are_added_pasted_and_deleted(copy: Page) -> None:
    cell(copy, "hours studied", 7).fill("12")
    cell(copy, "test score", 7).fill("99")
    copy.keyboard.press("Tab")
    wait_for_hours(copy, 2, 4, 6, 8, 10, 12)
    expect(cell(copy, "hours studied", 8)).to_have_value("")
    copy.get_by_role("button", name="Delete line 2", exact=True).click()
    wait_for_hours(copy, 4, 6, 8, 10, 12)
    cell(copy, "hours studied", 2).focus()
    pasted = """(field) => {
      const data = new DataTransfer()
      data.setData("text/plain", "1,5\\t7\\t70\\n2,5\\t7\\t72\\n")
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })) }"""
    cell(copy, "hours studied", 2).evaluate(pasted)
    wait_for_hours(copy, 1.5, 2.5, 8, 10, 12)
