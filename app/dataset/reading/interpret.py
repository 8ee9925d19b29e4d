"""Columns of text become numbers (yes and no included), dates or categories, with notes on what was done."""

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from app.dataset.reading.cells import Values
from app.dataset.reading.dates import read_dates
from app.dataset.reading.number_format import MIN_NUMERIC_SHARE, Column, look, text_of
from app.dataset.reading.numerals import NumberFormat, flags, is_time
from app.dataset.reading.spellings import YES_NO_PAIRS
from app.dataset.reading.wording import doubt, says_missing, time_note, two_currencies

FIRST_INEXACT_INTEGER = 2**53
"""From here on float64 skips whole numbers."""

YES_NO_WORDS = frozenset(chain.from_iterable(YES_NO_PAIRS))

TEXT_DTYPE = pd.StringDtype(na_value=np.nan)

Sentence = Callable[[], str]


class Notes:
    """Sentences about columns; of many of one kind only the first are kept."""

    MAX_SENTENCES_PER_KIND = 5

    def __init__(self) -> None:
        self.by_kind: dict[str, list[str]] = {}
        self.counts: Counter[str] = Counter()

    def add(self, kind: str, sentence: Sentence) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= self.MAX_SENTENCES_PER_KIND:
            self.by_kind.setdefault(kind, []).append(sentence())

    def sentences(self) -> list[str]:
        found = []
        for kind, sentences in self.by_kind.items():
            found += sentences
            more = self.counts[kind] - self.MAX_SENTENCES_PER_KIND
            if more > 0:
                found.append(f"Likewise {more:,} further column{'s' if more > 1 else ''} ({kind}).")
        return found


class Interpreter:
    """Reads each column; where its decimal mark is in doubt, the file's decides."""

    def __init__(self, lines: NDArray[np.int32], decimal: str, *, forced: bool, settled: bool) -> None:
        self.lines, self.decimal, self.forced, self.settled = lines, decimal, forced, settled or forced
        self.thousands: Counter[str] = Counter()
        self.notes = Notes()

    @cached_property
    def nothing(self) -> pa.Array:
        """[n] nulls, whose memory all columns without values share."""
        return pa.nulls(len(self.lines), pa.large_string())

    def read(self, column: Column) -> Values | NDArray[np.datetime64] | ExtensionArray:
        """[n] numbers, else yes and no as 1 and 0, else times as numbers, else dates, else text."""
        if not column.present:
            self.notes.add("no values", lambda: f"“{column.name}” has no values.")
            return text(self.nothing)
        values = self.numbers(column)
        if values is None:
            if not column.glance:
                look([column])
            values = self.booleans(column)
        if values is None:
            values = self.times(column)
        if values is not None:
            return values
        dates, remark = read_dates(column)
        if dates is None:
            return text(column.distinct.or_none.take(pa.array(column.codes)))
        if remark:
            self.notes.add("dates", lambda: f"“{column.name}”: {remark}")
        return dates

    def check(self, name: str, values: Values, odd: list[tuple[int, str]]) -> Values:
        """The numbers of a column that was read as such, with notes on missing, odd and too large ones."""
        self.odd_note(name, len(odd), lambda: odd[:3])
        if not odd and -FIRST_INEXACT_INTEGER < values.min() <= values.max() < FIRST_INEXACT_INTEGER:
            return values
        absent = int(np.isnan(values).sum()) - len(odd)
        if absent:
            self.notes.add(
                "missing", lambda: f"“{name}”: {absent:,} cells are blank or say that their value is missing."
            )
        where = np.flatnonzero(np.isinf(values))
        self.odd_note(name, len(where), lambda: [(int(i), f"{values[i]}") for i in where[:3]])
        if len(where):
            values = np.where(np.isinf(values), np.nan, values)
        self.long_note(name, values)
        return values

    def numbers(self, column: Column) -> Values | None:
        number_format = column.number_format(self.decimal, self.forced)
        fits = column.fits.get(number_format, 0)
        if fits / column.present < MIN_NUMERIC_SHARE:
            if fits:
                self.mixed_note(column, number_format)
            return None
        distinct = column.distinct
        if column.plain and (number_format == NumberFormat(".") or not number_format.thousands):
            values = distinct.values[column.codes]
        else:
            values = distinct.numbers(number_format, bool(column.unit))[column.codes]
            if column.unit:
                values[column.has_other_unit()] = np.nan
            values = self.percent(column, values)
            self.currencies(column)
        self.say(column, values, number_format)
        values[np.isinf(values)] = np.nan
        return values

    def currencies(self, column: Column) -> None:
        """Note where amounts in different currencies become plain numbers."""
        distinct, codes = column.distinct, column.codes
        amounts = np.flatnonzero(distinct.currency[codes])
        if not len(amounts):
            return
        first = column.cell(amounts[0])
        others = amounts[~distinct.in_currency(first)[codes[amounts]]]
        if len(others):
            self.notes.add("currencies", lambda: two_currencies(column.name, first, column.cell(others[0])))

    def percent(self, column: Column, values: Values) -> Values:
        signed = column.distinct.percent[column.codes]
        if not signed.any():
            return values
        if (np.nan_to_num(values[~signed]) == 0).all():
            self.notes.add("percent", lambda: f"“{column.name}” is in percent: 95% was read as 95.")
            return values
        self.notes.add(
            "percent", lambda: f"“{column.name}” has numbers with and without a percent sign: 95% was read as 0.95."
        )
        return np.where(signed, values / 100, values)

    def say(self, column: Column, values: Values, number_format: NumberFormat) -> None:
        name, missing = column.name, column.missing
        odd = ~(np.isfinite(values) | missing)
        if odd.any():
            where = np.flatnonzero(odd)
            self.odd_note(name, len(where), lambda: [(int(i), column.cell(i)) for i in where[:3]])
        if missing.any():
            self.missing_note(column)
        other = NumberFormat(",", ".") if number_format.decimal == "." else NumberFormat(".", ",")
        if number_format.thousands:
            self.thousands[number_format.thousands] += 1
        bare = min(column.fits[NumberFormat(mark)] for mark in ".,")  # cells that need no thousands mark either way
        if not self.settled and column.fits[number_format] == column.fits[other] > bare:
            self.notes.add("doubt", lambda: doubt(name, number_format))
        elif (
            number_format.decimal != self.decimal
            and column.decimals[self.decimal] < column.decimals[number_format.decimal]
        ):
            self.notes.add(
                "other decimal mark",
                lambda: f"“{name}” was read with a decimal “{number_format.decimal}”, unlike the rest.",
            )
        if column.unit:
            self.notes.add("units", lambda: f"“{name}” is in {column.unit}: the unit was taken off every cell.")
        self.long_note(name, values)
        if column.distinct.begins_with_zero[column.codes[:1000]].any():
            self.notes.add("leading zeros", lambda: f"“{name}” has numbers that begin with 0, which is not kept.")

    def long_note(self, name: str, values: Values) -> None:
        with np.errstate(invalid="ignore"):
            long = (values >= FIRST_INEXACT_INTEGER) | (values <= -FIRST_INEXACT_INTEGER)
        if long.any() and np.isfinite(values[long]).any():
            self.notes.add(
                "long numbers", lambda: f"“{name}” has numbers of more than 15 digits; they are kept to about 16."
            )

    def missing_note(self, column: Column) -> None:
        codes = column.codes[column.distinct.says_missing[column.codes]]
        if len(codes):
            self.notes.add("missing", lambda: says_missing(column.name, len(codes), text_of(column.distinct, codes)))

    def odd_note(self, name: str, count: int, first: Callable[[], list[tuple[int, str]]]) -> None:
        if count:
            self.notes.add("odd cells", lambda: self.odd(name, count, first()))

    def odd(self, name: str, count: int, first: list[tuple[int, str]]) -> str:
        some = ", ".join(f"“{text[:20]}” in line {self.lines[row]}" for row, text in first)
        more = ", …" if count > len(first) else ""
        cells = "cell is no finite number and counts" if count == 1 else "cells are no finite numbers and count"
        return f"“{name}”: {count:,} {cells} as missing ({some}{more})."

    def mixed_note(self, column: Column, number_format: NumberFormat) -> None:
        is_number = ~np.isnan(column.distinct.numbers(number_format))[column.codes]
        words, count = ~(is_number | column.missing), int(is_number.sum())
        if count > 1 and words.any():
            row = int(np.argmax(words))
            self.notes.add(
                "text among numbers",
                lambda: (
                    f"“{column.name}” stays text: {count:,} cells are numbers and {int(words.sum()):,} are not, "
                    f"the first “{column.cell(row)[:20]}” in line {self.lines[row]}."
                ),
            )

    def booleans(self, column: Column) -> Values | None:
        if not {cell.lower() for cell in column.glance} <= YES_NO_WORDS:
            return None
        missing = column.missing
        words = {word.lower(): word for word in text_of(column.distinct, column.codes[~missing], 20)}
        found = next(((yes, no) for yes, no in YES_NO_PAIRS if words.keys() == {yes, no}), None)
        if found is None:
            return None
        yes, no = found
        self.notes.add("yes or no", lambda: f"“{column.name}”: “{words[yes]}” became 1 and “{words[no]}” became 0.")
        values: Values = flags(pc.equal(pc.utf8_lower(column.distinct.text), yes))[column.codes].astype("float64")
        values[missing] = np.nan
        return values

    def times(self, column: Column) -> Values | None:
        if not all(map(is_time, column.glance)):
            return None
        values, missing = column.distinct.times[column.codes], column.missing
        if (np.isnan(values) & ~missing).any():
            return None
        row = int(np.argmin(missing))
        self.notes.add("times", lambda: time_note(column.name, column.cell(row), values[row]))
        return values


def text(cells: pa.Array) -> ExtensionArray:
    return TEXT_DTYPE.__from_arrow__(cells)  # type: ignore[attr-defined, no-any-return]
