"""The running app, as `make run` serves it."""

import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SERVER_LOG = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of the app, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # The last option spares the search for this machine's address on the internet, which Streamlit would print.
    options = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    options += ["--browser.serverAddress=localhost"]
    log = pytestconfig.stash[SERVER_LOG] = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py", *options]
    with log.open("w") as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], patience: float = 60) -> None:
    """Returns once the server answers; fails if it stops, or after so many seconds."""
    # No proxy: one in the environment must not be asked for this very machine.
    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + patience
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with opener.open(f"{address}/_stcore/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail("The server did not start; its log is below.", pytrace=False)


def open_page(page: Page, server: str, path: str = "/") -> None:
    """Goes to a page of the app and waits until its script has run to the end without an exception."""
    page.goto(server + path)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    exceptions = page.get_by_test_id("stException").all_inner_texts()
    assert not exceptions, "\n".join(exceptions)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    log = item.config.stash.get(SERVER_LOG, None)
    if report.failed and log and log.exists():
        report.sections.append(("end of the server's log", log.read_text(errors="replace")[-4000:]))
    return report
