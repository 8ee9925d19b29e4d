"""The files that the browser loads once: the player's own, and what it needs of Plotly."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.player.plotly_part import plotly_with

FRONTEND = Path(__file__).parent / "frontend"
ENCODINGS = "br", "gzip"
PLOTLY_PARTS = {"plotly_2d.js": ("contour",), "plotly_3d.js": ("contour", "scatter3d", "surface", "calendars")}
"""What each script has besides scatter traces. The second is loaded once a surface is to be seen in space, whose axes
are wrong without calendars."""


@cache
def files() -> dict[str, bytes]:
    """The content of each file by its name."""
    own = {path.name: path.read_bytes() for path in sorted(FRONTEND.glob("*.[jc]s*"))}
    return own | {name: plotly_with(*kinds).encode() for name, kinds in PLOTLY_PARTS.items()}


@cache
def version() -> str:
    """A part of the files' addresses that changes with any file, so that browsers may cache them forever."""
    digest = sha256()
    for content in files().values():
        digest.update(content)
    return digest.hexdigest()[:12]


@cache
def _zipped(name: str, encoding: str) -> bytes:
    content = files()[name]
    if encoding == "gzip":
        return gzip.compress(content, mtime=0)
    # A sixth less than gzip's, in 0.1 s for Plotly; the best level would save as much again, in 10 s.
    zipped: bytes = pa.Codec("brotli", compression_level=9).compress(content, asbytes=True)
    return zipped


def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in files() or request.path_params["version"] != version():
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    accepted = {word.split(";")[0].strip() for word in request.headers.get("accept-encoding", "").split(",")}
    encoding = "br" if "br" in accepted else "gzip"  # browsers take br on HTTPS and from their own machine only
    headers = {
        "Content-Encoding": encoding,
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return Response(_zipped(name, encoding), media_type=kind, headers=headers)


def routes() -> list[Route]:
    """For `st.App(routes=...)`: everything below /player/."""
    return [Route("/player/{version}/{name}", _serve)]


def warm_up() -> None:
    """Compress the files before the first visitor asks for them."""
    for name in files():
        for encoding in ENCODINGS:
            _zipped(name, encoding)
