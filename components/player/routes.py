"""The files that the browser loads once: the player's own, and the plotly.min.js of the installed package."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FRONTEND = Path(__file__).parent / "frontend"
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
def _zipped(name: str) -> bytes:
    return gzip.compress(_files()[name].read_bytes(), mtime=0)


def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _files() or request.path_params["version"] != version():
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    headers = {
        "Content-Encoding": "gzip",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return Response(_zipped(name), media_type=kind, headers=headers)


def routes() -> list[Route]:
    """For `st.App(routes=...)`: everything below /player/."""
    return [Route("/player/{version}/{name}", _serve)]


def warm_up() -> None:
    """Compress the files before the first visitor asks for them."""
    for name in _files():
        _zipped(name)
