"""The error along each eigenvector of the Hessian."""

from typing import Any

import numpy as np

from app.figures.palette import MODE_LINES
from app.figures.traces import Array, axis, figure, inked


def modes(
    epochs: Array, errors: Array, theory: Array | None, names: list[str], bounds: tuple[float, float], ink: str
) -> dict[str, Any]:
    """Absolute `errors` [m, k] of k modes at `epochs` [m], on a log axis over `bounds`; `theory` [m, k] is dotted."""
    low, high = bounds
    data = []
    for i, (name, (color, dash)) in enumerate(zip(names, MODE_LINES, strict=False)):
        curve: dict[str, Any] = {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": epochs,
            "y": np.abs(errors[:, i]).clip(low / 10, high * 10),
            "line": {"color": color, "width": 2.5, "dash": dash},
        }
        data.append(curve | {"hovertemplate": f"{name}<br>epoch %{{x}}: %{{y:.3~g}}<extra></extra>"})
        if theory is not None:
            dots = {"color": ink, "width": 1, "dash": "dot"}
            sizes = np.abs(theory[:, i]).clip(low / 10, high * 10)
            data.append(curve | {"y": sizes, "line": dots, "showlegend": False, "hoverinfo": "skip", "name": "theory"})
    y_range = [float(np.log10(low)), float(np.log10(high))]
    y_axis = axis("distance left, of 1 at the start", range=y_range) | {
        "type": "log",
        "tickformat": None,
        "exponentformat": "power",
    }
    drawn = figure(data, axis("epoch", range=[0.0, max(float(epochs[-1]), 1.0)]), y_axis)
    layout = inked(drawn["layout"], ink)
    layout["margin"] = layout["margin"] | {"b": 50 + 20 * len(names)}
    legend = {"orientation": "v", "y": -0.2, "yanchor": "top", "x": 0, "bgcolor": "rgba(0,0,0,0)"}
    return {**drawn, "layout": layout | {"showlegend": True, "legend": legend}}
