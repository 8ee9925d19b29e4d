"""Axes and traces, of which every figure is made."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.palette import OPTIMUM

Array = NDArray[np.float64]

LONGEST = 38
"""Letters of an axis' title; more do not fit beside a chart of a third of the page."""

FIGURE_MARGIN = {"l": 62, "r": 17, "t": 8, "b": 46}


def figure(data: list[dict[str, Any]], x_axis: dict[str, Any], y_axis: dict[str, Any]) -> dict[str, Any]:
    layout = {
        "margin": FIGURE_MARGIN,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "zoom",
        "uirevision": "kept",
        "xaxis": x_axis,
        "yaxis": y_axis,
    }
    return {"data": data, "layout": layout}


def axis(title: str, *, range: list[float], grid: bool = True) -> dict[str, Any]:  # noqa: A002
    large = 1e5 <= max(map(abs, range)) < 1e15
    return {
        "title": {"text": literal(shortened(title)), "standoff": 6},
        "range": range,
        "tickformat": "~s" if large else None,
        "showgrid": grid,
        "zeroline": False,
        "automargin": False,
        "nticks": 6,
    }


def points(name: str, x: Array, y: Array, marker: dict[str, Any]) -> dict[str, Any]:
    hover = f"%{{x:.6~g}}, %{{y:.6~g}}{'' if name == 'data' else ', ' + name}<extra></extra>"
    points = {"type": "scatter", "mode": "markers", "name": name, "x": x, "y": y}
    return {**points, "marker": marker, "hovertemplate": hover}


def cross(name: str, x: float, y: float, says: str) -> dict[str, Any]:
    """The lowest point of all, by its name; `says` is what a hover adds to it."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [x],
        "y": [y],
        "marker": {"color": OPTIMUM, "size": 13, "symbol": "x-thin", "line": {"color": OPTIMUM, "width": 3}},
        "hovertemplate": f"{name}<br>{says}<extra></extra>",
    }


def line(name: str, x: Any, y: Any, color: str) -> dict[str, Any]:
    look = {"color": color, "width": 1.5, "dash": "dash"}
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": look}


def inked(layout: dict[str, Any], ink: str) -> dict[str, Any]:
    """A layout for a chart that stands on the page itself."""
    clear, lines = "rgba(0,0,0,0)", {"gridcolor": "rgba(128,140,160,0.25)", "linecolor": "rgba(128,140,160,0.6)"}
    axes = {name: {**layout[name], **lines} for name in ("xaxis", "yaxis")}
    own = {"paper_bgcolor": clear, "plot_bgcolor": clear, "modebar": {"bgcolor": clear, "color": "#808ca0"}}
    font = {"color": ink, "size": 13, "family": '"Source Sans", sans-serif'}
    return {**layout, **axes, **own, "font": font, "margin": {**FIGURE_MARGIN, "t": 32}}


def shortened(title: str) -> str:
    """Without the middle of what is too long: the end may say "(standardized)"."""
    end = LONGEST * 2 // 5
    return title if len(title) <= LONGEST else f"{title[: LONGEST - end - 1].rstrip()}…{title[-end:]}"


def literal(text: str) -> str:
    """A name from a file, which Plotly would take for markup or for a place to fill in."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "%&#123;")
