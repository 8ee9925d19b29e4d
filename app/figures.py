"""Finished numbers become Plotly figures. Plain dictionaries: building `go.Figure` costs 10 ms and more."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Hues of Okabe & Ito, told apart by the colour-blind and on light and dark alike.
DATA, MODEL, OPTIMUM = "#3182bd", "#d55e00", "#009e73"
COLORS = {"data": DATA, "model": MODEL, "optimum": OPTIMUM}

FIGURE_MARGIN = {"l": 62, "r": 12, "t": 8, "b": 46}
CONTOUR_SHADES = [[0.0, "rgba(0,158,115,0.02)"], [1.0, "rgba(84,110,160,0.62)"]]


def scatter(
    x: Array,
    y: Array,
    x_title: str,
    y_title: str,
    x_range: list[float],
    y_range: list[float],
    levels: Sequence[str] = (),
) -> dict[str, Any]:
    """The data as points [n], the axes wide enough for the line to be seen coming; x 0, 1 … may be named `levels`."""
    points = {
        "type": "scatter",
        "mode": "markers",
        "name": "data",
        "x": x,
        "y": y,
        "marker": {"color": DATA, "size": 9 if len(x) < 200 else 5, "opacity": 1 if len(x) < 200 else 0.55},
        "hovertemplate": "%{x:.6~g}, %{y:.6~g}<extra></extra>",
    }
    x_axis = _axis(x_title, range=x_range)
    if levels:
        x_axis |= {"tickvals": list(range(len(levels))), "ticktext": list(map(_literal, levels)), "tickformat": None}
    return _figure([points], x_axis, _axis(y_title, range=y_range))


def predicted_against_actual(actual: Array, target: str) -> dict[str, Any]:
    """The diagonal on which every prediction would be right."""
    low, high = float(actual.min()), float(actual.max())
    low, high = low - 0.08 * (high - low or 1), high + 0.08 * (high - low or 1)
    diagonal = {
        "type": "scatter",
        "mode": "lines",
        "name": "prediction = actual",
        "x": [low, high],
        "y": [low, high],
        "line": {"color": OPTIMUM, "width": 1.5, "dash": "dash"},
        "hoverinfo": "skip",
    }
    return _figure(
        [diagonal],
        _axis(f"actual {target}", range=[low, high]),
        _axis(f"predicted {target}", range=[low, high]),
    )


def loss_curve(epochs: int, losses: Array, lowest: float, logarithmic: bool, unit: str) -> dict[str, Any]:
    """Axes for the loss of a run that has up to `epochs`, and the least squares as a line to come down to."""
    top = float(losses.max())
    if logarithmic:
        floor = float(losses.min())
        if lowest > floor * 1e-3:
            floor = min(floor, lowest)
        bottom = float(np.log10(max(floor, top * 1e-32, 1e-300)))
        span = max(float(np.log10(top or 1)) - bottom, 0.1)
        y_range = [bottom - 0.06 * span, bottom + 1.06 * span]
    else:
        top = min(top, 10 * float(losses[0])) or 1.0
        y_range = [-0.03 * top, 1.05 * top]
    optimum = {
        "type": "scatter",
        "mode": "lines",
        "name": "least squares",
        "x": [0, max(epochs, 1)],
        "y": [lowest, lowest] if lowest > 0 or not logarithmic else [],
        "line": {"color": OPTIMUM, "width": 1.5, "dash": "dash"},
        "hovertemplate": "least squares %{y:.6~g}<extra></extra>",
    }
    y_axis = _axis(f"loss{unit}", range=y_range)
    if logarithmic:
        decade = y_range[1]
        y_axis |= {"type": "log", "exponentformat": "power" if decade > 6 else "none"}
        y_axis |= {"tickformat": "~s"} if 4 < decade <= 6 else {"tickformat": None}
        y_axis |= {"dtick": 1} if 2 < span < 8 else {}
    return _figure([optimum], _axis("epoch", range=[0, max(epochs, 1)]), y_axis)


def surface(
    x: Array, y: Array, losses: Array, optimum: tuple[float, float], x_title: str, y_title: str
) -> dict[str, Any]:
    """Contours of log loss [len(y), len(x)] over two parameters, the optimum marked."""
    x_name, y_name = _literal(x_title), _literal(y_title)
    shade = np.log10(np.maximum(losses, losses.max() * 1e-12))
    contour = {
        "type": "contour",
        "x": x,
        "y": y,
        "z": shade.astype(np.float32),
        "customdata": losses.astype(np.float32),
        "colorscale": CONTOUR_SHADES,
        "showscale": False,
        "ncontours": 16,
        "line": {"width": 0.6, "color": "rgba(110,130,165,0.75)"},
        "hovertemplate": f"{x_name} %{{x:.4~g}}<br>{y_name} %{{y:.4~g}}<br>loss %{{customdata:.5~g}}<extra></extra>",
    }
    cross = {
        "type": "scatter",
        "mode": "markers",
        "name": "least squares",
        "x": [optimum[0]],
        "y": [optimum[1]],
        "marker": {"color": OPTIMUM, "size": 13, "symbol": "x-thin", "line": {"color": OPTIMUM, "width": 3}},
        "hovertemplate": f"least squares<br>{x_name} %{{x:.6~g}}<br>{y_name} %{{y:.6~g}}<extra></extra>",
    }
    return _figure(
        [contour, cross],
        _axis(x_title, range=[float(x[0]), float(x[-1])], grid=False),
        _axis(y_title, range=[float(y[0]), float(y[-1])], grid=False),
    )


def _figure(data: list[dict[str, Any]], x_axis: dict[str, Any], y_axis: dict[str, Any]) -> dict[str, Any]:
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


def _axis(title: str, *, range: list[float], grid: bool = True) -> dict[str, Any]:  # noqa: A002
    large = 1e5 <= max(map(abs, range)) < 1e15
    return {
        "title": {"text": _literal(title), "standoff": 6},
        "range": range,
        "tickformat": "~s" if large else None,
        "showgrid": grid,
        "zeroline": False,
        "automargin": False,
        "nticks": 6,
    }


def _literal(text: str) -> str:
    """A name from a file, which Plotly would take for markup or for a place to fill in."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "%&#123;")
