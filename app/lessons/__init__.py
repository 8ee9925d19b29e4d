"""The course: one Markdown file a lesson, with front matter that opens, lights, asks, checks and promises."""

from app.lessons.challenges import UNMADE, challenges
from app.lessons.conditions import Condition, Moment, Quantity
from app.lessons.course import course
from app.lessons.lights import selector
from app.lessons.opening import Words, as_parameters, as_widgets, check, descent
from app.lessons.step import Attempt, Guess, Lesson, Place, Question, Step, as_words, mean_factor, printed

__all__ = [
    "UNMADE", "Attempt", "Condition", "Guess", "Lesson", "Moment", "Place", "Quantity", "Question", "Step", "Words",
    "as_parameters", "as_widgets", "as_words", "challenges", "check", "course", "descent", "mean_factor", "printed",
    "selector",
]  # fmt: skip
