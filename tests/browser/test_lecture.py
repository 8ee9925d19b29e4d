"""Lecture mode: what a hall sees is large and dark enough, a lecture is given by one key, and hands are counted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import seek, wait_for_address, wait_for_another_run, wait_for_script
from tests.browser.player import button, look, until

HALL = {"width": 1280, "height": 720}
PINS = json.loads((Path(__file__).parents[1] / "links" / "pins.json").read_text("utf-8"))["link"]

# What is too small or too pale to be read in the last row. Of every text that is drawn: its size and its contrast with
# the page; of every mark its width, its diameter and its contrast with the page and the darkest of the surface.
MEASURE = """() => {
  const channels = (color) => {
    const [r, g, b, alpha = 1] = color.match(/[\\d.]+/g).map(Number), most = color.startsWith("color(") ? 1 : 255
    return [r / most, g / most, b / most, alpha]
  }
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }
  const paper = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor
      if (channels(color)[3] > 0.9) return color
    }
    return paper
  }
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && [...element.getClientRects()].some((box) => box.width > 1 && box.bottom > 0 && box.top < innerHeight)
  const wrong = []
  const want = (what, found, least) => { if (!(found >= least - 0.01)) wrong.push(`${what}: ${found}, not ${least}`) }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement, text = node.data.trim()
    if (!text || !isSeen(element) || element.closest("style, script, option, .player-said")) continue
    const style = getComputedStyle(element), isDrawn = element instanceof SVGElement
    want(`size of “${text}”`, parseFloat(style.fontSize), 18)
    const disc = element.closest(".player-pinned g")?.querySelector("circle")
    const ground = disc ? getComputedStyle(disc).fill : groundOf(element)
    want(`contrast of “${text}”`, contrast(isDrawn ? style.fill : style.color, ground), 7)
  }
  const sizeOf = (element) => (isSeen(element) ? parseFloat(getComputedStyle(element).fontSize) : 0)
  const ticks = [...document.querySelectorAll(".xtick text, .ytick text")].filter(isSeen)
  for (const tick of ticks) want("tick", sizeOf(tick), 20)
  for (const part of ["equation", "epoch", "height"]) want(part, sizeOf(document.querySelector(`.player-${part}`)), 32)
  for (const plot of [...document.querySelectorAll("[data-chart]")].filter(isSeen)) {
    const { chart } = plot.dataset, around = plot.parentElement
    const grounds = [paper, ...(plot._fullData[0].colorscale ?? []).map(([, color]) => color)]
    const seen = (what, color) => {
      for (const ground of grounds) want(`${chart}: ${what} on ${ground}`, contrast(color, ground), 4.5)
    }
    for (const path of around.querySelectorAll("svg.player-overlay path[d], svg.player-pinned path[d]")) {
      const { stroke, strokeWidth, fill } = getComputedStyle(path)
      if (!path.getAttribute("d") || path.matches(".player-behind, .player-faded") || !isSeen(path)) continue
      if (stroke !== "none") want(`${chart}: stroke`, parseFloat(strokeWidth), 4)
      if (path.getTotalLength() > 0) seen(path.className.baseVal || "line", stroke === "none" ? fill : stroke)
    }
    for (const dot of around.querySelectorAll("svg circle")) {
      if (dot.getBoundingClientRect().width) want(`${chart}: dot`, 2 * parseFloat(getComputedStyle(dot).r), 12)
    }
    for (const { type, marker, line, mode, opacity, x } of plot._fullData) {
      if (type !== "scatter" || opacity === 0 || !x.length) continue
      if (mode.includes("markers")) {
        want(`${chart}: marker`, marker.size, 12)
        seen("marker", marker.color)
      }
      if (mode.includes("lines")) {
        want(`${chart}: line`, line.width, 4)
        seen("line", line.color)
      }
    }
    const { scene } = plot._fullLayout
    for (const { tickfont, title } of scene ? [scene.xaxis, scene.yaxis, scene.zaxis] : []) {
      want("letters in 3D", Math.min(tickfont.size, title.font.size), 20)
    }
  }
  for (const part of [".player-controls", ".player-charts", ".player-equation"]) {
    const { top, bottom } = document.querySelector(part).getBoundingClientRect()
    if (top < 0 || bottom > innerHeight) wrong.push(`${part} is from ${top} to ${bottom}`)
  }
  return wrong
}"""

# How many controls there are at the lower edge.
CONTROLS = """() => [...document.querySelectorAll("button, input, select, a[href], summary")].filter((control) => {
  const { top, width } = control.getBoundingClientRect()
  return control.checkVisibility({ visibilityProperty: true }) && width > 1 && top > innerHeight - 90 }).length"""

WHOLE = """(names) => {
  const plots = [...document.querySelectorAll("[data-chart]")].filter((plot) => plot.checkVisibility())
  const isInside = (box) => box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight
  return plots.map((plot) => plot.dataset.chart).join() === names && plots.every((plot) => {
    const box = plot.getBoundingClientRect()
    return isInside(box) && plot._fullLayout && Math.abs(plot._fullLayout.width - box.width) <= 1 }) }"""

# The epoch that is shown when a key has been dealt with, before anything else happens: within one frame.
AT_ONCE = """(key) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
  const goesOn = document.body.dispatchEvent(event)
  return [goesOn, Number(document.querySelector("[data-testid=player]").dataset.epoch)] }"""


def in_colours(page: Page, scheme: str) -> None:
    """Wait until the page and its charts have these colours."""
    page.wait_for_function(
        """(scheme) => {
          const isLight = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number).every((part) => part > 127)
          const app = document.querySelector("[data-testid=stApp]"), tick = document.querySelector(".xtick text")
          const wanted = scheme === "light"
          return document.documentElement.dataset.lecture === scheme && tick
            && isLight(getComputedStyle(app).backgroundColor) === wanted
            && isLight(getComputedStyle(tick).fill) !== wanted }""",
        arg=scheme,
    )


@pytest.mark.parametrize("view", ["?", "?surface=3D", PINS], ids=["plain", "3D", "pins"])
def test_the_last_row_can_read_it_in_light_and_dark(visit: Callable[..., Page], view: str) -> None:
    page = visit(f"/{view}&lecture=1", viewport=HALL, color_scheme="dark")
    in_colours(page, "light")
    if "pins" in view:
        page.locator("[data-pin]").first.wait_for(state="attached")
    seek(page, 30)
    page.wait_for_function(WHOLE, arg="fit,loss,surface")
    assert page.evaluate(MEASURE) == []
    assert page.evaluate(CONTROLS) <= 7
    for scheme in ("dark", "light"):
        page.keyboard.press("d")
        in_colours(page, scheme)
        page.wait_for_function(WHOLE, arg="fit,loss,surface")
        assert page.evaluate(MEASURE) == [], scheme
    for key, name in {"1": "fit", "2": "loss", "3": "surface"}.items():
        page.keyboard.press(key)
        page.wait_for_function(WHOLE, arg=name)
        width = page.locator(f"[data-chart={name}]").evaluate("(plot) => plot.getBoundingClientRect().width")
        assert width > 0.95 * HALL["width"]
        assert page.evaluate(MEASURE) == [], name
    page.keyboard.press("Escape")
    page.wait_for_function(WHOLE, arg="fit,loss,surface")


def test_a_whole_lecture_is_given_by_page_down_alone(visit: Callable[..., Page]) -> None:
    stops = ["0", "1", "10", "end", "learning_rate=0.02@0", "5", "play", "lesson=test-scores&step=5@0", "0"]
    page = visit(f"/?epochs=300&lecture=1&stops={quote(','.join(stops))}", viewport=HALL)
    wait_for_script(page)

    # An epoch is the browser's own affair, and there before the key is up.
    shown = [page.evaluate(AT_ONCE, "PageDown") for _ in range(4)]
    assert shown == [[False, 0], [False, 1], [False, 10], [False, 300]]
    assert page.evaluate(AT_ONCE, "PageUp") == [False, 10]
    page.evaluate(AT_ONCE, "PageDown")

    # Other settings are the server's; the epochs after them are of their run.
    before = look(page)["run"]
    page.keyboard.press("PageDown")
    wait_for_another_run(page, before)
    until(page, "epoch === 0 && state === 'paused'")
    wait_for_address(page, learning_rate="0.02", epochs="300")
    assert page.evaluate(AT_ONCE, "PageDown") == [False, 5]
    page.keyboard.press("PageDown")
    until(page, "epoch === 300")  # Who wants no motion sees where it leads.
    page.keyboard.press("PageDown")
    wait_for_address(page, lesson="test-scores", step="5")
    expect(page.locator(".st-key-lesson")).to_contain_text("5 of 6")
    until(page, "epoch === 0 && epochs === 2000")
    for _ in range(4):
        page.keyboard.press("PageUp")
    page.wait_for_function(
        "() => ['lesson', 'learning_rate'].every((name) => !new URLSearchParams(location.search).has(name))"
    )
    until(page, "epoch === 300 && epochs === 300")


def test_a_clicker_loses_nothing_and_letters_are_letters_elsewhere(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300", viewport=HALL)
    goes_on = {key: page.evaluate(AT_ONCE, key)[0] for key in ("PageDown", ".", "b", "l", "d", "?", "F5")}
    assert all(goes_on.values()), goes_on
    button(page, "Lecture mode").click()
    in_colours(page, "light")
    wait_for_address(page, lecture="1")
    seek(page, 20)
    for key in ("F5", "Escape", "r", "c"):
        assert page.evaluate(AT_ONCE, key) == [False, 20]
    dark = page.get_by_role("img", name="The screen is dark")
    for key in (".", "b"):
        page.keyboard.press(key)
        expect(dark).to_be_visible()
        page.keyboard.press("PageDown")
        expect(dark).to_be_hidden()
    assert look(page)["epoch"] == 20, "The key that brings the page back does nothing else."

    # Stops are added, ordered and removed in a list, and travel in the address.
    page.keyboard.press("a")
    listed = page.get_by_role("dialog", name="Keys and stops").get_by_role("listitem")
    expect(listed.first).to_contain_text("epoch 20")
    button(page, "Move stop 1 down").click()
    expect(listed.nth(1)).to_contain_text("epoch 20")
    button(page, "Remove stop 1").click()
    wait_for_address(page, stops="20,1,2,10,100,end")
    button(page, "Close").click()
    page.reload()
    in_colours(page, "light")
    until(page, "state === 'paused'")
    assert page.evaluate(AT_ONCE, "PageDown") == [False, 20]
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Page Down")
    page.keyboard.press("Escape")
    button(page, "Leave lecture mode").click()
    page.wait_for_function(
        "() => !('lecture' in document.documentElement.dataset) && !location.search.includes('lecture')"
    )
    assert page.evaluate(AT_ONCE, "PageDown")[0]


def test_hands_are_counted_and_the_run_answers(visit: Callable[..., Page]) -> None:
    page = visit("/?lesson=test-scores&step=5&lecture=1", viewport=HALL)
    in_colours(page, "light")
    for counts, words in (
        ((3, 12, 6, 0), "Discuss and vote again. 12 of 21 right"),
        ((0, 8, 1, 1), "Go on. 8 of 10 right"),
    ):
        page.keyboard.press("h")
        panel: Any = page.get_by_role("dialog", name="Hands up")
        expect(panel.get_by_role("spinbutton")).to_have_count(4)
        for field, count in zip(panel.get_by_role("spinbutton").all(), counts, strict=True):
            field.fill(str(count))
        assert page.evaluate(MEASURE) == []
        panel.get_by_role("button", name="Reveal the run").click()
        expect(page.locator(".lecture-result")).to_contain_text(words)
        expect(page.locator(".lecture-right")).to_contain_text("Through the middle")
        assert look(page)["epoch"] == 2000
    of = """async (shares) => {
      const { name } = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/hands.js"))
      const { advice } = await import(name)
      return shares.map(advice) }"""
    assert page.evaluate(of, [0, 0.349, 0.35, 0.7, 0.701, 1]) == [
        "Explain again.", "Explain again.", "Discuss and vote again.", "Discuss and vote again.", "Go on.", "Go on.",
    ]  # fmt: skip
