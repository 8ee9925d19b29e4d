"""The loss over two parameters."""

from typing import Any

import numpy as np

from app.figures.parts import OPTIMUM, Array, axis, figure, literal

CONTOUR_SHADES = [[0.0, "rgba(0,158,115,0.02)"], [1.0, "rgba(84,110,160,0.62)"]]


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
    x_name, y_name = literal(x_title), literal(y_title)
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
    return figure(
        [contour, cross],
        axis(x_title, range=[float(x[0]), float(x[-1])], grid=False),
        axis(y_title, range=[float(y[0]), float(y[-1])], grid=False),
    )
