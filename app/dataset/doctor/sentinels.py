"""Checks for numbers that measure nothing: identifiers of rows, and codes for missing values."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.dataset.doctor.finding import Finding, without_feature
from app.dataset.features import Array
from app.dataset.identifiers import counts_rows, is_identifier
from app.dataset.selection import Selection
from app.dataset.suggestions import first_choice
from app.wording import count, exact

SENTINELS = np.array([sign * (10.0**digits - 1) for digits in range(2, 8) for sign in (-1, 1)])
"""−99, 99, −999, 999, … 9999999: codes that programs write for a missing value."""

MIN_COUNTER_ROWS = 20
"""A shorter 1, 2, 3, … may well be a measurement."""


def check_identifiers(selection: Selection) -> Iterator[Finding]:
    """Columns of numbers that identify or count the rows."""
    for name, values in _numbers(selection):
        named = is_identifier(name, values)
        if named:
            sentence = f"“{name}” is another whole number in every row: it seems to name the rows, not to measure them."
        elif len(values) >= MIN_COUNTER_ROWS and counts_rows(values, selection.rows):
            counted = f"“{name}” only counts the rows, from {exact(values[0])} to {exact(values[-1])}."
            sentence = f"{counted} Unless their order means something, leave it out."
        else:
            continue
        button = _instead(selection) if name == selection.columns.target else without_feature(selection, name)
        yield Finding("identifier", named, sentence, *button)


def check_sentinels(selection: Selection) -> Iterator[Finding]:
    """Values such as −999 that lie far from all others in their column."""
    for name, values in _numbers(selection):
        low, high = values.min(), values.max()
        for suspect in SENTINELS[np.isin(SENTINELS, [low, high])]:
            rest = values[~np.isin(values, SENTINELS)]
            if not len(rest) or not _stands_apart(suspect, rest):
                continue
            found = selection.rows[values == suspect]
            yield Finding(
                "sentinel",
                True,
                f"“{name}” is {exact(suspect)} in {count(len(found), 'row')} ({selection.lines(found)}), which looks "
                "like a sign for “missing”. Empty these cells in the file and choose it again.",
            )


def _numbers(selection: Selection) -> Iterator[tuple[str, Array]]:
    """The numeric columns that were chosen, with their values [m]; no dates or categories."""
    for j, feature in enumerate(selection.features):
        if not feature.levels and not feature.first_day:
            yield feature.name, selection.feature_values[:, j]
    yield selection.columns.target, selection.target


def _stands_apart(suspect: float, rest: Array) -> bool:
    """Whether a value is farther from the others than they are from each other, or alone below zero."""
    low, high = rest.min(), rest.max()
    gap = max(low - suspect, suspect - high)
    return bool(gap > high - low or (suspect < 0 <= low))


def _instead(selection: Selection) -> tuple[str, dict[str, Any]]:
    """Label and fix that choose another target; empty where there is no better one."""
    better = first_choice(selection.dataset)
    if better.target == selection.columns.target:
        return "", {}
    return f"Predict “{better.target}” instead", {"target": better.target, "features": list(better.features)}
