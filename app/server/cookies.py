"""Cookies of a page that another site embeds."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LAX, FOR_EMBEDDERS = b"SameSite=Lax", b"SameSite=None; Secure; Partitioned"
"""A browser that knows the last word keeps other cookies for each site that embeds the page: none can use another's."""


class EmbeddedCookies:
    """ASGI middleware: where other sites may embed the page, it has its cookies there too, if it is served by HTTPS.

    Without them no upload would be taken, and each reload would be another visitor's.
    """

    def __init__(self, app: ASGIApp, *, frame_ancestors: str) -> None:
        self.app = app
        self.has_embedders = not {"'self'", "'none'"}.issuperset(frame_ancestors.split())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_for_embedders(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message["headers"] = [
                    (name, value.replace(LAX, FOR_EMBEDDERS) if name.lower() == b"set-cookie" else value)
                    for name, value in message.get("headers", [])
                ]
            await send(message)

        await self.app(scope, receive, send_for_embedders if self.has_embedders and _is_safe(scope) else send)


def _is_safe(scope: Scope) -> bool:
    """Whether the visitor's connection is encrypted, if only as far as the server in front."""
    if scope["type"] not in ("http", "websocket"):
        return False
    return scope["scheme"] in ("https", "wss") or Headers(scope=scope).get("x-forwarded-proto", "") == "https"
