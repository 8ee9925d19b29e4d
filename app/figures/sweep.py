"""One setting varied: where each of many runs ends."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.palette import HELD_OUT, MODEL, OPTIMUM
from app.figures.traces import Array, axis, figure, hover, inked, line, points

Mask = NDArray[np.bool_]

LOG_AXIS = {"type": "log", "tickformat": "~g", "exponentformat": "power"}


def sweep(
    values: Array,
    losses: dict[str, Array],
    diverged: Mask,
    lowest: Array,
    best: tuple[str, int] | None,
    places: dict[str, float],
    *,
    x_title: str,
    is_log: bool,
    highest: float,
    ink: str,
) -> dict[str, Any]:
    """The last `losses` [R] of R runs, by name, against their `values` [R], on a page whose text is in `ink`.

    `best` rings a run, as a name in `losses` and an index; `lowest` is the least loss possible [R], or empty; `places`
    are values to mark, by name. Larger losses than `highest` are drawn there, runs that `diverged` [R] above them.
    `is_log` says whether the values are on a log axis, as the losses are.
    """
    bottom, top = _ends([lowest, *(each[~diverged] for each in losses.values())], highest)
    decades = max(float(np.log10(top / bottom)), 0.3)
    y_range = [float(np.log10(bottom)) - 0.08 * decades, float(np.log10(bottom)) + 1.4 * decades]
    height_of_diverged = 10 ** (y_range[1] - 0.22 * decades)
    places = {name: value for name, value in places.items() if value > 0 or not is_log}
    data = [_labelled(line(name, [value] * 2, [10**y for y in y_range], ink)) for name, value in places.items()]
    data.append(_labelled(line("lowest possible", values[: len(lowest)], lowest, OPTIMUM)))
    for (name, each), color in zip(losses.items(), (MODEL, HELD_OUT), strict=False):
        heights = np.where(diverged, height_of_diverged, each.clip(bottom, top))
        runs = _runs(name, values, heights, color, x_title, each, diverged)
        data.append(runs)
        if best and best[0] == name:
            data.append(_ring(runs, best[1]))
    marked = np.array([*values, *places.values()])
    x_axis = axis(x_title, range=_widened(np.log10(marked) if is_log else marked)) | (LOG_AXIS if is_log else {})
    drawn = figure(data, x_axis, axis("loss after the last epoch", range=y_range) | LOG_AXIS)
    return {**drawn, "layout": inked(drawn["layout"], ink)}


def _ends(losses: Iterable[Array], highest: float) -> tuple[float, float]:
    """The least and the largest loss that a log axis shows: above 0, at most `highest`, at most 32 decades apart."""
    shown = np.concatenate([*losses])
    top = min(float(shown.max(initial=0.0)), highest) or 1.0
    return max(float(shown.min(initial=top, where=shown > 0)), top * 1e-32, 1e-300), top


def _labelled(line: dict[str, Any]) -> dict[str, Any]:
    """A line with its name written at its end."""
    side = "bottom left" if line["name"] == "this run" else "bottom right"  # clear of the stability limit's label
    return line | {"mode": "lines+text", "hoverinfo": "skip", "text": ["", line["name"]], "textposition": side}


def _runs(
    name: str, values: Array, heights: Array, color: str, x_title: str, losses: Array, diverged: Mask
) -> dict[str, Any]:
    """A dot for each run at its height; its own loss is shown on hover."""
    marker = {"color": color, "size": 8, "symbol": np.where(diverged, "x-open", "circle").tolist()}
    says = f"{hover([x_title])} %{{x}}<br>%{{text}} %{{customdata:.6~g}}"
    return points(name, values, heights, marker, says) | {
        "text": np.where(diverged, "diverged; last finite loss", name).tolist(),
        "customdata": losses,
        "unselected": {"marker": {"opacity": 1}},
    }


def _ring(runs: dict[str, Any], i: int) -> dict[str, Any]:
    """A ring around run i."""
    only = slice(i, i + 1)
    marker = {"color": OPTIMUM, "size": 17, "symbol": "circle-open", "line": {"width": 3}}
    own = {"name": "the best", "text": ["the best;"], "marker": marker}
    return {**runs, **own, "x": runs["x"][only], "y": runs["y"][only], "customdata": runs["customdata"][only]}


def _widened(values: Array) -> list[float]:
    low, high = float(values.min()), float(values.max())
    edge = 0.04 * (high - low) or 0.5
    return [low - edge, high + edge]
