"""How far a visitor is in each lesson, by what the browser remembers."""

from components.progress.widget import progress

__all__ = ["progress"]
