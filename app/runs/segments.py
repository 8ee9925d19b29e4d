"""A run whose settings changed on its way is a list of segments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.engine import History, Problem, Settings, train
from app.engine.settings import BOUNDS

MAX_NUMBERS_RECORDED = 20_000_000
"""Parameters of all epochs together that one run may record; they take 160 MB."""


@dataclass(frozen=True)
class Segment:
    """A part of a run, up to an epoch, and its settings."""

    until: int
    settings: Settings


def max_epochs(parameters: int) -> int:
    """The most epochs that a run with this many parameters may have."""
    return min(int(BOUNDS["epochs"][1]), MAX_NUMBERS_RECORDED // parameters)


def possible(problem: Problem, settings: Settings) -> bool:
    """Whether a run on this problem may have these settings, which may come from anyone's link."""
    width = problem.n_features + 1
    return settings.epochs <= max_epochs(width) and len(settings.start) in (0, width)


def replay(problem: Problem, segments: Sequence[Segment], settings: Settings) -> Iterator[History]:
    """Train a run again, its segments and then with these settings: its history, longer each time.

    Each segment begins another history, which holds all of the one before.
    """
    before: History | None = None
    at = 0
    for segment in segments:
        for history in train(problem, segment.settings, after=before, at=at):
            if history.epochs >= segment.until or history.outcome != "running":
                break
            yield history
        before, at = history, min(segment.until, history.epochs)
    yield from train(problem, settings, after=before, at=min(at, settings.epochs))
