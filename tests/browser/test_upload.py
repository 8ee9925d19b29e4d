"""A user's own file, from the disk to the first picture, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

EXPORT = "Messreihe Pendel;;\n\nLänge (cm);Periode (s);Gruppe\n" + "".join(
    f"{10 + 5 * i},5;{0.2 * (10 + 5 * i) ** 0.5:.3f};{'AB'[i % 2]}\n".replace(".", ",") for i in range(20)
)
HOSTILE = '"<img src=x onerror=alert(1)>",y\n1,2\n2,3\n3,5\n4,4.5\n'


def upload(page: Page, name: str, content: bytes) -> None:
    uploader = page.get_by_test_id("stFileUploaderDropzoneInput")
    expect(uploader).to_have_count(1)  # the previous file's is there until the script has ended
    uploader.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_spreadsheets_export_is_read_and_descended_on(visit: Callable[..., Page]) -> None:
    page = visit()
    upload(page, "Pendel (Kopie).csv", EXPORT.encode("cp1252"))
    expect(page.locator(".player-equation")).to_contain_text("Periode (s) =")
    expect(page.locator(".player-equation")).to_contain_text("× Länge (cm)")
    page.get_by_role("tab", name="Data").click()
    said = "Read as cp1252, delimiter semicolon, decimal mark comma, names in line 3."
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text("above the table", exact=False).first).to_be_visible()
    page.get_by_text("Read it otherwise").click()
    for title in ("With names", "Without names"):
        expect(page.get_by_text(title)).to_be_visible()
        table = page.get_by_role("region", name=f"{title}: the first rows")
        expect(table.get_by_test_id("data-grid-canvas")).to_be_visible()


def test_a_refused_file_says_why_the_next_one_is_read_and_markup_is_only_text(visit: Callable[..., Page]) -> None:
    page = visit()
    upload(page, "marks.csv", b"%PDF-1.7\n" + bytes(200))
    expect(page.get_by_role("alert")).to_contain_text("“marks.csv” is a PDF")
    expect(page.locator(".player-equation")).to_contain_text("test score =")
    upload(page, "marks.csv", b"x,y\n1,2\n2,3\n3,5\n4,4.5\n")
    expect(page.locator(".player-equation")).to_contain_text("y =")
    expect(page.get_by_role("alert")).to_have_count(0)

    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    upload(page, '"><img src=x onerror=alert(2)>.csv', HOSTILE.encode())
    expect(page.locator(".player-equation")).to_contain_text("× <img src=x onerror=alert(1)>")
    expect(page.get_by_role("alert")).to_have_count(0)
    for name in ("Predict", "History", "Data"):
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)
    assert page.locator("img[src=x]").count() == 0
    assert asked == []


def test_a_long_reading_shows_how_far_it_is_and_can_be_cancelled(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit()
    file = tmp_path / "costs.csv"
    row = ";".join(f"{i}.234,56 €" for i in range(2000))
    with file.open("w") as rows:
        rows.write(";".join(f"cost {i}" for i in range(2000)) + "\n")
        rows.writelines(row + "\n" for _ in range(2500))
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_text(re.compile(r"Reading “costs\.csv”, \d+ MB: \d+%"))).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Reading “costs.csv”")).to_have_count(0)
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    expect(page.locator(".player-equation")).to_contain_text("test score =")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_file_that_is_too_large_says_so_without_hovering(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit()
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(501 * 1024 * 1024)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file.name)
    sentence = page.get_by_test_id("stFileChip").get_by_text("File must be 500.0MB or smaller.")
    box, chip = sentence.bounding_box(), page.get_by_test_id("stFileUploaderDropzone").bounding_box()
    assert box
    assert chip
    assert box["width"] > 100
    assert box["height"] > 10
    assert chip["y"] < box["y"] < box["y"] + box["height"] < chip["y"] + chip["height"]


def test_standardizing_turns_the_ravine_into_a_bowl(visit: Callable[..., Page]) -> None:
    page = visit("/?dataset=old_faithful")
    # The log loss at two corners is the same if contours and chart have the same axes.
    corners = """() => { const { z } = document.querySelector("[data-chart=surface]").calcdata[0][0]
      return Math.abs(z[0][0] - z[0].at(-1)) }"""
    assert page.evaluate(corners) > 0.5
    page.get_by_text("Scaling, curves, missing values").click()
    page.get_by_role("radio", name="standardize").click()
    page.wait_for_function(
        "() => document.querySelector('[data-chart=surface]')._fullLayout.xaxis.title.text.includes('standardized')"
    )
    assert page.evaluate(corners) < 0.05
