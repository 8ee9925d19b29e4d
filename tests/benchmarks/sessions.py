"""Twenty sessions with long runs: how quickly the page still answers, and how evenly they share the server.

One session is a page in headless Chromium, whose other controls are timed. The others are clients that speak
Streamlit's protocol and send what a browser's timers would send.
"""

import asyncio
import re
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.browser.harness import launch, open_page, serve

SESSIONS = 20
ENDLESS = "epochs=100000&gradient=autograd&learning_rate=0.0001"
SETTLING_SECONDS, MEASURED_SECONDS = 20, 20
"""Seconds within which all visitors arrive, and over which their shares are measured."""

CLICKS = 16

AXIS = "() => document.querySelector('[data-chart=loss]')?._fullLayout?.yaxis.type"
PROGRESS = re.compile(r"epoch ([\d,]+) of")


class Visitor:
    """A browser tab as the server sees it; `epochs` is the last number in its progress line."""

    def __init__(self, address: str, query: str) -> None:
        self.url = address.replace("http", "ws") + "/_stcore/stream"
        self.query = query
        self.epochs = 0
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def stay(self) -> None:
        """Open the page and stay on it."""
        async with connect(self.url, subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None) as socket:
            try:
                await self._rerun(socket)
                async for data in socket:
                    assert isinstance(data, bytes)
                    self._receive(socket, ForwardMsg.FromString(data))
            finally:
                self._forget(list(self._timers))

    def _receive(self, socket: ClientConnection, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "auto_rerun":
            self._forget([message.auto_rerun.fragment_id])
            ticking = self._tick(socket, message.auto_rerun.fragment_id, message.auto_rerun.interval)
            self._timers[message.auto_rerun.fragment_id] = asyncio.create_task(ticking)
        elif kind == "stop_auto_rerun":
            self._forget(list(message.stop_auto_rerun.fragment_ids))
        elif kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise RuntimeError(element.exception.message)
            if found := PROGRESS.search(element.progress.text):
                self.epochs = int(found[1].replace(",", ""))

    async def _tick(self, socket: ClientConnection, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._rerun(socket, fragment)

    async def _rerun(self, socket: ClientConnection, fragment: str = "", state: WidgetState | None = None) -> None:
        """Run the page or a fragment: because of a widget's new state, or of a timer."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment) and state is None
        message.rerun_script.widget_states.widgets.extend([state] if state else [])
        await socket.send(message.SerializeToString())

    def _forget(self, fragments: list[str]) -> None:
        for fragment in fragments:
            if timer := self._timers.pop(fragment, None):
                timer.cancel()


def report() -> None:
    """Print how quickly other controls answer, alone and beside 19 long runs, and how evenly the runs progress."""
    print(f"{SESSIONS} sessions, each with a run of 100,000 epochs with autograd")
    with TemporaryDirectory() as folder, serve(Path(folder) / "log") as server, launch() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        open_page(page, server.address, "/?epochs=2000")
        alone = [_answers(page, *control) for control in CONTROLS]
        page.close()
        page = browser.new_page(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
        with _staying([Visitor(server.address, ENDLESS) for _ in range(SESSIONS - 1)]) as visitors:
            time.sleep(SETTLING_SECONDS)
            open_page(page, server.address, "/?" + ENDLESS)
            for control, before in zip(CONTROLS, alone, strict=True):
                answers = _answers(page, *control)
                beside = f"target <= 500; alone {statistics.median(before):.0f} ms; worst {max(answers):.0f} ms"
                _line(f"{control[0]} answers, median", statistics.median(answers), "ms", beside)
            _shares(visitors)


def _shares(visitors: list[Visitor]) -> None:
    before, began = [visitor.epochs for visitor in visitors], time.perf_counter()
    time.sleep(MEASURED_SECONDS)
    seconds = time.perf_counter() - began
    epochs = [visitor.epochs - first for visitor, first in zip(visitors, before, strict=True)]
    mean = statistics.mean(epochs)
    _line(
        "smallest share of a session", min(epochs) / mean, "of mean", f"target >= 0.5; largest {max(epochs) / mean:.2f}"
    )
    _line("all sessions together", sum(epochs) / seconds, "epochs/s", "")


def _answers(page: Page, _: str, button: str, effects: dict[str, str]) -> list[float]:
    """Milliseconds from each of several clicks on another control to its effect on the page."""
    taken = []
    page.wait_for_function(f"() => ({AXIS})() === 'log'")
    for click in range(CLICKS):
        name, effect = list(effects.items())[click % len(effects)]
        taken.append(float(page.evaluate(_CLICK.format(button=button, effect=effect), name)))
        time.sleep(0.3)
    return taken[2:]


_CLICK = """(name) => new Promise((done) => {{
  const from = performance.now()
  const look = () => ({effect}) ? done(performance.now() - from) : requestAnimationFrame(look)
  const choices = [...document.querySelectorAll("{button}")]
  choices.find((button) => button.innerText === name).click()
  look()
}})"""

_PANEL = "[...document.querySelectorAll('[role=tabpanel]')].some((panel) => panel.innerText.includes('{words}'))"

CONTROLS: list[tuple[str, str, dict[str, str]]] = [
    (
        "a switch of the charts",
        "[data-testid=stButtonGroup] button",
        {axis: f"({AXIS})() === '{axis}'" for axis in ("linear", "log")},
    ),
    (
        "a tab",
        "[role=tab]",
        {"History": _PANEL.format(words="Row k is the state"), "Errors": _PANEL.format(words="RMSE and MAE are")},
    ),
]
"""Name, buttons, and the effect of each button: the first reruns the run's fragment, the second the whole page."""


@contextmanager
def _staying(visitors: list[Visitor]) -> Iterator[list[Visitor]]:
    """Simulated visitors, in a separate thread."""
    leave = Event()
    with ThreadPoolExecutor(1) as thread:
        stay = thread.submit(asyncio.run, _stay(visitors, leave))
        try:
            yield visitors
        finally:
            leave.set()
        stay.result()


async def _stay(visitors: list[Visitor], leave: Event) -> None:
    """Arrive one after another and leave together; raises the first visitor's exception."""
    staying = []
    for visitor in visitors:
        staying.append(asyncio.create_task(visitor.stay()))
        await asyncio.sleep(0.2)
    while not leave.is_set():
        await asyncio.sleep(0.1)
    for task in staying:
        task.cancel()
    for result in await asyncio.gather(*staying, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


def _line(name: str, value: float, unit: str, beside: str) -> None:
    print(f"  {name:<40}{value:8.2f} {unit:<10}{beside}")


if __name__ == "__main__":
    report()
