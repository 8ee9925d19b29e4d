"""The server: `streamlit run app/main.py`."""

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime import get_instance

ROOT = Path(__file__).resolve().parents[1]
COLLECTION_SECONDS = 60.0
"""Between two garbage collections at least; with 20 sessions one takes 0.1 s, in which no script runs."""

COLLECTION_SHARE = 0.005
"""Of the time at most is spent on them."""

SWITCH_SECONDS = 0.0005
"""After so long a thread hands Python's lock to one that waits. Beside long runs a page answers in half the time that
Python's own 0.005 takes: every message passes from one thread to another.
"""

if str(ROOT) not in sys.path:  # Streamlit puts only app/ there
    sys.path.insert(0, str(ROOT))

from app import engine, server, tabs  # noqa: E402, F401  (all that the pages import is loaded before it is spared)
from app.runs.jobs import pool  # noqa: E402
from app.runs.journal import log_runs  # noqa: E402
from components import player  # noqa: E402


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
    tasks = [asyncio.create_task(_attend()), asyncio.create_task(collect(COLLECTION_SECONDS))]
    yield {}
    for task in tasks:
        task.cancel()


async def _attend() -> None:
    """Train for open tabs only; one that reconnects in time trains on with its next rerun."""
    while True:
        await asyncio.sleep(0.1)
        pool.attend(get_instance().is_active_session)


async def collect(seconds: float) -> None:
    """Collect garbage every so often: a closed tab's session is kept alive by cycles, with its tables and runs.

    Python counts new objects only, not their size, so by itself it would collect far too late.
    """
    took = 0.0
    while True:
        await asyncio.sleep(max(seconds, took / COLLECTION_SHARE))
        began = time.perf_counter()
        gc.collect()
        took = time.perf_counter() - began


wanted = server.Configuration.of(os.environ)

app = st.App(
    Path(__file__).with_name("ui.py"),
    routes=[*server.document(), *server.health(), *player.routes()],
    middleware=[
        Middleware(server.SafeHeaders, frame_ancestors=wanted.frame_ancestors),
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
