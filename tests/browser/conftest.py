"""The running app, as `make run` serves it."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from components.player.routes import FRONTEND
from tests.browser.harness import open_page, serve
from tests.conftest import Visitors

SERVER_LOG = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of the app, on a port of its own."""
    log = pytestconfig.stash[SERVER_LOG] = tmp_path_factory.mktemp("server") / "log.txt"
    with serve(log) as running:
        yield running.address


@pytest.fixture
def visit(new_page: Callable[..., Page], server: str) -> Callable[..., Page]:
    """Open the playground with a player that waits to be started."""

    def visit(path: str = "/", page: Page | None = None, **options: Any) -> Page:
        page = page or new_page(**{"reduced_motion": "reduce", **options})
        open_page(page, server, path)
        page.wait_for_selector("[data-testid=player][data-state]")
        return page

    return visit


# The player's modules that need no document.
PURE_MODULES = [
    "trajectory.js",
    "curves.js",
    "heights.js",
    "raycast.js",
    "numbers.js",
    "frames.js",
    "opening.js",
    "pace.js",
]


@pytest.fixture(scope="session")
def modules(visitors: Visitors) -> Iterator[Page]:
    """A page without the app, on which all exports of the pure modules are global names."""
    files = {f"/{path.name}": path for path in FRONTEND.glob("*.js")}

    def answer(route: Route) -> None:
        path = files.get(urlsplit(route.request.url).path)
        if path:
            route.fulfill(path=path, content_type="text/javascript")
        else:
            route.fulfill(body="", content_type="text/html")

    page = visitors.new_page(viewport={"width": 1400, "height": 900})
    page.route("**/*", answer)
    page.goto("http://127.0.0.1/")
    imports = "(names) => Promise.all(names.map((name) => import(`/${name}`)))"
    page.evaluate(f"async (names) => Object.assign(globalThis, ...await ({imports})(names))", PURE_MODULES)
    yield page
    page.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    log = item.config.stash.get(SERVER_LOG, None)
    if report.failed and log and log.exists():
        report.sections.append(("end of the server's log", log.read_text(errors="replace")[-4000:]))
    return report
