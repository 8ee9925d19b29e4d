"""Columns of text become numbers, true and false, dates or categories, and what was done is said."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.columns import NUMERIC_SHARE, Column, Values, without_suffix
from app.dataset.reading.dates import read_dates
from app.dataset.reading.numerals import Manner, bare, matching, numbers

EXACT = 2**53
"""From here on not every whole number is a float64."""

BOOLEANS = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("ja", "nein"), ("j", "n"),
    ("wahr", "falsch"), ("oui", "non"), ("o", "n"), ("vrai", "faux"), ("sí", "no"), ("si", "no"), ("s", "n"),
    ("verdadero", "falso"), ("vero", "falso"), ("sì", "no"), ("sim", "não"), ("verdadeiro", "falso"), ("ja", "nee"),
    ("ja", "nej"), ("sant", "usann"), ("tak", "nie"), ("prawda", "fałsz"), ("ano", "ne"), ("igen", "nem"),
    ("da", "nu"), ("da", "ne"), ("evet", "hayır"), ("да", "нет"), ("так", "ні"), ("истина", "ложь"), ("ναι", "όχι"),
    ("是", "否"), ("はい", "いいえ"), ("예", "아니요"), ("نعم", "لا"), ("כן", "לא"), ("✓", "✗"), ("✔", "✘"),
)  # fmt: skip
"""The word that becomes 1, and the one that becomes 0."""


class Notes:
    """Sentences about columns; of many alike the first few."""

    MOST = 5

    def __init__(self) -> None:
        self.by_kind: dict[str, list[str]] = {}

    def add(self, kind: str, sentence: str) -> None:
        self.by_kind.setdefault(kind, []).append(sentence)

    def sentences(self) -> list[str]:
        found = []
        for kind, sentences in self.by_kind.items():
            found += sentences[: self.MOST]
            more = len(sentences) - self.MOST
            if more > 0:
                found.append(f"Likewise {more:,} further column{'s' if more > 1 else ''} ({kind}).")
        return found


class Interpreter:
    """Reads every column with one decimal mark for the file where a column leaves a doubt."""

    def __init__(self, lines: NDArray[np.intp], decimal: str, *, forced: bool, settled: bool) -> None:
        self.lines, self.decimal, self.forced, self.settled = lines, decimal, forced, settled or forced
        self.thousands: Counter[str] = Counter()
        self.notes = Notes()

    def read(self, column: Column) -> pd.Series | Values:
        """Numbers, else true or false as 1 and 0, else dates, else text."""
        if not column.present:
            self.notes.add("no values", f"“{column.name}” has no values.")
            return pd.Series([None] * len(column.missing), dtype="str")
        values = self.numbers(column)
        if values is None:
            values = self.booleans(column)
        if values is not None:
            return values
        dates, remark = read_dates(column.cells, pa.chunked_array([column.missing]))
        if dates is not None:
            if remark:
                self.notes.add("dates", f"“{column.name}”: {remark}")
            return dates
        return self.text(column)

    def check(self, name: str, values: Values, odd: list[tuple[int, str]]) -> Values:
        """Numbers that were read as such: only what is missing, odd or too large is looked for."""
        self.odd_note(name, odd[:3], len(odd))
        absent = int(np.isnan(values).sum()) - len(odd)
        if absent:
            self.notes.add("missing", f"“{name}”: {absent:,} cells are blank or say that their value is missing.")
        where = np.flatnonzero(np.isinf(values))
        self.odd_note(name, [(int(i), f"{values[i]}") for i in where[:3]], len(where))
        values[where] = np.nan
        if len(values) and max(np.nanmax(values), -np.nanmin(values)) >= EXACT:
            self.long_note(name)
        return values

    def long_note(self, name: str) -> None:
        self.notes.add("long numbers", f"“{name}” has numbers of more than 15 digits; they are kept to about 16.")

    def text(self, column: Column) -> pd.Series:
        cells = pc.if_else(pc.equal(column.cells, ""), pa.scalar(None, pa.string()), column.cells)
        text: pd.Series = cells.to_pandas().astype("str")
        return text

    def numbers(self, column: Column) -> Values | None:
        manner = column.manner(self.decimal, self.forced)
        share = column.fits.get(manner, 0) / column.present
        if share < NUMERIC_SHARE:
            if column.fits.get(manner, 0):
                self.mixed_note(column, manner)
            return None
        cells = without_suffix(column.cells, column.suffix) if column.suffix else column.cells
        if column.plain and (manner == Manner(".") or not manner.thousands):
            values = column.values
        else:
            values = numbers(cells, manner)
            left = np.flatnonzero(np.isnan(values) & ~column.missing)
            if len(left):  # what takes long is done for as few cells as need it
                values[left] = numbers(bare(cells.take(pa.array(left))), manner)
            values[column.missing] = np.nan
            values = self.percent(column, values)
        self.say(column, values, manner)
        values[np.isinf(values)] = np.nan
        return values

    def percent(self, column: Column, values: Values) -> Values:
        signed = matching(column.cells, r"[%％]$").to_numpy()
        if not signed.any():
            return values
        if (np.nan_to_num(values[~signed]) == 0).all():
            self.notes.add("percent", f"“{column.name}” is in percent: 95% was read as 95.")
            return values
        self.notes.add("percent", f"“{column.name}” has numbers with and without a percent sign: 95% was read as 0.95.")
        return np.where(signed, values / 100, values)

    def say(self, column: Column, values: Values, manner: Manner) -> None:
        name = column.name
        where = np.flatnonzero(~column.missing & ~np.isfinite(values))
        self.odd_note(name, [(int(i), column.cells[int(i)].as_py()) for i in where[:3]], len(where))
        if column.missing.any():
            self.missing_note(column)
        other = Manner(",", ".") if manner.decimal == "." else Manner(".", ",")
        if manner.thousands:
            self.thousands[manner.thousands] += 1
        if not self.settled and column.fits[manner] == column.fits[other] > column.fits[Manner(other.decimal)]:
            self.doubt_note(column, manner)
        elif manner.decimal != self.decimal and column.decimals[self.decimal] < column.decimals[manner.decimal]:
            self.notes.add(
                "other decimal mark", f"“{name}” was read with a decimal “{manner.decimal}”, unlike the rest."
            )
        if column.suffix:
            self.notes.add("units", f"“{name}” is in {column.suffix}: the unit was taken off every cell.")
        if (np.abs(values[np.isfinite(values)]) >= EXACT).any():
            self.long_note(name)
        if any(re.match(r"0\d", cell) for cell in column.cells.slice(0, 1000).to_pylist()):
            self.notes.add("leading zeros", f"“{name}” has numbers that begin with 0, which is not kept.")

    def missing_note(self, column: Column) -> None:
        says = column.cells.filter(pa.array(column.missing))
        words = [f"“{word}”" for word in pc.unique(says).to_pylist() if word]
        if words:
            count = pc.sum(pc.not_equal(says, "")).as_py()
            cells = "cells that say" if count > 1 else "cell that says"
            some = ", ".join(words[:6]) + (", …" if len(words) > 6 else "")
            self.notes.add(
                "missing", f"“{column.name}”: {count:,} {cells} {some} count{'' if count > 1 else 's'} as missing."
            )

    def odd_note(self, name: str, first: list[tuple[int, str]], count: int) -> None:
        if count:
            some = ", ".join(f"“{text[:20]}” in line {self.lines[row]}" for row, text in first)
            more = ", …" if count > len(first) else ""
            cells = "cell is no finite number and counts" if count == 1 else "cells are no finite numbers and count"
            self.notes.add("odd cells", f"“{name}”: {count:,} {cells} as missing ({some}{more}).")

    def doubt_note(self, column: Column, manner: Manner) -> None:
        mark = manner.decimal if not manner.thousands else manner.thousands
        read, other = (
            ("a decimal mark", "a thousands mark") if not manner.thousands else ("a thousands mark", "a decimal mark")
        )
        self.notes.add(
            "doubt",
            f"“{column.name}”: the “{mark}” was read as {read}; if it is {other}, choose the other decimal mark.",
        )

    def mixed_note(self, column: Column, manner: Manner) -> None:
        is_number = matching(bare(column.cells), manner.pattern).to_numpy()
        words = np.flatnonzero(~is_number & ~column.missing)
        if len(words) and int(is_number.sum()) > 1:
            first = column.cells[int(words[0])].as_py()[:20]
            self.notes.add(
                "text among numbers",
                f"“{column.name}” stays text: {int(is_number.sum()):,} cells are numbers and {len(words):,} are not, "
                f"the first “{first}” in line {self.lines[words[0]]}.",
            )

    def booleans(self, column: Column) -> Values | None:
        if len({cell.lower() for cell in column.head(40).to_pylist()}) > 2:
            return None
        lower = pc.utf8_lower(column.cells)
        missing = pa.array(column.missing)
        distinct = set(pc.unique(lower.filter(pc.invert(missing)).slice(0, 100)).to_pylist())
        for yes, no in BOOLEANS:
            if (
                distinct == {yes, no}
                and pc.all(pc.or_(pc.is_in(lower, pa.array([yes, no])), pa.chunked_array([missing]))).as_py()
            ):
                words = {word.lower(): word for word in pc.unique(column.cells).to_pylist()}
                self.notes.add("yes or no", f"“{column.name}”: “{words[yes]}” became 1 and “{words[no]}” became 0.")
                values: Values = pc.equal(lower, yes).to_numpy().astype("float64")
                values[column.missing] = np.nan
                return values
        return None
