"""What the browser does for a lesson: it remembers, lets words of the text act, and lights up what they speak of."""

from components.lesson.widget import lesson

__all__ = ["lesson"]
