"""A style sheet for the whole page."""

from components.stylesheet.widget import stylesheet

__all__ = ["stylesheet"]
