"""What a first visit loads: the bytes that travel and the requests, beyond those of a page that is nearly empty."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.browser.harness import launch, open_page, serve

HERE = Path(__file__).parent


def report() -> None:
    """Print the weight of a first visit and of a second one with the browser's cache."""
    with (
        TemporaryDirectory() as folder,
        serve(Path(folder, "app")) as app,
        serve(Path(folder, "empty"), HERE / "empty_page.py") as empty,
        launch() as browser,
    ):
        bare = _visits(browser, empty.address, ".log-slider")
        page = _visits(browser, app.address, "[data-testid=player][data-state]")
    for name, target in (("first", "target <= 1.6"), ("second", "target 0")):
        more = {path: size for path, size in page[name].items() if path not in bare[name]}
        print(
            f"  {name} visit, beyond an empty page {sum(more.values()) / 1e6:9.2f} MB in {len(more)} requests, {target}"
        )


def _visits(browser: Browser, address: str, last: str) -> dict[str, dict[str, int]]:
    """Of a first and of a second visit, until the element `last` is there, what each file weighs, by its path."""
    with browser.new_context() as context:
        return {name: _loaded(context.new_page(), address, last) for name in ("first", "second")}


def _loaded(page: Page, address: str, last: str) -> dict[str, int]:
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    paths: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def respond(event: dict[str, object]) -> None:
        response = event["response"]
        assert isinstance(response, dict)
        if not response.get("fromDiskCache"):
            paths[str(event["requestId"])] = response["url"].removeprefix(address)

    def finish(event: dict[str, object]) -> None:
        size = event["encodedDataLength"]
        assert isinstance(size, int | float)
        if path := paths.get(str(event["requestId"])):
            sizes[path] = int(size)

    client.on("Network.responseReceived", respond)
    client.on("Network.loadingFinished", finish)
    open_page(page, address)
    page.wait_for_selector(last)
    page.wait_for_load_state("networkidle")
    page.close()
    return sizes
