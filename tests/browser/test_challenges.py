"""A challenge on the visitor's data, from Learn and back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.harness import wait_for_address, wait_for_script
from tests.browser.player import button, until

CARD = ".st-key-lesson"


def test_challenges_are_opened_from_learn_for_the_data_at_hand_and_ticked_when_passed(
    visit: Callable[..., Page],
) -> None:
    page = visit("/?dataset=hubble")
    page.get_by_role("link", name="Learn", exact=True).click()
    listed = page.locator(".st-key-course")
    expect(listed).to_contain_text("The expanding universe (Hubble 1929)")

    # A right guess passes.
    listed.get_by_role("link", name="Converge, swing or diverge?").click()
    wait_for_address(page, lesson="challenges", step="1", target="recession velocity (km/s)")
    wait_for_script(page)
    page.locator(CARD).get_by_text("comes down on one side").click()
    page.wait_for_selector("[data-testid=player][data-waits=false]")
    button(page, "Play").click()
    until(page, "state === 'ended'")
    expect(page.locator(CARD)).to_contain_text("You guessed comes down on one side, and so it is.")

    # A wrong one is answered.
    page.locator(CARD).get_by_role("button", name="Next", exact=True).click()
    wait_for_address(page, step="2")
    for step in range(3, 8):
        wait_for_script(page)
        page.locator(CARD).get_by_role("button", name="Next", exact=True).click()
        wait_for_address(page, step=str(step))
    wait_for_script(page)
    guess = page.locator(CARD).get_by_role("spinbutton")
    guess.fill("1")
    guess.press("Enter")
    expect(page.locator(CARD)).to_contain_text("too low.")

    page.get_by_role("link", name="Learn", exact=True).click()
    expect(listed.get_by_text("✓ passed")).to_have_count(1)
    expect(listed.get_by_text("answered")).to_have_count(1)
