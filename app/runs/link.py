"""Segments and plans as text, short enough for a link: "300 learning_rate=0.1 optimizer=adam; 500"."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from app.engine import Settings
from app.runs.pins import MAX_PINS, SCALINGS, Plan, tidy
from app.runs.segments import Segment

MAX_SEGMENTS = 8
"""That a link holds of one run."""


def text_of_segments(segments: Sequence[Segment]) -> str:
    """The last epoch of each segment and what differs from the default settings."""
    default = asdict(Settings())
    parts = []
    for segment in segments[-MAX_SEGMENTS:]:
        chosen = {name: value for name, value in asdict(segment.settings).items() if value != default[name]}
        words = [f"{name}={','.join(map(str, value)) if name == 'start' else value}" for name, value in chosen.items()]
        parts.append(" ".join([str(segment.until), *words]))
    return ";".join(parts)


def segments_from(text: str) -> tuple[Segment, ...]:
    """The inverse of `text_of_segments`; none if the text is anything else."""
    defaults = {field.name: field.default for field in fields(Settings)}
    segments = []
    try:
        for part in text.split(";")[:MAX_SEGMENTS] if text else []:
            until, *words = part.split()
            pairs = dict(word.split("=", 1) for word in words)
            chosen: Any = {name: _value(value, defaults[name]) for name, value in pairs.items()}
            segments.append(Segment(int(until), Settings(**chosen)))
    except (ValueError, KeyError, TypeError):
        return ()
    in_order = all(a.until < b.until for a, b in zip([Segment(0, Settings()), *segments], segments, strict=False))
    return tuple(segments) if in_order else ()


def _value(text: str, default: Any) -> Any:
    if isinstance(default, tuple):
        return tuple(map(float, text.split(",")))
    if isinstance(default, bool):
        return {"True": True, "False": False}[text]
    return float(text) if default is None else type(default)(text)


def text_of_plans(plans: Sequence[Plan]) -> str:
    """Such as "2000 learning_rate=0.02~none~slow|2000 optimizer=adam~standardize~Adam"."""
    return "|".join(f"{text_of_segments(plan.segments)}~{plan.scaling}~{plan.name}" for plan in plans[:MAX_PINS])


def plans_from(text: str) -> tuple[Plan, ...]:
    """The inverse of `text_of_plans`, without those that cannot be understood."""
    plans = []
    for part in text.split("|")[:MAX_PINS]:
        segments, scaling, name = (part.split("~", 2) + ["", ""])[:3]
        known = next((known for known in SCALINGS if known == scaling), None)
        if known and (parsed := segments_from(segments)):
            plans.append(Plan(tidy(name), known, parsed))
    return tuple(plans)
