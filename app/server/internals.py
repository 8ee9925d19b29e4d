"""Streamlit's own addresses that no visitor of the page needs."""

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class ClosedInternals:
    """ASGI middleware: figures about the server and the interface for agents answer only where they were asked for."""

    def __init__(self, app: ASGIApp, *, metrics: bool) -> None:
        self.app = app
        closed = {
            "/_stcore/metrics": not metrics,
            "/_stcore/agent": not st.get_option("server.enableAgentApi"),
        }
        self.closed = tuple(path for path, is_closed in closed.items() if is_closed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Anywhere in the path: with server.baseUrlPath other parts precede.
        if scope["type"] == "http" and any(path in scope["path"] for path in self.closed):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)
