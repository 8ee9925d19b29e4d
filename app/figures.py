"""Finished numbers become Plotly figures. Plain dictionaries: building `go.Figure` costs 10 ms and more."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Hues of Okabe & Ito, told apart by the colour-blind and on light and dark alike.
DATA, MODEL, OPTIMUM, HELD_OUT = "#3182bd", "#d55e00", "#009e73", "#aa4499"
COLORS = {"data": DATA, "model": MODEL, "optimum": OPTIMUM, "held-out": HELD_OUT}

INKS = {"light": "#1c2430", "dark": "#e8ecf2"}

FIGURE_MARGIN = {"l": 62, "r": 12, "t": 8, "b": 46}
CONTOUR_SHADES = [[0.0, "rgba(0,158,115,0.02)"], [1.0, "rgba(84,110,160,0.62)"]]


def scatter(
    x: Array,
    y: Array,
    held_out: NDArray[np.bool_],
    x_title: str,
    y_title: str,
    x_range: list[float],
    y_range: list[float],
    levels: Sequence[str] = (),
) -> dict[str, Any]:
    """The data as points [n], the axes wide enough for the line to be seen coming; x 0, 1 … may be named `levels`.

    Rows that are `held_out` [n] are hollow.
    """
    few = len(x) < 200
    look = {"color": DATA, "size": 9 if few else 5, "opacity": 1 if few else 0.55}
    points = [_points("data", x[~held_out], y[~held_out], look)]
    if held_out.any():
        hollow = {**look, "color": HELD_OUT, "symbol": "circle-open", "line": {"width": 2}}
        points.append(_points("held out", x[held_out], y[held_out], hollow))
    x_axis = _axis(x_title, range=x_range)
    if levels:
        x_axis |= {"tickvals": list(range(len(levels))), "ticktext": list(map(_literal, levels)), "tickformat": None}
    return _figure(points, x_axis, _axis(y_title, range=y_range))


def _points(name: str, x: Array, y: Array, marker: dict[str, Any]) -> dict[str, Any]:
    hover = f"%{{x:.6~g}}, %{{y:.6~g}}{'' if name == 'data' else ', ' + name}<extra></extra>"
    points = {"type": "scatter", "mode": "markers", "name": name, "x": x, "y": y}
    return {**points, "marker": marker, "hovertemplate": hover}


def predicted_against_actual(actual: Array, target: str) -> dict[str, Any]:
    """The diagonal on which every prediction would be right."""
    low, high = float(actual.min()), float(actual.max())
    low, high = low - 0.08 * (high - low or 1), high + 0.08 * (high - low or 1)
    diagonal = _line("prediction = actual", [low, high], [low, high], OPTIMUM) | {"hoverinfo": "skip"}
    return _figure(
        [diagonal],
        _axis(f"actual {target}", range=[low, high]),
        _axis(f"predicted {target}", range=[low, high]),
    )


def loss_curve(
    epochs: int,
    losses: Array,
    lowest_point: tuple[float, str],
    logarithmic: bool,
    unit: str,
    best: tuple[float, float] | None = None,
    branches: Sequence[tuple[int, float]] = (),
) -> dict[str, Any]:
    """Axes for all `losses` of a run that has up to `epochs`, and the lowest point, a loss and its name, as a line.

    `best` is the epoch of the least loss on held-out rows, and that loss; `branches` are epochs at which the
    settings changed, and the losses there.
    """
    (lowest, name), top = lowest_point, float(losses.max())
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
    optimum = _line(name, [0, max(epochs, 1)], [lowest, lowest] if lowest > 0 or not logarithmic else [], OPTIMUM)
    optimum |= {"hovertemplate": f"{name} %{{y:.6~g}}<extra></extra>"}
    y_axis = _axis(f"loss{unit}", range=y_range)
    if logarithmic:
        decade = y_range[1]
        y_axis |= {"type": "log", "exponentformat": "power" if decade > 6 else "none"}
        y_axis |= {"tickformat": "~s"} if 4 < decade <= 6 else {"tickformat": None}
        y_axis |= {"dtick": 1} if 2 < span < 8 else {}
    data = [optimum]
    if best:
        look = {"color": HELD_OUT, "size": 12, "symbol": "diamond-open", "line": {"width": 2}}
        least = _points("least held-out loss", np.array([best[0]]), np.array([best[1]]), look)
        data.append(least | {"hovertemplate": "least held-out loss %{y:.6~g}<br>at epoch %{x:,.6~g}<extra></extra>"})
    if branches:
        look = {"color": MODEL, "size": 11, "symbol": "diamond", "line": {"width": 1.5, "color": "white"}}
        at = np.array(branches, dtype=float)
        data.append(_points("other settings from here", at[:, 0], at[:, 1], look))
    return _figure(data, _axis("epoch", range=[0, max(epochs, 1)]), y_axis)


def surface(
    x: Array,
    y: Array,
    losses: Array,
    optimum: tuple[float, float],
    x_title: str,
    y_title: str,
    lowest_point: str = "least squares",
) -> dict[str, Any]:
    """Contours of log loss [len(y), len(x)] over two parameters, the optimum marked by its name."""
    x_name, y_name = _literal(x_title), _literal(y_title)
    shade = np.log10(np.maximum(losses, max(float(losses.max()) * 1e-12, 1e-300)))
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
        "name": lowest_point,
        "x": [optimum[0]],
        "y": [optimum[1]],
        "marker": {"color": OPTIMUM, "size": 13, "symbol": "x-thin", "line": {"color": OPTIMUM, "width": 3}},
        "hovertemplate": f"{lowest_point}<br>{x_name} %{{x:.6~g}}<br>{y_name} %{{y:.6~g}}<extra></extra>",
    }
    return _figure(
        [contour, cross],
        _axis(x_title, range=[float(x[0]), float(x[-1])], grid=False),
        _axis(y_title, range=[float(y[0]), float(y[-1])], grid=False),
    )


def sweep(
    values: Array,
    series: dict[str, Array],
    diverged: NDArray[np.bool_],
    lowest: Array,
    best: tuple[str, int] | None,
    places: dict[str, float],
    highest: float,
    titles: tuple[str, str],
    ink: str,
) -> dict[str, Any]:
    """Last losses of runs against their values [R], on log axes unless these are seeds, in the page's own ink.

    `series` are losses [R] by name, of which `best` names one and a run; `lowest` is the least loss possible [R],
    or [0]; `places` are values to be marked, by name. Losses above `highest` are drawn there, and runs that
    diverged at the top.
    """
    linear = titles[0] == "seed"
    shown = np.concatenate([lowest, *(losses[~diverged] for losses in series.values())])
    top = min(float(shown.max(initial=0.0)), highest) or 1.0
    bottom = max(float(shown.min(initial=top, where=shown > 0)), top * 1e-32, 1e-300)
    decades = max(float(np.log10(top / bottom)), 0.3)
    y_range = [float(np.log10(bottom)) - 0.08 * decades, float(np.log10(bottom)) + 1.4 * decades]
    places = {name: value for name, value in places.items() if linear or value > 0}
    across = np.array([*values, *places.values()])
    x_range = _widened(across if linear else np.log10(across))
    data = [_line(name, [value] * 2, [10**y for y in y_range], ink) for name, value in places.items()]
    data.append(_line("lowest possible", values[: len(lowest)], lowest, OPTIMUM))
    sides = {"this run": "bottom left"}  # away from the limit's name
    for line in data:
        line |= {"mode": "lines+text", "hoverinfo": "skip", "text": ["", line["name"]]}
        line["textposition"] = sides.get(line["name"], "bottom right")
    for (name, losses), color in zip(series.items(), (MODEL, HELD_OUT), strict=False):
        heights = np.where(diverged, 10 ** (y_range[1] - 0.22 * decades), losses.clip(bottom, top))
        symbols = np.where(diverged, "x-open", "circle").tolist()
        look = {"color": color, "size": 8, "symbol": symbols}
        words = np.where(diverged, "diverged; last finite loss", name)
        says = f"{titles[0]} %{{x:.6~g}}<br>%{{text}} %{{customdata:.6~g}}<extra></extra>"
        points = _points(name, values, heights, look) | {"text": words.tolist(), "customdata": losses}
        data.append(points | {"hovertemplate": says, "unselected": {"marker": {"opacity": 1}}})
        if best and best[0] == name:
            ring = {"color": OPTIMUM, "size": 17, "symbol": "circle-open", "line": {"width": 3}}
            chosen = slice(best[1], best[1] + 1)
            data.append({**data[-1], "name": "the best", "x": values[chosen], "y": heights[chosen],
                         "text": ["the best;"], "customdata": losses[chosen], "marker": ring})  # fmt: skip
    x_axis, y_axis = _axis(titles[0], range=x_range), _axis(titles[1], range=y_range)
    logarithmic = {"type": "log", "tickformat": "~g", "exponentformat": "power"}
    figure = _figure(data, x_axis if linear else x_axis | logarithmic, y_axis | logarithmic)
    return {**figure, "layout": _inked(figure["layout"], ink)}


def _line(name: str, x: Any, y: Any, color: str) -> dict[str, Any]:
    look = {"color": color, "width": 1.5, "dash": "dash"}
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": look}


def _widened(values: Array) -> list[float]:
    low, high = float(values.min()), float(values.max())
    edge = 0.04 * (high - low) or 0.5
    return [low - edge, high + edge]


def _inked(layout: dict[str, Any], ink: str) -> dict[str, Any]:
    """A layout for a chart that stands on the page itself."""
    clear, lines = "rgba(0,0,0,0)", {"gridcolor": "rgba(128,140,160,0.25)", "linecolor": "rgba(128,140,160,0.6)"}
    axes = {name: {**layout[name], **lines} for name in ("xaxis", "yaxis")}
    own = {"paper_bgcolor": clear, "plot_bgcolor": clear, "modebar": {"bgcolor": clear, "color": "#808ca0"}}
    font = {"color": ink, "size": 13, "family": '"Source Sans", sans-serif'}
    return {**layout, **axes, **own, "font": font, "margin": {**FIGURE_MARGIN, "t": 32}}


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
