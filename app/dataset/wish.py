"""What a user says about how the columns of a file are to be read."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

ColumnKind = Literal["", "number", "date", "category", "text", "out"]

MAX_WISHES_CHARACTERS = 4_000
"""Of all wishes in a link."""


@dataclass(frozen=True)
class ColumnWish:
    """What one column is to be read as."""

    kind: ColumnKind = ""
    """ "" leaves it to the reader; a column that is "out" cannot be chosen."""
    values: tuple[tuple[str, float], ...] = ()
    """Numbers for cells with a word; all other words are missing values."""
    keeps_marks: bool = False
    """Whether what was taken off its numbers becomes a column of its own."""


Wishes = Mapping[str, ColumnWish]
"""By the column's name."""


def text_of_wishes(wishes: Wishes) -> str:
    """Wishes for a link; "" where there are none."""
    told = [
        [name, wish.kind, dict(wish.values), int(wish.keeps_marks)]
        for name, wish in wishes.items()
        if wish != ColumnWish()
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""


def wishes_from(text: str) -> dict[str, ColumnWish]:
    """The wishes that `text_of_wishes` made this text of; those that are malformed are passed over."""
    try:
        told = json.loads(text) if len(text) <= MAX_WISHES_CHARACTERS else []
    except (ValueError, RecursionError):
        return {}
    return {one[0]: _wish(*one[1:]) for one in told if _is_wish(one)} if isinstance(told, list) else {}


def _is_wish(told: Any) -> bool:
    return (
        isinstance(told, list)
        and len(told) == 4
        and isinstance(told[0], str)
        and isinstance(told[1], str)
        and told[1] in get_args(ColumnKind)
        and isinstance(told[2], dict)
        and all(isinstance(value, int | float) and math.isfinite(value) for value in told[2].values())
    )


def _wish(kind: ColumnKind, values: Mapping[str, float], keeps_marks: Any) -> ColumnWish:
    return ColumnWish(kind, tuple((word, float(value)) for word, value in values.items()), bool(keeps_marks))
