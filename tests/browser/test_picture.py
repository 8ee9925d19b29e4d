"""A saved picture shows what the screen shows, the moving parts too."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import emulate_scheme, seek

SVG = "{http://www.w3.org/2000/svg}"

COLOR_COUNT = """async ([png, color]) => {
  const image = new Image()
  image.src = `data:image/png;base64,${png}`
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height })
  const context = canvas.getContext("2d")
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, image.width, image.height)
  const alike = (i) => color.every((part, j) => Math.abs(data[4 * i + j] - part) < 12)
  const third = (i) => Math.floor((3 * (i % image.width)) / image.width)
  const count = [0, 0, 0]
  for (let i = 0; i < image.width * image.height; i++) if (alike(i)) count[third(i)]++
  return { size: [image.width, image.height], count, corner: [...data.slice(0, 4)] }
}"""


def saved(page: Page, kind: str, folder: Path, charts: str = "all charts") -> tuple[str, bytes]:
    """The name and the content of a picture of these charts."""
    page.get_by_text("Save picture").click()
    page.get_by_label("Charts of the picture").select_option(charts)
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    path = folder / "picture"
    download.value.save_as(path)
    return download.value.suggested_filename, path.read_bytes()


def paths_in(page: Page, selector: str) -> list[str]:
    """What the paths on the page draw, without those that draw nothing now."""
    drawn = page.locator(selector).evaluate_all("(paths) => paths.map((path) => path.getAttribute('d'))")
    return [d for d in drawn if d]


def ended(page: Page) -> Page:
    seek(page, 50)
    return page


def test_an_svg_has_the_moving_parts_a_ground_and_a_heading(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit("/?epochs=100&residuals=true&arrows=true")
    seek(page, 1)  # where arrows are long
    name, content = saved(page, "SVG", tmp_path)
    assert name == "students-learning-rate-0.01-epoch-1.svg"
    root = ElementTree.fromstring(content)
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert {page.locator(".player-equation").text_content(), "students, learning rate 0.01 · epoch 1"} <= {*texts}
    assert {"Fit", "Loss", "Loss surface"} <= {*texts}
    ground = root.find(f"{SVG}rect")
    assert ground is not None
    assert ground.get("fill")
    paths = {path.get("d") for path in root.iter(f"{SVG}path")}
    drawn = paths_in(page, ".player-overlay path")
    assert len(drawn) >= 6  # line, errors, curve, path, two arrows
    assert {*drawn} <= paths
    source = content.decode()
    assert "var(" not in source
    assert "color-mix" not in source
    addresses = [value for element in root.iter() for key, value in element.attrib.items() if key.endswith("href")]
    assert all(address.startswith(("data:", "#")) for address in addresses)


@pytest.mark.parametrize("surface", ["contours", "3D", "one weight"])
def test_a_png_shows_line_curve_and_path_in_their_colour(
    visit: Callable[..., Page], tmp_path: Path, surface: str
) -> None:
    page = ended(visit(f"/?epochs=50&surface={surface.replace(' ', '+')}"))
    schemes: list[Literal["light", "dark"]] = ["light", "dark"]
    for scheme in schemes:
        emulate_scheme(page, scheme)
        a_png_shows_them(page, tmp_path)


def a_png_shows_them(page: Page, folder: Path) -> None:
    name, content = saved(page, "PNG", folder)
    assert name.endswith(".png")
    color = page.evaluate("() => getComputedStyle(document.querySelector('[data-chart=loss] ~ svg path')).stroke")
    orange = json.loads(f"[{color.partition('(')[2].strip(')')}]")
    found = page.evaluate(COLOR_COUNT, [base64.b64encode(content).decode(), orange])
    assert min(found["count"]) > 300, "of each chart, in pixels"
    assert found["corner"][3] == 255
    _, svg = saved(page, "SVG", folder)
    root = ElementTree.fromstring(svg)
    width, height = (float(root.get(side, 0)) for side in ("width", "height"))
    scale = max(2, 2000 / width)  # enough for a printed page
    assert found["size"] == [round(scale * width), round(scale * height)]


def test_one_chart_alone_can_be_saved_with_pinned_runs_and_the_run_before(
    visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = ended(visit("/?epochs=50"))
    page.get_by_role("button", name="Pin this run").click()
    page.locator(".player-pins span").wait_for()
    page.get_by_label("Learning rate").first.fill("0.02")
    page.keyboard.press("Enter")
    page.locator("[data-chart=loss] ~ svg .player-ghost path").first.wait_for(state="attached")
    name, content = saved(ended(page), "SVG", tmp_path, "Loss")
    assert name == "students-learning-rate-0.02-epoch-50-loss.svg"
    root = ElementTree.fromstring(content)
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert "Loss" in texts
    assert "Fit" not in texts
    paths = {path.get("d") for path in root.iter(f"{SVG}path")}
    drawn = paths_in(page, "[data-chart=loss] ~ svg path")
    assert len(drawn) == 3, "the curve, that of the pinned run and that of the run before"
    assert {*drawn} <= paths

    page.get_by_role("button", name="Enlarge Fit").click()
    page.get_by_text("Save picture").click()
    expect(page.get_by_label("Charts of the picture").locator("option")).to_have_text(["Fit"])
    page.get_by_text("Save picture").click()
    name, content = saved(page, "SVG", tmp_path, "Fit")
    assert name == "students-learning-rate-0.02-epoch-50-fit.svg"
    root = ElementTree.fromstring(content)
    assert {*paths_in(page, "[data-chart=fit] ~ svg path")} <= {path.get("d") for path in root.iter(f"{SVG}path")}
