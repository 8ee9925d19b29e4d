"""What a browser tab's session holds: the widgets' values, and behind them what the page has made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.dataset import Finding, Selection
from app.dataset.settings_file import SettingsFile
from app.dataset.upload import Upload
from app.engine import History, Objective
from app.lessons import Attempt, Lesson, Place
from app.runs.pins import Pin, PinRestore
from app.runs.run import Run
from app.runs.segments import Segment
from app.runs.sweep import SweepRun

KEY = "_state"
"""Of the state among the widgets' values."""

_open: set[str] = set()


@dataclass
class State:
    """Everything but the widgets' values. What is computed is kept in a pair with what it was computed from."""

    selection: Selection | None = None
    title: str = ""
    """Of the data set that the selection is of."""

    findings: tuple[Selection, list[Finding]] | None = None
    objective: Objective | None = None
    groups: int = 0
    """Loss surfaces so far."""

    run: Run | None = None
    branch: tuple[History | None, tuple[Segment, ...]] | None = None
    """The segments that the next run begins with, and the history that holds them if they are trained already."""

    has_switched: bool = False
    """Whether it was a branch, and no hand, that let changes apply from the epoch shown on."""

    rest: tuple[str, float] = ("", 0.0)
    """The run on which the player last came to rest, and the epoch."""

    dragged: tuple[float, ...] = ()
    """The start while it is dragged."""

    zoom: tuple[str, tuple[tuple[float, float], tuple[float, float]] | None] = ("", None)
    """The group whose surface is zoomed, and the ends of the part that is shown, across and up."""

    pins: tuple[Pin, ...] | None = None
    """None until the link's have been asked for."""

    restore: PinRestore | None = None
    sweep: SweepRun | None = None

    upload: Upload | None = None
    """The last table of the user's that could be read."""

    pending: Upload | None = None
    """A table that the user brought and that has not been read yet, or not with success."""

    uploads: int = 0
    """Tables that the user has brought so far."""

    is_ledger_open: bool = False
    """Whether the ledger of columns is shown."""

    keeps_settings: bool = False
    """Whether the pending table leaves the settings alone."""

    refused: str = ""
    """Why the last file that the user brought was not taken."""

    opening: SettingsFile | None = None
    """The settings file whose address the browser is to go to."""

    place: Place | None = None
    """The step of a lesson that is open."""

    to_assign: dict[str, Any] = field(default_factory=dict)
    """Values for widgets, before they are drawn again."""

    challenges: Lesson | None = None
    """The last that were asked for, held so that a class makes them once."""

    attempts: dict[tuple[str, int], Attempt] = field(default_factory=dict)
    """By the lesson's name and the step, from 0."""

    went: str = ""
    """The page that the lecture last went to, as a query."""

    has_arrived: bool = False

    fingerprint: str = ""
    """Of the table with which the visitor's link was made."""


def state() -> State:
    """This session's; the same object in every rerun."""
    if KEY not in st.session_state:
        st.session_state[KEY] = State()
        _open.add(session_id())
    held: State = st.session_state[KEY]
    return held


def open_sessions() -> set[str]:
    """Those that hold something, by Streamlit's name: the page's tabs, also while their connection is lost."""
    return _open.copy()


def closed(name: str) -> None:
    """A session is no more."""
    _open.discard(name)


def session_id() -> str:
    """Streamlit's name for the browser tab that is served; "" outside of its server."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def value(key: str, default: Any = None) -> Any:
    """What the widget `key` holds."""
    return st.session_state.get(key, default)


def assign(values: Mapping[str, Any]) -> None:
    """Move widgets, as their user would; only in a callback or before they are drawn."""
    st.session_state.update(values)
