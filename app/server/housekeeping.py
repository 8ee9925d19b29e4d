"""What the server does beside its visitors: train for open tabs only, close those that were left, collect garbage."""

import asyncio
import gc
import time

import streamlit as st
from streamlit.runtime import get_instance

from app import session
from app.runs.jobs import pool

COLLECTION_SECONDS = 60.0
"""Between two garbage collections at least, while somebody is here: with 20 sessions one takes 0.1 s, and no
script runs meanwhile.
"""

COLLECTION_SHARE = 0.005
"""Of the time at most is spent on them."""


async def keep_house(seconds: float = COLLECTION_SECONDS) -> None:
    """Without end. A tab that reconnects in time trains on with its next rerun."""
    away: dict[str, float] = {}
    collector = Collector(seconds)
    while True:
        await asyncio.sleep(0.1)
        pool.attend(get_instance().is_active_session)
        closed = close_those_away(away)
        collector.collect_now_and_then(closed, everybody_left=away.keys() == session.open_sessions())


def close_those_away(away: dict[str, float]) -> int:
    """Close the sessions that will not come back, and say how many those were.

    Streamlit keeps a session for a while after its connection is lost, but does not look at the clock before another
    is lost: by itself it would keep the last class of the day overnight, with its tables and runs.

    away: by session, since when it is; kept up to date
    """
    # A little before Streamlit's own time is up: it does not find those that have outlived it.
    patience = 0.95 * st.get_option("server.disconnectedSessionTTL")
    runtime, now, closed = get_instance(), time.monotonic(), 0
    for name in session.open_sessions():
        if runtime.is_active_session(name):
            away.pop(name, None)
        elif now - away.setdefault(name, now) > patience:
            runtime.close_session(name)
            session.closed(name)
            del away[name]
            closed += 1
    return closed


class Collector:
    """Collects garbage: a closed session is kept alive by cycles, with its tables and runs.

    Python counts new objects only, not their size, so by itself it would collect far too late.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.due, self.is_wanted = seconds, time.monotonic() + seconds, False

    def collect_now_and_then(self, closed: int, everybody_left: bool) -> None:
        """At once where sessions were closed and nobody is here, else when it is due."""
        self.is_wanted = self.is_wanted or closed > 0
        began = time.monotonic()
        if began > self.due or (self.is_wanted and everybody_left):
            gc.collect()
            now = time.monotonic()
            self.due, self.is_wanted = now + max(self.seconds, (now - began) / COLLECTION_SHARE), False
