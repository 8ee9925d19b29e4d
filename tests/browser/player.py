"""What a visitor does with the player, for tests."""

from typing import Any

from playwright.sync_api import Locator, Page

LOOK = """() => {
  const { epoch, epochs, run, state, outcome } = document.querySelector("[data-testid=player]").dataset
  return { epoch: Number(epoch), epochs: Number(epochs), run, state, outcome }
}"""

# Records the player's data attributes whenever they change.
DIARY = """() => {
  globalThis.diary = []
  const root = document.querySelector("[data-testid=player]")
  new MutationObserver(() => diary.push({ ...root.dataset })).observe(root, { attributes: true })
}"""


def look(page: Page) -> dict[str, Any]:
    return dict(page.evaluate(LOOK))


def until(page: Page, condition: str, argument: Any = None) -> dict[str, Any]:
    """Wait for a condition on {epoch, epochs, run, state, outcome} and the argument `it`; return those values."""
    page.wait_for_function(
        f"(it) => {{ const {{ epoch, epochs, run, state, outcome }} = ({LOOK})(); return {condition} }}", arg=argument
    )
    return look(page)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def seek(page: Page, epoch: int) -> None:
    """Set the slider, as the mouse does, without waiting."""
    page.get_by_role("slider", name="Epoch").fill(str(epoch))


def set_speed(page: Page, speed: str) -> None:
    page.get_by_label("Speed").select_option(speed)


def let_go(page: Page) -> None:
    """Blur the focused control."""
    page.evaluate("() => document.activeElement.blur()")


def at_rest(page: Page) -> None:
    """Wait until Plotly draws the moving parts at the epoch shown."""
    page.wait_for_function(
        """() => {
          const { epoch, state } = document.querySelector("[data-testid=player]").dataset
          const trail = document.querySelector("[data-chart=loss]").data?.find((trace) => trace.name === "loss")
          return state !== "playing" && trail?.x.length && trail.x.at(-1) === Number(epoch) }"""
    )


def pace(page: Page, epochs: int) -> float:
    """Epochs per second, measured over at least this many."""
    return float(
        page.evaluate(
            """(epochs) => new Promise((done) => {
              const root = document.querySelector("[data-testid=player]")
              let from, first
              const look = (now) => {
                const epoch = Number(root.dataset.epoch)
                if (first === undefined || (from === undefined && epoch !== first)) {
                  if (first !== undefined) from = now  // at the very moment at which an epoch begins
                  first = epoch
                }
                if (from !== undefined && epoch >= first + epochs) done((epoch - first) / (now - from) * 1000)
                else requestAnimationFrame(look)
              }
              requestAnimationFrame(look) })""",
            epochs,
        )
    )
