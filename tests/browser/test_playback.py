"""When the player plays, pauses and begins again, which keys are its own, and what it says aloud."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.engine import Settings, run
from tests.browser.harness import wait_for_script
from tests.browser.player import DIARY, at_rest, button, let_go, look, pace, seek, set_speed, until
from tests.problems import students


def test_a_setting_changed_after_the_end_shows_the_way_again(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=100", reduced_motion="no-preference")
    before = until(page, "state === 'ended'")
    page.evaluate(DIARY)
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    until(page, "run !== it && state === 'ended'", before["run"])
    seen = [(int(entry["epoch"]), entry["state"]) for entry in page.evaluate("() => diary")]
    assert (0, "playing") in seen
    assert len({epoch for epoch, _ in seen}) > 10

    box = page.get_by_role("slider", name="Learning rate").bounding_box()
    assert box
    before = look(page)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.4, middle)
    page.mouse.down()
    held = until(page, "run !== it && state === 'ended'", before["run"])
    page.mouse.move(box["x"] + box["width"] * 0.45, middle)
    held = until(page, "run !== it && outcome !== 'running'", held["run"])
    assert (held["state"], held["epoch"]) == ("ended", 100), "While the hand is on the slider the curve follows it."
    wait_for_script(page)
    page.mouse.up()
    until(page, "state === 'playing' && epoch < 100")


def test_a_run_that_diverges_is_always_played_and_says_where_it_stopped(visit: Callable[..., Page]) -> None:
    page = visit(reduced_motion="no-preference")
    button(page, "Pause").click()
    seek(page, 500)
    field = page.get_by_role("spinbutton", name="Learning rate")
    for rate in ("0.06", "0.05"):
        before = look(page)
        field.fill(rate)
        field.press("Enter")
        until(page, "run !== it && state === 'playing' && epoch < 8", before["run"])
        set_speed(page, "100")
        slow = pace(page, 4)
        assert slow < 3, "The first steps are slow at any speed: two a second."
        ended = until(page, "state === 'ended'")
    history = run(students(), Settings(learning_rate=0.05, precision="float32"))
    assert (ended["epoch"], ended["outcome"]) == (history.epochs, "diverged")
    assert page.locator(".player-epoch").inner_text() == f"stopped at epoch {history.epochs} of 2,000"
    button(page, "Step back").click()
    assert page.locator(".player-epoch").inner_text() == f"epoch {history.epochs - 1} of 2,000"


def test_the_player_says_a_sentence_at_rest_and_nothing_while_it_plays(visit: Callable[..., Page]) -> None:
    page = visit()
    said = page.locator(".player-said").filter(has_text="Epoch")
    said.wait_for()
    page.evaluate(
        """() => {
          globalThis.heard = []
          const root = document.querySelector("[data-testid=player]")
          const live = "[role=status], output:not([aria-live=off]), [aria-live=polite], [aria-live=assertive]"
          new MutationObserver((changes) => {
            for (const { target } of changes) {
              const text = (target instanceof Element ? target : target.parentElement).closest(live)?.textContent
              if (text) heard.push([root.dataset.state, text])
            }
          }).observe(root, { subtree: true, childList: true, characterData: true }) }"""
    )
    losses = run(students(), Settings(precision="float32")).losses.tolist()
    set_speed(page, "5")
    button(page, "Play").click()
    until(page, "epoch > 100")
    assert said.count() == 0
    button(page, "Pause").click()
    said.wait_for()
    epoch = look(page)["epoch"]
    words = said.inner_text()
    number = re.fullmatch(rf"Epoch {epoch} of 2,000: loss ([\d.]+)\. Not there yet\.", words)
    assert number, words
    assert float(number[1]) == pytest.approx(losses[epoch], rel=1e-6)
    assert page.evaluate("() => heard") == [["paused", words]]


def test_a_run_that_diverged_is_said_so(visit: Callable[..., Page]) -> None:
    page = visit("/?learning_rate=0.06")
    until(page, "outcome === 'diverged'")
    seek(page, look(page)["epochs"])
    said = page.locator(".player-said").filter(has_text="diverged")
    said.wait_for()
    assert said.inner_text().startswith(f"Stopped at epoch {look(page)['epochs']} of 2,000: loss ")
    assert len(said.inner_text().split()) <= 25


def test_a_key_that_scrolls_the_page_is_the_players_only_where_it_all_fits(visit: Callable[..., Page]) -> None:
    page = visit()
    seek(page, 100)
    let_go(page)
    page.keyboard.press("ArrowRight")
    assert look(page)["epoch"] == 101, "Nothing else has the focus, and the page needs no arrow."
    for key in ("Home", "End", "Space"):
        page.keyboard.press(key)
        assert (look(page)["epoch"], look(page)["state"]) == (101, "paused")
    page.set_viewport_size({"width": 1280, "height": 3000})
    page.wait_for_function(
        "() => { const main = document.querySelector('[data-testid=stMain]'); "
        "return main.scrollHeight <= main.clientHeight }"
    )
    page.keyboard.press("End")
    assert look(page)["state"] == "ended"
    page.keyboard.press("Home")
    assert (look(page)["epoch"], look(page)["state"]) == (0, "paused")
    page.get_by_role("button", name="Charts").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert look(page)["epoch"] == 0, "What has the focus has the keys."


def test_from_the_player_to_its_controls_the_charts_have_no_tools_to_pass(visit: Callable[..., Page]) -> None:
    page = visit()
    seek(page, 100)
    at_rest(page)
    page.evaluate("() => Plotly.relayout(document.querySelector('[data-chart=fit]'), { 'xaxis.range': [3, 8] })")
    page.get_by_test_id("player").focus()
    passed = []
    while "Restart" not in passed:
        page.keyboard.press("Tab")
        passed.append(page.evaluate("() => document.activeElement.ariaLabel"))
        assert len(passed) < 6
    assert not {"Zoom", "Pan"} & set(passed)
