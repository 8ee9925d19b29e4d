"""The page's numbers, measured in headless Chromium against a server started for it."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.harness import Server, launch, open_page, serve

HERE = Path(__file__).parent
MOVES = 20


def report() -> None:
    """Print playback, slider and wire numbers, each beside its target or its floor."""
    with TemporaryDirectory() as folder:
        logs = Path(folder)
        with serve(logs / "app") as app, serve(logs / "empty", HERE / "empty_page.py") as empty, launch() as browser:
            _playback(browser, app)
            _slider(browser, app.address, empty.address)
            _wire(browser, app.address)


def _playback(browser: Browser, server: Server) -> None:
    with _page(browser, server.address) as page:
        page.get_by_label("Speed").select_option("1")
        page.get_by_role("button", name="Restart").click()
        client = page.context.new_cdp_session(page)
        client.send("Performance.enable", {"timeDomain": "threadTicks"})
        pid = server.process.pid
        cpu, busy, began = _cpu(pid), _busy(client), time.perf_counter()
        gaps = page.evaluate(
            """() => new Promise((done) => {
                 const gaps = []; let last = performance.now()
                 const tick = (now) => {
                   gaps.push(now - last); last = now
                   if (gaps.length < 600) requestAnimationFrame(tick); else done(gaps)
                 }
                 requestAnimationFrame(tick) })"""
        )
        seconds = time.perf_counter() - began
        _line("playback, three charts, 2,000 epochs", 1000 / statistics.median(gaps[5:]), "frames/s", "target >= 55")
        _line("main thread a frame", 1000 * (_busy(client) - busy) / len(gaps), "ms", "target <= 8")
        played = 100 * (_cpu(pid) - cpu) / seconds
        page.get_by_role("button", name="Pause").click()
        cpu, began = _cpu(pid), time.perf_counter()
        time.sleep(5)
        idle = 100 * (_cpu(pid) - cpu) / (time.perf_counter() - began)
        _line("server's processor while it plays", played, "%", f"{idle:.2f} % while it is paused")


def _slider(browser: Browser, url: str, empty: str) -> None:
    """The page's own learning-rate field against a field and its echo on an otherwise empty page, in turns."""
    with _page(browser, url) as page, _page(browser, empty) as bare:
        ours, echo = [], []
        for move in range(MOVES + 2):
            rate = f"{0.01 + 0.0002 * (move + 1):.4f}"
            echo.append(_time_to(bare, rate, "(rate) => document.body.innerText.includes('echo ' + rate)"))
            run = page.get_by_test_id("player").get_attribute("data-run")
            shown = f"() => document.querySelector('[data-testid=player]').dataset.run !== '{run}'"
            ours.append(_time_to(page, rate, shown))
        new_curve, floor = statistics.median(ours[2:]), statistics.median(echo[2:])
        _line(f"change to new curve, median of {MOVES}", new_curve, "ms", f"echo on an empty page {floor:.0f} ms")
        _line("more than the echo", new_curve - floor, "ms", "target <= 100")


def _time_to(page: Page, rate: str, shown: str) -> float:
    """Milliseconds in the page's own clock from Enter to the first frame in which `shown` holds."""
    page.get_by_label("Learning rate").fill(rate)
    page.evaluate(
        f"""(rate) => {{ const shown = {shown}
             globalThis.taken = new Promise((done) => addEventListener("keydown", () => {{
               const from = performance.now()
               const drawn = () => done(performance.now() - from)
               const look = () => requestAnimationFrame(shown(rate) ? drawn : look)
               look() }}, {{ once: true, capture: true }})) }}""",
        rate,
    )
    page.get_by_label("Learning rate").press("Enter")
    taken = float(page.evaluate("globalThis.taken"))
    time.sleep(0.4)
    return taken


def _wire(browser: Browser, url: str) -> None:
    sizes: list[int] = []
    with _page(browser, url, sizes) as page:
        sizes.clear()
        page.get_by_label("Learning rate").fill("0.011")
        page.get_by_label("Learning rate").press("Enter")
        page.wait_for_timeout(2000)
        _line("one 2,000-epoch run, figures included", max(sizes) / 1000, "kB", "target <= 80")
        _line("all that the change sent", sum(sizes) / 1000, "kB", "200 frames of st.plotly_chart: 4,500 kB")


def _line(name: str, value: float, unit: str, beside: str) -> None:
    print(f"  {name:<40}{value:8.2f} {unit:<10}{beside}")


@contextmanager
def _page(browser: Browser, url: str, sizes: list[int] | None = None) -> Iterator[Page]:
    """A page that has loaded; the sizes of what its server sends are added to `sizes`."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    if sizes is not None:
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(len(data))))
    open_page(page, url)
    page.get_by_label("Learning rate").wait_for()
    yield page
    context.close()


def _busy(client: CDPSession) -> float:
    """Seconds that the page's main thread has worked."""
    metrics = {metric["name"]: metric["value"] for metric in client.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def _cpu(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
