"""Columns of text become numbers (yes and no included), dates or categories, with notes on what was done."""

from collections import Counter
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from app.dataset.dataset import Account
from app.dataset.reading.cells import Mask, Values
from app.dataset.reading.dates import dates_among, read_dates
from app.dataset.reading.measures import MEASURES
from app.dataset.reading.number_format import MIN_NUMERIC_SHARE, Column, look, text_of
from app.dataset.reading.numerals import NumberFormat, flags, is_time
from app.dataset.reading.spellings import YES_NO_PAIRS
from app.dataset.reading.telling import FIRST_INEXACT_INTEGER, Sentence, Telling
from app.dataset.reading.wording import doubt, time_note, what_was_taken
from app.dataset.wish import ColumnWish, Wishes

YES_NO_WORDS = frozenset(chain.from_iterable(YES_NO_PAIRS))

TEXT_DTYPE = pd.StringDtype(na_value=np.nan)

AnyColumn = Values | NDArray[np.datetime64] | ExtensionArray


class Interpreter(Telling):
    """Reads each column; where its decimal mark is in doubt, the file's decides."""

    def __init__(
        self, lines: NDArray[np.int32], decimal: str, *, forced: bool, settled: bool, wishes: Wishes | None = None
    ) -> None:
        super().__init__(lines)
        self.decimal, self.forced, self.settled = decimal, forced, settled or forced
        self.wishes = wishes or {}
        self.thousands: Counter[str] = Counter()
        self.marks: dict[str, ExtensionArray] = {}
        """[n] what was taken off the numbers of a column, where the user wants to keep it."""

    @cached_property
    def nothing(self) -> pa.Array:
        """[n] nulls, whose memory all columns without values share."""
        return pa.nulls(len(self.lines), pa.large_string())

    def read(self, column: Column) -> AnyColumn:
        """[n] numbers, yes and no as 1 and 0, times and other measures as numbers, dates, or else text.

        What reads a column whole goes before numbers with words among them.
        """
        if not column.present:
            self.notes.add("no values", lambda: f"“{column.name}” has no values.")
            return text(self.nothing)
        wish = self.wishes.get(column.name, ColumnWish())
        number_format = column.number_format(self.decimal, self.forced)
        fits = column.fits.get(number_format, 0)
        found: AnyColumn | None = None
        if fits == column.present and wish.kind in ("", "number", "out"):
            found = self.numbers(column, number_format, wish)
        elif not column.glance:
            look([column])
        if wish.kind == "date":
            found = self.any_dates(column)
        elif found is None and wish.kind not in ("text", "category"):
            found = self.booleans(column)
            found = self.measure(column) if found is None else found
            found = self.dates(column) if found is None else found
            if found is None and (wish.kind == "number" or 2 * fits >= column.present):
                found = self.numbers(column, number_format, wish)
        if found is None:
            self.tell_of_text(column, number_format, fits)
            return text(column.distinct.or_none.take(pa.array(column.codes)))
        return found

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

    def numbers(self, column: Column, number_format: NumberFormat, wish: ColumnWish) -> Values | None:
        """[n] None where too few cells are numbers, unless the user wants to have them."""
        distinct, dressed = column.distinct, None
        if column.plain and (number_format == NumberFormat(".") or not number_format.thousands):
            values = distinct.values[column.codes]
        else:
            values = distinct.numbers(number_format)[column.codes]
            dressed = self.undressed(column, values, number_format, wish) if column.dress else None
            values = self.percent(column, values)
        typed = np.zeros(len(values), bool)
        for word, value in wish.values:
            same = flags(pc.equal(distinct.text, word))[column.codes] & np.isnan(values)
            values, typed = np.where(same, value, values), typed | same
        odd = np.flatnonzero(~(np.isfinite(values) | column.missing))
        if wish.kind != "number" and not self.is_enough(column, odd[np.isnan(values[odd])]):
            return None
        if dressed:
            self.notes.add(*dressed[:2])
            self.accounts[column.name] = dressed[2]
        if not column.plain:
            self.currencies(column)
        self.say(column, values, number_format, odd, typed)
        values[np.isinf(values)] = np.nan
        return values

    def is_enough(self, column: Column, odd: NDArray[np.intp]) -> bool:
        """Whether nearly all cells fit, or at least half of them and the others repeat a few words, such as "trace"."""
        if not len(odd):
            return True
        present = len(column.codes) - int(column.missing.sum())
        if len(odd) <= (1 - MIN_NUMERIC_SHARE) * present:
            return True
        return 2 * len(odd) <= present and 2 * len(np.unique(column.codes[odd])) <= len(odd)

    def undressed(
        self, column: Column, values: Values, number_format: NumberFormat, wish: ColumnWish
    ) -> tuple[str, Sentence, Account] | None:
        """Fill in the numbers that have something around them; what is to be said and told of that."""
        rows, taken = column.undress(values, number_format)
        if not len(rows):
            return None
        assert column.dress
        if wish.keeps_marks:
            marks = np.full(len(values), "none", object)
            marks[rows] = [one.strip() or "none" for one in taken]
            self.marks[column.name] = text(pa.array(marks, pa.large_string()))
        bare = np.flatnonzero(~np.isnan(values) & ~np.isin(np.arange(len(values)), rows))
        first, without = (
            (column.cell(i), float(values[i]), int(self.lines[i])) for i in (rows[0], bare[0] if len(bare) else 0)
        )
        said = what_was_taken(Counter(map(str.strip, taken)), column.dress, first, without, len(bare))
        examples = tuple(column.cell(i) for i in rows[:2])
        account = Account(unit=column.dress.unit, taken=(said,), examples=examples, has_marks=not column.dress.unit)
        return "taken off", lambda: f"“{column.name}”{said}", account

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

    def say(
        self, column: Column, values: Values, number_format: NumberFormat, odd: NDArray[np.intp], typed: Mask
    ) -> None:
        name, missing = column.name, column.missing
        if len(odd) or typed.any():
            self.tell_odd(column, odd, np.flatnonzero(typed))
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
        self.long_note(name, values)
        if column.distinct.begins_with_zero[column.codes[:1000]].any():
            self.notes.add("leading zeros", lambda: f"“{name}” has numbers that begin with 0, which is not kept.")

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

    def measure(self, column: Column) -> AnyColumn | None:
        """Times, durations, feet and inches, school years or quarters; None where the column holds none of these."""
        n = len(column.glance)
        if 2 * sum(map(is_time, column.glance)) >= n:
            values = column.distinct.times[column.codes]
            odd = np.flatnonzero(np.isnan(values) & ~column.missing)
            if self.is_enough(column, odd):
                row = int(np.flatnonzero(~np.isnan(values))[0])
                self.notes.add("times", lambda: time_note(column.name, column.cell(row), values[row]))
                self.tell(column.name, kind="times", examples=(column.cell(row),))
                self.tell_odd(column, odd)
                return values
        for pattern, read in MEASURES:
            if 2 * sum(pattern.fullmatch(cell) is not None for cell in column.glance) < n:
                continue
            used, places = np.unique(column.codes, return_inverse=True)
            found = read(column.distinct.text.take(pa.array(used)))
            if found is None:
                continue
            measured = found.values[places]
            odd = np.flatnonzero(np.isnan(measured) & ~column.missing)
            if self.is_enough(column, odd):
                row = int(np.flatnonzero(~np.isnan(measured))[0])
                became = f"{measured[row]:.10g}" if measured.dtype == float else str(measured[row])[:10]
                said = f"{found.said}: “{column.cell(row)}” was read as {became}."
                self.notes.add("measures", f"“{column.name}” {said}".__str__)
                self.tell(column.name, kind=found.kind, unit=found.unit, taken=(said,), examples=(column.cell(row),))
                self.tell_odd(column, odd)
                return measured
        return None

    def dates(self, column: Column) -> NDArray[np.datetime64] | None:
        dates, remark = read_dates(column)
        if dates is not None and remark:
            self.notes.add("dates", lambda: f"“{column.name}”: {remark}")
        return dates

    def any_dates(self, column: Column) -> NDArray[np.datetime64] | None:
        """Dates, since the user says that these are some; None where not a single cell is one."""
        measured = self.measure(column)
        if measured is not None and measured.dtype.kind == "M":
            return measured  # type: ignore[return-value]
        dates = dates_among(column)
        if dates is not None:
            self.tell_odd(column, np.flatnonzero(np.isnat(dates) & ~column.missing))
        return dates


def text(cells: pa.Array) -> ExtensionArray:
    return TEXT_DTYPE.__from_arrow__(cells)  # type: ignore[attr-defined, no-any-return]
