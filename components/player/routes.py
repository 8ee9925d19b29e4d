"""The files that the browser loads once: the player's own, and the plotly.min.js of the installed package."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

import plotly
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FRONTEND = Path(__file__).parent / "frontend"
ENCODINGS = "br", "gzip"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def _files() -> dict[str, Path]:
    return {path.name: path for path in sorted(FRONTEND.glob("*.[jc]s*"))} | {"plotly.min.js": PLOTLY}


@cache
def version() -> str:
    """A part of the files' addresses that changes with any file, so that browsers may cache them forever."""
    digest = sha256(plotly.__version__.encode())
    for path in sorted(FRONTEND.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _zipped(name: str, encoding: str) -> bytes:
    content = _files()[name].read_bytes()
    if encoding == "gzip":
        return gzip.compress(content, mtime=0)
    # A sixth less than gzip's, in 0.4 s for Plotly. The best level would save as much again, in 30 s.
    zipped: bytes = pa.Codec("brotli", compression_level=9).compress(content, asbytes=True)
    return zipped


def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _files() or request.path_params["version"] != version():
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
    for name in _files():
        for encoding in ENCODINGS:
            _zipped(name, encoding)
