"""A run whose settings changed on its way is a list of segments, short enough for a link."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from app.engine import History, Problem, Settings, train
from app.engine.settings import BOUNDS

MOST = 8
"""Segments that a link holds."""

MOST_NUMBERS = 20_000_000
"""Parameters of all epochs together that one run may record; they take 160 MB."""


@dataclass(frozen=True)
class Segment:
    """A part of a run, up to an epoch, and its settings."""

    until: int
    settings: Settings


def written(segments: Sequence[Segment]) -> str:
    """Such as "300 learning_rate=0.1 optimizer=adam; 500": what differs from the usual settings."""
    usual = asdict(Settings())
    parts = []
    for segment in segments[-MOST:]:
        chosen = {name: value for name, value in asdict(segment.settings).items() if value != usual[name]}
        words = [f"{name}={','.join(map(str, value)) if name == 'start' else value}" for name, value in chosen.items()]
        parts.append(" ".join([str(segment.until), *words]))
    return ";".join(parts)


def read(text: str) -> tuple[Segment, ...]:
    """The segments that were `written`; none where the text is no such thing."""
    kinds = {field.name: field.default for field in fields(Settings)}
    segments = []
    try:
        for part in text.split(";")[:MOST] if text else []:
            until, *words = part.split()
            pairs = dict(word.split("=", 1) for word in words)
            chosen: Any = {name: _value(value, kinds[name]) for name, value in pairs.items()}
            segments.append(Segment(int(until), Settings(**chosen)))
    except (ValueError, KeyError, TypeError):
        return ()
    in_order = all(a.until < b.until for a, b in zip([Segment(0, Settings()), *segments], segments, strict=False))
    return tuple(segments) if in_order else ()


def most_epochs(parameters: int) -> int:
    """That one run of so many parameters may have."""
    return min(int(BOUNDS["epochs"][1]), MOST_NUMBERS // parameters)


def possible(problem: Problem, settings: Settings) -> bool:
    """Whether a run on this problem may have such settings: they may come from anyone's link."""
    width = problem.n_features + 1
    return settings.epochs <= most_epochs(width) and len(settings.start) in (0, width)


def replay(problem: Problem, segments: Sequence[Segment], settings: Settings) -> Iterator[History]:
    """Train a run anew, its segments and then these settings: its history, longer each time.

    With another segment begins another history, which holds all of the one before.
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


def _value(text: str, usual: Any) -> Any:
    if isinstance(usual, tuple):
        return tuple(map(float, text.split(",")))
    return float(text) if usual is None else type(usual)(text)
