"""A lesson, its steps and their questions, as they were read."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qs

from app.lessons.conditions import Condition, Moment, Quantity, all_hold
from app.lessons.opening import Words, descent
from app.wording import Markdown, minus, own, readable

WORDS_A_MINUTE = 200
ACTION_SECONDS = 20

RIGHT_SHARE = 0.01
"""So far may a number that is scored be off."""

PRINTED = re.compile(r"\{=([^{}:]+)(?::([^{}]*))?\}")
"""A number in a text: "{=loss at 100}", or with a format as in "{=loss at 100:.2f}"."""

ACTING = re.compile(r"\]\(\?([^)\s]+)\)")
LIGHTING = re.compile(r"\]\(#([^)\s]+)\)")

Guess = float | tuple[float, ...]
"""The place of an option, from 0, a number, or the losses of a sketch; an answer is of the same kind."""


@dataclass(frozen=True)
class Question:
    """What a learner guesses before playing: an option, a number between two bounds, or the loss curve as a sketch."""

    ask: Markdown
    why: str
    """Why the answer is what it is, in a sentence."""

    options: tuple[tuple[Markdown, tuple[Condition, ...]], ...] = ()
    """Texts, and the conditions under which each is right."""

    number: Quantity | None = None
    sketch: tuple[float, ...] = ()
    """The epochs at which the loss is drawn."""

    bounds: tuple[float, float] = (0.0, 0.0)
    gap: str = "distance"
    """How far off a number is told: as a "distance" or as a "factor"."""

    def takes(self, guess: Guess) -> bool:
        """Whether this can be a guess: the place of an option, or numbers within the bounds."""
        low, high = (0, len(self.options) - 1) if self.options else self.bounds
        numbers = guess if isinstance(guess, tuple) else (guess,)
        is_whole = not self.options or numbers == tuple(map(int, numbers))
        is_like_it = isinstance(guess, tuple) == bool(self.sketch) and len(numbers) == (len(self.sketch) or 1)
        return is_like_it and is_whole and all(low <= one <= high for one in numbers)

    def answer(self, moment: Moment) -> Guess | None:
        """The right option, from 0, the number, or the losses, by the run; None if the run does not tell."""
        if self.number:
            return self.number.of(moment)
        if self.sketch:
            losses = [Quantity(f"loss at {epoch:g}").of(moment) for epoch in self.sketch]
            return tuple(loss for loss in losses if loss is not None) if all(losses) else None
        right = [i for i, (_, conditions) in enumerate(self.options) if all_hold(conditions, moment)]
        return float(right[0]) if len(right) == 1 else None


@dataclass(frozen=True)
class Step:
    """A thought, and perhaps a question and something to do."""

    title: Markdown
    text: str
    preset: Words = field(default_factory=dict)
    at: str = ""
    """Where the player stands as the step opens: an epoch, the "end", or "" for the start."""

    light: tuple[str, ...] = ()
    question: Question | None = None
    check: tuple[Condition, ...] = ()
    act: Mapping[str, str | list[str]] = field(default_factory=dict)
    """What makes the check true, for tests: settings, and the "epoch" that is then shown."""

    promise: tuple[Condition, ...] = ()
    """What holds of the run that the step opens, at the epoch at which it does."""

    tells: str = ""
    """Of the run on the screen, once there is a guess; it gives no answer away."""

    scored: bool = False
    """Whether only a right guess passes it; otherwise whoever has acted has passed."""

    @property
    def asks_or_checks(self) -> bool:
        """Whether there is something to do."""
        return bool(self.question or self.check)

    @property
    def acts(self) -> list[Words]:
        """What the values in the text that are buttons set, in their order."""
        return [as_words(found) for found in ACTING.findall(self.text)]

    @property
    def lighting(self) -> list[str]:
        """What words of the text light up."""
        return LIGHTING.findall(self.text)

    @property
    def n_words(self) -> int:
        return count_words(self.text)

    @property
    def seconds(self) -> float:
        """To read it at WORDS_A_MINUTE, and ACTION_SECONDS for each answer and for what is to be done."""
        asked = f"{self.question.ask} {' '.join(text for text, _ in self.question.options)}" if self.question else ""
        actions = bool(self.question) + bool(self.check)
        return (self.n_words + count_words(asked)) / WORDS_A_MINUTE * 60 + ACTION_SECONDS * actions


@dataclass
class Attempt:
    """What a learner has made of a step so far."""

    guess: Guess | None = None
    """The first one, once the answer is known."""

    answer: Guess | None = None
    is_done: bool = False

    def see(self, step: Step, moment: Moment) -> None:
        """Take note of what the moment shows: what was done stays done, and an answer stays given."""
        if self.is_done or not all_hold(step.check, moment) or (step.question and self.guess is None):
            return
        self.answer = step.question.answer(moment) if step.question else None
        self.is_done = step.asks_or_checks and (step.question is None or self.answer is not None)

    def passes(self, step: Step) -> bool:
        """Whether it is done, and the guess right, to 1 %, where that is scored."""
        if not step.scored:
            return self.is_done
        if not isinstance(self.guess, float) or not isinstance(self.answer, float):
            return False
        return abs(self.guess - self.answer) <= RIGHT_SHARE * abs(self.answer)


@dataclass(frozen=True)
class Lesson:
    id: str
    title: Markdown
    minutes: int
    after: Markdown
    """What one can do afterwards."""

    steps: tuple[Step, ...]

    data: str = ""
    """A hash of the data that they are made of; "" if their presets name them."""

    @property
    def name(self) -> str:
        """What attempts are kept under: those on other data are others."""
        return f"{self.id}-{self.data}" if self.data else self.id

    @property
    def seconds(self) -> float:
        return sum(step.seconds for step in self.steps)

    def opening(self, k: int) -> Words:
        """What the link to step k, from 0, opens: all presets up to there, later ones first."""
        return {key: value for step in self.steps[: k + 1] for key, value in step.preset.items()}

    def chapter(self, k: int) -> str:
        """Changes from step to step where one begins anew; other steps go on with what is on the screen."""
        return f"{self.name}/{self._begun(k) + 1}"

    def _begun(self, k: int) -> int:
        """The last step up to k that begins anew."""
        return max((i for i in range(k + 1) if self.steps[i].preset or self.steps[i].at), default=0)

    def epoch(self, k: int, last: float) -> float:
        """At which step k opens by its link a run with this `last` epoch."""
        at = self.steps[self._begun(k)].at
        return last if at == "end" else min(float(at or 0), last)

    def moment(self, k: int) -> Moment:
        """The run that step k opens by its link, at the epoch at which it does."""
        begun = Moment(descent(self.opening(k)), 0.0)
        return Moment(begun.run, self.epoch(k, begun.frames.last_epoch))

    @cached_property
    def _printed(self) -> dict[int, Markdown]:
        return {}

    def text(self, k: int) -> Markdown:
        """The words of step k, with their numbers of the run that its preset opens."""
        if k not in self._printed:
            self._printed[k] = printed(self.steps[k].text, lambda: self.moment(k))
        return self._printed[k]


class Place(NamedTuple):
    """In the course: a lesson, and one of its steps, from 0."""

    lesson: Lesson
    step: int


def printed(text: str, moment: Callable[[], Moment]) -> Markdown:
    """A text of a lesson with its numbers; a run without such a number has a dash in its place."""

    def number(found: re.Match[str]) -> str:
        name, form = found.groups()
        value = Quantity(name).of(moment())
        if value is None or not math.isfinite(value):
            return "–"
        return minus(format(value, form)) if form else readable(value)

    return own(PRINTED.sub(number, text))


def mean_factor(drawn: Sequence[float], true: Sequence[float]) -> float:
    """How many times too high or too low on average, as on a log axis; of numbers above 0."""
    return math.exp(sum(abs(math.log(a / b)) for a, b in zip(drawn, true, strict=True)) / len(true))


def as_words(query: str) -> Words:
    """The settings of "?learning_rate=0.01&features=a&features=b" without its question mark."""
    parsed = parse_qs(query, keep_blank_values=True)
    return {key: texts if key in ("features", "degrees") else texts[-1] for key, texts in parsed.items()}


def count_words(text: str) -> int:
    """Words to read: neither a link's target nor Markdown's marks count, and a formula's parts do."""
    return len(re.findall(r"[\w=×≈−+][^\s]*", re.sub(r"\]\([^)]*\)", "", text)))
