"""Streamlit's `html` would load a sanitizer of 30 kB for it; components are there already."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st


@cache
def _component(css: str) -> Callable[..., Any]:
    return st.components.v2.component("stylesheet", css=css, isolate_styles=False)


def stylesheet(css: str) -> None:
    """Let the page follow these rules."""
    _component(css)(key="stylesheet")
