"""How many browser tabs are served at once."""

import secrets
import time
from collections import Counter

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VISITOR = "visitor"
"""The cookie by which a browser is known again; it ends with the browser and holds a random number alone."""

NAME_BYTES = 12

KEPT_SECONDS = 20
"""For so long a place is kept: from the document to its websocket, and from a broken connection to the next."""

RETRY_SECONDS = 10

FULL = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{seconds}">
<title>The hall is full</title>
<style>
  :root {{ color-scheme: light dark; font: 1.125rem/1.6 system-ui, sans-serif; }}
  body {{ display: grid; min-height: 90vh; margin: 0 1.5rem; place-content: center; }}
  main {{ max-width: 32rem; }}
  h1 {{ font-size: 1.5rem; }}
</style>
<main>
  <h1>The hall is full</h1>
  <p>All places are taken, {places} in number, which is as many as this server can serve well.
  Leave this page open: it tries again by itself every {seconds} seconds.</p>
</main>
</html>
"""


class Hall:
    """ASGI middleware: beyond `places` websockets a visitor gets a page that says so, and those inside notice nothing.

    A reload and a broken connection do not lose their place.
    """

    def __init__(self, app: ASGIApp, *, places: int) -> None:
        self.app, self.places = app, places
        self.open: Counter[str] = Counter()
        """By visitor."""

        self.kept: dict[str, list[float]] = {}
        """By visitor, until when places are kept."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._seat(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET" and _wants_a_page(scope):
            await self._welcome(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _welcome(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page, or that there is no place left."""
        self._forget_places_kept_too_long()
        visitor = _visitor(scope)
        if visitor and (visitor in self.open or visitor in self.kept):
            await self.app(scope, receive, send)
            return
        if self._is_full:
            page = FULL.format(seconds=RETRY_SECONDS, places=self.places)
            headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
            await HTMLResponse(page, 503, headers)(scope, receive, send)
            return
        visitor = visitor or secrets.token_hex(NAME_BYTES)
        self._keep_a_place(visitor)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{VISITOR}={visitor}; Path=/; HttpOnly; SameSite=Lax"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    async def _seat(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The websocket, on a place that was kept or is free."""
        self._forget_places_kept_too_long()
        visitor = _visitor(scope)
        if visitor in self.kept:
            self.kept[visitor].pop()
        elif self._is_full:
            await send({"type": "websocket.close", "code": 1013})
            return
        self.open[visitor] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open -= Counter([visitor])
            if visitor:
                self._keep_a_place(visitor)

    def _keep_a_place(self, visitor: str) -> None:
        self.kept.setdefault(visitor, []).append(time.monotonic() + KEPT_SECONDS)

    def _forget_places_kept_too_long(self) -> None:
        now = time.monotonic()
        kept = {visitor: [until for until in places if until > now] for visitor, places in self.kept.items()}
        self.kept = {visitor: places for visitor, places in kept.items() if places}

    @property
    def _is_full(self) -> bool:
        return self.open.total() + sum(map(len, self.kept.values())) >= self.places


def _visitor(scope: Scope) -> str:
    """The random name by which a browser is known again; "" for one that has none."""
    name = HTTPConnection(scope).cookies.get(VISITOR, "")
    return name if len(name) == 2 * NAME_BYTES and name.isalnum() else ""


def _wants_a_page(scope: Scope) -> bool:
    return "text/html" in HTTPConnection(scope).headers.get("accept", "")
