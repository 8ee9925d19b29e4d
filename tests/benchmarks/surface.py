"""The loss surface: its cost by the number of rows, how quickly the path follows the pointer, and the frame rate."""

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from playwright.sync_api import Browser, Page

from app.charts.surface import MAX_GRID_ROWS
from app.engine import Objective, Problem, Settings
from tests.browser.harness import launch, open_page, serve
from tests.browser.surface import HANDLE

POINTS = 100
EVERYTHING = "epochs=2000&arrows=true&residuals=true"

GAPS = """() => new Promise((done) => {
  const gaps = []; let last = performance.now()
  const tick = (now) => {
    gaps.push(now - last); last = now
    if (gaps.length < 600) requestAnimationFrame(tick); else done(gaps)
  }
  requestAnimationFrame(tick) })"""

COUNT = """() => {
  const path = document.querySelector("[data-chart=surface] ~ svg g:not(.player-ghost) > path"), seen = new Set()
  new MutationObserver(() => seen.add(path.getAttribute("d"))).observe(path, { attributes: true })
  globalThis.pathsSeen = () => seen.size
}"""


def report() -> None:
    """Print the surface's numbers, each beside its target."""
    _grids()
    with TemporaryDirectory() as folder, serve(Path(folder) / "log") as app, launch() as browser:
        _drag(browser, app.address, "gradient descent", "epochs=2000")
        _drag(browser, app.address, "Adam, from the server", "epochs=2000&optimizer=adam&learning_rate=0.1")
        for name, view in (("contours", "surface=contours"), ("3D", "surface=3D")):
            _frames(browser, app.address, name, view)


def _grids() -> None:
    """Time 100 × 100 losses of a problem with two parameters, alternating between five rows and a million."""
    few, many = (_problem(n) for n in (5, 1_000_000))
    for loss in ("mse", "huber"):
        objectives = [Objective(problem, Settings(loss=loss)) for problem in (few, many)]
        taken = [[_time(objective) for objective in objectives] for _ in range(7)]
        small, large = (statistics.median(times) for times in zip(*taken, strict=True))
        how = "from A, c and L*" if loss == "mse" else f"from {MAX_GRID_ROWS:,} rows at most, said so"
        print(f"  {f'{POINTS} x {POINTS} losses ({loss}), 1,000,000 rows':<40}{large:8.2f} ms        "
              f"5 rows {small:.2f} ms; {how}")  # fmt: skip


def _time(objective: Objective) -> float:
    """Milliseconds for the grid, once the rows are reduced to a triangular matrix."""
    ends = torch.linspace(-2, 2, POINTS, dtype=torch.float64)
    places = torch.stack(torch.meshgrid(ends, ends, indexing="xy"), dim=-1)
    few = objective.on_sample(MAX_GRID_ROWS)
    few.of(places[:2])
    began = time.perf_counter()
    objective.on_sample(MAX_GRID_ROWS).of(places)
    return 1000 * (time.perf_counter() - began)


def _problem(n: int) -> Problem:
    x = torch.randn(n, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    problem = Problem(x, 2 * x[:, 0] + 1)
    assert problem.optimum
    return problem


def _drag(browser: Browser, url: str, name: str, how: str) -> None:
    page = _page(browser, f"{url}/?{how}")
    x, y = page.evaluate(HANDLE)
    page.evaluate(COUNT)
    page.mouse.move(x, y)
    page.mouse.down()
    began = time.perf_counter()
    while (seconds := time.perf_counter() - began) < 5:
        page.mouse.move(x + 14 * seconds, y - 30 * seconds)
        page.wait_for_timeout(30)
    paths = page.evaluate("pathsSeen()")
    page.mouse.up()
    page.context.close()
    print(f"  {f'paths while the start moves, {name}':<50}{paths / seconds:8.2f} /s        target >= 5")


def _frames(browser: Browser, url: str, name: str, view: str) -> None:
    page = _page(browser, f"{url}/?{EVERYTHING}&{view}")
    page.get_by_label("Speed").select_option("1")
    page.get_by_role("button", name="Restart").click()
    page.get_by_role("button", name="Play").click()
    gaps = page.evaluate(GAPS)
    page.context.close()
    rate, slow = 1000 / statistics.median(gaps[5:]), 1000 / statistics.mean(gaps[5:])
    print(f"  {f'playback with everything on, {name}':<40}{rate:8.2f} frames/s  target >= 50; mean {slow:.1f}")


def _page(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    open_page(page, url)
    page.wait_for_selector("[data-testid=player][data-state]")
    page.wait_for_timeout(1500)
    page.get_by_test_id("player").press("End")
    page.wait_for_timeout(500)
    return page


if __name__ == "__main__":
    report()
