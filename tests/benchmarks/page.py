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
        client.send("Performance.enable")
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
        frame = statistics.median(gaps[5:])
        print(f"  playback, 3 charts, 2,000 epochs   {1000 / frame:6.1f} frames/s   target >= 55")
        print(f"  main thread a frame                {1000 * (_busy(client) - busy) / len(gaps):6.2f} ms         target <= 8")
        idle_from, idle_began = _cpu(pid), time.perf_counter()
        page.get_by_role("button", name="Pause").click()
        time.sleep(5)
        idle = (_cpu(pid) - idle_from) / (time.perf_counter() - idle_began)
        print(f"  server CPU while it plays          {100 * (_cpu(pid) - cpu) / seconds:6.2f} %          {100 * idle:.2f} % while it is paused")


def _slider(browser: Browser, url: str, empty: str) -> None:
    """The page's own learning-rate field against a field and its echo on an otherwise empty page, in turns."""
    with _page(browser, url) as page, _page(browser, empty) as bare:
        ours, echo = [], []
        for move in range(MOVES + 2):
            rate = f"{0.01 + 0.0002 * (move + 1):.4f}"
            echo.append(_time_to(bare, rate, "(rate) => document.body.innerText.includes('echo ' + rate)"))
            run = page.get_by_test_id("player").get_attribute("data-run")
            ours.append(_time_to(page, rate, f"() => document.querySelector('[data-testid=player]').dataset.run !== '{run}'"))
        ours, echo = ours[2:], echo[2:]
        more = statistics.median(ours) - statistics.median(echo)
        print(f"  change to new curve, median of {MOVES}  {statistics.median(ours):6.0f} ms         echo on an empty page {statistics.median(echo):.0f} ms")
        print(f"  more than the echo                 {more:6.0f} ms         target <= 100")


def _time_to(page: Page, rate: str, shown: str) -> float:
    """Milliseconds in the page's own clock from Enter to the first frame in which `shown` holds."""
    page.get_by_label("Learning rate").fill(rate)
    page.evaluate(
        f"""(rate) => {{ const shown = {shown}
             globalThis.taken = new Promise((done) => addEventListener("keydown", () => {{
               const from = performance.now()
               const look = () => shown(rate) ? requestAnimationFrame(() => done(performance.now() - from)) : requestAnimationFrame(look)
               look() }}, {{ once: true, capture: true }})) }}""",
        rate,
    )
    page.get_by_label("Learning rate").press("Enter")
    taken = float(page.evaluate("globalThis.taken"))
    time.sleep(0.4)
    return taken


def _wire(browser: Browser, url: str) -> None:
    with _page(browser, url) as page:
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        sizes: list[int] = []
        client.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"]) * 3 // 4))
        page.get_by_label("Learning rate").fill("0.011")
        page.get_by_label("Learning rate").press("Enter")
        time.sleep(2)
        print(f"  one 2,000-epoch run on the wire    {sum(sizes) / 1000:6.1f} kB         target <= 80; all messages of the rerun, largest {max(sizes) / 1000:.1f}")


@contextmanager
def _page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    open_page(page, url)
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

