"""The Streamlit side of the player."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from components.player.message import Cell, Chart, Moving, Pinned, Table, packed
from components.player.routes import FRONTEND, version
from components.player.trajectory import Trajectory

LOADER = (FRONTEND / "loader.js").read_text("utf-8")

_component = st.components.v2.component(
    "player",
    html=(FRONTEND / "player.html").read_text("utf-8"),
    js=LOADER,
    isolate_styles=False,
)

_pins = st.components.v2.component("player_pins", html='<p class="player-pins"></p>', js=LOADER, isolate_styles=False)

_table = st.components.v2.component(
    "player_table", html='<div class="player-table"></div>', js=LOADER, isolate_styles=False
)


def player(
    *,
    key: str,
    run: str,
    group: str,
    outcome: str,
    total: int,
    frames: Mapping[str, NDArray[Any]],
    charts: Sequence[Chart],
    equation: Sequence[str | Moving],
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    colors: Mapping[str, str],
    on_pause: Callable[[], None] = lambda: None,
    on_play: Callable[[], None] = lambda: None,
    on_branch: Callable[[], None] | None = None,
    on_rest: Callable[[], None] | None = None,
    on_start: Callable[[], None] = lambda: None,
    on_zoom: Callable[[], None] = lambda: None,
    trajectory: Trajectory | None = None,
    ask: str = "",
) -> None:
    """Play `frames` (columns [n], finite) over `charts`.

    A new `run` replaces the one before, which stays behind as a ghost while `group` is the
    same; a new `group` starts at the first frame and plays. While `outcome` is "running"
    more frames may follow, up to the epoch `total`. A column "epoch" is needed only where
    frames are not consecutive. `equation` is a sentence with moving numbers, `head` and
    `rows` a table of texts, numbers and moving numbers; `colors` name the marks' colours.
    `on_pause` and `on_play` are called when the user presses the button while `outcome` is "running".
    With `on_branch` there is a button "Branch here": the epoch shown is then the component's `branched`;
    a new word to `ask` presses it. `on_rest` is called wherever the player comes to rest, at the epoch `rested`.
    `on_start` is called when the user moves a surface's first point: the component's `started` is then
    [x, y, done], many times with done false while the point is dragged, and at last with done true. Where the frames
    have a `trajectory` the browser follows that instead, while the point is dragged, and whenever its dial turns.
    `on_zoom` is called when the user looks at a part of a `Grid` that it does not cover, or more closely: the
    component's `zoomed` is then [[left, right], [bottom, top]].
    """
    _component(
        key=key,
        data={
            "base": _base(),
            "mount": "mount",
            "run": run,
            "group": group,
            "outcome": outcome,
            "total": total,
            "frames": pa.table({name: _narrowed(column) for name, column in frames.items()}),
            "charts": packed([*charts]),
            "equation": packed([*equation]),
            "table": Table(head, rows).message(),
            "colors": dict(colors),
            "branches": on_branch is not None,
            "reports": on_rest is not None,
            "trajectory": packed(trajectory),
            "ask": ask,
        },
        on_branched_change=on_branch or (lambda: None),
        on_paused_change=on_pause,
        on_played_change=on_play,
        on_rested_change=on_rest or (lambda: None),
        on_started_change=on_start,
        on_zoomed_change=on_zoom,
    )


def live_table(*, key: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A table whose moving numbers follow the player on the same page, at the frame shown."""
    _table(key=key, data={"base": _base(), "mount": "mountTable", "table": Table(head, rows).message()})


def pins(*, key: str, runs: Sequence[Pinned]) -> None:
    """Draw other runs behind that of the player on the same page, each at the epoch shown, and name them here.

    Their columns are the player's first ones, so that its marks can draw them too.
    """
    frames = {name: np.concatenate([run.frames[name] for run in runs]) for name in (runs[0].frames if runs else ())}
    data = {"base": _base(), "mount": "mountPins", "frames": pa.table(frames), "runs": [run.message() for run in runs]}
    _pins(key=key, data=data)


def _narrowed(column: NDArray[Any]) -> NDArray[Any]:
    """In half the bytes where that loses nothing, as with all that was computed in float32."""
    with np.errstate(over="ignore"):
        narrow = column.astype(np.float32)
    return narrow if np.array_equal(narrow, column) else column


def _base() -> str:
    prefix = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{prefix}/player/{version()}/" if prefix else f"/player/{version()}/"
