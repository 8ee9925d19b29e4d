"""Under which names the server may be spoken to, and by which pages.

A foreign page could let its own name lead to this machine (DNS rebinding) and then read what the browser gets from
here. An address in numbers and a name without a dot cannot belong to a foreign page.
"""

import asyncio
import socket
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.server.configuration import PREFIX


class KnownHosts:
    """ASGI middleware: answers only to names of its own, and opens websockets only to pages that came from there.

    allowed: further names; "*.example.org" are all below, "*" all there are. Pages of other origins may speak to the
    server where Streamlit's `server.corsAllowedOrigins` names them.
    """

    def __init__(self, app: ASGIApp, *, allowed: tuple[str, ...]) -> None:
        self.app, self.allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        name = _name(f"//{host}")
        if not await self._is_known(name):
            await _refuse(scope, receive, send, name)
        elif scope["type"] == "http" or origin is None or not st.get_option("server.enableCORS"):
            await self.app(scope, receive, send)
        elif urlsplit(origin).netloc == host:
            await self.app(scope, receive, send)
        elif origin in st.get_option("server.corsAllowedOrigins"):
            # Streamlit would ask a server on the internet whether the origin is this very machine.
            own = [pair for pair in scope["headers"] if pair[0] != b"origin"]
            scope = {**scope, "headers": own}
            MutableHeaders(scope=scope)["origin"] = f"{urlsplit(origin).scheme}://{host}"
            await self.app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _is_known(self, name: str) -> bool:
        if "." not in name or _is_address(name) or name.endswith(".localhost"):
            return True
        if any(
            pattern in ("*", name) or (pattern[:2] == "*." and name.endswith(pattern[1:])) for pattern in self.allowed
        ):
            return True
        # Looking the full name up may take a while, and is needed by few.
        return name.split(".")[0] == _own_name().split(".")[0] and name in await asyncio.to_thread(_own_names)


def _name(address: str) -> str:
    """The host's name in an address, without its port; one that no host can have where there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return "."


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _own_name() -> str:
    return socket.gethostname().lower()


@cache
def _own_names() -> set[str]:
    """The names with a dot of this machine."""
    return {_own_name(), f"{_own_name().split('.')[0]}.local", socket.getfqdn().lower()}


async def _refuse(scope: Scope, receive: Receive, send: Send, name: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    sentence = (
        f"This server does not know itself by the name “{name}”. Whoever runs it can allow that: "
        f"start it with the environment variable {PREFIX}ALLOWED_HOSTS={name}"
    )
    await PlainTextResponse(sentence, 403)(scope, receive, send)
