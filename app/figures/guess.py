"""A learner's guess beside the run."""

from math import log10
from typing import Any

import numpy as np

from app.figures.palette import GUESS
from app.figures.traces import points


def add_guess(figure: dict[str, Any], x: float, y: float) -> None:
    """Put a guess into a figure, whose axes then reach to it; on a log axis zero and less have no place."""
    marker = {"color": GUESS, "size": 13, "symbol": "diamond-open", "line": {"width": 2.5}}
    figure["data"].append(points("Your guess", np.array([x]), np.array([y]), marker, "your guess %{y}"))
    for axis, value in ((figure["layout"]["xaxis"], x), (figure["layout"]["yaxis"], y)):
        is_log = axis.get("type") == "log"
        if is_log and value <= 0:
            continue
        place, (low, high) = log10(value) if is_log else value, axis["range"]
        edge = 0.05 * (high - low)
        axis["range"] = [min(low, place - edge), max(high, place + edge)]
