"""What names and patterns of numbers say of columns: which name or number the rows, which are times, which belong
together."""

import re
from collections.abc import Sequence

import numpy as np

from app.dataset.features import Array, Rows
from app.dataset.reading.spellings import ID_LAST_WORDS, ID_NAMES, ID_WORDS, TIME_WORDS

NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|#")


def is_identifier(name: str, values: Array) -> bool:
    """Whether a column has a name such as “student id” and whole numbers, all of them distinct."""
    if not _is_named(name):
        return False
    present = values[~np.isnan(values)]
    return len(present) > 2 and _is_whole(present) and len(np.unique(present)) == len(present)


def counts_rows(values: Array, rows: Rows) -> bool:
    """Whether the values of these rows are their positions in the file, counted from 0 or 1."""
    return len(rows) > 2 and values[0] - rows[0] in (0, 1) and bool(np.all(values - rows == values[0] - rows[0]))


def is_time(name: str) -> bool:
    """Whether a column is one of years, months, days or moments."""
    return not TIME_WORDS.isdisjoint(word.lower() for word in re.findall(r"[^\W\d_]+", name))


def same_group(name: str, names: Sequence[str]) -> set[str]:
    """The other columns of the same run or group, where names differ in that alone: "Run 2 Time", "Run 2 Position"."""
    parts = {other: tuple(re.findall(r"\d+|[^\W\d_]+", other)) for other in names}
    own = parts[name]
    for i, group in enumerate(own):
        rest = own[:i] + own[i + 1 :]
        if any(
            other != own and (other == rest or (len(other) == len(own) and other[:i] + other[i + 1 :] == rest))
            for other in parts.values()
        ):
            mates = {
                other for other, words in parts.items() if other != name and group in words[i : i + 1] + words[-1:]
            }
            if mates:
                return mates
    return set()


def _is_named(name: str) -> bool:
    words = [word.lower() for word in NAME_WORD.findall(name)]
    if not words:
        return False
    return not ID_WORDS.isdisjoint(words) or words[-1] in ID_LAST_WORDS or (len(words) == 1 and words[0] in ID_NAMES)


def _is_whole(values: Array) -> bool:
    return bool(np.all(np.isfinite(values)) and np.all(values == np.floor(values)))
