"""What went wrong gets an id on the page, under which the log has all about it."""

import logging
import secrets

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.wording import as_markdown

LOG = logging.getLogger("playground")


ID_BYTES = 4


def report(error: Exception) -> bool:
    """For `st.App(on_script_error=...)`: give an id to the error whose traceback Streamlit has just logged.

    Where details are not for visitors, the page shows the id alone.
    """
    name = secrets.token_hex(ID_BYTES)
    LOG.error("The %s above is error %s.", type(error).__name__, name)
    if st.get_option("client.showErrorDetails") in ("full", True):
        return False
    words = f"Something went wrong here. Reload the page to go on. The server's log has it as error {name}."
    with st.container(key="failure"):
        st.error(as_markdown(words), icon=":material/error:")
    return True


class ErrorsWithAnId:
    """ASGI middleware: a request that fails is answered with the id of its error."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def watch(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http" or has_begun:
                raise
            name = secrets.token_hex(ID_BYTES)
            LOG.error("Error %s", name, exc_info=error)
            sentence = f"Something went wrong here. The server's log has it as error {name}."
            await PlainTextResponse(sentence, 500)(scope, receive, send)
