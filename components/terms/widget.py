"""Streamlit's `help` would put a button with the label's words into each label, where programs look for the widget."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).parent / "frontend"

_component = st.components.v2.component(
    "terms",
    css=(FRONTEND / "terms.css").read_text("utf-8"),
    js=(FRONTEND / "terms.js").read_text("utf-8"),
    isolate_styles=False,
)


def terms(explanations: Mapping[str, str]) -> None:
    """Explain widgets, by their keys, beside their labels; what is explained is underlined with dots."""
    _component(key="terms", data={"explanations": dict(explanations)}, height=0)
