"""The address of the page is a link: Share copies it, and Back and Forward go where the page once was."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.harness import change_rate, open_page, seek, wait_for_address, wait_for_script

MODULES = """async (image) => {
  const source = new DOMParser().parseFromString(await (await fetch(image.src)).text(), "image/svg+xml")
  return source.documentElement.viewBox.baseVal.width }"""

CONTENT = b"x,y\n1,2\n2,4.5\n3,6\n4,8\n"


def upload(page: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)  # type: ignore[arg-type]


def choose(page: Page, dataset: str) -> None:
    page.get_by_label("Dataset").first.click()
    page.get_by_role("option", name=dataset).click()


def shared(page: Page) -> str:
    """Press Share; what is in the clipboard then."""
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text(re.compile("Copied"))).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def equation(page: Page) -> Locator:
    return page.locator(".player-equation")


@pytest.mark.parametrize("width", [390, 700, 1280])
def test_share_is_at_the_top_right(visit: Callable[..., Page], width: int) -> None:
    page = visit(viewport={"width": width, "height": 720})
    box = page.get_by_role("button", name="Share").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 200
    assert width - 80 <= box["x"] + box["width"] <= width
    page.get_by_role("button", name="Share").click(trial=True)  # nothing lies above it
    sentence = page.locator(".player-sentence").bounding_box()
    assert sentence
    assert sentence["y"] >= box["y"] + box["height"]
    header = page.get_by_test_id("stHeader").bounding_box()
    assert header
    assert width > 768 or sentence["y"] >= header["height"]


def test_share_copies_a_link_to_the_page_with_the_visitors_table(visit: Callable[..., Page], server: str) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert shared(page) == f"{server}/"
    expect(page.get_by_text("The link opens this page as it is now.")).to_be_visible()

    upload(page, "two.csv", CONTENT)
    expect(equation(page)).to_contain_text("y =")
    wait_for_script(page)
    change_rate(page, "0.0123")
    wait_for_address(page, learning_rate="0.0123")
    link = shared(page)
    assert link == page.url
    expect(page.get_by_text("Your table travels with the link.")).to_be_visible()
    other = visit(link.removeprefix(server))
    expect(equation(other)).to_contain_text("y =")
    assert other.get_by_label("Learning rate").first.input_value() == "0.0123"
    assert other.locator("[data-value=loss]").inner_text() == page.locator("[data-value=loss]").inner_text()

    upload(page, "large.csv", b"x,y\n" + b"".join(b"%d,%d\n" % (i, 2 * i + i * 37 % 11) for i in range(201)))
    wait_for_address(page, dataset="Yours: large.csv")
    expect(page.get_by_text("201 rows", exact=False).first).to_be_visible()
    wait_for_script(page)
    assert "fingerprint=" in shared(page)
    expect(page.get_by_text("The table is too large to travel")).to_be_visible()


def test_a_code_fills_the_screen_in_lecture_mode_and_a_long_link_says_why_it_has_none(
    visit: Callable[..., Page],
) -> None:
    page = visit("/?epochs=40", viewport={"width": 1280, "height": 720})
    page.evaluate("document.documentElement.dataset.lecture = ''")
    room = 300 - len(page.url) - len("&start=")
    for more, shows in ((room, True), (room + 1, False)):
        page.evaluate("(text) => history.replaceState(history.state, '', text)", f"?epochs=40&start={'7' * more}")
        page.get_by_role("button", name="Share").click()
        code, why = page.locator(".share-code"), page.get_by_text("codes that a phone can read hold 300")
        if shows:
            expect(why).to_be_hidden()
            page.wait_for_function("() => document.querySelector('.share-code').naturalWidth > 0")
            box, modules = code.bounding_box(), code.evaluate(MODULES)
            assert box
            assert box["height"] >= 0.85 * 720
            assert box["height"] / modules >= 8
        else:
            expect(code).to_be_hidden()
            expect(why).to_contain_text("This link has 301 letters")
        page.get_by_role("button", name="Close").click()


def test_a_file_holds_what_a_link_cannot_and_opens_by_upload_in_another_browser(
    visit: Callable[..., Page], new_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit("/?epochs=50")
    upload(page, "large.csv", b"x,y\n" + b"".join(b"%d,%d\n" % (i, 2 * i + i * 37 % 11) for i in range(201)))
    expect(equation(page)).to_contain_text("y =")
    wait_for_address(page, dataset="Yours: large.csv")
    page.get_by_role("button", name="Pin this run").click()
    page.locator(".player-pins span").wait_for()
    change_rate(page, "0.0123")
    wait_for_script(page)
    page.get_by_role("button", name="Share").click()
    page.get_by_text("What the link shows").click()
    page.get_by_label("Optimizer, loss, further settings").uncheck()
    page.get_by_label("Play when it opens").uncheck()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    assert download.value.suggested_filename == "large_settings.json"
    download.value.save_as(tmp_path / "file.json")
    shown = page.locator("[data-value=loss]").inner_text()

    other = new_page()  # in which motion is allowed
    visit("/?dataset=hubble&pins=30 learning_rate=0.1~none~before", page=other)
    upload(other, "file.json", (tmp_path / "file.json").read_bytes())
    expect(equation(other)).to_contain_text("y =")
    expect(other.locator(".player-pins span")).to_have_text(page.locator(".player-pins span").inner_text())
    expect(other.get_by_label("Learning rate").first).to_have_value("0.0123")
    expect(other.get_by_text("Optimizer and batches")).to_be_hidden()
    expect(other.get_by_text(re.compile("learning rate 0.0123, .* epochs, all rows at once"))).to_be_visible()
    seek(other, 0)
    expect(other.locator("[data-value=loss]")).to_have_text(shown)
    assert "fingerprint=" in other.url
    visit("/?epochs=40&play=0", page=other)
    expect(other.get_by_test_id("player")).to_have_attribute("data-epoch", "0")
    expect(other.get_by_test_id("player")).to_have_attribute("data-state", "paused")


def test_a_browser_without_a_clipboard_copies_too(visit: Callable[..., Page]) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read"])
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    assert shared(page) == page.url


def test_back_and_forward_lead_from_table_to_table_with_the_settings_of_each(visit: Callable[..., Page]) -> None:
    page = visit()
    change_rate(page, "0.02")
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    wait_for_address(page, learning_rate="0.0202")
    choose(page, "The expanding universe")
    expect(equation(page)).to_contain_text("recession velocity")
    change_rate(page, "0.05")
    wait_for_address(page, learning_rate="0.05")
    upload(page, "two.csv", CONTENT)
    expect(equation(page)).to_contain_text("y =")
    wait_for_script(page)

    def shows(words: str, rate: str) -> None:
        expect(equation(page)).to_contain_text(words)
        expect(page.get_by_label("Learning rate").first).to_have_value(rate)
        wait_for_script(page)

    own = page.get_by_label("Learning rate").first.input_value()
    for words, rate in (("recession velocity", "0.05"), ("test score", "0.0202")):
        page.go_back()
        shows(words, rate)
    for words, rate in (("recession velocity", "0.05"), ("y =", own)):
        page.go_forward()
        shows(words, rate)


def test_back_from_a_link_with_a_name_for_a_title_leaves_the_page(new_page: Callable[..., Page], server: str) -> None:
    page = new_page()
    page.goto("about:blank")
    open_page(page, server, "/?dataset=hubble")
    wait_for_address(page, dataset="The expanding universe (Hubble 1929)")
    page.wait_for_function("() => history.state?.isEntry")  # its history is kept from here on
    page.go_back()
    page.wait_for_url("about:blank")
