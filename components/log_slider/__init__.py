"""A slider on a log scale for Streamlit, which shows a value that lives elsewhere."""

from components.log_slider.widget import log_slider

__all__ = ["log_slider"]
