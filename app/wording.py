"""How counts, numbers, names and lines are put into a sentence."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

LISTED = 6
"""Names or lines that a sentence holds before it says how many more there are."""


def count(number: int, noun: str) -> str:
    """ "1 row", "1,200 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def figure(value: float, digits: int = 4) -> str:
    """Some digits, thousands apart: "0.01235", "12,346"."""
    return f"{value:,.0f}" if 10**digits <= abs(value) < 1e15 else f"{value:.{digits}g}"


def exact(value: float) -> str:
    """As the file may have it: "−999" without a point, "7.25" with its digits."""
    return f"{value:.15g}"


def about(number: float) -> str:
    """A count of two digits in words: "fewer than 10", "about 40,000", "about 37 million"."""
    if number < 10:
        return "fewer than 10"
    if number >= 1e9:
        return "more than a billion"
    rounded = float(f"{number:.2g}")
    return f"about {rounded / 1e6:g} million" if rounded >= 1e6 else f"about {rounded:,.0f}"


def listed(items: Sequence[str], most: int = LISTED) -> str:
    """ "a, b and c", or the first ones "and 12 more"."""
    shown = list(items[:most])
    last = f"{len(items) - most:,} more" if len(items) > most else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


def quoted(names: Iterable[str], most: int = LISTED) -> str:
    return listed([f"“{name}”" for name in names], most)


def lines(numbers: NDArray[np.int64], most: int = LISTED) -> str:
    """ "line 4", "lines 4, 7 and 12 more"."""
    shown = [str(number) for number in numbers[:most]]
    if len(numbers) > most:
        return f"lines {', '.join(shown)} and {len(numbers) - most:,} more"
    return f"line{'s' if len(shown) > 1 else ''} {listed(shown)}"
