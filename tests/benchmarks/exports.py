"""What can be taken home of a run of 2,000 epochs: how long each file takes, beside the least that it could take."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from playwright.sync_api import Page

from app.dataset import ColumnChoice, load_sample
from app.engine import Settings
from app.explain.notebook_file import notebook
from app.explain.run_tables import numbers_json, numbers_zip
from app.explain.script import script
from app.runs.frames import Frames
from app.runs.pins import pin
from app.tabs.report import report as words_of_report
from tests.benchmarks.engine import line
from tests.browser.harness import launch, open_page, serve
from tests.scenes import finished

ROUNDS = 5
TARGET = "≤ 2 s"
GALTON = ColumnChoice("child height (in)", ("mid-parent height (in)",), scaling="standardize")

SAVE = """(content) => {
  const url = URL.createObjectURL(new Blob([content]))
  Object.assign(document.createElement("a"), { href: url, download: "floor.txt" }).click() }"""


def report() -> None:
    """Print a line for each file: seconds, target, and what it is compared with."""
    line("taking home a run of 2,000 epochs", "measured", "target", "peer")
    _on_the_server()
    _in_the_browser()


def _on_the_server() -> None:
    run = finished(load_sample("galton"), GALTON, Settings(learning_rate=0.05))
    pins = [pin(run, number, f"run {number}") for number in range(1, 9)]
    history = pd.DataFrame(Frames(run).printout(1))
    floor = f"pandas.to_csv of its history {seconds(partial(history.to_csv, index=False)):.3f} s"
    files: dict[str, Callable[[], object]] = {
        "Python script": partial(script, run),
        "notebook": partial(notebook, run),
        "CSV tables, 8 pinned runs": partial(numbers_zip, run, pins),
        "JSON file, 8 pinned runs": partial(numbers_json, run, pins),
        "words of the report": partial(words_of_report, run),
    }
    for name, make in files.items():
        line(f"{name}, 928 rows", f"{seconds(make):.3f} s", TARGET, floor)


def _in_the_browser() -> None:
    with TemporaryDirectory() as folder, serve(Path(folder, "app")) as server, launch() as browser:
        page = browser.new_page(reduced_motion="reduce")
        open_page(page, server.address, "/?epochs=2000")
        page.wait_for_selector("[data-testid=player][data-state]")
        page.evaluate("() => { window.print = () => (globalThis.printed = true) }")
        page.get_by_role("button", name="Take home").click()
        page.get_by_role("button", name="Film").wait_for()
        floor = f"an empty file {seconds(lambda: _saved(page, lambda: page.evaluate(SAVE, ''))):.3f} s"
        for name in ("Python script", "CSV tables", "Web page"):
            press = page.get_by_role("button", name=name).click
            line(f"{name}, in the browser", f"{seconds(partial(_saved, page, press)):.3f} s", TARGET, floor)
        line("Report, until it is printed", f"{seconds(partial(_printed, page)):.3f} s", TARGET, floor)
        page.keyboard.press("Escape")
        for name in ("PNG", "SVG"):
            line(f"picture of three charts, {name}", f"{seconds(partial(_picture, page, name)):.3f} s", TARGET, floor)


def _saved(page: Page, act: Callable[[], object]) -> None:
    with page.expect_download() as download:
        act()
    download.value.path()


def _printed(page: Page) -> None:
    page.evaluate("() => { globalThis.printed = false }")
    page.get_by_role("button", name="Report").click()
    page.wait_for_function("() => globalThis.printed")


def _picture(page: Page, kind: str) -> None:
    page.get_by_text("Save picture").click()
    _saved(page, page.get_by_role("button", name=kind).click)


def seconds(act: Callable[[], object]) -> float:
    """The median of a few times, after one to warm up."""
    times = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])
