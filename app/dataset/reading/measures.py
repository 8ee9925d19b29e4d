"""Columns of durations, of heights in feet and inches, of school years and of quarters."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.cells import Values
from app.dataset.reading.numerals import flags, matching, plain_numbers
from app.dataset.reading.spellings import DURATION_UNITS

AMOUNT = r"\d+(?:[.,]\d+)?"

DURATION = (
    "(?i)^P?"
    + "".join(
        rf"(?:T?(?P<s{seconds}>{AMOUNT})\s*(?:{words}{'|$' if seconds == 60 else ''})\.?\s*,?\s*)?"
        for seconds, words in DURATION_UNITS.items()
    )
    + "$"
)
"""Such as 2h 40m, 18 hours, 2h40 or PT1H."""

FEET = r"^(?P<feet>\d{1,3})\s*(?:['′’]|ft\.?|feet)\s*(?:(?P<inches>\d{1,2}(?:\.\d+)?)\s*(?:\"|''|[″”]|in\.?|inches)?)?$"

SCHOOL_YEAR = r"^(?P<first>\d{4})\s*[/–-]\s*(?:\d\d)?(?P<last>\d\d)$"

QUARTER = r"^(?P<year>\d{4})[\s-]*[QqKk](?P<quarter>[1-4])$"
QUARTER_FIRST = r"^[QqKk](?P<quarter>[1-4])[\s/-]*(?P<year>\d{4})$"


class Measure(NamedTuple):
    """Values [w] of distinct texts, NaN or NaT where one is none of the kind."""

    values: Values | NDArray[np.datetime64]
    kind: str
    unit: str
    how: str = ""

    @property
    def said(self) -> str:
        """What they are and how they are read, to which an example is added."""
        return f"holds {self.kind}, {self.how or f'in {self.unit}'}"


def durations(text: pa.Array) -> Measure | None:
    """In the smallest unit that occurs; None where all have one and the same unit, which is then taken off."""
    parts = pc.extract_regex(text, DURATION)
    amounts = {seconds: _amounts(parts, i) for i, seconds in enumerate(DURATION_UNITS)}
    there = {seconds: ~np.isnan(amount) for seconds, amount in amounts.items()}
    used = [seconds for seconds in DURATION_UNITS if there[seconds].any()]
    named = matching(text, r"\pL") & np.logical_or.reduce([*there.values()])
    if len(used) < 2:
        return None
    values = sum(np.nan_to_num(amount) * seconds for seconds, amount in amounts.items()) / used[-1]
    unit = {1: "seconds", 60: "minutes", 3_600: "hours", 86_400: "days"}[used[-1]]
    return Measure(np.where(named, values, np.nan), "durations", unit)


def feet_and_inches(text: pa.Array) -> Measure | None:
    parts = pc.extract_regex(text, FEET)
    feet, inches = _amounts(parts, 0), _amounts(parts, 1)
    if np.isnan(inches).all():
        return None
    return Measure(12 * feet + np.nan_to_num(inches), "feet and inches", "inches")


def school_years(text: pa.Array) -> Measure | None:
    """The year in which each begins."""
    parts = pc.extract_regex(text, SCHOOL_YEAR)
    first, last = _amounts(parts, 0), _amounts(parts, 1)
    values = np.where((first + 1) % 100 == last, first, np.nan)
    if len(np.unique(values[~np.isnan(values)])) < 2:
        return None
    return Measure(values, "school years", "", "each by the year in which it begins")


def quarters(text: pa.Array) -> Measure | None:
    """The first day of each."""
    later, sooner = pc.extract_regex(text, QUARTER), pc.extract_regex(text, QUARTER_FIRST)
    year = np.fmax(_amounts(later, 0), _amounts(sooner, 1))
    quarter = np.fmax(_amounts(later, 1), _amounts(sooner, 0))
    if np.isnan(year).all():
        return None
    months = np.nan_to_num((year - 1970) * 12 + (quarter - 1) * 3).astype("datetime64[M]").astype("datetime64[us]")
    days = np.where(np.isnan(year), np.datetime64("NaT"), months)
    return Measure(days, "quarters", "", "each by its first day")


def _amounts(parts: pa.Array, i: int) -> Values:
    """[w] numbers of a group, NaN where there is none."""
    text = pc.struct_field(parts, [i])
    present = pa.array(flags(pc.not_equal(text, "")))
    return plain_numbers(pc.replace_substring(pc.if_else(present, text, pa.scalar(None, text.type)), ",", "."))


MEASURES: Sequence[tuple[re.Pattern[str], Callable[[pa.Array], Measure | None]]] = (
    (re.compile(rf"(?i)P?T?{AMOUNT}\s*(?:{'|'.join(DURATION_UNITS.values())}).*"), durations),
    (re.compile(FEET), feet_and_inches),
    (re.compile(SCHOOL_YEAR), school_years),
    (re.compile(f"{QUARTER}|{QUARTER_FIRST}".replace("?P<year>", "").replace("?P<quarter>", "")), quarters),
)
"""What a first cell of each kind looks like, and how a column of it is read."""
