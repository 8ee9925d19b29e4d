"""A server, a Chromium, and what a visitor does on the page; for tests and benchmarks."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from playwright.sync_api import Browser, Page, sync_playwright

from tests.setup import chromium as installed

ROOT = Path(__file__).parents[2]
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


RUN = "() => document.querySelector('[data-testid=player]').dataset.run"


class NoBrowserError(Exception):
    """No Chromium is installed; the message says how to install one."""


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, and its process."""

    address: str
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)


@contextmanager
def serve(
    log: Path,
    script: Path = ROOT / "app" / "main.py",
    *,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    port: int = 0,
) -> Iterator[Server]:
    """The app, or another script, on a port of its own or a given one; what it prints goes to `log`.

    options, environment: more of Streamlit's options, and variables.
    """
    port = port or free_port()
    own = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *own, *options]
    variables = {**os.environ, **(environment or {})}
    with (
        log.open("w") as output,
        subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=variables) as process,
    ):
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield Server(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used; on Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], patience: float = 60) -> None:
    """Wait until the server answers; RuntimeError if it stops or takes longer than `patience` seconds."""
    # A proxy in the environment must not be asked for this machine itself.
    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + patience
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with opener.open(f"{address}/_stcore/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The server did not start; see its log.")


@contextmanager
def launch() -> Iterator[Browser]:
    """Headless Chromium; raises NoBrowserError."""
    executable = installed.find()
    if executable is None:
        raise NoBrowserError(installed.HOW_TO_INSTALL)
    with sync_playwright() as playwright:
        # Chromium's sandbox starts neither for root nor in most containers; every page here is our own.
        with playwright.chromium.launch(executable_path=executable, args=QUIET, chromium_sandbox=False) as browser:
            yield browser


def open_page(page: Page, server: str, path: str = "/") -> None:
    """Open a page of the app and wait until its script has finished without an exception."""
    page.goto(server + path)
    # Before its first run the app says "notRunning" too, but has no element yet. The first may be hidden.
    page.locator(
        "[data-testid=stApp][data-test-script-state=notRunning] [data-testid=stElementContainer]"
    ).first.wait_for(state="attached")
    exceptions = page.get_by_test_id("stException").all_inner_texts()
    assert not exceptions, "\n".join(exceptions)


def seek(page: Page, epoch: int) -> None:
    """Move the player to an epoch and wait until it is shown."""
    page.get_by_role("slider", name="Epoch").fill(str(epoch))
    page.wait_for_function(f"() => document.querySelector('[data-testid=player]').dataset.epoch === '{epoch}'")


def change_rate(page: Page, rate: str) -> None:
    """Type a learning rate and wait for its run."""
    before = page.evaluate(RUN)
    page.get_by_label("Learning rate").first.fill(rate)
    page.keyboard.press("Enter")
    wait_for_another_run(page, before)


def wait_for_another_run(page: Page, before: str) -> None:
    """Wait until the player has another run than `before`."""
    page.wait_for_function(f"(before) => ({RUN})() !== before", arg=before)


def wait_for_script(page: Page) -> None:
    """Wait until no script is running."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def emulate_scheme(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Let the browser prefer a colour scheme and wait until the player shows it."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "(scheme) => document.querySelector('[data-testid=player]').style.colorScheme === scheme", arg=scheme
    )


def wait_for_address(page: Page, **settings: str) -> None:
    """Wait until the address has these parameters."""
    page.wait_for_function(
        "(wanted) => Object.entries(wanted).every("
        "([name, value]) => new URLSearchParams(location.search).get(name) === value)",
        arg=settings,
    )
