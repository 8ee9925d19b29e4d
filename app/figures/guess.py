"""A learner's guess beside the run."""

from math import log10
from typing import Any

import numpy as np

from app.figures.palette import GUESS
from app.figures.traces import line, points

NAME = "Your guess"


def add_guess(figure: dict[str, Any], x: float, y: float | None) -> None:
    """Put a guess into a figure, whose axes then reach to it; on a log axis zero and less have no place.

    Without a height it is a line from the lower edge to the upper.
    """
    layout = figure["layout"]
    _reach(layout["xaxis"], x)
    if y is None:
        upwards = line(NAME, [x, x], [*layout["yaxis"]["range"]], GUESS)
        figure["data"].append(upwards | {"hovertemplate": "your guess %{x}<extra></extra>"})
        return
    _reach(layout["yaxis"], y)
    marker = {"color": GUESS, "size": 13, "symbol": "diamond-open", "line": {"width": 2.5}}
    figure["data"].append(points(NAME, np.array([x]), np.array([y]), marker, "your guess %{y}"))


def _reach(axis: dict[str, Any], value: float) -> None:
    is_log = axis.get("type") == "log"
    if is_log and value <= 0:
        return
    place, (low, high) = log10(value) if is_log else value, axis["range"]
    edge = 0.05 * (high - low)
    axis["range"] = [min(low, place - edge), max(high, place + edge)]
