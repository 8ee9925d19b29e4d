"""How a component's files become one, and where routes are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st


def component(folder: Path) -> Callable[..., Any]:
    """The component of that folder's name: its `frontend` holds one script, and perhaps a style sheet and a page.

    Its styles are the page's, whose controls it may touch.
    """

    def text(kind: str) -> str | None:
        return next((path.read_text("utf-8") for path in (folder / "frontend").glob(f"*.{kind}")), None)

    return st.components.v2.component(
        folder.name, html=text("html"), css=text("css"), js=text("js"), isolate_styles=False
    )


def address(path: str) -> str:
    """Of a route, from the page's origin."""
    prefix = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{prefix}/{path}" if prefix else f"/{path}"
