"""What outlives a rerun: the problem and the run on the screen."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.dataset import Columns, Dataset, Finding, Selection, examine, select
from app.dataset.samples import PRESET
from app.engine import History, Problem, Settings, train
from app.pool import Job, pool
from app.share import unpacked
from app.upload import OWN, Upload

AUTOMATIC = "found out"
READING = ("delimiter", "decimal", "encoding", "header")
"""Widgets that say how a file is read; AUTOMATIC leaves it to `read_csv`."""

SHARED = ("dataset", "target", "features", *PRESET, "loss_axis", "residuals", "fit", "surface_x", "surface_y", *READING)
"""Widgets whose values a link holds."""

PATIENCE = 0.1
"""Seconds of training that a user waits for before the first picture, and between pictures."""


@dataclass(eq=False)
class Run:
    """One descent: `id` differs for every run, `group` for every landscape that runs share.

    `epochs` and `outcome` are those that the page has been given so far, `held` the word for
    why the training rests: "paused", "stopped", or none.
    """

    id: str
    group: str
    selection: Selection
    settings: Settings
    history: History
    rest: InitVar[Iterator[History]]
    epochs: int = 0
    held: str = ""

    def __post_init__(self, rest: Iterator[History]) -> None:
        self.outcome: str = self.history.outcome
        self.job = Job((history.epochs for history in rest), owner=_session_id())

    @property
    def problem(self) -> Problem:
        return self.selection.problem

    @property
    def hopeless(self) -> bool:
        """Whether there is no loss to show, not even the first."""
        return not math.isfinite(self.history.losses[0])

    def advance(self, seconds: float = PATIENCE) -> None:
        """Train on here for a while, and hand out what came of it."""
        if self.history.outcome == "running":
            self.job.work(seconds)
        self._hand_out()

    def follow(self) -> bool:
        """Have the pool train on, unless that is held; whether there is more to show than before."""
        before = self.epochs, self.outcome
        self._hand_out()
        if self.outcome == "running" and not self.held:
            pool.train(self.job)
        return (self.epochs, self.outcome) != before

    def hold(self, word: str) -> None:
        """Let the training rest where it is."""
        pool.pause(self.job)
        self.job.settle(PATIENCE)
        self.held = word

    def go_on(self) -> None:
        """Train on from where it rests."""
        self.held = ""

    def _hand_out(self) -> None:
        """More only when that at least doubles what is shown, or ends it, or the training rests."""
        self.job.check()
        outcome, reached = self.history.outcome, self.job.reached  # a thread of the pool may be writing
        if outcome != "running":
            self.epochs, self.outcome = self.history.epochs, outcome
            return
        if self.held or reached >= 2 * self.epochs:
            self.epochs = max(self.epochs, reached)
        self.outcome = "stopped" if self.held == "stopped" else "running"


def selection(dataset: Dataset, columns: Columns) -> Selection:
    """The rows and terms of these columns; the ones before if nothing has changed. Raises DatasetError."""
    current: Selection | None = st.session_state.get("_selection")
    if current is None or current.dataset is not dataset or current.columns != columns:
        current = st.session_state["_selection"] = select(dataset, columns)
        st.session_state["_group"] = st.session_state.get("_group", 0) + 1
    return current


def findings(selection: Selection) -> list[Finding]:
    """What the data doctor says; looked for once."""
    if st.session_state.get("_examined") is not selection:
        st.session_state.update(_examined=selection, _findings=examine(selection.dataset, selection))
    return st.session_state["_findings"]  # type: ignore[no-any-return]


def run(selection: Selection, settings: Settings) -> Run:
    """The run of these settings: the one on the screen if they are the same, else a new one."""
    current: Run | None = st.session_state.get("_run")
    if current is None or current.selection is not selection or current.settings != settings:
        rest, before = train(selection.problem, settings), current
        number = int(before.id) + 1 if before else 1
        current = Run(str(number), str(st.session_state["_group"]), selection, settings, next(rest), rest)
        st.session_state["_run"] = current
        if before:
            before.job.end()
        current.advance()
    current.follow()
    return current


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


def mend_address(titles: Mapping[str, str]) -> None:
    """Give a visitor's URL the words that Streamlit's widgets know: a dataset's title for its key.

    What they stumble over, empty choices and infinite whole numbers, is forgotten. A table that
    travels in the URL is unpacked.
    """
    if "_visited" in st.session_state:
        return
    st.session_state["_visited"] = True
    before = {key: st.query_params.get_all(key) for key in st.query_params}
    after = {key: texts for key, texts in before.items() if texts[-1] and not _is_infinite(texts[-1])}
    dataset = after.get("dataset", [""])[-1]
    if dataset in titles:
        after["dataset"] = [titles[dataset]]
    if dataset.startswith(OWN) and (content := unpacked(after.get("data", [""])[-1])):
        bring(dataset.removeprefix(OWN), content, keep_settings=True)
    if after != before:
        st.query_params.from_dict(after)
        st.rerun()


def address() -> str:
    """A URL of the page as it is now, with every setting but without a table."""
    values = {key: value(key) for key in SHARED if value(key) not in (None, "", [], AUTOMATIC)}
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
