"""The page's URL: every setting, the segments of the run, the pinned runs, and perhaps a table."""

import math
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from app.dataset.link import unpacked
from app.dataset.presets import DEFAULTS
from app.dataset.upload import OWN_PREFIX
from app.runs.link import plans_from, segments_from, text_of_plans, text_of_segments
from app.runs.pins import Plan
from app.runs.segments import Segment
from app.session.data import AUTOMATIC, READING, bring
from app.session.state import state, value

SHARED = (
    "dataset", "target", "features", *DEFAULTS, "loss_axis", "residuals", "fit", "surface", "surface_x", "surface_y",
    "held_at", "arrows", "along", *READING,
)  # fmt: skip
"""Widgets whose values a link holds."""


def parameter(name: str) -> str:
    """What the URL says of it; "" if nothing."""
    return str(st.query_params.get(name, ""))


def segments() -> tuple[Segment, ...]:
    return segments_from(parameter("stretches"))


def write_segments(segments: Sequence[Segment]) -> None:
    _write("stretches", text_of_segments(segments))


def plans() -> tuple[Plan, ...]:
    """Those of the pinned runs."""
    return plans_from(parameter("pins"))


def write_plans(plans: Sequence[Plan]) -> None:
    _write("pins", text_of_plans(plans))


def _write(name: str, text: str) -> None:
    if text == parameter(name):
        return
    if text:
        st.query_params[name] = text
    else:
        del st.query_params[name]


def address() -> str:
    """A URL of the page as it is now, with every setting but without a table."""
    values = {key: value(key) for key in SHARED if value(key) not in (None, "", [], AUTOMATIC)}
    run = state().run
    if run and run.segments:
        values["stretches"] = text_of_segments(run.segments)
    if pins := parameter("pins"):
        values["pins"] = pins
    texts = {key: str(one).lower() if isinstance(one, bool) else one for key, one in values.items()}
    bare = str(st.context.url or "").split("?")[0].rstrip("/")
    return f"{bare}/?{urlencode(texts, doseq=True)}"


def normalize_url(titles: Mapping[str, Mapping[str, str]]) -> None:
    """Give a visitor's URL the words that Streamlit's widgets know: by widget, a title for each name.

    What they stumble over, empty choices and infinite whole numbers, is forgotten. A table that
    travels in the URL is unpacked.
    """
    if state().has_normal_url:
        return
    state().has_normal_url = True
    before = {key: st.query_params.get_all(key) for key in st.query_params}
    after = {key: texts for key, texts in before.items() if texts[-1] and not _is_infinite(texts[-1])}
    for key, titles_of in titles.items():
        if (name := after.get(key, [""])[-1]) in titles_of:
            after[key] = [titles_of[name]]
    dataset = after.get("dataset", [""])[-1]
    if dataset.startswith(OWN_PREFIX) and (content := unpacked(after.get("data", [""])[-1])):
        bring(dataset.removeprefix(OWN_PREFIX), content, keep_settings=True)
    if after != before:
        st.query_params.from_dict(after)
        st.rerun()


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False
