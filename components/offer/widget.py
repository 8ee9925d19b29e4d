"""Whether a visit is the first, only the browser knows."""

from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def offer(*, words: str, link: str, to: str) -> None:
    """Say `words` with a link, once: until it is dismissed, or the browser remembers a lesson."""
    _component(key="offer", data={"words": words, "link": link, "to": to})
