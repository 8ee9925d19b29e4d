"""A slider on a log scale, whose value is kept by the page."""

from components.log_slider.widget import log_slider

__all__ = ["log_slider"]
