"""A Chromium that forgives a page nothing. The tests that use it run last: while it is open, Playwright keeps an
event loop running in this thread, in which no other test could start one. Of several processes one runs them all."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.harness import NoBrowserError, launch


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=in_browser)
    for item in filter(in_browser, items):
        item.add_marker(pytest.mark.xdist_group("browser"))


def in_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with launch() as browser:
            yield browser
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What went wrong on the test's pages; fails the test unless it is empty, or emptied, at the end."""
    seen: list[str] = []
    yield seen
    if seen:
        pytest.fail("The page did what no page should:\n" + "\n".join(seen), pytrace=False)


@pytest.fixture
def new_page(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Makes pages, each a visitor of its own: `new_page(color_scheme="dark")`, as Browser.new_context has it."""
    contexts: list[BrowserContext] = []

    def new_page(**options: Any) -> Page:
        contexts.append(browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **options}))
        watch(contexts[-1], complaints)
        return contexts[-1].new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def watch(context: BrowserContext, complaints: list[str]) -> None:
    """Notes errors in the console, uncaught exceptions, and whatever is fetched from elsewhere."""

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console error: {message.text} ({message.location.get('url')})")

    def note_address(url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in ("127.0.0.1", "localhost"):
            complaints.append(f"request to another host: {url}")

    context.on("console", note_message)
    context.on("weberror", lambda error: complaints.append(f"uncaught error: {error.error.stack or error.error}"))
    context.on("request", lambda request: note_address(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: note_address(socket.url)))
