"""The distinct cells of columns: whatever is asked of cells is asked of each distinct text once."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.marks import BEHIND, parted, unmarked
from app.dataset.reading.numerals import (
    FOREIGN_DIGIT,
    PLAIN_NUMBER,
    NumberFormat,
    bare,
    flags,
    matching,
    missing,
    numbers,
    plain_numbers,
    times,
)
from app.dataset.reading.spellings import CURRENCY_PATTERN

UNIT_PATTERN = re.compile(r"\d\s*([^\W\d_][^\d]{0,11}|°\w?)$")
"""A unit at the end of a cell, after a digit."""

DATE_PATTERN = r"^[\pL\d_]{1,9}[-/. 年].*\d\d|\d\d.*年"
"""Every date matches this, and few other texts do."""

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]


class DistinctCells:
    """Distinct texts [w], stripped, each with what it means; `values` are NaN where one is not a plain number."""

    def __init__(self, cells: pa.Array) -> None:
        self.text = pc.utf8_trim_whitespace(cells)
        self.missing = missing(self.text)
        self.values = plain_numbers(self.where(matching(self.text, PLAIN_NUMBER) & ~self.missing))
        self.infinite: Mask = np.isinf(self.values)
        self._numbers: dict[NumberFormat, Values] = {}
        self._currencies: dict[str, Mask] = {}
        self._dates: dict[str, NDArray[np.datetime64]] = {}

    def where(self, mask: Mask) -> pa.Array:
        """The texts, null where the mask is not set."""
        return pc.if_else(pa.array(mask), self.text, pa.scalar(None, self.text.type))

    @cached_property
    def odd(self) -> Mask:
        """Which are neither missing nor a plain number."""
        return ~self.missing & np.isnan(self.values)

    @cached_property
    def pointed(self) -> Mask:
        """Which plain numbers have a point, which may be a thousands separator: "1.000"."""
        return ~np.isnan(self.values) & matching(self.text, r"\.")

    @cached_property
    def says_missing(self) -> Mask:
        """Which say that a value is missing, rather than being blank."""
        says: Mask = self.missing & flags(pc.not_equal(self.text, ""))
        return says

    @cached_property
    def percent(self) -> Mask:
        return matching(self.text, rf"[%％]\s*\)?{BEHIND}?$")

    @cached_property
    def currency(self) -> Mask:
        """Which name a currency."""
        return matching(self.text, CURRENCY_PATTERN)

    def in_currency(self, cell: str) -> Mask:
        """Which name the same currency as `cell`."""
        found = re.search(CURRENCY_PATTERN, cell)
        name = found[0] if found else ""
        if name not in self._currencies:
            self._currencies[name] = flags(pc.match_substring(self.text, name))
        return self._currencies[name]

    @cached_property
    def begins_with_zero(self) -> Mask:
        return matching(self.text, r"^0\d")

    @cached_property
    def times(self) -> Values:
        """[w] in seconds or, for hours and minutes, in minutes; NaN where a text is not a time."""
        return times(self.where(~self.missing))

    @cached_property
    def or_none(self) -> pa.Array:
        """The texts, null for a blank one."""
        return self.where(flags(pc.not_equal(self.text, "")))

    def numbers(self, number_format: NumberFormat) -> Values:
        """[w] in this format, NaN where a text is not a number."""
        if number_format not in self._numbers:
            values = numbers(self.text, number_format).copy()
            left = np.flatnonzero(np.isnan(values) & matching(self.text, rf"[0-9]|{FOREIGN_DIGIT}"))
            values[left] = numbers(bare(self.text.take(pa.array(left))), number_format)  # slow, so for few
            values[self.missing] = np.nan
            self._numbers[number_format] = values
        return self._numbers[number_format]

    def dates(self, form: str) -> NDArray[np.datetime64]:
        """[w] in a form such as "%d.%m.%Y", NaT where a text is not such a date."""
        if form not in self._dates:
            text = self.where(matching(self.text, DATE_PATTERN) & ~self.missing).to_pandas()
            dates = pd.to_datetime(text, format=form, errors="coerce", utc=form.endswith("%z"))
            self._dates[form] = dates.dt.tz_localize(None).to_numpy()
        return self._dates[form]


@dataclass(frozen=True)
class Dress:
    """What stands around a column's numbers."""

    tails: dict[str, float]
    """Words behind a number that are taken off, and what the number is multiplied by."""
    unit: str
    """That all numbers are then in; "" if none is known."""


class Dressed:
    """Texts [w] that are no plain numbers: each in parts, of which the number is one."""

    def __init__(self, text: pa.Array) -> None:
        self.text = text
        self.number, self.tails = parted(unmarked(text))

    def numbers(self, number_format: NumberFormat, dress: Dress) -> Values:
        """[w] NaN where a text is not a number even without what stands around it."""
        factors = np.array([dress.tails.get(tail, np.nan) if tail else 1.0 for tail in self.tails], dtype=float)
        values: Values = numbers(bare(self.number), number_format) * factors
        return values

    def taken(self) -> list[str]:
        """[w] what stands behind the number, "" where nothing does."""
        return [
            text.removeprefix(number) if text.startswith(number) else text
            for text, number in zip(self.text.to_pylist(), self.number.to_pylist(), strict=True)
        ]


def common_unit(cells: list[str]) -> str:
    """The unit that every cell ends with, such as kg; "" if there is none."""
    unit = _unit(cells[0]) if cells else ""
    return unit if unit and all(_unit(cell) == unit for cell in cells) else ""


def _unit(cell: str) -> str:
    match = UNIT_PATTERN.search(cell[-40:])
    return match[1] if match else ""
