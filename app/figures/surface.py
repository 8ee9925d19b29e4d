"""The loss over two parameters."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.figures.palette import CONTOUR_SHADES, OPTIMUM
from app.figures.traces import Array, axis, cross, figure, hover


def surface(
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    optimum: tuple[float, float],
    x_title: str,
    y_title: str,
    lowest_point: str = "least squares",
    directions: Sequence[tuple[Array, float]] = (),
) -> dict[str, Any]:
    """Contours of the log loss over two parameters, without their numbers: the browser fills these in.

    The optimum is marked and named `lowest_point`. `directions` are the Hessian's unit eigenvectors [2], each with its
    eigenvalue, the curvature along it.
    """
    where = place(x_title, y_title)
    contour = {
        "type": "contour",
        "colorscale": CONTOUR_SHADES,
        "showscale": False,
        "ncontours": 16,
        "line": {"width": 0.6, "color": "rgba(110,130,165,0.75)"},
        "hovertemplate": f"{where}<br>loss %{{customdata:.5~g}}<extra></extra>",
    }
    lowest = cross(lowest_point, *optimum, where)
    lines = [_direction(vector, curvature, optimum, x_range, y_range) for vector, curvature in directions]
    flat = figure(
        [contour, *lines, lowest],
        axis(x_title, range=list(x_range), grid=False),
        axis(y_title, range=list(y_range), grid=False),
    )
    flat["layout"]["scene"] = {"zaxis": {"title": {"text": "loss"}}}  # for the player, which may show it in 3D
    return flat


def place(x_title: str, y_title: str) -> str:
    """Plotly's template for a point of the surface."""
    return f"{hover([x_title])} %{{x}}<br>{hover([y_title])} %{{y}}"


def _direction(
    vector: Array, curvature: float, optimum: tuple[float, float], x_range: tuple[float, float],
    y_range: tuple[float, float],
) -> dict[str, Any]:  # fmt: skip
    """A thin line through the optimum along an eigenvector, as far as the axes go."""
    ways = zip(optimum, vector, (x_range, y_range), strict=True)
    far = min((min(high - at, at - low) / abs(by) for at, by, (low, high) in ways if by), default=0.0)
    along = far * np.linspace(-1, 1, 41)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "eigenvector",
        "x": optimum[0] + along * float(vector[0]),
        "y": optimum[1] + along * float(vector[1]),
        "line": {"color": OPTIMUM, "width": 1, "dash": "dot"},
        "hovertemplate": f"eigenvector of the Hessian<br>curvature {curvature:.5g}<extra></extra>",
    }
