"""What outlives a rerun: the problem and the run on the screen."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.dataset import ColumnChoice, Dataset, Finding, Selection, examine, select
from app.dataset.link import unpacked
from app.dataset.presets import DEFAULTS
from app.dataset.upload import OWN, Upload
from app.engine import Objective, Problem, Settings, hold_out, train
from app.engine.losses import loss_of
from app.runs.run import GLANCE, PATIENCE, Run
from app.runs.segments import Segment, possible, read, replay, written

AUTOMATIC = "found out"
READING = ("delimiter", "decimal", "encoding", "header")
"""Widgets that say how a file is read; AUTOMATIC leaves it to `read_csv`."""

SHARED = (
    "dataset", "target", "features", *DEFAULTS, "loss_axis", "residuals", "fit", "surface", "surface_x", "surface_y",
    "held_at", "arrows", "along", *READING,
)  # fmt: skip
"""Widgets whose values a link holds."""

FROM_START, FROM_HERE = "from the start", "from here"


def selection(dataset: Dataset, columns: ColumnChoice) -> Selection:
    """The rows and terms of these columns; the ones before if nothing has changed. Raises DatasetError."""
    current: Selection | None = st.session_state.get("_selection")
    if current is None or current.dataset is not dataset or current.columns != columns:
        current = st.session_state["_selection"] = select(dataset, columns)
    return current


def findings(selection: Selection) -> list[Finding]:
    """What the data doctor says; looked for once."""
    if st.session_state.get("_examined") is not selection:
        st.session_state.update(_examined=selection, _findings=examine(selection.dataset, selection))
    return st.session_state["_findings"]  # type: ignore[no-any-return]


def objective(selection: Selection, settings: Settings) -> tuple[str, Objective]:
    """What is made small, and a name for this landscape: the one before if nothing of it has changed."""
    rows = (selection, settings.held_out, settings.seed if settings.held_out else None)
    if st.session_state.get("_rows") != rows:
        problem = hold_out(selection.problem, settings.held_out, settings.seed)
        st.session_state.update(_rows=rows, _problem=problem, _landscape=None)
    landscape = (loss_of(settings), settings.l1, settings.l2)
    if st.session_state.get("_landscape") != landscape:
        st.session_state.update(_landscape=landscape, _objective=Objective(st.session_state["_problem"], settings))
        st.session_state["_group"] = st.session_state.get("_group", 0) + 1
    return str(st.session_state["_group"]), st.session_state["_objective"]


def run(selection: Selection, settings: Settings) -> Run:
    """The run of these settings: the one on the screen if they are the same, else a new one.

    Where changes apply from here on, the page is first asked which epoch it shows, and `branch` does the rest.
    While the start is dragged the run begins there, and only as much is trained as leaves the hand free.
    """
    if start := dragged(selection):
        settings = replace(settings, start=start)
    current: Run | None = st.session_state.get("_run")
    group, target = objective(selection, settings)
    branched = st.session_state.pop("_branch", None)
    fits = current is not None and current.problem is target.problem
    if current and fits and current.settings == settings and not branched and not _forgets(current):
        current.ask = ""
    elif current and fits and not branched and value("changes") == FROM_HERE:
        current.ask = str(time.monotonic_ns())
    else:
        number = int(current.id) + 1 if current else 1
        after, segments = branched or (None, () if current else _of_the_link(target.problem))
        if after and fits and segments:
            rest = train(target.problem, settings, after=after, at=min(segments[-1].until, settings.epochs))
        else:
            rest = replay(target.problem, segments, settings)
        new = Run(str(number), group, selection, target, settings, next(rest), rest,
                  segments=segments, owner=_session_id())  # fmt: skip
        _write_in_the_link(segments)
        if current:
            current.job.end()
        current = st.session_state["_run"] = new
        current.advance(GLANCE if start else PATIENCE)
    if not start:
        current.follow()
    return current


def branch(current: Run, epoch: int) -> None:
    """Let the next run be this one up to an epoch, and go on from there with the sidebar's settings."""
    epoch = min(epoch, current.history.epochs)
    before = [segment for segment in current.segments if segment.until < epoch]
    segment = Segment(epoch, current.settings_after(epoch - 1))
    st.session_state["_branch"] = (current.history, (*before, segment) if epoch else ())
    assign({"changes": FROM_HERE})


def rest(current: Run, epoch: float) -> None:
    """The player rests at this epoch of this run."""
    st.session_state["_rest"] = (current.id, epoch)


def epoch_shown(current: Run) -> float:
    """Where the player last came to rest on this run, so far as it has told; with parts of an epoch between updates."""
    of, epoch = st.session_state.get("_rest", ("", 0.0))
    return min(float(epoch), float(current.epochs)) if of == current.id else 0.0


def begin_at(start: Sequence[float], *, done: bool) -> None:
    """Let runs begin here, from the first epoch on; the widget is told once the hand that moves the start is done."""
    widgets = {"start": ", ".join(map(repr, start))} if done else {}
    assign({"changes": FROM_START, "_dragged": () if done else tuple(start), **widgets})


def dragged(selection: Selection) -> tuple[float, ...]:
    """Where the start is while it is dragged; nothing where that is a start of other columns."""
    start = tuple(value("_dragged", ()))
    return start if len(start) == len(selection.terms) + 1 else ()


def _forgets(current: Run) -> bool:
    """Whether a run of several segments is to begin anew because changes apply from the start."""
    return bool(current.segments) and value("changes") == FROM_START


def restore(settings: Mapping[str, Any], segments: tuple[Segment, ...]) -> None:
    """Let the next run have these values of widgets, after these segments; only in a callback."""
    st.session_state["_branch"] = (None, segments) if segments else None
    assign({**settings, "changes": FROM_HERE if segments else FROM_START})


def _of_the_link(problem: Problem) -> tuple[Segment, ...]:
    """The segments of a visitor's link; none where this problem cannot have them."""
    segments = read(st.query_params.get("stretches", ""))
    return segments if all(possible(problem, segment.settings) for segment in segments) else ()


def _write_in_the_link(segments: tuple[Segment, ...]) -> None:
    if segments:
        st.query_params["stretches"] = written(segments)
    elif "stretches" in st.query_params:
        del st.query_params["stretches"]


def _session_id() -> str:
    """Streamlit's name for the browser tab that is served; "" outside of its server."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def upload() -> Upload | None:
    """The last table of the user's that could be read."""
    return st.session_state.get("_upload")


def pending() -> Upload | None:
    """A table that the user brought and that has not been read yet, or not with success."""
    return st.session_state.get("_pending")


def bring(name: str, content: bytes, *, base: Any = None, keep_settings: bool = False) -> None:
    """Take a table of the user's; once it is read, its first look sets the settings unless they are kept.

    Only in a callback or before the widgets are drawn.
    """
    asked_for = value("dataset") == OWN + name and upload() is None
    st.session_state["_pending"] = Upload(name, content, base)
    st.session_state["_brought"] = brought() + 1
    st.session_state["_keep_settings"] = keep_settings or asked_for
    if not keep_settings:
        assign(dict.fromkeys(READING, AUTOMATIC))


def brought() -> int:
    """How many tables the user has brought so far."""
    return int(st.session_state.get("_brought", 0))


def accept(table: Upload) -> bool:
    """Let a table that was read take the place of the one before; True if its first look is to be taken."""
    st.session_state.update(_upload=table, _pending=None)
    return not st.session_state.pop("_keep_settings", False)


def drop() -> None:
    """Forget the pending table, and all ways of reading but the one that the table before was read in."""
    st.session_state["_pending"] = None
    current = upload()
    assign({**dict.fromkeys(READING, AUTOMATIC), **(current.words if current else {})})


def normalize_url(titles: Mapping[str, Mapping[str, str]]) -> None:
    """Give a visitor's URL the words that Streamlit's widgets know: by widget, a title for each name.

    What they stumble over, empty choices and infinite whole numbers, is forgotten. A table that
    travels in the URL is unpacked.
    """
    if "_visited" in st.session_state:
        return
    st.session_state["_visited"] = True
    before = {key: st.query_params.get_all(key) for key in st.query_params}
    after = {key: texts for key, texts in before.items() if texts[-1] and not _is_infinite(texts[-1])}
    for key, titles_of in titles.items():
        if (name := after.get(key, [""])[-1]) in titles_of:
            after[key] = [titles_of[name]]
    dataset = after.get("dataset", [""])[-1]
    if dataset.startswith(OWN) and (content := unpacked(after.get("data", [""])[-1])):
        bring(dataset.removeprefix(OWN), content, keep_settings=True)
    if after != before:
        st.query_params.from_dict(after)
        st.rerun()


def address() -> str:
    """A URL of the page as it is now, with every setting but without a table."""
    values = {key: value(key) for key in SHARED if value(key) not in (None, "", [], AUTOMATIC)}
    current: Run | None = st.session_state.get("_run")
    if current and current.segments:
        values["stretches"] = written(current.segments)
    if pins := st.query_params.get("pins"):
        values["pins"] = pins
    words = {key: str(held).lower() if isinstance(held, bool) else held for key, held in values.items()}
    bare = str(st.context.url or "").split("?")[0].rstrip("/")
    return f"{bare}/?{urlencode(words, doseq=True)}"


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def value(key: str, default: Any = None) -> Any:
    """What the widget `key` holds."""
    return st.session_state.get(key, default)


def assign(values: Mapping[str, Any]) -> None:
    """Move widgets, as their user would; only in a callback or before they are drawn."""
    st.session_state.update(values)
