"""A text as a QR code, drawn when a browser asks for it."""

import io
from urllib.parse import parse_qsl

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MAX_LETTERS = 300
"""Of a link: with more, a module would be below 8 pixels where the code fills a screen 720 pixels high."""

QUIET_MODULES = 4
"""Of white around a code, as ISO/IEC 18004 asks."""


def code_svg(text: str) -> bytes:
    """A black code on white, of the highest correction that its size has room for."""
    drawn = io.BytesIO()
    code = segno.make(text, micro=False, error="l")
    code.save(drawn, kind="svg", border=QUIET_MODULES, dark="#000", light="#fff", omitsize=True, xmldecl=False)
    return drawn.getvalue()


def _serve(request: Request) -> Response:
    text = dict(parse_qsl(request.url.query)).get("text", "")
    if not 0 < len(text) <= MAX_LETTERS:
        return Response(status_code=400)
    return Response(code_svg(text), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def routes() -> list[Route]:
    """For `st.App(routes=...)`."""
    return [Route("/share/code.svg", _serve)]
