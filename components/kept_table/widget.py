"""The browser's own storage outlives the page, the connection and the server, and no other machine reads it."""

from dataclasses import asdict, dataclass
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


@dataclass(frozen=True)
class Asked:
    """A table that is not there, by its file's name and a fingerprint of its content."""

    name: str
    fingerprint: str


@dataclass(frozen=True)
class Shown:
    """The table on the page."""

    name: str
    fingerprint: str
    size: int
    """In bytes."""
    text: str | None
    """All of it, where the browser has not sent it as a file."""


def kept_table(*, key: str, origin: str, table: Asked | Shown | None, max_megabytes: int) -> None:
    """Have the browser keep the table shown, and give back the table asked for, as a file in the page's uploader.

    Without a click it gives back only what this browser tab has shown before. With no table, the last one that the
    browser keeps is offered; to open it leads to the address at which it was shown last.

    origin: differs for a server that has not seen the page before, or has forgotten it.
    max_megabytes: of all tables that are kept; the oldest give way.
    """
    data = {
        "origin": origin,
        "shown": asdict(table) if isinstance(table, Shown) else None,
        "asked": asdict(table) if isinstance(table, Asked) else None,
        "megabytes": max_megabytes,
    }
    _component(key=key, data=data)
