"""What a visitor takes home is the run on the screen: as program, numbers, film, web page and report."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import change_rate, seek, wait_for_script

PINS = "40 learning_rate=0.005~none~slow"

ORANGE_IN_FILM = """async ([film, kind, color]) => {
  const video = Object.assign(document.createElement("video"), { muted: true, src: `data:${kind};base64,${film}` })
  await new Promise((resolve, reject) => Object.assign(video, { oncanplaythrough: resolve, onerror: reject }))
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight })
  const context = canvas.getContext("2d", { willReadFrequently: true })
  const count = () => {
    context.drawImage(video, 0, 0)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let found = 0
    for (let i = 0; i < data.length; i += 4) if (color.every((part, j) => Math.abs(data[i + j] - part) < 40)) found++
    return found
  }
  video.currentTime = 0.01
  await new Promise((resolve) => (video.onseeked = resolve))
  const first = count()
  video.play()
  await new Promise((resolve) => (video.onended = resolve))
  return [first, count()] }"""


def take(page: Page, name: str, folder: Path) -> Path:
    """Press a button of the menu; the file that comes."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.fixture
def taking(visit: Callable[..., Page]) -> Page:
    """A page with a pinned run, at epoch 20 of 40, its menu open."""
    page = visit(f"/?epochs=40&pins={PINS}")
    page.locator(".player-pins span").wait_for()
    change_rate(page, "0.0125")  # which reruns a fragment alone
    wait_for_script(page)
    seek(page, 20)
    page.get_by_role("button", name="Take home").click()
    page.get_by_role("button", name="Film").wait_for()
    return page


def test_a_visitor_takes_program_and_numbers_home(taking: Page, tmp_path: Path) -> None:
    script = take(taking, "Python script", tmp_path)
    assert script.name == "students_descent.py"
    assert "learning_rate = 0.0125\n" in script.read_text("utf-8")
    notebook = take(taking, "Notebook", tmp_path)
    assert notebook.name == "students_descent.ipynb"
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    assert any("learning_rate = 0.0125" in "".join(cell["source"]) for cell in cells)
    tables = take(taking, "CSV tables", tmp_path)
    assert tables.name == "students_tables.zip"
    with ZipFile(tables) as archive:
        assert "slow" in archive.read("pinned runs.csv").decode()
    numbers = json.loads(take(taking, "JSON file", tmp_path).read_text("utf-8"))
    assert len(numbers["history"]["loss"]) == 41
    assert "0.0125" in json.dumps(numbers["settings"])
    taking.keyboard.press("Escape")
    expect(taking.get_by_role("button", name="Notebook")).to_have_count(0)


def test_a_web_page_plays_the_run_from_the_disk_without_any_request(
    taking: Page, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    file = take(taking, "Web page", tmp_path)
    assert file.name == "students-learning-rate-0.0125.html"
    assert file.stat().st_size <= 6_000_000
    page, asked = new_page(reduced_motion="reduce"), list[str]()
    page.route(re.compile("^(https?|wss?):"), lambda route: route.abort())
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("[data-testid=player][data-state]")
    for epoch in (20, 40):
        for shown in (taking, page):
            seek(shown, epoch)
        for what in (".player-equation", ".player-sentence > span:not([hidden])", "[data-value=loss]", ".player-pins"):
            assert page.locator(what).first.text_content() == taking.locator(what).first.text_content()
    for chart in ("fit", "loss", "surface"):
        drawn = page.locator(f"[data-chart={chart}] ~ .player-overlay path[d]:not([d=''])")
        assert drawn.count() > 0
    assert page.locator("[data-chart=loss] ~ svg [data-pin]").count() == 1
    page.get_by_role("button", name="Step back").click()
    expect(page.get_by_test_id("player")).to_have_attribute("data-epoch", "39")
    assert page.get_by_role("button", name="Branch here").is_hidden()
    assert asked[0] == file.as_uri()
    assert all(url.startswith("blob:") for url in asked[1:])


def test_a_film_shows_the_run_from_its_first_epoch_to_its_last(
    taking: Page, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    taking.get_by_role("button", name="Film").click()
    expect(taking.get_by_text(re.compile(r"Recorded \d+ %"))).to_be_visible()
    taking.get_by_role("button", name="Cancel the film").click()
    expect(taking.get_by_role("button", name="Film", exact=True)).to_be_visible()
    expect(taking.get_by_test_id("player")).to_have_attribute("data-state", "paused")
    taking.get_by_label("Speed").select_option("1")
    film = take(taking, "Film", tmp_path)
    assert film.name.startswith("students-learning-rate-0.0125.")
    expect(taking.get_by_test_id("player")).to_have_attribute("data-state", "ended")
    color = taking.evaluate("() => getComputedStyle(document.querySelector('[data-chart=loss] ~ svg path')).stroke")
    orange = json.loads(f"[{color.partition('(')[2].strip(')')}]")
    encoded = base64.b64encode(film.read_bytes()).decode()
    first, last = new_page().evaluate(ORANGE_IN_FILM, [encoded, f"video/{film.suffix[1:]}", orange])
    assert first > 0
    assert last > 1.5 * first, "path and curve have grown"
    taking.evaluate("() => { delete globalThis.MediaRecorder }")
    taking.get_by_role("button", name="Film").click()
    expect(taking.get_by_text("This browser cannot record a film.")).to_be_visible()


def test_a_report_of_one_page_says_what_was_done_and_what_came_of_it(taking: Page) -> None:
    taking.evaluate("() => { window.print = () => (globalThis.hasPrinted = true) }")
    taking.get_by_role("button", name="Report").click()
    taking.wait_for_function("() => globalThis.hasPrinted")
    taking.emulate_media(media="print")
    report = taking.locator(".player-report")
    for words in (
        "Gradient descent: test score",
        "students.csv. Source: the teaching notebook from which this project grew; five invented students.",
        "learning rate 0.0125, 40 epochs, all rows at once, loss “Mean squared”, gradients by hand, float32, seed 42.",
        str(taking.locator(".player-equation").text_content()),
        "At epoch 20: Not there yet: loss",
        "5 descended on",
        taking.url,
    ):
        expect(report).to_contain_text(words)
    expect(report.locator("svg > svg > svg")).not_to_have_count(0)
    assert report.locator(".player-report-charts > div").count() == 3
    assert report.locator("img").evaluate("(code) => code.naturalWidth > 0")
    expect(taking.get_by_test_id("stApp")).to_be_hidden()
    pdf = taking.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    taking.emulate_media(media="screen")
    expect(report).to_have_count(0)
    expect(taking.get_by_test_id("stApp")).to_be_visible()
