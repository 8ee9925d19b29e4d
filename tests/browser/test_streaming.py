"""A long run streams while it is watched, paused, stopped and left; the server trains only while somebody waits."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.harness import Server, open_page, serve

LONG = "/?epochs=100000&gradient=autograd&learning_rate=0.001"
AVAILABLE = "() => Number(document.querySelector('[data-testid=player]').dataset.epochs)"
TOLD = """() => {
  const words = document.querySelector("[data-testid=stProgress]")?.innerText ?? ""
  return Number(/epoch ([\\d,]+) of/.exec(words)?.[1].replaceAll(",", ""))
}"""
OUTCOME = "() => document.querySelector('[data-testid=player]').dataset.outcome"


def at_rest(server: Server) -> bool:
    """Whether the server becomes idle within 20 s; a run would keep it busy for a minute."""
    for _ in range(40):
        before, began = server.cpu_seconds(), time.perf_counter()
        time.sleep(0.5)
        if (server.cpu_seconds() - before) / (time.perf_counter() - began) < 0.1:
            return True
    return False


def test_a_long_run_is_watched_paused_stopped_taken_up_and_left(new_page: Callable[..., Page], tmp_path: Path) -> None:
    # A server without other visitors, so that its processor time is this run's.
    with serve(tmp_path / "log.txt") as server:
        asked: list[str | bytes] = []
        page = new_page()
        page.on("websocket", lambda socket: socket.on("framesent", lambda sent: asked.append(sent)))
        open_page(page, server.address, LONG)
        it_streams_and_says_how_far_it_is(page)
        the_players_pause_is_the_servers_too(page, server, asked)
        stop_ends_it_and_go_on_takes_it_up(page, server)
        other_settings_end_it(page, server)
        a_closed_tab_ends_it(page, server)


def it_streams_and_says_how_far_it_is(page: Page) -> None:
    player = page.locator("[data-testid=player][data-state]")
    run = player.get_attribute("data-run")
    first = page.evaluate(AVAILABLE)
    page.wait_for_function(f"() => ({AVAILABLE})() >= {2 * first}")
    goes_on(page)
    words = page.get_by_test_id("stProgress").inner_text()
    assert re.search(r"^epoch [\d,]+ of 100,000( · [\d,]+ epochs a second · [\d,]+ (s|min|h) left)?$", words), words
    assert player.get_attribute("data-run") == run


def goes_on(page: Page) -> None:
    # NaN before the first progress line, and while it is being replaced.
    (told,) = page.wait_for_function(f"() => {{ const told = ({TOLD})(); return told >= 0 && [told] }}").json_value()
    page.wait_for_function(f"() => ({TOLD})() > {told}")


def the_players_pause_is_the_servers_too(page: Page, server: Server, asked: list[str | bytes]) -> None:
    page.get_by_role("button", name="Pause").click()
    page.get_by_test_id("stProgress").get_by_text("Paused at epoch").wait_for()
    assert at_rest(server)
    page.wait_for_timeout(500)  # let a request that is under way be answered
    before = len(asked)
    page.wait_for_timeout(1000)
    assert len(asked) == before, "Nobody looks at a run that rests."
    page.get_by_role("button", name="Play", exact=True).click()
    goes_on(page)


def stop_ends_it_and_go_on_takes_it_up(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_test_id("stProgress").get_by_text("Stopped at epoch").wait_for()
    page.wait_for_function(f"() => ({OUTCOME})() === 'stopped'")
    assert at_rest(server)
    assert page.evaluate(AVAILABLE) == page.evaluate(TOLD)
    page.get_by_role("button", name="Go on", exact=True).click()
    page.wait_for_function(f"() => ({OUTCOME})() === 'running'")
    goes_on(page)


def other_settings_end_it(page: Page, server: Server) -> None:
    run_epochs(page, 50)
    page.wait_for_function(f"() => ({AVAILABLE})() === 50 && ({OUTCOME})() === 'finished'")
    page.get_by_test_id("stProgress").wait_for(state="detached")
    page.get_by_role("button", name="Stop", exact=True).wait_for(state="detached")
    page.wait_for_function("() => document.querySelector('[data-testid=player]').dataset.state === 'ended'")
    assert at_rest(server)


def a_closed_tab_ends_it(page: Page, server: Server) -> None:
    run_epochs(page, 100_000)
    page.wait_for_function(f"() => ({OUTCOME})() === 'running'")
    goes_on(page)
    page.close()
    assert at_rest(server)


def run_epochs(page: Page, epochs: int) -> None:
    page.get_by_label("Epochs", exact=True).fill(str(epochs))
    page.get_by_label("Epochs", exact=True).press("Enter")
