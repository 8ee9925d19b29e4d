"""A run whose settings change on the way: branched by the button, or by a change at the epoch shown."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

from tests.browser.harness import RUN, change_rate, seek, wait_for_another_run, wait_for_script

LOSSES = "() => document.querySelector('[data-chart=loss]').data.map((trace) => trace.name)"


def loss_there(page: Page) -> str:
    return page.locator("[data-value=loss]").first.inner_text()


def test_a_branch_keeps_the_epochs_before_it_and_travels_in_the_link(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=600&learning_rate=0.005")
    seek(page, 200)
    there = loss_there(page)
    before = page.evaluate(RUN)
    page.get_by_role("button", name="Branch here").click()
    wait_for_another_run(page, before)
    page.wait_for_function("() => new URLSearchParams(location.search).get('changes') === 'from here'")
    change_rate(page, "0.02")
    seek(page, 200)
    assert loss_there(page) == there
    seek(page, 600)
    end = loss_there(page)
    page.wait_for_function(f"() => ({LOSSES})().includes('other settings from here')")
    link = parse_qs(urlsplit(page.url).query)
    assert re.match(r"200 ", link["stretches"][0])
    other = visit("/?" + urlsplit(page.url).query)
    seek(other, 200)
    assert loss_there(other) == there
    seek(other, 600)
    assert loss_there(other) == end


CHANGES = "new URLSearchParams(location.search).get('changes')"


def test_a_branch_that_is_given_up_undoes_its_own_switch(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&learning_rate=0.005")
    _branch_at(page, 200)
    before = page.evaluate(RUN)
    page.get_by_role("combobox", name="Dataset").click()
    page.get_by_role("option", name="Students: hours studied and slept").click()
    wait_for_another_run(page, before)
    page.wait_for_function(f"() => {CHANGES} !== 'from here'")

    _branch_at(page, 100)
    page.get_by_role("button", name="Restart").click()
    change_rate(page, "0.004")
    page.wait_for_function(f"() => {CHANGES} !== 'from here'")
    assert "stretches" not in urlsplit(page.url).query


def test_what_a_hand_has_switched_stays_switched(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&learning_rate=0.005&changes=from+here")
    seek(page, 200)
    before = page.evaluate(RUN)
    button = page.get_by_role("button", name="Branch here")
    assert button.inner_text() == "Branch"
    button.click()
    wait_for_another_run(page, before)
    page.get_by_role("button", name="Restart").click()
    change_rate(page, "0.004")
    wait_for_script(page)
    assert page.evaluate(CHANGES) == "from here"


def _branch_at(page: Page, epoch: int) -> None:
    seek(page, epoch)
    before = page.evaluate(RUN)
    page.get_by_role("button", name="Branch here").click()
    wait_for_another_run(page, before)
    page.wait_for_function(f"() => {CHANGES} === 'from here'")


def test_from_here_takes_the_epoch_that_is_shown_and_from_the_start_forgets(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=600&learning_rate=0.005&changes=from+here")
    seek(page, 50)
    there = loss_there(page)
    change_rate(page, "0.02")
    seek(page, 50)
    assert loss_there(page) == there
    before = page.evaluate(RUN)
    page.get_by_text("from the start", exact=True).click()
    wait_for_another_run(page, before)
    seek(page, 50)
    assert loss_there(page) != there
    assert "stretches" not in urlsplit(page.url).query
