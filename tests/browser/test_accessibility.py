"""axe-core finds nothing that keeps anyone from using the page."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.harness import emulate_scheme, wait_for_script

TABS = ["Predict", "Errors", "History", "Compare", "Sweep", "Why it is slow", "One step", "Data", "Code"]
STATES = {
    "first visit": "/",
    "two features": "/?features=hours+studied&features=hours+slept",
    "diverged": "/?learning_rate=0.06",
    "3D": "/?surface=3D",
    "one weight": "/?surface=one+weight",
    "six features": "/?epochs=50&dataset=Employment+in+the+USA+(Longley+1967)",
    **{tab: f"/?epochs=50&tab={tab.replace(' ', '+')}" for tab in TABS},
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(visit: Callable[..., Page], state: str) -> None:
    page = visit(STATES[state], color_scheme="light")
    wait_for_script(page)
    assert serious(page) == []
    emulate_scheme(page, "dark")
    assert serious(page, runOnly=["color-contrast"]) == []


def serious(page: Page, **options: Any) -> list[tuple[str, str]]:
    """The rule, and the element that breaks it."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        (fault["id"], node["html"][:120])
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
