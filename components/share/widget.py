"""Sharing is done in the browser alone: its address bar is never behind the page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from components.frontend import address, component
from components.share.routes import MAX_LETTERS

_component = component(Path(__file__).parent)


@dataclass(frozen=True)
class Beside:
    """A table that does not travel in the link, by its file's name and a fingerprint of its content."""

    name: str
    fingerprint: str


def share(
    *,
    entry: str,
    copied: str,
    failed: str,
    groups: Mapping[str, str],
    file: str,
    table: Beside | None = None,
) -> None:
    """A button "Share" that copies the address and shows it as a code.

    It says `copied`, or `failed` where the browser does not let it copy. The root element's `data-hides` lists what the
    page's own address hides.

    entry: parameter of the address. Each of its values that the user chooses is an entry in the browser's history, and
        no other change is one.
    groups: of controls, which the link may hide: a title by the name that the parameter "hide" has.
    file: the name of the file of settings and data.
    table: if given, that file holds it, where this browser keeps it.
    """
    data = {
        "entry": entry, "copied": copied, "failed": failed, "groups": [*groups.items()], "file": file,
        "table": table and asdict(table), "code": address("share/code.svg"), "most": MAX_LETTERS,
    }  # fmt: skip
    _component(key="share_button", data=data)
