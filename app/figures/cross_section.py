"""The loss along one line."""

from typing import Any

from app.figures.traces import axis, cross, figure


def cross_section(
    lowest: tuple[float, float], name: str, x_title: str, y_title: str, x_range: list[float], y_range: list[float]
) -> dict[str, Any]:
    """Axes for a curve, and the lowest point, marked: `lowest` is its place on the line and its loss."""
    lowest_point = cross(name, *lowest, "%{x}<br>loss %{y}")
    return figure([lowest_point], axis(x_title, range=x_range), axis(y_title, range=y_range))
