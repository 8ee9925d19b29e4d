"""The pictures for the README: `python -m tests.browser.screenshots`, or `make screenshots`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from tests.browser.harness import ROOT, launch, open_page, serve

FOLDER = ROOT / ".github"
EPOCH = 600


def take() -> None:
    """Save the playground, paused in the middle of a descent, in the light and the dark theme."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server, launch() as browser:
        for scheme in ("light", "dark"):
            path = FOLDER / f"playground-{scheme}.png"
            path.write_bytes(_picture(browser, server.address, scheme))
            print(f"  {path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")


def _picture(browser: Browser, address: str, scheme: str) -> bytes:
    context = browser.new_context(
        viewport={"width": 1400, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    open_page(page, address)
    page.wait_for_selector("[data-testid=player][data-state]")
    page.get_by_role("slider", name="Epoch").fill(str(EPOCH))
    page.evaluate("() => document.activeElement.blur()")
    # until the charts have settled, and fonts have loaded
    page.wait_for_function(
        """(epoch) => document.fonts.status === "loaded"
          && document.querySelector("[data-chart=loss]").data.find((trace) => trace.name === "loss")?.x.at(-1) === epoch
        """,
        arg=EPOCH,
    )
    picture = page.screenshot()
    context.close()
    return picture


if __name__ == "__main__":
    take()
