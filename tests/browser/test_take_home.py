"""What a visitor takes home is the run on the screen."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.harness import change_rate


def test_a_visitor_takes_the_run_on_the_screen_home(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=40")
    change_rate(page, "0.0125")  # which reruns a fragment alone
    page.get_by_role("button", name="Take home").click()
    taken = {}
    for name in ("Python script", "Notebook"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        taken[download.value.suggested_filename] = Path(download.value.path()).read_text("utf-8")
    assert [*taken] == ["students_descent.py", "students_descent.ipynb"]
    assert "learning_rate = 0.0125\n" in taken["students_descent.py"]
    notebook = json.loads(taken["students_descent.ipynb"])
    assert any("learning_rate = 0.0125" in "".join(cell["source"]) for cell in notebook["cells"])
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Notebook")).to_have_count(0)
