"""Axes and traces, of which every figure is made."""

from collections.abc import Sequence
from html import unescape
from math import ceil, log10
from textwrap import wrap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.palette import OPTIMUM

Array = NDArray[np.float64]

MAX_TITLE_CHARACTERS = 38
"""Longer axis titles do not fit beside a chart that is a third of the page wide."""

USUAL_DIGITS = 6
"""Of a label; longer ones need room."""

HOVER_CHARACTERS = 34
"""In a line of a hover's text, which Plotly does not break."""

HOVER_FORMAT = ".6~g"
"""Of %{x} and %{y}; in a template, as %{x:.6~g}, Plotly would write a hyphen for the minus."""

MARGIN_PX = {"l": 62, "r": 17, "t": 8, "b": 46}


def figure(data: list[dict[str, Any]], x_axis: dict[str, Any], y_axis: dict[str, Any]) -> dict[str, Any]:
    """A figure {data, layout} of these traces, which keeps its zoom when it is drawn again."""
    layout = {
        "margin": MARGIN_PX,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "zoom",
        "uirevision": "kept",
        "xaxis": x_axis,
        "yaxis": y_axis,
    }
    return {"data": data, "layout": layout}


def axis(title: str, *, range: list[float], grid: bool = True) -> dict[str, Any]:  # noqa: A002
    """A linear axis over exactly this range; large numbers are labelled with a suffix, as in 20M.

    Its title is whole: the player shortens it to the room that there is, and `inked` to what fits in most places.
    """
    largest = max(map(abs, range))
    digits = ceil(log10(largest / (range[1] - range[0]))) + 2 if largest else 1  # that tell two labels apart
    is_long = digits > USUAL_DIGITS  # such as milliseconds since 1970
    suffixed = f".{digits}~s" if is_long else "~s"
    return {
        "title": {"text": escaped(title), "standoff": 6},
        "range": range,
        "tickformat": suffixed if 1e5 <= largest < 1e15 else None,
        "hoverformat": HOVER_FORMAT,
        "showgrid": grid,
        "zeroline": False,
        "automargin": is_long,
        "nticks": 3 if is_long else 6,
    }


def points(name: str, x: Array, y: Array, marker: dict[str, Any], says: str) -> dict[str, Any]:
    """A scatter trace at x [n], y [n]; `says` is Plotly's template for a hover."""
    points = {"type": "scatter", "mode": "markers", "name": name, "x": x, "y": y}
    return {**points, "marker": marker, "hovertemplate": f"{says}<extra></extra>"}


def hover(lines: Sequence[str]) -> str:
    """Lines of text for a hover, long ones broken."""
    return "<br>".join(escaped(part) for line in lines for part in wrap(line, HOVER_CHARACTERS))


def cross(name: str, x: float, y: float, details: str) -> dict[str, Any]:
    """The lowest point, under this name; `details` is what a hover adds to it."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [x],
        "y": [y],
        "marker": {"color": OPTIMUM, "size": 13, "symbol": "x-thin", "line": {"color": OPTIMUM, "width": 3}},
        "hovertemplate": f"{name}<br>{details}<extra></extra>",
    }


def line(name: str, x: Any, y: Any, color: str) -> dict[str, Any]:
    """A dashed line."""
    look = {"color": color, "width": 1.5, "dash": "dash"}
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": look}


def inked(layout: dict[str, Any], ink: str) -> dict[str, Any]:
    """The layout for a chart outside the player, which brings its own colours: `ink` is that of the text."""
    clear, lines = "rgba(0,0,0,0)", {"gridcolor": "rgba(128,140,160,0.25)", "linecolor": "rgba(128,140,160,0.6)"}
    axes = {name: {**layout[name], **lines, "title": _fitting(layout[name]["title"])} for name in ("xaxis", "yaxis")}
    own = {"paper_bgcolor": clear, "plot_bgcolor": clear, "modebar": {"bgcolor": clear, "color": "#808ca0"}}
    font = {"color": ink, "size": 13, "family": '"Source Sans", sans-serif'}
    return {**layout, **axes, **own, "font": font, "margin": {**MARGIN_PX, "t": 32}}


def _fitting(title: dict[str, Any]) -> dict[str, Any]:
    return {**title, "text": escaped(shortened(unescape(title["text"])))}


def shortened(title: str) -> str:
    """The title without its middle if it is too long; its end may be "(standardized)"."""
    if len(title) <= MAX_TITLE_CHARACTERS:
        return title
    end = MAX_TITLE_CHARACTERS * 2 // 5
    return f"{title[: MAX_TITLE_CHARACTERS - end - 1].rstrip()}…{title[-end:]}"


def escaped(text: str) -> str:
    """A name from a file, escaped: Plotly reads some HTML, and %{…} as a placeholder."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "%&#123;")
