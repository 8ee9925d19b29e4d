"""A Chromium whose pages may log no error and request nothing from other hosts. The tests that use it run last:
while it is open, Playwright runs an event loop in this thread, so that no other test could start one."""

import gc
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, ViewportSize, expect

from tests.browser.harness import NoBrowserError, launch

# As long as Playwright waits for everything else: its five seconds are too short on a busy machine.
expect.set_options(timeout=30_000)

# For the same tests under many settings; see tests/setup/processors.py.
settings.register_profile("one-of-many", max_examples=25)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=in_browser)


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    """Warm up as the server does: one thread for torch, and long-lived objects frozen out of garbage collection. Let
    AppTest scan the metadata of all installed packages once instead of for every page."""
    # Imported here, as it takes seconds that pytest's runs within a test can save.
    from streamlit.components.v2 import manifest_scanner

    from app import engine

    engine.warm_up_torch()
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


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
    """What went wrong on the test's pages. The test fails unless this is empty, or was emptied, at its end."""
    seen: list[str] = []
    yield seen
    if seen:
        pytest.fail("The page did what no page should:\n" + "\n".join(seen), pytrace=False)


# The next test's visitor is another: without a table, and without lessons.
FORGET = "() => { globalThis.keeper?.storage.clear(); if (location.host) localStorage.removeItem('lessons') }"


class Visitors:
    """A browser context for each kind of visitor. In each an empty page stays and opens the others: they share its
    process, which has already compiled the app's scripts, and that halves the work of a page."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        self._first_pages: dict[str, Page] = {}

    def new_page(
        self, *, viewport: ViewportSize, color_scheme: Any = None, reduced_motion: Any = None, **options: Any
    ) -> Page:
        """A page, with the options of Browser.new_context; pages that differ only in these three share a context."""
        kind = repr(sorted(options.items()))
        if kind not in self._first_pages:
            self._first_pages[kind] = self._first_page(**options)
        with self._first_pages[kind].expect_popup() as opened:
            self._first_pages[kind].evaluate("() => void open('about:blank')")
        opened.value.set_viewport_size(viewport)
        opened.value.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        return opened.value

    def _first_page(self, **options: Any) -> Page:
        """An empty page on the host of the others; the port does not matter."""
        context = self.browser.new_context(**options)
        watch(context, lambda complaint: self.complaints.append(complaint))
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("http://127.0.0.1/")
        return page


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Visitors:
    return Visitors(browser)


@pytest.fixture
def new_page(visitors: Visitors, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens pages with the options of Browser.new_context, such as `new_page(color_scheme="dark")`."""
    pages: list[Page] = []
    visitors.complaints = complaints

    def new_page(**options: Any) -> Page:
        pages.append(visitors.new_page(**{"viewport": {"width": 1400, "height": 900}, **options}))
        return pages[-1]

    yield new_page
    for page in pages:
        if not page.is_closed():
            page.evaluate(FORGET)
            page.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def watch(context: BrowserContext, complain: Callable[[str], object]) -> None:
    """Report errors in the console, uncaught exceptions, and requests to other hosts."""

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            complain(f"console error: {message.text} ({message.location.get('url')})")

    def note_address(url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in ("127.0.0.1", "localhost"):
            complain(f"request to another host: {url}")

    def note_error(error: Error) -> None:
        complain(f"uncaught error: {error.stack or error}")

    context.on("console", note_message)
    context.on("weberror", lambda error: note_error(error.error))
    context.on("request", lambda request: note_address(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: note_address(socket.url)))
