"""A long run streams: it is watched, paused, stopped and left, and the server trains only while somebody waits."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.benchmarks.page import _cpu
from tests.browser.harness import Server, open_page, serve

LONG = "/?epochs=100000&gradient=autograd&learning_rate=0.001"
AVAILABLE = "() => Number(document.querySelector('[data-testid=player]').dataset.epochs)"
TOLD = """() => {
  const words = document.querySelector("[data-testid=stProgress]")?.innerText ?? ""
  return Number(/epoch ([\\d,]+) of/.exec(words)?.[1].replaceAll(",", ""))
}"""
OUTCOME = "() => document.querySelector('[data-testid=player]').dataset.outcome"


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that nobody else visits, so that its processor time is that of these tests' runs."""
    with serve(tmp_path_factory.mktemp("streaming") / "log.txt") as running:
        yield running


@pytest.fixture
def asked() -> list[str | bytes]:
    """What the page asked its server."""
    return []


@pytest.fixture
def visit(new_page: Callable[..., Page], own_server: Server, asked: list[str | bytes]) -> Callable[..., Page]:
    def visit(path: str = LONG, **options: str) -> Page:
        page = new_page(**options)
        page.on("websocket", lambda socket: socket.on("framesent", lambda sent: asked.append(sent)))
        open_page(page, own_server.address, path)
        page.wait_for_selector("[data-testid=player][data-state]")
        return page

    return visit


def at_rest(server: Server) -> bool:
    """Whether the server is idle within some seconds; a run would keep it busy for a minute."""
    for _ in range(40):
        before, began = _cpu(server.process.pid), time.perf_counter()
        time.sleep(0.5)
        if (_cpu(server.process.pid) - before) / (time.perf_counter() - began) < 0.1:
            return True
    return False


def test_a_long_run_streams_and_says_how_far_it_is(visit: Callable[..., Page]) -> None:
    page = visit()
    run = page.get_by_test_id("player").get_attribute("data-run")
    first = page.evaluate(AVAILABLE)
    page.wait_for_function(f"() => ({AVAILABLE})() >= {2 * first}")
    told = page.evaluate(TOLD)
    page.wait_for_function(f"() => ({TOLD})() > {told}")
    words = page.get_by_test_id("stProgress").inner_text()
    assert re.search(r"^epoch [\d,]+ of 100,000( · [\d,]+ epochs a second · [\d,]+ (s|min|h) left)?$", words), words
    assert page.get_by_test_id("player").get_attribute("data-run") == run


def test_stop_ends_it_and_go_on_takes_it_up(visit: Callable[..., Page], own_server: Server) -> None:
    page = visit()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("Stopped at epoch").wait_for()
    page.wait_for_function(f"() => ({OUTCOME})() === 'stopped'")
    assert at_rest(own_server)
    stopped = page.evaluate(TOLD)
    assert page.evaluate(AVAILABLE) == stopped
    page.get_by_role("button", name="Go on", exact=True).click()
    page.wait_for_function(f"() => ({OUTCOME})() === 'running' && ({TOLD})() > {stopped}")


def test_the_players_pause_is_the_servers_too(
    visit: Callable[..., Page], own_server: Server, asked: list[str | bytes]
) -> None:
    page = visit()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("Paused at epoch").wait_for()
    assert at_rest(own_server)
    page.wait_for_timeout(500)  # A question that was on its way is answered.
    before = len(asked)
    page.wait_for_timeout(1000)
    assert len(asked) == before, "Nobody looks at a run that rests."
    paused = page.evaluate(TOLD)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(f"() => ({TOLD})() > {paused}")


def test_a_closed_tab_ends_it(visit: Callable[..., Page], own_server: Server) -> None:
    page = visit()
    told = page.evaluate(TOLD)
    page.wait_for_function(f"() => ({TOLD})() > {told}")
    page.close()
    assert at_rest(own_server)


def test_other_settings_end_it(visit: Callable[..., Page], own_server: Server) -> None:
    page = visit()
    page.get_by_label("Epochs", exact=True).fill("50")
    page.get_by_label("Epochs", exact=True).press("Enter")
    page.wait_for_function(f"() => ({AVAILABLE})() === 50 && ({OUTCOME})() === 'finished'")
    page.get_by_test_id("stProgress").wait_for(state="detached")
    page.wait_for_function("() => document.querySelector('[data-testid=player]').dataset.state === 'ended'")
    assert at_rest(own_server)


def test_a_short_run_says_nothing_of_progress(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=200")
    assert page.get_by_test_id("stProgress").count() == 0
    assert page.get_by_role("button", name="Stop", exact=True).count() == 0
