"""The running app, as `make run` serves it."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.browser.harness import serve

SERVER_LOG = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of the app, on a port of its own."""
    log = pytestconfig.stash[SERVER_LOG] = tmp_path_factory.mktemp("server") / "log.txt"
    with serve(log) as running:
        yield running.address


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    log = item.config.stash.get(SERVER_LOG, None)
    if report.failed and log and log.exists():
        report.sections.append(("end of the server's log", log.read_text(errors="replace")[-4000:]))
    return report
