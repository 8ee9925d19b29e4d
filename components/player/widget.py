"""The Streamlit side of the player."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from components.frontend import address
from components.player.message import Cell, Chart, Moving, Pinned, Saying, Table, packed
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
    "player_table",
    html='<div class="player-table" role="group" aria-label="Numbers" tabindex="0"></div>',
    js=LOADER,
    isolate_styles=False,
)

_sentence = st.components.v2.component(
    "player_sentence", html='<p class="player-sentence"></p>', js=LOADER, isolate_styles=False
)

# An element in italics, even an empty one, would load a font of 0.14 MB.
_stops = st.components.v2.component("player_stops", html="<span hidden></span>", js=LOADER, isolate_styles=False)

TAKEN = """<div class="player-taken">
  <button type="button" disabled>Film</button>
  <button type="button" disabled>Web page</button>
  <button type="button" disabled>Report</button>
  <output></output>
</div>"""

_taken = st.components.v2.component("player_taken", html=TAKEN, js=LOADER, isolate_styles=False)


def player(
    *,
    key: str,
    origin: str,
    run: str,
    group: str,
    outcome: str,
    total: int,
    title: str,
    height: Moving,
    frames: Mapping[str, NDArray[Any]],
    charts: Sequence[Chart],
    equation: Sequence[str | Moving],
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    accent: str,
    on_pause: Callable[[], None] = lambda: None,
    on_play: Callable[[], None] = lambda: None,
    on_branch: Callable[[], None] | None = None,
    on_rest: Callable[[], None] | None = None,
    on_start: Callable[[], None] = lambda: None,
    on_zoom: Callable[[], None] = lambda: None,
    trajectory: Trajectory | None = None,
    ask: str = "",
    chapter: str = "",
    opens: float = 0.0,
    waits: bool = False,
) -> None:
    """Play `frames` over `charts`.

    key: of the component, whose triggers are session_state[key].branched, .rested, .started and .zoomed.
    origin: differs for a server that has not seen the page before, or has forgotten it. The player then stands where it
        stood, and so it does after a reload of the same address.
    run: differs for every new run. It replaces the one before, which stays behind as a ghost if the group is the same.
    group: a new one starts at the first frame and plays.
    outcome: while "running", more frames may follow.
    title: of pictures that are saved, and in their file names: what is shown, without the epoch.
    total: the epoch up to which the run was to go.
    height: what the run is to lower, by name. A slow start follows it, and who only hears the page is told it.
    frames: finite columns [n]; one named "epoch" is needed only if frame k is not epoch k.
    equation: a sentence with moving numbers, above the charts.
    head, rows: a table of texts, numbers and moving numbers, below them.
    accent: the colour of the moving numbers and of the handle at a surface's first point.
    on_pause, on_play: called when the user presses the button while the outcome is "running".
    on_branch: if given there is a button "Branch here"; `branched` is then the epoch shown.
    on_rest: called whenever the player comes to rest, at the epoch `rested`.
    on_start: called when the user moves a surface's first point: `started` is [x, y, done], many times with done false
        while the point is dragged, and at last with done true.
    on_zoom: called when the user zooms a surface to ranges that its `Grid` does not cover, or covers too coarsely:
        `zoomed` is [[left, right], [bottom, top]].
    trajectory: if given, the browser itself computes the frames while the first point is dragged or its dial turns.
    ask: a new word presses "Branch here".
    chapter: another one, unless it is "", begins at rest, at the epoch `opens` or the last before it.
    waits: nothing plays; whoever presses Play causes an event "refused" on the document.
    """
    _component(
        key=key,
        data={
            "base": _base(),
            "mount": "mount",
            "origin": origin,
            "run": run,
            "group": group,
            "outcome": outcome,
            "total": total,
            "title": title,
            "height": packed(height),
            "frames": pa.table({name: _narrowed(column) for name, column in frames.items()}),
            "charts": packed([*charts]),
            "equation": packed([*equation]),
            "table": Table(head, rows).message(),
            "accent": accent,
            "branches": on_branch is not None,
            "reports": on_rest is not None,
            "trajectory": packed(trajectory),
            "ask": ask,
            "chapter": chapter,
            "opens": opens,
            "waits": waits,
        },
        on_branched_change=on_branch or (lambda: None),
        on_paused_change=on_pause,
        on_played_change=on_play,
        on_rested_change=on_rest or (lambda: None),
        on_started_change=on_start,
        on_zoomed_change=on_zoom,
    )


def live_table(*, key: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A table elsewhere on the page whose moving numbers follow the player's frame."""
    _table(key=key, data={"base": _base(), "mount": "mountTable", "table": Table(head, rows).message()})


def live_sentence(*, key: str, sayings: Sequence[Saying]) -> None:
    """A sentence elsewhere on the page: that of the sayings, in order of `since`, which holds at the player's frame."""
    _sentence(key=key, data={"base": _base(), "mount": "mountSentence", "sayings": packed([*sayings])})


def taken(*, key: str, report: Mapping[str, Any] | None, on_ask: Callable[[], None]) -> None:
    """Buttons: a film of the player's run, a web page that plays it without a server, a report to print.

    report: to be printed, once for each `id`; its fields are those of `Report` in frontend/messages.js.
    on_ask: called when the user wants a report.
    """
    _taken(key=key, data={"base": _base(), "mount": "mountTaken", "report": report}, on_asked_change=on_ask)


def pins(*, key: str, runs: Sequence[Pinned]) -> None:
    """Draw other runs behind the player's, each at the epoch shown, and list their names here.

    Their columns must be the player's first ones, for its marks draw them.
    """
    frames = {name: np.concatenate([run.frames[name] for run in runs]) for name in (runs[0].frames if runs else ())}
    data = {"base": _base(), "mount": "mountPins", "frames": pa.table(frames), "runs": [run.message() for run in runs]}
    _pins(key=key, data=data)


def stops(*, key: str, page: Mapping[str, str | Sequence[str]], went: str, on_go: Callable[[], None]) -> None:
    """Let the presenter of a lecture add stops: `page` is what one that is made now keeps, as parameters of a link.

    on_go: called when the lecture goes to a stop of another page, whose parameters are then the query `went`.
    went: the last such query that was answered.
    """
    _stops(
        key=key, data={"base": _base(), "mount": "mountStops", "page": dict(page), "went": went}, on_went_change=on_go
    )


def _narrowed(column: NDArray[Any]) -> NDArray[Any]:
    """The column as float32 if that loses nothing, as with all that was computed in float32."""
    with np.errstate(over="ignore"):
        narrow = column.astype(np.float32)
    return narrow if np.array_equal(narrow, column) else column


def _base() -> str:
    return address(f"player/{version()}/")
