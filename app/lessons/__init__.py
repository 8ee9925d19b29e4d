"""The course: one Markdown file a lesson, with front matter that opens, lights, asks, checks and promises."""

from app.lessons.conditions import Condition, Moment, Quantity
from app.lessons.course import course
from app.lessons.lights import selector
from app.lessons.opening import Words, as_parameters, as_widgets, descent
from app.lessons.step import Attempt, Guess, Lesson, Place, Question, Step, mean_factor, printed

__all__ = [
    "Attempt", "Condition", "Guess", "Lesson", "Moment", "Place", "Quantity", "Question", "Step", "Words",
    "as_parameters", "as_widgets", "course", "descent", "mean_factor", "printed", "selector",
]  # fmt: skip
