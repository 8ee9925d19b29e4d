"""The running app, as `make run` serves it."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.harness import open_page, serve

SERVER_LOG = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of the app, on a port of its own."""
    log = pytestconfig.stash[SERVER_LOG] = tmp_path_factory.mktemp("server") / "log.txt"
    with serve(log) as running:
        yield running.address


@pytest.fixture
def visit(new_page: Callable[..., Page], server: str) -> Callable[..., Page]:
    """Opens the playground with a player that waits to be started."""

    def visit(path: str = "/", page: Page | None = None, **options: Any) -> Page:
        page = page or new_page(**{"reduced_motion": "reduce", **options})
        open_page(page, server, path)
        page.wait_for_selector("[data-testid=player][data-state]")
        return page

    return visit


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    log = item.config.stash.get(SERVER_LOG, None)
    if report.failed and log and log.exists():
        report.sections.append(("end of the server's log", log.read_text(errors="replace")[-4000:]))
    return report
