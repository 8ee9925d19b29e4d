"""Streamlit does not let a script change a parameter that belongs to a widget."""

import secrets
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def go_to(parameters: str) -> None:
    """Go to the address with these parameters, as Back would: the script runs as for that, and no page is loaded."""
    _component(key="go_to", data={"parameters": parameters, "call": secrets.token_hex(4)})
