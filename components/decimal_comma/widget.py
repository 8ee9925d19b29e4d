"""Without it a browser whose language writes 0.5 drops the comma that somebody types: "0,02" becomes 2, silently."""

from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def decimal_comma() -> None:
    """Let every number field of the page that is not for whole numbers take "0,02" as 0.02, and show it so."""
    _component(key="decimal_comma", height=0)
