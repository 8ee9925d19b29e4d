"""The loss along one direction."""

from typing import Any

from app.figures.traces import axis, cross, figure


def cross_section(
    lowest: tuple[float, float], name: str, x_title: str, y_title: str, x_range: list[float], y_range: list[float]
) -> dict[str, Any]:
    """Axes for a curve, and the lowest point of all, a place and its loss, marked by its name."""
    lowest_point = cross(name, *lowest, "%{x:.6~g}<br>loss %{y:.6~g}")
    return figure([lowest_point], axis(x_title, range=x_range), axis(y_title, range=y_range))
