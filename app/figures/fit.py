"""The data, and what the model predicts of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.palette import DATA, HELD_OUT, OPTIMUM
from app.figures.traces import Array, axis, escaped, figure, hover, line, points

CROWD_POINTS = 200
"""From this many points on, they are drawn small and translucent."""


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
    """The data as points at `x`, `y` [n], hollow where `held_out` [n]; x is 0, 1, … if there are `levels` to name."""
    are_few = len(x) < CROWD_POINTS
    look = {"color": DATA, "size": 9 if are_few else 5, "opacity": 1 if are_few else 0.55}
    says = f"{hover([x_title])} %{{x}}<br>{hover([y_title])} %{{y}}"
    rows = [points("data", x[~held_out], y[~held_out], look, says)]
    if held_out.any():
        hollow = {**look, "color": HELD_OUT, "symbol": "circle-open", "line": {"width": 2}}
        rows.append(points("held out", x[held_out], y[held_out], hollow, f"{says}<br>held out"))
    x_axis = axis(x_title, range=x_range)
    if levels:
        x_axis |= {"tickvals": list(range(len(levels))), "ticktext": list(map(escaped, levels)), "tickformat": None}
    return figure(rows, x_axis, axis(y_title, range=y_range))


def predicted_against_actual(ends: tuple[float, float], target: str) -> dict[str, Any]:
    """Equal axes for actual and predicted values between these ends, and the diagonal on which they are the same."""
    low, high = ends
    low, high = low - 0.08 * (high - low or 1), high + 0.08 * (high - low or 1)
    diagonal = line("prediction = actual", [low, high], [low, high], OPTIMUM) | {"hoverinfo": "skip"}
    return figure(
        [diagonal],
        axis(f"actual {target}", range=[low, high]),
        axis(f"predicted {target}", range=[low, high]),
    )
