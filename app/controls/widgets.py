"""Widgets that several controls are made of; each has its setting's name as key and in the URL."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.engine.settings import BOUNDS
from app.wording import as_markdown
from components.log_slider import log_slider

OPTIONS = {
    "missing": ["leave_out", "mean", "median"],
    "scaling": ["none", "standardize"],
    "gradient": ["by_hand", "autograd"],
    "precision": ["float64", "float32"],
    "loss_axis": ["log", "linear"],
    "surface": ["contours", "3D", "one weight"],
    "held_at": ["optimum", "epoch shown"],
    "changes": ["from the start", "from here"],
}

WORDS = {key: {name: name.replace("_", " ") for name in names} for key, names in OPTIONS.items()}
"""How each choice is written on the page, by its name in a link."""

TICK_SECONDS = 0.25
"""Shortest time between two looks at work in progress."""


def slider_number(
    label: str,
    key: str,
    preset: dict[str, Any],
    scale: tuple[float, float],
    *,
    slider: str,
    zones: Callable[[float], dict[str, Any]] = lambda chosen: {},
    thumb: DeltaGenerator | None = None,
) -> Any:
    """A number to type, and a slider on a log scale for the same number, with `zones` for the number chosen.

    In `thumb` there is another such slider, which phones (style.css) and lectures (lecture.css) show.
    """
    whole = isinstance(preset[key], int)
    kind: Callable[[float], Any] = int if whole else float
    low, high = scale
    least, most = map(kind, BOUNDS[key])

    def moved(widget: str) -> None:
        to = session.told(widget, "moved", (least, most))
        if to is not None:
            session.assign({key: kind(to)})

    chosen = st.number_input(
        as_markdown(label),
        least,
        most,
        preset[key],
        step=None if whole else tenth(session.value(key) or preset[key]),
        format=None if whole else "%g",
        key=key,
        bind="query-params",
    )
    show = partial(log_slider, slider, parameter=key, value=chosen, low=low, high=high, whole=whole, **zones(chosen))
    show(key=f"{key}_slider", moved=partial(moved, f"{key}_slider"))
    if thumb:
        with thumb:
            st.caption(as_markdown(f"{label} {chosen:g}"))
            show(key=f"{key}_thumb", dial=f"{key}_slider", moved=partial(moved, f"{key}_thumb"))
    return chosen


def tenth(number: float) -> float:
    """A tenth, to one digit: the step of a number whose size may be anything."""
    return float(f"{number / 10:.0e}")


def choice(label: str, key: str, preset: dict[str, Any]) -> str:
    chosen: str | None = st.segmented_control(
        as_markdown(label),
        OPTIONS[key],
        format_func=lambda name: as_markdown(WORDS[key][name]),
        default=preset[key],
        required=True,
        key=key,
        bind="query-params",
    )
    return chosen or str(preset[key])  # None is what only a program could choose


def number_input(label: str, key: str, preset: dict[str, Any]) -> Any:
    """A number input: integer if its default is, optional if its default is None."""
    whole = isinstance(preset[key], int)
    kind: Callable[[float], Any] = int if whole else float
    least, most = map(kind, BOUNDS[key])
    return st.number_input(
        as_markdown(label),
        least,
        most,
        preset[key],
        step=None if whole else 0.01,
        format=None if whole else "%g",
        key=key,
        bind="query-params",
        placeholder="usual",
    )


def titled(label: str, key: str, titles: dict[str, str], preset: dict[str, Any]) -> Any:
    """A choice of names, each shown by its title."""
    names = list(titles)
    first = names.index(preset[key])
    return st.selectbox(as_markdown(label), names, first, titles.__getitem__, key=key, bind="query-params")


def selectbox(label: str, key: str, options: list[str]) -> str:
    return str(st.selectbox(as_markdown(label), options, key=key, bind="query-params", width=190))
