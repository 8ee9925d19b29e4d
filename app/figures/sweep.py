"""Many runs beside one another."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.palette import HELD_OUT, MODEL, OPTIMUM
from app.figures.traces import Array, axis, figure, inked, line, points


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
    data = [line(name, [value] * 2, [10**y for y in y_range], ink) for name, value in places.items()]
    data.append(line("lowest possible", values[: len(lowest)], lowest, OPTIMUM))
    sides = {"this run": "bottom left"}  # away from the limit's name
    for place in data:
        place |= {"mode": "lines+text", "hoverinfo": "skip", "text": ["", place["name"]]}
        place["textposition"] = sides.get(place["name"], "bottom right")
    for (name, losses), color in zip(series.items(), (MODEL, HELD_OUT), strict=False):
        heights = np.where(diverged, 10 ** (y_range[1] - 0.22 * decades), losses.clip(bottom, top))
        symbols = np.where(diverged, "x-open", "circle").tolist()
        look = {"color": color, "size": 8, "symbol": symbols}
        words = np.where(diverged, "diverged; last finite loss", name)
        says = f"{titles[0]} %{{x:.6~g}}<br>%{{text}} %{{customdata:.6~g}}<extra></extra>"
        runs = points(name, values, heights, look) | {"text": words.tolist(), "customdata": losses}
        data.append(runs | {"hovertemplate": says, "unselected": {"marker": {"opacity": 1}}})
        if best and best[0] == name:
            ring = {"color": OPTIMUM, "size": 17, "symbol": "circle-open", "line": {"width": 3}}
            chosen = slice(best[1], best[1] + 1)
            data.append({**data[-1], "name": "the best", "x": values[chosen], "y": heights[chosen],
                         "text": ["the best;"], "customdata": losses[chosen], "marker": ring})  # fmt: skip
    x_axis, y_axis = axis(titles[0], range=x_range), axis(titles[1], range=y_range)
    logarithmic = {"type": "log", "tickformat": "~g", "exponentformat": "power"}
    drawn = figure(data, x_axis if linear else x_axis | logarithmic, y_axis | logarithmic)
    return {**drawn, "layout": inked(drawn["layout"], ink)}


def _widened(values: Array) -> list[float]:
    low, high = float(values.min()), float(values.max())
    edge = 0.04 * (high - low) or 0.5
    return [low - edge, high + edge]
