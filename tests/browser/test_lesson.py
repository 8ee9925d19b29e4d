"""Lessons 1 and 6 by keyboard, a sketch by hand, and every lesson on a phone, where it is a sheet."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from app.lessons import Lesson, course, selector
from tests.browser.harness import wait_for_address, wait_for_another_run, wait_for_script
from tests.browser.player import at_rest, button, look, until

FIRST = course()[0]
LINK = f"/?lesson={FIRST.id}&step="
INSIDE = """(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect()
  return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth }"""

TOP = "() => document.querySelector('[data-chart=fit]').getBoundingClientRect().top"


def card(page: Page) -> Any:
    return page.locator(".st-key-lesson")


def press(page: Page, locator: Any, key: str = "Enter") -> None:
    locator.focus()
    page.keyboard.press(key)


def says(page: Page, words: str) -> None:
    expect(card(page)).to_contain_text(words)


def waits(page: Page, *, whether: bool) -> None:
    page.wait_for_selector(f"[data-testid=player][data-waits={str(whether).lower()}]")


def step_on(page: Page, k: int, lesson: Lesson = FIRST) -> None:
    """Go to step k, from 1, and wait until its words are there."""
    press(page, card(page).get_by_role("button", name="Next", exact=True))
    wait_for_address(page, step=str(k))
    says(page, f"{k} of {len(lesson.steps)}")
    wait_for_script(page)


def done(page: Page) -> None:
    card(page).get_by_text("check", exact=True).wait_for()


def test_the_first_lesson_is_played_by_keyboard_and_survives_a_reload(visit: Callable[..., Page]) -> None:
    page = visit(LINK + "1", viewport={"width": 1280, "height": 720})
    for part in (".st-key-lesson", "[data-chart=fit]", "[data-chart=surface]", ".player-play", ".log-slider"):
        assert page.evaluate(INSIDE, part), f"{part} is to be seen at 1280 × 720."

    # A guess comes first; Play says so, and nothing is disabled.
    press(page, button(page, "Play"))
    says(page, "First guess; then play.")
    assert look(page)["epoch"] == 0
    expect(page.locator(".st-key-verdict")).to_be_hidden()
    top = page.evaluate(TOP)
    press(page, card(page).get_by_role("spinbutton"), "5")
    page.keyboard.press("Enter")
    waits(page, whether=False)
    expect(page.locator(".st-key-verdict")).to_be_visible()
    assert page.evaluate(TOP) == top, "Nothing moves when a guess is made."
    press(page, button(page, "Play"))
    until(page, "state === 'ended' && epoch === 60")
    says(page, "You guessed 5; it is 3: 2 too high.")
    done(page)

    # Words act, and light up what they speak of: a chart, or a mark in one.
    card(page).get_by_role("link", name="line").focus()
    glow = "() => getComputedStyle(document.querySelector(\"[data-mark='fit line']\")).filter"
    assert page.evaluate(glow) != "none"
    step_on(page, 2)
    until(page, "epoch === 0 && state === 'paused'")
    before = look(page)["run"]
    press(page, card(page).get_by_role("button", name="6", exact=True))
    wait_for_another_run(page, before)
    wait_for_address(page, start="6,70")
    done(page)
    expect(page.locator(".player-legend").first).not_to_contain_text("run before")  # It was not played.
    ring = "() => getComputedStyle(document.querySelector('.player-equation')).outlineStyle"
    assert page.evaluate(ring) == "solid"

    # Whoever comes back finds the step as it was left.
    page.reload()
    says(page, f"2 of {len(FIRST.steps)}")
    done(page)
    press(page, card(page).get_by_role("button", name="Back", exact=True))
    says(page, "You guessed 5; it is 3: 2 too high.")

    step_on(page, 2)
    step_on(page, 3)
    waits(page, whether=True)
    press(page, card(page).get_by_role("spinbutton"), "8")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    says(page, "You guessed 80; it is 80")
    step_on(page, 4)
    before = look(page)["run"]
    page.locator("[data-chart=surface]").click(position={"x": 150, "y": 180})
    wait_for_another_run(page, before)
    until(page, "epoch === 0 && state === 'paused'")  # In a lesson only Play plays.
    press(page, card(page).get_by_role("button", name="both"))
    done(page)
    step_on(page, 5)
    waits(page, whether=True)
    press(page, card(page).get_by_role("radio").nth(1), " ")
    waits(page, whether=False)
    page.get_by_label("Speed").select_option("100×")
    press(page, button(page, "Play"))
    until(page, "state === 'ended' && epoch === 2000")
    says(page, "You guessed Through the middle of them, and so it is.")
    step_on(page, 6)
    at_rest(page)
    assert look(page)["epoch"] == 2000, "A step without a preset goes on with what is there."

    page.get_by_role("link", name="Learn", exact=True).click()
    link = page.get_by_role("link", name=FIRST.title)
    expect(page.locator(".lesson-progress").first).to_contain_text("done")
    expect(link).to_have_attribute("href", f"{page.url.removesuffix('learn')}{LINK[1:]}6")
    page.goto(page.url.removesuffix("learn"))
    button(page, "Share").wait_for()
    expect(page.locator(".offer")).to_be_hidden()


def test_the_lesson_on_autograd_is_played_by_keyboard(visit: Callable[..., Page]) -> None:
    lesson = next(one for one in course() if one.id == "autograd")
    page = visit(f"/?lesson={lesson.id}&step=1", viewport={"width": 1280, "height": 720})
    press(page, card(page).get_by_role("radio").first, " ")
    waits(page, whether=False)
    press(page, card(page).get_by_role("button", name="autograd", exact=True))
    says(page, "You guessed the same to all these digits, and so it is.")
    done(page)

    # What lies below the fold is brought to the view, beside the card, and back again.
    step_on(page, 2, lesson)
    page.wait_for_function(INSIDE, arg=".st-key-tab [role=tablist]")
    expect(page.locator("code", has_text="loss.backward()").last).to_be_in_viewport()
    assert page.evaluate(INSIDE, ".st-key-lesson")

    step_on(page, 3, lesson)
    page.wait_for_function(INSIDE, arg="[data-chart=loss]")
    press(page, card(page).get_by_role("radio").nth(2), " ")
    waits(page, whether=False)
    before = look(page)["run"]
    press(page, card(page).get_by_role("button", name="leave zero_() out"))
    wait_for_another_run(page, before)
    press(page, button(page, "Play"))
    until(page, "state === 'ended' && epoch === 60")
    says(page, "You guessed “it does not move”; the answer is it swings far beyond 3 and back")
    done(page)


def test_a_loss_curve_is_sketched_by_hand_by_keys_and_by_numbers(visit: Callable[..., Page]) -> None:
    page = visit("/?lesson=learning-rate&step=1", viewport={"width": 1280, "height": 720})
    handle = page.get_by_role("slider", name="Loss at epoch 5", exact=True)
    handle.wait_for()
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 40, steps=4)
    page.mouse.up()
    typed = [card(page).get_by_role("spinbutton", name=f"at {epoch}", exact=True) for epoch in (5, 10, 20, 40)]
    expect(typed[0]).not_to_have_value("")
    drawn = float(typed[0].input_value())
    assert 50 < drawn < 350, "The hand went down, on an axis from 1 to 1,000."

    press(page, page.get_by_role("slider", name="Loss at epoch 10", exact=True), "Shift+ArrowDown")
    expect(typed[1]).not_to_have_value("")
    for field, loss in zip(typed[2:], ("30", "4"), strict=True):
        waits(page, whether=True)
        field.fill(loss)
        press(page, field)
    waits(page, whether=False)
    curve = page.locator(".player-sketch").nth(1)
    assert (curve.get_attribute("d") or "").count("L") == 4

    press(page, button(page, "Play"))
    until(page, "state === 'ended' && epoch === 40")
    says(page, "Your curve is off")
    expect(page.get_by_role("slider", name="Loss at epoch 5", exact=True)).to_have_count(0)
    assert (curve.get_attribute("d") or "").count("L") == 4, "It stays beside the run."
    page.reload()
    says(page, "Your curve is off")


def test_on_a_phone_a_first_visit_is_offered_the_first_lesson_and_every_lesson_is_a_sheet(
    visit: Callable[..., Page],
) -> None:
    page = visit("/?epochs=50", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(page.get_by_role("link", name="First lesson")).to_have_attribute("href", f".{LINK}1")
    button(page, "Dismiss").tap()
    page.reload()
    button(page, "Share").wait_for()
    expect(page.locator(".offer")).to_be_hidden()

    # On a phone a lesson is a sheet at the lower edge, below the player, and can be folded.
    page = visit(LINK + "5", page=page)
    fold = button(page, "Fold the lesson")
    for part in (".st-key-lesson", ".player-play", ".st-key-thumb"):
        page.wait_for_function(INSIDE, arg=part)
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    fold.tap()
    expect(card(page).get_by_role("radio").first).to_be_hidden()
    fold.tap()
    card(page).get_by_text("Above them all").tap()
    waits(page, whether=False)

    # So are all others, step by step; whatever their words light up is there.
    page = visit(LINK + "1", page=page)
    for lesson in course():
        for k, step in enumerate(lesson.steps):
            says(page, f"{k + 1} of {len(lesson.steps)}")
            says(page, step.title)
            for name in (*step.light, *step.lighting):
                expect(page.locator(selector(name)).first, f"{lesson.id}, step {k + 1}: {name}").to_be_attached()
            page.wait_for_function(INSIDE, arg=".st-key-lesson")
            if (lesson, step) != (course()[-1], lesson.steps[-1]):
                page.locator(".st-key-lesson_next").get_by_role("button").tap()
        assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth") <= 390, lesson.id
