"""The page around the player: settings and the address, a rate that diverges, accessibility."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.harness import seek, wait_for_address

CONTROLS = """a[href], button, input, select, textarea, summary, [role=tab][aria-selected=true], [tabindex='0']"""

# A chart's texts, each with its WCAG contrast against the page, and the page's own luminance.
CONTRASTS = """() => {
  const luminance = (color) => {
    const channels = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const page = luminance(getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor)
  const texts = [...document.querySelectorAll("[data-chart] text")].filter((text) => text.textContent)
  const of = (text) => {
    const [low, high] = [luminance(getComputedStyle(text).fill), page].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  return { page, texts: texts.map(of) }
}"""


def wait_for_run(page: Page, rate: str, epochs: str) -> None:
    """Wait until the fields have these values and the player a run of this many epochs."""
    page.wait_for_function(
        """([rate, epochs]) => {
          const field = (name) => document.querySelector(`input[type=number][aria-label="${name}"]`)?.value
          return field("Learning rate") === rate && field("Epochs") === epochs
            && document.querySelector("[data-testid=player]").dataset.epochs === epochs }""",
        arg=[rate, epochs],
    )


def test_the_sliders_the_fields_and_the_address_say_the_same(visit: Callable[..., Page]) -> None:
    page = visit()
    rate, steps = page.get_by_role("slider", name="Learning rate"), page.get_by_role("slider", name="Number of steps")
    assert urlsplit(page.url).query == ""

    for there in ("0.0101", "0.0102", "0.0104"):
        rate.press("ArrowRight")
        wait_for_address(page, learning_rate=there)
    wait_for_run(page, "0.0104", "2000")
    rate.fill("-600")
    wait_for_address(page, learning_rate="0.001")
    steps.fill("400")
    wait_for_address(page, learning_rate="0.001", epochs="100")
    wait_for_run(page, "0.001", "100")
    steps.press("ArrowRight")
    wait_for_run(page, "0.001", "110")
    steps.press("ArrowRight")
    wait_for_run(page, "0.001", "120")
    steps.press("ArrowLeft")
    wait_for_run(page, "0.001", "110")

    field = page.get_by_role("spinbutton", name="Learning rate")
    field.fill("0.0104")
    field.press("Enter")
    wait_for_address(page, learning_rate="0.0104", epochs="110")
    page.wait_for_selector(".st-key-learning_rate_slider input[aria-valuetext='0.0104']")
    assert rate.input_value() == "-397"


def test_an_address_is_a_setting_and_nonsense_is_none(visit: Callable[..., Page]) -> None:
    page = visit("/?learning_rate=0.0104&epochs=500")
    wait_for_run(page, "0.0104", "500")
    seek(page, 500)
    assert page.get_by_text("about 1,040 more epochs at this rate").is_visible()
    assert parse_qs(urlsplit(page.url).query) == {"learning_rate": ["0.0104"], "epochs": ["500"]}

    nonsense = "learning_rate=fast&epochs=-5&seed=x&precision=float16&dataset=Nope&gradient=magic&target=1&features=2"
    visit(f"/?{nonsense}&start=here&tolerance=NaN&loss_axis=cubic&unknown=1", page=page)
    wait_for_run(page, "0.01", "2000")
    assert page.get_by_role("combobox", name="Dataset").input_value() == "Students: hours studied"
    assert page.locator(".player-equation").inner_text().startswith("test score = 0.337 × hours studied")


def test_a_rate_that_diverges_is_explained_and_fixed_by_one_button(visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate(
        """() => {
          globalThis.slips = []
          const look = () => slips.push(...(document.body.innerText.match(/.*(NaN|Infinity|∞).*/g) ?? []))
          look()
          new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
        }"""
    )
    player = page.get_by_test_id("player")
    run = player.get_attribute("data-run")
    field = page.get_by_role("spinbutton", name="Learning rate")
    field.fill("0.06")
    field.press("Enter")
    page.wait_for_selector(f"[data-testid=player][data-outcome=diverged]:not([data-run='{run}'])")
    sentence = page.get_by_test_id("stMain").get_by_text("Thrown out:").locator("xpath=ancestor::p").inner_text()
    assert re.search(r"limit .* is 0\.0223, you chose 0\.06\b", sentence), sentence
    epochs = int(player.get_attribute("data-epochs") or 0)
    slider = page.get_by_role("slider", name="Epoch")
    for epoch in range(epochs + 1):
        slider.fill(str(epoch))
    page.wait_for_selector("[data-testid=player][data-state=ended]")
    page.get_by_role("tab", name="History").click()
    page.get_by_role("tab", name="Code").click()

    page.get_by_role("button", name="Set rate 0.011").click()
    page.wait_for_selector("[data-testid=player][data-outcome=finished][data-epochs='2000']")
    wait_for_address(page, learning_rate="0.011")
    page.locator(".player-sentence").get_by_text("Arrived at epoch").wait_for()
    assert page.get_by_text("Thrown out:").count() == 0
    assert page.evaluate("() => slips") == []


def test_every_control_is_reached_by_tab_and_has_a_name(visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate(
        """() => {
          globalThis.reached = new Set()
          document.addEventListener("focusin", (event) => reached.add(event.target))
          document.activeElement.blur() }"""
    )
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
    else:
        pytest.fail("Tab never comes to the end of the page.")
    missed = page.evaluate(
        """(controls) => [...document.querySelectorAll(controls)]
          // Of a choice Tab may reach one button, and the arrows the others.
          .filter((e) => e.role !== "radio" || ![...e.parentElement.children].some((other) => reached.has(other)))
          .filter((element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
            && element.tabIndex >= 0 && !element.disabled && !reached.has(element))
          .map((element) => element.outerHTML.slice(0, 200))""",
        CONTROLS,
    )
    assert missed == []
    reached = page.evaluate(
        """() => [...reached].map((e) => document.getElementById(e.getAttribute("aria-labelledby"))?.alt
          ?? e.ariaLabel ?? (e.title || e.labels?.[0]?.innerText || e.innerText)).join('\\n')"""
    )
    for name in ("Restart", "Step back", "Play", "Step forward", "Epoch", "Speed", "Learning rate", "Number of steps",
                 "Dataset", "Target", "Features", "Set rate 0.011", "More settings", "log", "Predict"):  # fmt: skip
        assert re.search(rf"^{name}$", reached, re.MULTILINE | re.IGNORECASE), f"{name} is not among\n{reached}"

    outline = page.locator("body").aria_snapshot()
    roles = "button|link|combobox|spinbutton|slider|switch|checkbox|radio|radiogroup|tab|textbox|listbox"
    assert re.findall(rf"^ *- (?:{roles})(?: \[.*\])?:?$", outline, re.MULTILINE) == []
    figures = page.locator("figure").all()
    assert len(figures) == 3
    assert all(len(figure.get_attribute("aria-label") or "") > 20 for figure in figures)


def test_the_charts_can_be_read_in_the_dark_and_when_the_light_goes_on(visit: Callable[..., Page]) -> None:
    page = visit(color_scheme="dark")
    page.wait_for_function("() => document.querySelectorAll('[data-chart] .xtick').length > 6")
    dark = page.evaluate(CONTRASTS)
    assert dark["page"] < 0.05
    assert min(dark["texts"]) >= 4.5
    page.emulate_media(color_scheme="light")
    page.wait_for_function(
        f"() => {{ const {{ page, texts }} = ({CONTRASTS})(); return page > 0.9 && Math.min(...texts) >= 4.5 }}"
    )


def test_without_a_feature_the_last_picture_is_dimmed(visit: Callable[..., Page]) -> None:
    page = visit()
    dimmed = """() => { for (let at = document.querySelector("[data-testid=player]"); at; at = at.parentElement)
        if (Number(getComputedStyle(at).opacity) < 0.5) return true
      return false }"""
    assert not page.evaluate(dimmed)
    page.get_by_role("button", name="Clear all").click()
    page.get_by_text("Choose at least one feature").wait_for()
    page.wait_for_function(dimmed)
    page.get_by_label("Features").fill("slept")
    page.keyboard.press("Enter")
    page.get_by_text("Choose at least one feature").wait_for(state="hidden")
    page.wait_for_function(f"() => !({dimmed})()")


def test_the_first_sentence_is_that_of_the_epoch_shown(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=2000")
    said = page.locator(".player-sentence")
    for epoch in (0, 1602, 1603, 2000):
        seek(page, epoch)
        loss = page.locator("[data-value=loss]").text_content() or ""
        words = said.inner_text()
        assert f"loss {float(loss.replace(',', '')):,.2f}, " in words
        left = {0: "about 1,600 more epochs at this rate", 1602: "1 more epoch at this rate"}.get(epoch)
        assert words.startswith("Arrived at epoch 1,603: " if left is None else "Not there yet: ")
        assert left is None or left in words
    assert "the lowest there is" in said.inner_text()


def test_streamlits_grid_is_loaded_with_the_tab_that_shows_it_and_not_before(
    new_page: Callable[..., Page], visit: Callable[..., Page]
) -> None:
    page, loaded = new_page(), list[str]()
    page.on("request", lambda request: loaded.append(urlsplit(request.url).path))
    visit(page=page)
    page.wait_for_load_state("networkidle")
    grid = re.compile(r"/(DataFrame|arrowFormatUtils)\.")
    assert loaded
    assert [path for path in loaded if grid.search(path)] == []
    with page.expect_request(grid):
        page.get_by_role("tab", name="Data").click()
