"""The course's speed: a step's change beside a setting's, and its list beside an empty page, in headless Chromium."""

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.browser.harness import launch, open_page, serve

EMPTY = Path(__file__).with_name("empty_page.py")
RUN = "document.querySelector('[data-testid=player]').dataset.run"
MOVES = 12
OPENED = 5
TARGET = 1.5
"""Times what each is measured beside."""


def report(moves: int = MOVES, opened: int = OPENED) -> None:
    """Print both ratios, each beside its target."""
    with TemporaryDirectory() as folder, launch() as browser:
        logs = Path(folder)
        with serve(logs / "app") as app, serve(logs / "empty", EMPTY) as empty:
            _steps(browser, app.address, moves)
            _list(browser, app.address, empty.address, opened)


def _steps(browser: Browser, url: str, moves: int) -> None:
    """From the press of a key to another run in the player: of Next and Back, and of a batch size, alternating."""
    with browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce") as context:
        page = context.new_page()
        open_page(page, url, "/?lesson=learning-rate&step=2")
        page.wait_for_selector("[data-testid=player][data-state=paused]")
        page.get_by_text("Optimizer and batches").click()
        page.get_by_label("Batch size", exact=True).wait_for()
        steps, settings = list[float](), list[float]()
        for move in range(moves):
            steps.append(_answer(page, "button", "Back" if move % 2 else "Next"))
            page.get_by_label("Batch size", exact=True).fill(str(1 + move % 4))
            settings.append(_answer(page, "spinbutton", "Batch size"))
    step, setting = (statistics.median(times[2:]) for times in (steps, settings))
    _line("another step to its run", step, "ms", f"another setting {setting:.0f} ms")
    _line("by a setting's change", step / setting, "x", f"target <= {TARGET}")


def _answer(page: Page, role: str, name: str) -> float:
    """Milliseconds by the page's clock from Enter on a widget to the first frame with another run."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(300)
    page.evaluate(
        f"""() => {{ const before = {RUN}
             globalThis.taken = new Promise((done) => addEventListener("keydown", () => {{
               const from = performance.now()
               const seen = () => ({RUN} !== before ? done(performance.now() - from) : look())
               const look = () => requestAnimationFrame(seen)
               look() }}, {{ once: true, capture: true }})) }}"""
    )
    page.get_by_role(role, name=name, exact=True).press("Enter")  # type: ignore[arg-type]
    return float(page.evaluate("globalThis.taken"))


def _list(browser: Browser, url: str, empty: str, opened: int) -> None:
    """From the address to the last line, of the list of lessons and of an empty page, alternating; no cache."""
    bare, ours = list[float](), list[float]()
    for _ in range(opened):
        bare.append(_opening(browser, empty, "move 1"))
        ours.append(_opening(browser, f"{url}/learn", "To the playground"))
    first, list_ = statistics.median(bare), statistics.median(ours)
    _line("the list of lessons opens in", list_, "s", f"empty page {first:.2f} s")
    _line("by an empty page", list_ / first, "x", f"target <= {TARGET}")


def _opening(browser: Browser, address: str, words: str) -> float:
    """Seconds until the words are there."""
    with browser.new_context() as context:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(address)
        page.get_by_text(words).wait_for()
        return time.perf_counter() - began


def _line(name: str, value: float, unit: str, beside: str) -> None:
    print(f"  {name:<40}{value:8.2f} {unit:<10}{beside}")
