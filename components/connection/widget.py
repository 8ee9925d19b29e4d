"""Streamlit would lay a dialog over the page, lose what components tell meanwhile, and not run the script for a server
that has forgotten the page."""

import secrets
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def connection(*, away: str) -> None:
    """Say `away` on the page while there is no connection, and once it is back run the script.

    To be called where the script ends. A component that has something to tell dispatches a cancelable event "tell" on
    the document, with the detail {name, act}. If that is cancelled there is no connection: the last `act` of each name
    is called once the page is back. An event "forgotten" says that the server has lost more than the script can
    restore: the page is loaded again, with the parameters {parameter, value} of the details in its address.
    """
    _component(key="connection", data={"away": away, "script": secrets.token_hex(4)}, on_back_change=lambda: None)
