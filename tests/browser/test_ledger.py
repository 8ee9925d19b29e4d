"""The ledger of columns: a misread column is mended in three clicks, and the link shows the same elsewhere."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import open_page, wait_for_script

CONTENT = b"who,height,weight\n" + b"".join(
    b"P%d,%s,%d\n" % (i, b"tall%d" % i if i % 5 < 2 else b"%d" % (150 + i), 50 + i) for i in range(20)
)
"""A column of heights, of which two in five are words that do not repeat."""


def test_a_misread_column_is_mended_in_three_clicks_and_the_link_shows_the_same(
    visit: Callable[..., Page], browser: Browser
) -> None:
    page = visit()
    file = {"name": "class.csv", "mimeType": "text/csv", "buffer": CONTENT.replace(b"who", b"age").replace(b"P", b"1")}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="“height” left out").click()
    ledger = page.get_by_role("dialog", name="Columns of this file")
    expect(ledger.get_by_text("12 of 20 cells are numbers.")).to_be_visible()
    ledger.get_by_role("combobox", name="Read “height” as").click()
    page.get_by_role("option", name="number").click()
    expect(ledger.get_by_text("12 of 20 cells fit.")).to_be_visible()
    wait_for_script(page)
    ledger.press("Escape")
    expect(ledger).to_have_count(0)
    features = page.get_by_test_id("stMultiSelect").filter(has_text="Features")
    features.get_by_role("combobox").click()
    page.get_by_role("option", name="height").click()
    page.keyboard.press("Escape")
    equation = page.locator(".player-equation")
    expect(equation).to_contain_text("height")

    context = browser.new_context()
    other = context.new_page()
    open_page(other, page.url.partition("/?")[0], "/?" + page.url.partition("/?")[2])
    expect(other.locator(".player-equation")).to_contain_text("height")
    expect(other.get_by_role("button", name="8 cells of “height” do not fit")).to_be_visible()
    assert other.locator(".player-equation").inner_text().count("height") == 1
    context.close()
