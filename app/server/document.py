"""Streamlit's HTML document without its inline script, which our Content-Security-Policy forbids."""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

INLINE_SCRIPT = re.compile(r"<script>.*?</script>\s*", re.DOTALL)
"""It only tells crawlers of one company that the page is not ready for them."""


@cache
def _html() -> str:
    html = files("streamlit").joinpath("static", "index.html").read_text("utf-8")
    return INLINE_SCRIPT.sub("", html)


def _serve(request: Request) -> Response:
    tag = f'"{sha256(_html().encode()).hexdigest()[:16]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):  # with W/ before it where a proxy compressed
        return Response(status_code=304, headers=headers)
    return HTMLResponse(_html(), headers=headers)


def document() -> list[Route]:
    """For `st.App(routes=...)`: the page's address."""
    return [Route(f"/{str(st.get_option('server.baseUrlPath')).strip('/')}", _serve)]
