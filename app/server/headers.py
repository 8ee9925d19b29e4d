"""What each answer tells the browser not to do with it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; "
    "script-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self'; "
    "worker-src 'self' blob:; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors {}"
)
"""Streamlit sets styles inline; Plotly draws pictures through blobs and has fonts in data. Nothing needs eval."""

PERMISSIONS = {
    "clipboard-write": "(self)", "fullscreen": "(self)",
    **dict.fromkeys(
        ["accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
         "payment", "serial", "usb"],
        "()",
    ),
}  # fmt: skip
"""What the page may ask a browser for."""


class SafeHeaders:
    """ASGI middleware: only the server's own scripts run, types are not guessed, links do not travel to other sites."""

    def __init__(self, app: ASGIApp, *, frame_ancestors: str) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": CONTENT_SECURITY_POLICY.format(frame_ancestors),
            "Permissions-Policy": ", ".join(f"{name}={who}" for name, who in PERMISSIONS.items()),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
