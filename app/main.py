"""The server: `streamlit run app/main.py`."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

ROOT = Path(__file__).resolve().parents[1]
SWITCH_SECONDS = 0.0005
"""After so long a thread hands Python's lock to one that waits. Beside long runs a page answers in half the time that
Python's own 0.005 takes: every message passes from one thread to another.
"""

if str(ROOT) not in sys.path:  # Streamlit puts only app/ there
    sys.path.insert(0, str(ROOT))

from app import engine, server, tabs  # noqa: E402, F401  (all that the pages import is loaded before it is spared)
from app.runs.journal import log_runs  # noqa: E402
from components import player, share  # noqa: E402


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Warm up, then freeze what stays: to look through it would cost each garbage collection 0.1 s."""
    sys.setswitchinterval(SWITCH_SECONDS)
    engine.warm_up_torch()
    player.warm_up()
    gc.collect()
    gc.freeze()
    if wanted.metrics_port:
        server.serve_metrics(wanted.metrics_port)
    if wanted.log_runs:
        log_runs()
    housekeeping = asyncio.create_task(server.keep_house())
    yield {}
    housekeeping.cancel()


wanted = server.Configuration.of(os.environ)
server.lose_no_message()

app = st.App(
    Path(__file__).with_name("ui.py"),
    routes=[*server.document(), *server.health(), *player.routes(), *share.routes()],
    middleware=[
        Middleware(server.SafeHeaders, frame_ancestors=wanted.frame_ancestors),
        Middleware(server.EmbeddedCookies, frame_ancestors=wanted.frame_ancestors),
        Middleware(server.ErrorsWithAnId),
        Middleware(server.KnownHosts, allowed=wanted.allowed_hosts),
        Middleware(server.ClosedInternals, metrics=wanted.metrics),
        Middleware(server.Hall, places=wanted.max_sessions),
        Middleware(
            server.UploadQuotas,
            megabytes_a_session=wanted.max_session_upload_megabytes,
            megabytes=wanted.max_total_upload_megabytes,
        ),
    ],
    on_script_error=server.report,
    lifespan=lifespan,
)
