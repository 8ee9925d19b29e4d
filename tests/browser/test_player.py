"""The player plays, stops, shows the engine's numbers, and survives other changes of the page."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from app.engine import Settings, run
from components.player.widget import LOADER
from tests.browser.harness import open_page, wait_for_script
from tests.browser.player import DIARY, at_rest, button, look, pace, seek, set_speed, until
from tests.problems import students

TWO_FEATURES = "Students: hours studied and slept"

# Records texts that nobody should ever see, not even for one frame.
SLIPS = """() => {
  globalThis.slips = []
  const look = () => {
    const found = document.body.innerText.match(/.*(NaN|Infinity|undefined|null).*/)
    if (found) slips.push(found[0])
  }
  look()
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
}"""

# What a chart draws: the points of the overlay's path, and of the trace that Plotly draws at rest.
# A point of the path is the lowest and the highest [x, y] that round to the same 0.1 pixels.
DRAWN = """([chart, name]) => {
  const plot = document.querySelector(`[data-chart=${chart}]`)
  const { xaxis, yaxis } = plot._fullLayout
  const path = plot.parentElement.querySelector(".player-overlay g:not(.player-ghost) > path").getAttribute("d")
  const about = (axis, pixel) => [-0.06, 0.06].map((off) => axis.p2d(pixel + off - axis._offset)).sort((a, b) => a - b)
  const points = path.slice(1).split("L").map((point) => point.split(",").map(Number))
  const trace = plot.data.find((trace) => trace.name === name)
  return {
    path: points.map(([x, y]) => [about(xaxis, x), about(yaxis, y)]),
    trace: Array.from(trace.x, (x, i) => [x, trace.y[i]]),
  }
}"""


@pytest.fixture
def visit(new_page: Callable[..., Page], server: str) -> Callable[..., Page]:
    """Open the playground: `visit(motion=False, epochs=500)` for a visitor who prefers reduced motion."""

    def visit(*, motion: bool = False, sockets: Callable[[Any], None] | None = None, **settings: Any) -> Page:
        page = new_page(reduced_motion="no-preference" if motion else "reduce")
        if sockets:
            page.on("websocket", sockets)
        open_page(page, server, f"/?{urlencode(settings)}")
        page.wait_for_selector("[data-testid=player][data-state]")
        return page

    return visit


def drawn(page: Page, chart: str, name: str) -> tuple[list[Any], list[list[float]]]:
    """The points of the path, each as a range, and those of the trace."""
    found = page.evaluate(DRAWN, [chart, name])
    return found["path"], found["trace"]


def test_the_first_visit_plays_by_itself_to_the_end(visit: Callable[..., Page]) -> None:
    page = visit(motion=True, epochs=400)
    until(page, "state === 'playing' && epoch > 0")
    assert button(page, "Pause").is_visible()
    until(page, "epoch > 20")
    set_speed(page, "20")
    ended = until(page, "state === 'ended'")
    assert (ended["epoch"], ended["epochs"], ended["outcome"]) == (400, 400, "finished")


def test_a_visitor_who_wants_no_motion_presses_play(visit: Callable[..., Page]) -> None:
    page = visit()
    before = look(page)
    assert (before["epoch"], before["state"], before["epochs"]) == (0, "paused", 2000)
    button(page, "Play").click()
    until(page, "state === 'playing' && epoch > 0")
    button(page, "Pause").click()
    paused = look(page)
    assert paused["state"] == "paused"
    at_rest(page)
    assert look(page) == paused

    button(page, "Step forward").click()
    assert look(page)["epoch"] == paused["epoch"] + 1
    button(page, "Step back").click()
    button(page, "Step back").click()
    assert look(page)["epoch"] == paused["epoch"] - 1
    assert look(page)["state"] == "paused"

    seek(page, 2000)
    assert look(page)["state"] == "ended"
    button(page, "Step forward").click()
    assert look(page)["epoch"] == 2000, "There is nothing after the end."
    set_speed(page, "0.1")
    button(page, "Restart").click()
    assert (look(page)["epoch"], look(page)["state"]) == (0, "paused"), "It stands there until Play."
    button(page, "Play").click()
    until(page, "state === 'playing' && epoch > 0")
    seek(page, 1234)
    going_on = until(page, "epoch > 1234")
    assert going_on["state"] == "playing", "The slider moves the player and does not stop it."
    button(page, "Step back").click()
    assert look(page)["state"] == "paused", "A step pauses."
    button(page, "Play").click()
    until(page, "state === 'playing'")
    button(page, "Restart").click()
    assert (look(page)["epoch"], look(page)["state"]) == (0, "paused")
    seek(page, 2000)
    button(page, "Play").click()
    assert until(page, "state === 'playing'")["epoch"] < 2000, "Play at the end begins again."


def test_the_speed_sets_the_pace(visit: Callable[..., Page]) -> None:
    page = visit(epochs=100_000, learning_rate=0.001)
    set_speed(page, "0.1")
    button(page, "Play").click()
    slow = pace(page, 10)
    set_speed(page, "20")
    quick = pace(page, 300)
    # 10 and 2,000 a second. On a busy machine frames of more than 250 ms lose time, but none adds any.
    assert slow < 20
    assert quick > 100


def test_the_keyboard_works_the_player_but_not_while_one_types(visit: Callable[..., Page]) -> None:
    page = visit()
    set_speed(page, "0.1")
    page.get_by_test_id("player").focus()
    page.keyboard.press("Space")
    until(page, "state === 'playing' && epoch > 0")
    page.keyboard.press("Space")
    paused = look(page)
    assert paused["state"] == "paused"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert look(page)["epoch"] == paused["epoch"] + 1
    page.keyboard.press("End")
    assert (look(page)["epoch"], look(page)["state"]) == (2000, "ended")
    page.keyboard.press("Home")
    assert (look(page)["epoch"], look(page)["state"]) == (0, "paused")

    slider = page.get_by_role("slider", name="Epoch")
    slider.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        slider.press(key)
    assert look(page)["epoch"] == 2, "A key pressed on the slider counts once."
    slider.press("End")
    assert look(page)["epoch"] == 2000
    slider.press("Home")
    slider.press("PageUp")
    assert look(page)["epoch"] > 2

    button(page, "Step forward").focus()
    before = look(page)["epoch"]
    page.keyboard.press("Space")
    assert (look(page)["epoch"], look(page)["state"]) == (before + 1, "paused"), "Space presses the button it is on."

    field = page.get_by_role("spinbutton", name="Learning rate")
    field.focus()
    before = look(page)
    for key in ("Space", "ArrowLeft", "ArrowRight", "Home", "End"):
        field.press(key)
    assert look(page) == before


def test_every_number_shown_is_the_engines(visit: Callable[..., Page]) -> None:
    page = visit()
    history = run(students(), Settings(precision="float32"))
    losses, weights, biases = history.losses.tolist(), history.weights[:, 0].tolist(), history.biases.tolist()
    for epoch in (0, 1, 137, 2000):
        seek(page, epoch)
        at_rest(page)
        loss, weight, bias = losses[epoch], weights[epoch], biases[epoch]

        path, line = drawn(page, "fit", "fit line")
        assert [y for _, y in line] == pytest.approx([weight * x + bias for x, _ in line], rel=1e-12)
        assert line[0][0] < 2 < 10 < line[1][0], "The line spans the data."
        _same(path, line)

        path, trail = drawn(page, "loss", "loss")
        assert trail[-1] == [epoch, loss]
        assert [y for _, y in trail] == [losses[int(x)] for x, _ in trail]
        assert [x for x, _ in trail] == sorted({x for x, _ in trail})
        _same(path[:1] + path[-1:], [[0, losses[0]], [epoch, loss]])

        path, walked = drawn(page, "surface", "path")
        assert walked[-1] == [weight, bias]
        states = list(zip(weights, biases, strict=True))
        places = [states.index((w, b)) for w, b in walked]
        assert places == sorted(places), "The path goes the way of the descent."
        _same(path[:1] + path[-1:], [[weights[0], biases[0]], [weight, bias]])

        for name, value in (("loss", loss), ("hours studied", weight), ("bias", bias)):
            _says(page, name, value)
        equation = page.locator(".player-equation").inner_text()
        said = re.fullmatch(r"test score = (−?[\d.]+) × hours studied ([+−] [\d.]+)", equation)
        assert said, equation
        numbers = [float(number.replace("−", "-").replace(" ", "")) for number in said.groups()]
        assert numbers == pytest.approx([weight, bias], abs=0.005)
        predicted = page.locator("[data-value=prediction]").all_inner_texts()
        assert predicted == [f"{weight * hours + bias:.4f}" for hours in (5, 7, 9)]
    assert predicted == ["84.3833", "90.3978", "96.4123"], "as in the notebook"


def _same(path: list[Any], points: list[list[float]]) -> None:
    """Check that each point is on the path, within its rounding."""
    assert len(path) == len(points)
    for ranges, point in zip(path, points, strict=True):
        for (low, high), value in zip(ranges, point, strict=True):
            assert low <= value <= high


def _says(page: Page, name: str, value: float) -> None:
    """Check that a cell of the table shows the value rounded, and its title the exact value."""
    cell = page.get_by_test_id("player").locator(f"[data-value='{name}']")
    text = cell.inner_text()
    decimals = len(text.partition(".")[2])
    assert text == f"{value:,.{decimals}f}"
    assert len(re.sub(r"\D", "", text).lstrip("0")) >= 4, "Four digits that mean something."
    cell.hover()
    assert float(cell.get_attribute("title") or "nan") == value


def test_a_prediction_outside_the_data_is_marked(visit: Callable[..., Page]) -> None:
    page = visit()
    seek(page, 2000)
    assert page.get_by_text("extrapolation").count() == 0
    page.get_by_role("textbox", name="New values").fill("12\n6,5\ntall")
    page.keyboard.press("Control+Enter")
    page.get_by_text("extrapolation: hours studied is 2 to 10 in the data").wait_for()
    history = run(students(), Settings(precision="float32"))
    predicted = page.locator("[data-value=prediction]").all_inner_texts()
    weight, bias = history.weights[-1, 0].item(), history.biases[-1].item()
    assert predicted == [f"{weight * hours + bias:.4f}" for hours in (12, 6.5)]
    assert page.get_by_text("“tall” is not a number.").is_visible()
    assert look(page)["epoch"] == 2000
    assert look(page)["state"] == "ended"


def test_a_setting_moved_while_it_plays_leaves_the_view_and_a_ghost(visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate(SLIPS)
    page.evaluate("() => { globalThis.before = [...document.querySelectorAll('[data-chart]')] }")
    zooms = {"fit": [3.5, 8.5, 55.0, 95.0], "loss": [100, 900, 0.5, 2.5], "surface": [1.0, 6.0, 55.0, 85.0]}
    for chart, zoom in zooms.items():
        page.evaluate(
            "([chart, x, y]) => Plotly.relayout(document.querySelector(`[data-chart=${chart}]`), "
            "{ 'xaxis.range': x, 'yaxis.range': y })",
            [chart, zoom[:2], zoom[2:]],
        )
    set_speed(page, "0.5")
    seek(page, 300)
    button(page, "Play").click()
    before = until(page, "state === 'playing' && epoch > 300")
    assert page.locator(".player-ghost path").count() == 0
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    after = until(page, "run !== it && epoch > 0", before["run"])
    assert after["state"] == "playing"
    assert after["epoch"] >= before["epoch"]
    until(page, "state === 'playing' && epoch > it", after["epoch"])

    for chart, zoom in zooms.items():
        ghost = page.locator(f".player-canvas:has([data-chart={chart}]) .player-ghost path")
        assert ghost.count() == 1
        assert re.match(r"M-?\d", ghost.get_attribute("d") or "")
        shown = page.evaluate(
            "(chart) => { const { xaxis, yaxis } = document.querySelector(`[data-chart=${chart}]`)._fullLayout; "
            "return [...xaxis.range, ...yaxis.range] }",
            chart,
        )
        assert shown == pytest.approx(zoom), f"The zoom of the {chart} chart stays."
    same = "() => [...document.querySelectorAll('[data-chart]')].every((plot, i) => plot === before[i])"
    assert page.evaluate(same)

    seek(page, 2000)
    ended = until(page, "state === 'ended'")
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    until(page, "run !== it", ended["run"])
    still = until(page, "outcome === 'finished'")
    assert (still["state"], still["epoch"]) == ("ended", 2000)
    page.get_by_role("slider", name="Number of steps").press("ArrowRight")
    longer = until(page, "epochs > 2000")
    assert (longer["state"], longer["epoch"]) == ("ended", longer["epochs"])
    assert page.evaluate(same)
    assert page.evaluate("() => slips") == []


def test_another_dataset_plays_from_its_first_epoch(visit: Callable[..., Page]) -> None:
    page = visit(motion=True)
    page.evaluate(SLIPS)
    page.evaluate(DIARY)
    before = until(page, "epoch > 0")
    # a second run, so that there is a ghost
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    ghosted = until(page, "run !== it", before["run"])
    page.locator(".player-ghost path").first.wait_for(state="attached")
    page.get_by_role("combobox", name="Dataset").click()
    page.get_by_role("option", name=TWO_FEATURES).click()
    until(page, "run !== it && state === 'playing' && epoch > 0", ghosted["run"])
    new = [entry for entry in page.evaluate("() => diary") if int(entry["run"]) > int(ghosted["run"])]
    assert (new[0]["epoch"], new[0]["state"]) == ("0", "playing")
    assert page.locator(".player-ghost path").count() == 0
    button(page, "Pause").click()
    page.locator("[data-value='hours slept']").wait_for()
    page.get_by_role("rowheader", name="7, 7.5").wait_for()
    assert page.evaluate("() => slips") == []


def test_a_long_run_streams_while_the_player_works(visit: Callable[..., Page]) -> None:
    page = visit(epochs=2000, gradient="autograd")
    before = look(page)
    page.evaluate(DIARY)
    field = page.get_by_role("spinbutton", name="Epochs")
    field.fill("30000")
    field.press("Enter")
    until(page, "run !== it && outcome === 'running'", before["run"])
    for name, epoch in (("Step forward", 1), ("Step forward", 2), ("Step back", 1)):
        button(page, name).click()
        assert look(page)["epoch"] == epoch
    set_speed(page, "20")
    button(page, "Play").click()
    until(page, "state === 'playing' && epoch > 50")
    done = until(page, "outcome === 'finished'")
    assert done["epochs"] == 30_000
    assert done["state"] == "playing"
    diary = [entry for entry in page.evaluate("() => diary") if entry["run"] == done["run"]]
    grown = [int(entry["epochs"]) for entry in diary]
    assert grown == sorted(grown)
    assert len(set(grown)) > 2
    seek(page, 30_000)
    assert look(page)["state"] == "ended"


def test_the_player_plays_through_a_rerun_and_asks_the_server_for_nothing(visit: Callable[..., Page]) -> None:
    frames: list[str] = []

    def listen(socket: Any) -> None:
        socket.on("framesent", lambda _: frames.append("sent"))
        socket.on("framereceived", lambda _: frames.append("received"))

    page = visit(sockets=listen)
    assert "received" in frames
    set_speed(page, "0.5")
    button(page, "Play").click()
    before = until(page, "state === 'playing' && epoch > 0")
    page.get_by_role("button", name="Charts").click()
    page.get_by_text("Show residuals").click()
    page.wait_for_function(
        "() => document.querySelector('[data-chart=fit]').data.some((trace) => trace.name === 'residuals')"
    )
    wait_for_script(page)
    after = until(page, "state === 'playing' && epoch > it", before["epoch"])
    assert after["run"] == before["run"]

    frames.clear()
    page.wait_for_timeout(2000)
    assert frames == []
    assert until(page, "epoch > it", after["epoch"])["state"] == "playing"


@pytest.mark.parametrize("later", [False, True])
def test_a_message_that_was_withdrawn_is_not_shown(visit: Callable[..., Page], later: bool) -> None:
    page = visit()
    shown = page.evaluate(
        """async ([loader, later]) => {
          const source = URL.createObjectURL(new Blob([loader], { type: "text/javascript" }))
          const { default: receive } = await import(source)
          const base = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("mount.js")).name
          const parentElement = document.body.appendChild(document.createElement("div"))
          parentElement.innerHTML = '<div class="player-table"></div>'
          const data = { base, mount: "mountTable" }
          const message = (word) => ({ parentElement, data: { ...data, table: { head: [word], rows: [] } } })
          receive(message("newer"))
          const takeBack = receive(message("older"))
          if (later) await new Promise((shown) => setTimeout(shown, 500))
          takeBack()
          await new Promise((shown) => setTimeout(shown, 500))
          return parentElement.innerText.trim()
        }""",
        [LOADER, later],
    )
    assert shown == "newer"
