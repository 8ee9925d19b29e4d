"""Counts, numbers, names and lines in a sentence, and a sentence on the page.

A test holds that each text for Streamlit is a constant or went through `as_markdown`. So whoever forgets `Markdown`
will see asterisks, and nothing that a link or a file says can become a picture, a link or a heading.
"""

import math
import re
from collections.abc import Iterable, Sequence
from string import Formatter
from typing import Any

import numpy as np
from numpy.typing import NDArray

JOINER = "\u2060"
"""A character that takes no room. Streamlit looks for links, e-mail addresses, icons, emoji and arrows once Markdown's
backslashes are gone, so that only a character between their parts keeps these from being found."""

PARTED = re.compile(r"^(?=    )|(?<=:)(?=\S)|(?=@)|(?<=[wW]{3})(?=\.)|(?<=[-<>~])(?=[-=>])")
"""Where it has to stand. Four blanks at the start would be a block of code."""

MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")
"""What means something to Markdown, somewhere; a backslash takes that away."""


class Markdown(str):
    """A text whose Markdown is meant: `Markdown("**{}** of {}").format(name, total)`, made from constants alone."""

    __slots__ = ()

    def format(self, *words: Any, **named: Any) -> "Markdown":
        """The text with words put in, each shown as it is unless it is Markdown itself."""
        return Markdown(_PUT_IN.vformat(self, words, named))

    def join(self, words: Iterable[str]) -> "Markdown":
        """All words with this text between them, each shown as it is unless it is Markdown itself."""
        return Markdown(super().join(map(as_markdown, words)))

    def capitalized(self) -> "Markdown":
        """The same at the beginning of a sentence."""
        return Markdown(self[:1].upper() + self[1:])


def own(text: str) -> Markdown:
    """Words of a file that is part of the app: only the room that reads such files may call it, as a test holds."""
    return Markdown(text)


class _PutIn(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = format(value, format_spec)
        return text if isinstance(value, int | float | Markdown) else as_markdown(text)


_PUT_IN = _PutIn()


def as_markdown(text: str) -> str:
    """What Streamlit shows as this very text, in one line; Markdown stays as it is."""
    if isinstance(text, Markdown):
        return text
    return MARKS.sub(r"\\\1", PARTED.sub(JOINER, re.sub(r"[\t-\r\x85\u2028\u2029]+", " ", text)))


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

LISTED = 6
"""Names or lines that a sentence holds before it says how many more there are."""


def count(number: int, noun: str) -> str:
    """ "1 row", "1,200 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def readable(value: float, digits: int = 4) -> str:
    """Some digits, thousands apart: "0.01235", "12,346", "0.0000257", "2.57 × 10⁻⁸"."""
    text = f"{value:,.0f}" if 10**digits <= abs(value) < 1e15 else f"{value:.{digits}g}"
    factor, _, power = text.partition("e")
    if not power:
        return minus(text)
    if -6 <= int(power) < 0:
        return minus(np.format_float_positional(float(text)))
    return f"{minus(factor)} × 10{str(int(power)).translate(RAISED)}"


def exact(value: float) -> str:
    """As the file may have it: "−999" without a point, "7.25" with its digits."""
    return minus(f"{value:.15g}")


def minus(text: str) -> str:
    """A number's text with the sign that people write, as wide as a plus."""
    return text.replace("-", "−")


def rounded(number: float, digits: int) -> str:
    """A whole number of a few digits: "12,300"."""
    return f"{float(f'{number:.{digits}g}'):,.0f}"


def epochs(number: float) -> str:
    """ "7 epochs", "about 1,240 epochs", "about 2.5 million epochs", "more than a billion epochs"."""
    if math.isinf(number):
        return "more than a billion epochs"
    if number >= 1e6:
        return f"about {float(f'{number / 1e6:.3g}'):,g} million epochs"
    return f"about {rounded(number, 3)} epochs" if number >= 100 else count(round(float(f"{number:.3g}")), "epoch")


def duration(seconds: float) -> str:
    """ "2 s", "5 min", "3 h"."""
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    return f"{seconds / 60:,.0f} min" if seconds < 5400 else f"{seconds / 3600:,.0f} h"


def farther(factor: float) -> str:
    """ "1.7 times as far away"."""
    if not factor < 1e6:  # or beyond all numbers
        return "more than a million times as far away"
    if factor >= 100:
        return f"{factor:,.0f} times as far away"
    return f"{factor:.2g} times as far away" if factor >= 1.05 else "a little farther away"


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
