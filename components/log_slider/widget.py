"""The slider keeps no value of its own: it is given one, and says where the user moved it."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).parent / "frontend"

_component = st.components.v2.component(
    "log_slider",
    html=(FRONTEND / "slider.html").read_text("utf-8"),
    css=(FRONTEND / "slider.css").read_text("utf-8"),
    js=(FRONTEND / "slider.js").read_text("utf-8"),
    isolate_styles=False,
)


def log_slider(
    label: str, *, key: str, value: float, low: float, high: float, whole: bool, moved: Callable[[], None]
) -> None:
    """Show `value` between `low` and `high`.

    When the user moves it, `moved` is called before the rerun and finds the new value in
    the session state, as the attribute `moved` of `key`.
    """
    data = {"label": label, "value": value, "low": low, "high": high, "whole": whole}
    _component(key=key, data=data, on_moved_change=moved)
