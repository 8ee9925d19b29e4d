"""Nothing is lost when the connection is cut, the server dies, the page is loaded again or the storage is full."""

import json
import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, FilePayload, Page, expect

from tests.browser.harness import Server, change_rate, open_page, seek, serve, wait_for_address, wait_for_script
from tests.visitor import visiting

LINES = [(i * 37 % 100 / 50 - 1, 3 * (i * 37 % 100 / 50 - 1) + i * 53 % 17 / 17) for i in range(300)]
TABLE: FilePayload = {
    "name": "scores.csv",
    "mimeType": "text/csv",
    "buffer": "".join(["x,score\n", *(f"{x:.2f},{y:.3f}\n" for x, y in LINES)]).encode(),
}
"""Too large for a link."""

LARGE: FilePayload = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"x,y\n" + b"1,2\n" * 1_000_000}

AWAY = "No connection: the player goes on, and changes wait."
KEPT = "This browser keeps a copy of your table."
NOT_KEPT = "This browser keeps nothing here: after a reload, upload your table again."
OFFER = "Your table scores.csv is still in this browser"

OBSERVED = """
const { now } = Date
Date.now = () => now() + 86_400_000  // this browser's clock is a day fast
globalThis.sockets = []
globalThis.WebSocket = class extends WebSocket {
  constructor(...all) { super(...all); sockets.push(this) }
}
"""

REFUSES = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') } }"


def upload(page: Page) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(TABLE)


def shown(page: Page) -> dict[str, Any]:
    """What a visitor would miss: the address, the epoch, the loss there and the pinned runs."""
    expect(page.locator("[data-testid=player][data-state]")).to_be_visible()
    wait_for_script(page)
    return {
        "address": page.url,
        "epoch": page.get_by_test_id("player").get_attribute("data-epoch"),
        "loss": page.locator("[data-value=loss]").inner_text(),
        "pins": page.locator(".player-pins").inner_text(),
    }


def expect_again(page: Page, before: dict[str, Any]) -> None:
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_test_id("player")).to_have_attribute("data-epoch", before["epoch"])
    expect(page.locator(".player-pins")).to_have_text(before["pins"])
    assert shown(page) == before


def test_a_short_cut_leaves_the_run_as_it_is_and_the_last_move_takes_effect(
    new_page: Callable[..., Page], server: str, complaints: list[str]
) -> None:
    page = new_page(reduced_motion="reduce")
    page.add_init_script(OBSERVED)
    open_page(page, server, "/?epochs=400&learning_rate=0.005")
    player = page.locator("[data-testid=player][data-state]")
    seek(page, 120)
    cut(page)
    rate = page.get_by_role("slider", name="Learning rate")
    before = page.locator("[data-value=loss]").inner_text()
    for _ in range(3):
        rate.press("ArrowRight")
    expect(page.locator("[data-value=loss]")).not_to_have_text(before)  # the browser knows that run by itself
    page.get_by_role("button", name="Step forward").click()
    expect(player).to_have_attribute("data-epoch", "121")
    wait_for_address(page, learning_rate="0.005")
    page.context.set_offline(False)
    wait_for_address(page, learning_rate="0.00519")
    expect(player).to_have_attribute("data-run", "2")
    expect(player).to_have_attribute("data-epoch", "121")
    expect(page.get_by_text(AWAY)).to_be_hidden()
    complaints.clear()  # the browser's, of what it could not reach


def test_a_killed_server_a_long_cut_and_a_reload_take_nothing_with_them(
    new_page: Callable[..., Page], tmp_path: Path, complaints: list[str]
) -> None:
    with ExitStack() as servers:

        def begin(port: int = 0) -> Server:
            # It forgets at once a tab whose connection is cut; by default that takes two minutes.
            forgets = "--server.disconnectedSessionTTL=0"
            return servers.enter_context(serve(tmp_path / "log.txt", port=port, options=[forgets]))

        def kill(server: Server) -> None:
            server.process.kill()
            server.process.wait()

        first = begin()
        page = new_page(reduced_motion="reduce")
        page.add_init_script(OBSERVED)
        open_page(page, first.address, "/?epochs=100000&gradient=autograd&learning_rate=0.001")
        killed_in_a_long_run_and_an_upload(page, lambda: kill(first))
        with on_a_small_disk():
            server = begin(int(first.address.rpartition(":")[2]))
        wait_for_address(page, learning_rate="0.00101")
        expect(page.get_by_text(AWAY)).to_be_hidden()
        expect(page.get_by_test_id("player")).to_have_attribute("data-epoch", "1")

        upload(page)
        expect(page.get_by_text(KEPT)).to_be_visible()
        expect(page.locator(".player-equation")).to_contain_text("score =")
        wait_for_script(page)
        change_rate(page, "0.005")
        page.get_by_role("button", name="Pin this run").click()
        expect(page.locator(".player-pins")).to_contain_text("rate")
        seek(page, 120)
        wait_for_script(page)
        before = shown(page)
        page.reload()
        expect_again(page, before)

        cut(page)
        page.evaluate("globalThis.isBefore = true")
        page.context.set_offline(False)
        page.wait_for_function("() => !globalThis.isBefore")  # The page asks for its table, and is loaded again.
        expect_again(page, before)
        only_a_click_opens_it_elsewhere_and_forgets_it(new_page, page, server, before)
    complaints.clear()  # the browser's, of what it could not reach


@contextmanager
def on_a_small_disk() -> Iterator[None]:
    """What is started meanwhile can write no file of more than 3 MB."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def cut(page: Page) -> None:
    """Cut the page's connection, and wait until it says so."""
    page.context.set_offline(True)
    page.evaluate("sockets.at(-1).close()")
    expect(page.get_by_text(AWAY)).to_be_visible()


def killed_in_a_long_run_and_an_upload(page: Page, kill: Callable[[], object]) -> None:
    player = page.locator("[data-testid=player][data-state]")
    expect(player).to_have_attribute("data-outcome", "running")
    with page.expect_event("console", is_streamlits_dialog):
        page.route("**/upload_file/**", lambda _: kill())
        upload(page)
    page.unroute("**/upload_file/**")
    expect(page.get_by_text(AWAY)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Step forward").click()
    expect(player).to_have_attribute("data-epoch", "1")
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")


def is_streamlits_dialog(message: ConsoleMessage) -> bool:
    """Whether Streamlit says that it now shows its dialog."""
    return "Streamlit server is not responding" in message.text


def only_a_click_opens_it_elsewhere_and_forgets_it(
    new_page: Callable[..., Page], page: Page, server: Server, before: dict[str, Any]
) -> None:
    link = before["address"].removeprefix(server.address)
    others = new_page(reduced_motion="reduce"), new_page(reduced_motion="reduce")
    for other in others:
        open_page(other, server.address, link)
        expect(other.get_by_text(OFFER)).to_be_visible()
        expect(other.get_by_test_id("player")).to_have_count(0)
    others[0].get_by_role("button", name="open it").click()
    expect(others[0].get_by_text(KEPT)).to_be_visible()
    assert shown(others[0]) == {**before, "epoch": "0", "loss": shown(others[0])["loss"]}

    visit = others[1]
    open_page(visit, server.address, "/")
    expect(visit.get_by_text(OFFER)).to_be_visible()
    visit.get_by_role("button", name="open it").click()
    expect(visit.get_by_text(KEPT)).to_be_visible()
    assert shown(visit)["address"] == before["address"]
    visit.get_by_role("button", name="Forget my data").click()
    visit.wait_for_url(server.address + "/")
    expect(visit.get_by_test_id("player")).to_be_visible()
    page.reload()
    expect(page.get_by_text("did not travel with it")).to_be_visible()
    expect(page.get_by_text(OFFER)).to_have_count(0)

    visit.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(LARGE)
    expect(visit.get_by_text("The server's disk is full.")).to_be_visible()
    for each in (page, *others):
        each.close()


def test_one_link_in_twenty_tabs_shows_the_same_in_each_and_each_goes_its_own_way(server: str) -> None:
    link = "epochs=3000&gradient=autograd&learning_rate=0.004"
    with ExitStack() as stack:
        tabs = [stack.enter_context(visiting(server)) for _ in range(20)]
        for tab in tabs:
            tab.run(link)
        assert len({tab.session for tab in tabs}) == 20
        titles = [json.loads(tab.components["player"][1])["title"] for tab in tabs]
        assert titles == ["students, learning rate 0.004"] * 20
        first, second = tabs[:2]
        first.tell("learning_rate_slider", "moved", 0.005)
        assert "learning rate 0.005" in first.components["player"][1]
        second.run(link)
        assert "learning rate 0.004" in second.components["player"][1]


def test_a_browser_that_keeps_nothing_says_so_and_all_else_works(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=20")
    page.evaluate(REFUSES)
    upload(page)
    expect(
        page.get_by_text("This browser keeps nothing here: after a reload, upload your table again.")
    ).to_be_visible()
    expect(page.locator(".player-equation")).to_contain_text("score =")
    change_rate(page, "0.005")
