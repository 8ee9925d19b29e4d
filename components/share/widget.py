"""Copying is done in the browser alone: its address bar is never behind the page."""

from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def share(*, entry: str, copied: str, failed: str) -> None:
    """A button "Share" that says `copied`, or `failed` where the browser does not let it copy.

    entry: parameter of the address. Each of its values that the user chooses is an entry in the browser's history, and
        no other change is one.
    """
    _component(key="share_button", data={"entry": entry, "copied": copied, "failed": failed})
