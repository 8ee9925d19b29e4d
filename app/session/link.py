"""The page's URL: every setting, the segments of the run and its stop, the pinned runs, and perhaps a table."""

import math
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.dataset import Selection
from app.dataset.link import unpacked
from app.dataset.terms import SUPERSCRIPTS
from app.dataset.upload import OWN_PREFIX, Upload
from app.lessons import UNMADE, Place, as_parameters, course
from app.runs.link import plans_from, segments_from, text_of_plans, text_of_segments
from app.runs.pins import Plan
from app.runs.segments import Segment
from app.session.address import parameter, write_parameter
from app.session.data import bring, newest_upload
from app.session.state import assign, state


def asked_fingerprint() -> str:
    """Of the table with which the visitor's link was made; "" if the link says nothing of it."""
    return state().fingerprint


def segments() -> tuple[Segment, ...]:
    return segments_from(parameter("stretches"))


def write_segments(segments: Sequence[Segment]) -> None:
    write_parameter("stretches", text_of_segments(segments))


def stop() -> int:
    """The epoch at which the run was stopped; 0 if it was not."""
    written = parameter("stopped")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 0


def write_stop(epoch: int) -> None:
    write_parameter("stopped", str(epoch) if epoch else "")


def plans() -> tuple[Plan, ...]:
    """Those of the pinned runs."""
    return plans_from(parameter("pins"))


def write_plans(plans: Sequence[Plan]) -> None:
    write_parameter("pins", text_of_plans(plans))


def write_table(own: Upload | None) -> None:
    """Let the address hold the visitor's own table while it is shown; its fingerprint where it is too large."""
    text = own.link_text or "" if own else ""
    write_parameter("data", text)
    write_parameter("fingerprint", own.fingerprint if own and not text else "")


def link_to(selection: Selection, title: str) -> str:
    """A link's parameters for these rows and columns of the data set with that title, which travels if it is small."""
    columns, own = selection.columns, state().upload
    found: dict[str, str | list[str]] = {
        "dataset": title,
        "target": columns.target,
        "features": [*columns.features],
        "degrees": [f"{name}{SUPERSCRIPTS[degree]}" for name, degree in columns.degrees],
        "interactions": "true" if columns.interactions else [],
        "missing": columns.missing,
    }
    if own and own.dataset is selection.dataset:
        text = own.link_text
        found |= {**own.words, **({"data": text} if text else {"fingerprint": own.fingerprint})}
    return urlencode(found, doseq=True)


def _lesson_of_link() -> Place | None:
    """Where the URL is in the course; None for a lesson that there is not."""
    return place_named(parameter("lesson"), parameter("step"))


def place_named(name: str, written: str) -> Place | None:
    """The step of a lesson as links write it, from 1; None for a lesson that there is not."""
    found = next((lesson for lesson in (*course(), UNMADE) if lesson.id == name), None)
    step = int(written) if written.isdecimal() and len(written) < 4 else 1
    return Place(found, min(max(step, 1), len(found.steps)) - 1) if found else None


def write_lesson(place: Place | None) -> None:
    """Let the address have this place; a message that was on its way may just have brought an older one."""
    write_parameter("lesson", place.lesson.id if place else "")
    write_parameter("step", str(place.step + 1) if place else "")


def arrive(titles: Mapping[str, Mapping[str, str]]) -> None:
    """Take what a visitor's link says and no widget reads: at the first visit, and where Back or Forward lead.

    A first link's URL is given the words that Streamlit's widgets know: by widget, a title for each name.
    """
    now = state()
    assign(now.to_assign)
    now.to_assign = {}
    if now.has_arrived and not _is_from_history():
        return
    if not now.has_arrived:
        _normalize(titles)
    now.has_arrived, now.fingerprint, now.place = True, parameter("fingerprint"), _lesson_of_link()
    if now.run:
        now.branch = (None, segments()) if segments() else None
    dataset, text = parameter("dataset"), parameter("data")
    if now.opening:
        table, now.opening, now.pins, now.restore = now.opening.table, None, None, None
        if table:
            _take_table(*table)
    if dataset.startswith(OWN_PREFIX) and text:
        _unpack_table(dataset.removeprefix(OWN_PREFIX), text)


def _unpack_table(name: str, text: str) -> None:
    try:
        content = unpacked(text)
    except ValueError as error:
        state().refused = str(error)
        return
    _take_table(name, content)


def _take_table(name: str, content: bytes) -> None:
    """Bring a table for the settings of the address, unless it is the one that is here."""
    newest = newest_upload()
    if newest is None or (newest.name, newest.content) != (name, content):
        bring(name, content, keep_settings=True)


def _normalize(titles: Mapping[str, Mapping[str, str]]) -> None:
    """Begin anew if the URL has names for titles, or what widgets stumble over: empty choices, infinite numbers.

    Or if it lacks what a lesson's step opens with.
    """
    before = {key: st.query_params.get_all(key) for key in st.query_params}
    here = _lesson_of_link()
    opening = as_parameters(here.lesson.opening(here.step)) if here else {}
    after = opening | {key: texts for key, texts in before.items() if texts[-1] and not _is_infinite(texts[-1])}
    for key, titles_of in titles.items():
        if (name := after.get(key, [""])[-1]) in titles_of:
            after[key] = [titles_of[name]]
    if after != before:
        st.query_params.from_dict(after)
        st.rerun()


def _is_from_history() -> bool:
    """Whether the browser's Back or Forward led here."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False
