"""The loss by epoch."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from app.figures.palette import HELD_OUT, MODEL, OPTIMUM
from app.figures.traces import Array, axis, figure, line, points

Point = tuple[float, float]
"""An epoch and a loss."""

MIN_LOG_LOSS = 1e-300
"""Smaller losses, and zero, are drawn here on a log axis; 32 decades below the largest loss at the latest."""


def loss_curve(
    epochs: int,
    losses: Array,
    lowest: tuple[float, str],
    y_title: str,
    *,
    logarithmic: bool,
    least_held_out: Point | None = None,
    branches: Sequence[Point] = (),
) -> dict[str, Any]:
    """Axes for the `losses` of a run of up to `epochs`; the lowest loss possible is a line with its name.

    `least_held_out` marks the least loss on the held-out rows, `branches` where the settings changed.
    """
    lowest_loss, name = lowest
    edge = 0.03 * max(epochs, 1)  # room for the dot at the first and the last epoch
    x_range = [-edge, max(epochs, 1) + edge]
    data = [_lowest_line(name, lowest_loss, x_range, is_drawable=lowest_loss > 0 or not logarithmic)]
    if least_held_out:
        data.append(_least_held_out(least_held_out))
    if branches:
        data.append(_branches(branches))
    y_axis = loss_axis(losses, lowest_loss, y_title, logarithmic=logarithmic)
    return figure(data, axis("epoch", range=x_range), y_axis)


def loss_axis(losses: Array, lowest: float, title: str, *, logarithmic: bool) -> dict[str, Any]:
    """The vertical axis for `losses` [n] in the order of their epochs.

    Linear, it ends at ten times the first loss. Logarithmic, it reaches down to the `lowest` loss possible unless that
    lies more than three decades below all others.
    """
    top = float(losses.max())
    if not logarithmic:
        top = min(top, 10 * float(losses[0])) or 1.0
        return axis(title, range=[-0.03 * top, 1.05 * top])
    floor = float(losses.min())
    if lowest > floor * 1e-3:
        floor = min(floor, lowest)
    bottom = float(np.log10(max(floor, top * 1e-32, MIN_LOG_LOSS)))
    decades = max(float(np.log10(top or 1)) - bottom, 0.1)
    bottom, top = bottom - 0.06 * decades, bottom + 1.06 * decades
    return axis(title, range=[bottom, top]) | {"type": "log"} | log_ticks(bottom, top)


def log_ticks(bottom: float, top: float) -> dict[str, Any]:
    """Labels that are numbers in full, and short, for an axis from 10^`bottom` to 10^`top`."""
    is_long = top > 6 or bottom < -4  # written out
    is_short_range = top - bottom <= 2.2  # its labels are not all powers of ten: 1.6e7 fits, 1.6 × 10⁷ would not
    return {
        "minorloglabels": "complete",  # or Plotly would write 2, 5, 1000, 2, 5
        "exponentformat": "none" if not is_long else "e" if is_short_range else "power",
        "tickformat": "~s" if 4 < top < 15 and (is_short_range or not is_long) else None,
        "nticks": min(max(ceil(top - bottom), 3), 8),  # over one to two decades 1, 2 and 5, over more the powers of ten
    }


def _lowest_line(name: str, loss: float, x_range: list[float], *, is_drawable: bool) -> dict[str, Any]:
    drawn = line(name, x_range, [loss, loss] if is_drawable else [], OPTIMUM)
    return drawn | {"hovertemplate": f"{name} %{{y}}<extra></extra>"}


def _least_held_out(point: Point) -> dict[str, Any]:
    marker = {"color": HELD_OUT, "size": 12, "symbol": "diamond-open", "line": {"width": 2}}
    says = "least held-out loss %{y}<br>at epoch %{x:,.6~g}"
    return points("least held-out loss", np.array([point[0]]), np.array([point[1]]), marker, says)


def _branches(branches: Sequence[Point]) -> dict[str, Any]:
    marker = {"color": MODEL, "size": 11, "symbol": "diamond", "line": {"width": 1.5, "color": "white"}}
    at = np.array(branches, dtype=float)
    says = "other settings from here<br>epoch %{x:,.6~g}: loss %{y}"
    return points("other settings from here", at[:, 0], at[:, 1], marker, says)
