"""What people type with a decimal comma is what they meant."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.harness import wait_for_address


@pytest.mark.parametrize(("typed", "rate"), [("0,02", "0.02"), ("0.03", "0.03"), ("4e-2", "0.04"), (",05", "0.05")])
def test_a_rate_typed_with_a_comma_or_a_point_is_that_rate(visit: Callable[..., Page], typed: str, rate: str) -> None:
    page = visit("/?epochs=50")
    field = page.get_by_label("Learning rate").first
    field.select_text()
    page.keyboard.type(typed)
    assert float(field.input_value()) == float(rate), "one sees at once what was understood"
    page.keyboard.press("Enter")
    wait_for_address(page, learning_rate=rate)


@pytest.mark.parametrize(("pasted", "shown"), [("0,5", 0.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5)])
def test_a_pasted_number_is_read_with_the_mark_that_it_has(
    visit: Callable[..., Page], pasted: str, shown: float
) -> None:
    page = visit("/?epochs=50")
    field = page.get_by_label("Learning rate").first
    field.select_text()
    page.keyboard.insert_text(pasted)
    assert float(field.input_value()) == shown


def test_a_comma_in_a_whole_number_separates_thousands(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=50")
    page.get_by_label("Epochs").first.select_text()
    page.keyboard.type("1,200")
    page.keyboard.press("Enter")
    wait_for_address(page, epochs="1200")
