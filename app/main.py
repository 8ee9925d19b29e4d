"""The server: `streamlit run app/main.py`."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance

ROOT = Path(__file__).resolve().parents[1]
COLLECTED_EVERY = 60.0
"""Seconds; with 20 sessions a collection takes 0.1 s, in which no script runs."""

if str(ROOT) not in sys.path:  # Streamlit puts only app/ there
    sys.path.insert(0, str(ROOT))

from app import engine, tabs  # noqa: E402, F401  (all that the pages import is loaded before it is spared)
from app.runs.jobs import pool  # noqa: E402
from components import player  # noqa: E402


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Warm up, then spare the collector of garbage what stays: each time that would take it 0.1 s."""
    engine.warm_up_torch()
    player.warm_up()
    gc.collect()
    gc.freeze()
    tasks = [asyncio.create_task(_attend()), asyncio.create_task(collect(COLLECTED_EVERY))]
    yield {}
    for task in tasks:
        task.cancel()


async def _attend() -> None:
    """Train for open tabs only; one that comes back within Streamlit's grace trains on with its next rerun."""
    while True:
        await asyncio.sleep(0.1)
        pool.attend(get_instance().is_active_session)


async def collect(seconds: float) -> None:
    """Collect garbage now and then: a closed tab's session holds itself in cycles, with its tables and its runs.

    Python would do so only after many new objects, however large those are that wait for it.
    """
    while True:
        await asyncio.sleep(seconds)
        gc.collect()


app = st.App(Path(__file__).with_name("ui.py"), routes=player.routes(), lifespan=lifespan)
