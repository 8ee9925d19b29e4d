"""The slider keeps no value of its own: it is given one, and says where the user moved it."""

from collections.abc import Callable, Mapping
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
    label: str,
    *,
    key: str,
    value: float,
    low: float,
    high: float,
    whole: bool,
    moved: Callable[[], None],
    marks: Mapping[str, float] | None = None,
    jumps: Mapping[str, float] | None = None,
    note: str = "",
) -> None:
    """Show `value` between `low` and `high`.

    When the user moves it, `moved` is called before the rerun and finds the new value in
    the session state, as the attribute `moved` of `key`.

    `marks` are one or two values by name, in rising order: the track is green up to the first, red from the last on,
    and amber between. `jumps` are values that a button of that name moves to. `note` is a line below.

    Every move is at once a DOM event "dial" on the document, with the detail {name: `key`, value}.
    """
    data = {"name": key, "label": label, "value": value, "low": low, "high": high, "whole": whole}
    zones = {"marks": [*(marks or {}).items()], "jumps": [*(jumps or {}).items()], "note": note}
    _component(key=key, data=data | zones, on_moved_change=moved)
