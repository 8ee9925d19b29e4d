"""Streamlit's `help` would put a button with the label's words into each label, where programs look for the widget."""

from collections.abc import Mapping
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def terms(explanations: Mapping[str, str]) -> None:
    """Explain widgets, by their keys, beside their labels; what is explained is underlined with dots."""
    _component(key="terms", data={"explanations": dict(explanations)}, height=0)
