"""Nothing that the page does is against its own Content-Security-Policy, and nothing else can be done."""

import pytest
from playwright.sync_api import Page, expect

from app import tabs
from tests.browser.harness import change_rate, open_page, wait_for_script

WATCH = """
window.violations = []
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} in ${event.sourceFile}`)
})
"""

TRIES_WEBASSEMBLY = "script-src: wasm-eval in"
"""What protobuf's numbers do first, to go on without it."""


@pytest.fixture
def page(page: Page) -> Page:
    page.add_init_script(WATCH)
    return page


def violations(page: Page) -> list[str]:
    seen: list[str] = page.evaluate("violations")
    return [words for words in seen if not words.startswith(TRIES_WEBASSEMBLY)]


def test_nothing_that_the_page_does_is_against_its_policy(page: Page, server: str) -> None:
    open_page(page, server, "/?epochs=400")
    player = page.get_by_test_id("player")
    expect(player).to_have_attribute("data-state", "playing")
    page.get_by_role("button", name="Pause").click()
    change_rate(page, "0.005")
    for tab in [*tabs.OF_THE_RUN, "Predict", "Data", "Code"]:
        page.get_by_role("tab", name=tab).click()
        wait_for_script(page)
    for surface in ("3D", "one weight", "contours"):
        page.get_by_role("radio", name=surface).click()
        wait_for_script(page)
        expect(page.locator("[data-chart=surface] .main-svg").first).to_be_visible()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "own.csv", "mimeType": "text/csv", "buffer": b"x,y\n1,2\n2,3\n3,5\n4,4.5\n"}
    )
    expect(page.locator(".player-equation")).to_contain_text("y =")
    page.get_by_text("Save picture").click()
    for kind in ("PNG", "SVG"):
        with page.expect_download():
            page.get_by_role("button", name=kind).first.click()
        page.get_by_text("Save picture").click()
    assert violations(page) == []


@pytest.mark.parametrize(
    ("harm", "directive"),
    [
        ("setTimeout('window.done = true')", "script-src"),
        ("document.body.innerHTML += '<img src=x onerror=\"window.done = true\">'", "script-src-attr"),
        ("document.body.append(Object.assign(document.createElement('img'), { src: 'https://elsewhere.invalid' }))",
         "img-src"),
        ("fetch('https://elsewhere.invalid').catch(() => 0)", "connect-src"),
    ],
)  # fmt: skip
def test_what_an_attacker_would_do_is_stopped(
    page: Page, server: str, harm: str, directive: str, complaints: list[str]
) -> None:
    open_page(page, server, "/?epochs=20")
    page.evaluate(harm)
    page.wait_for_function("(directive) => violations.some((words) => words.startsWith(directive))", arg=directive)
    assert not page.evaluate("window.done")
    complaints.clear()  # the browser's own
