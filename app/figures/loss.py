"""The loss by epoch."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.figures.palette import HELD_OUT, MODEL, OPTIMUM
from app.figures.traces import Array, axis, figure, line, points


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
    edge = 0.03 * max(epochs, 1)  # the dot at the first epoch and at the last is as whole as between them
    x_range = [-edge, max(epochs, 1) + edge]
    optimum = line(name, x_range, [lowest, lowest] if lowest > 0 or not logarithmic else [], OPTIMUM)
    optimum |= {"hovertemplate": f"{name} %{{y:.6~g}}<extra></extra>"}
    y_axis = axis(f"loss{unit}", range=y_range)
    if logarithmic:
        bottom, decade = y_range
        long = decade > 6 or bottom < -4  # written out, the numbers would not fit beside the axis
        few = span <= 2  # nor would 1.6 × 10⁷, where the powers of ten are not enough
        y_axis |= {"type": "log", "exponentformat": "none" if not long else "e" if few else "power"}
        y_axis |= {"tickformat": "~s" if 4 < decade < 15 and (few or not long) else None}
        # Of one to two decades Plotly would write every digit, which is too many in a low chart; D2 are 1, 2 and 5.
        y_axis |= {"dtick": 1 if span > 2 else "D2"} if 1 < span < 8 else {}
    data = [optimum]
    if best:
        look = {"color": HELD_OUT, "size": 12, "symbol": "diamond-open", "line": {"width": 2}}
        least = points("least held-out loss", np.array([best[0]]), np.array([best[1]]), look)
        data.append(least | {"hovertemplate": "least held-out loss %{y:.6~g}<br>at epoch %{x:,.6~g}<extra></extra>"})
    if branches:
        look = {"color": MODEL, "size": 11, "symbol": "diamond", "line": {"width": 1.5, "color": "white"}}
        at = np.array(branches, dtype=float)
        data.append(points("other settings from here", at[:, 0], at[:, 1], look))
    return figure(data, axis("epoch", range=x_range), y_axis)
