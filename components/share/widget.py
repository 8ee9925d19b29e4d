"""Copying is done in the browser alone: its address bar is never behind the page."""

from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).parent / "frontend"

_component = st.components.v2.component(
    "share",
    html='<div class="share"><output></output><button type="button">Share</button></div>',
    css=(FRONTEND / "share.css").read_text("utf-8"),
    js=(FRONTEND / "share.js").read_text("utf-8"),
    isolate_styles=False,
)


def share(*, entry: str, copied: str, failed: str) -> None:
    """A button "Share" that says `copied`, or `failed` where the browser does not let it copy.

    entry: parameter of the address. Each of its values that the user chooses is an entry in the browser's history, and
        no other change is one.
    """
    _component(key="share_button", data={"entry": entry, "copied": copied, "failed": failed})
