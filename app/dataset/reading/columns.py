"""From columns of text to numbers, dates and categories, and what to say about it."""

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.dates import read_dates
from app.dataset.reading.numerals import HEAD, MANNERS, PLAIN, Manner, bare, fitting, matching, missing, numbers

NUMERIC_SHARE = 0.8
"""A column is numeric if so many of its cells that hold anything are numbers; the others are named in a note."""

EXACT = 2**53

ENOUGH = 20
"""Cells with exactly three digits after the mark, from which on that is no chance."""

BOOLEANS = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("ja", "nein"), ("j", "n"), ("wahr", "falsch"),
    ("oui", "non"), ("o", "n"), ("vrai", "faux"), ("sí", "no"), ("si", "no"), ("s", "n"), ("verdadero", "falso"),
    ("vero", "falso"), ("sì", "no"), ("sim", "não"), ("verdadeiro", "falso"), ("ja", "nee"), ("ja", "nej"), ("sant", "usann"),
    ("tak", "nie"), ("prawda", "fałsz"), ("ano", "ne"), ("igen", "nem"), ("da", "nu"), ("da", "ne"), ("evet", "hayır"),
    ("да", "нет"), ("так", "ні"), ("истина", "ложь"), ("ναι", "όχι"), ("是", "否"), ("はい", "いいえ"), ("예", "아니요"),
    ("نعم", "لا"), ("כן", "לא"), ("✓", "✗"), ("✔", "✘"),
)  # fmt: skip
"""The word that becomes 1, and the one that becomes 0."""

Values = NDArray[np.float64]


@dataclass
class Column:
    """One column on its way: stripped `cells`, which of them are `missing` [n], and the `values` of the plain numbers [n]."""

    name: str
    cells: pa.ChunkedArray
    missing: NDArray[np.bool_]
    values: Values
    fits: dict[Manner, int] = field(default_factory=dict)
    present: int = 0
    suffix: str = ""
    plain: bool = False

    def __post_init__(self) -> None:
        self.present = int((~self.missing).sum())
        self.plain = bool((self.missing | ~np.isnan(self.values)).all())
        if self.plain and is_whole(self.values[~self.missing]):
            self.fits = dict.fromkeys(MANNERS, self.present)
        elif self.present:
            self.fit()

    def fit(self) -> None:
        """Hold the first cells to every manner."""
        where = np.flatnonzero(~self.missing & ~np.isinf(self.values))[:HEAD]
        head = self.cells.take(pa.array(where))
        self.present = len(head)
        self.fits = dict(fitting(head if self.plain else bare(head)))
        if self.share < NUMERIC_SHARE and (unit := common_suffix(head)):
            fits = dict(fitting(bare(without_suffix(head, unit))))
            if max(fits.values()) == self.present:
                self.fits, self.suffix = fits, unit

    @property
    def share(self) -> float:
        return max(self.fits.values(), default=0) / max(self.present, 1)

    @property
    def decimals(self) -> dict[str, int]:
        """How many cells can be read with either decimal mark."""
        return {mark: max((n for m, n in self.fits.items() if m.decimal == mark), default=0) for mark in ".,"}

    def manner(self, decimal: str, forced: bool) -> Manner:
        """The manner that reads most cells; of equal ones the file's."""
        manners = [m for m in MANNERS if m.decimal == decimal or not forced]
        return max(manners, key=lambda m: (self.fits.get(m, 0), m.decimal == decimal))


def columns_of(names: list[str], texts: list[pa.ChunkedArray]) -> list[Column]:
    """Columns of equal length; the work is done for all at once, since thousands of short ones are common."""
    if not texts:
        return []
    n = len(texts[0])
    stack = pa.chunked_array([chunk for text in texts for chunk in text.chunks], pa.string())
    cells = pc.utf8_trim_whitespace(stack)
    absent = missing(cells)
    plain = pc.and_(matching(cells, PLAIN), pc.invert(absent))
    values = pc.cast(pc.if_else(plain, cells, pa.scalar(None, cells.type)), pa.float64()).to_numpy().reshape(-1, n).copy()
    holes = absent.to_numpy().reshape(-1, n)
    return [Column(name, cells.slice(i * n, n), holes[i], values[i]) for i, name in enumerate(names)]


def is_whole(values: Values) -> bool:
    return bool((values == np.trunc(values)).all())


def common_suffix(head: pa.ChunkedArray) -> str:
    """A unit that every cell ends with, such as kg; "" if there is none."""
    found = {match[1] if (match := re.search(r"\d\s*([^\W\d_][^\d]{0,11}|°\w?)$", cell)) else "" for cell in head.to_pylist()}
    return found.pop() if len(found) == 1 and len(head) > 2 else ""


def without_suffix(cells: pa.ChunkedArray, suffix: str) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, re.escape(suffix) + "$", ""))


def decimal_of(columns: list[Column], delimiter: str) -> tuple[str, bool]:
    """The decimal mark that the columns without doubt vote for, and whether any did; else what the delimiter suggests."""
    votes: Counter[str] = Counter()
    groups = {".": 0, ",": 0}
    for column in columns:
        if column.share < NUMERIC_SHARE:
            continue
        point, comma = column.decimals["."], column.decimals[","]
        if point != comma:
            votes["." if point > comma else ","] += 1
        else:
            for mark in groups:
                groups[mark] += column.present - column.fits[Manner("." if mark == "," else ",")]
    if votes:
        return ("," if votes[","] > votes["."] else "."), True
    # Semicolons are written where the comma is the decimal mark: "1,234" is one then, and "1.234" in cell after cell not.
    comma = delimiter == ";" and (groups[","] > 0 or groups["."] >= ENOUGH)
    return ("," if comma else "."), False


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
            return self.text(column)
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
        return cells.to_pandas().astype("str")

    def numbers(self, column: Column) -> Values | None:
        manner = column.manner(self.decimal, self.forced)
        share = column.fits[manner] / column.present
        if share < NUMERIC_SHARE:
            if column.fits[manner]:
                self.mixed_note(column, manner)
            return None
        cells = without_suffix(column.cells, column.suffix) if column.suffix else column.cells
        if column.plain and (manner == Manner(".") or not manner.thousands):
            values = column.values
        else:
            values = self.percent(column, numbers(bare(cells), manner))
            values[column.missing] = np.nan
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
            self.notes.add("other decimal mark", f"“{name}” was read with a decimal “{manner.decimal}”, unlike the rest.")
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
            self.notes.add("missing", f"“{column.name}”: {count:,} {cells} {some} count{'' if count > 1 else 's'} as missing.")

    def odd_note(self, name: str, first: list[tuple[int, str]], count: int) -> None:
        if count:
            some = ", ".join(f"“{text[:20]}” in line {self.lines[row]}" for row, text in first)
            more = ", …" if count > len(first) else ""
            cells = "cell is no finite number and counts" if count == 1 else "cells are no finite numbers and count"
            self.notes.add("odd cells", f"“{name}”: {count:,} {cells} as missing ({some}{more}).")

    def doubt_note(self, column: Column, manner: Manner) -> None:
        mark = manner.decimal if not manner.thousands else manner.thousands
        read, other = ("a decimal mark", "a thousands mark") if not manner.thousands else ("a thousands mark", "a decimal mark")
        self.notes.add(
            "doubt", f"“{column.name}”: the “{mark}” was read as {read}; if it is {other}, choose the other decimal mark."
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
        lower = pc.utf8_lower(column.cells)
        missing = pa.array(column.missing)
        distinct = set(pc.unique(lower.filter(pc.invert(missing)).slice(0, 100)).to_pylist())
        for yes, no in BOOLEANS:
            if distinct == {yes, no} and pc.all(pc.or_(pc.is_in(lower, pa.array([yes, no])), pa.chunked_array([missing]))).as_py():
                words = {word.lower(): word for word in pc.unique(column.cells).to_pylist()}
                self.notes.add("yes or no", f"“{column.name}”: “{words[yes]}” became 1 and “{words[no]}” became 0.")
                values = pc.equal(lower, yes).to_numpy().astype("float64")
                values[column.missing] = np.nan
                return values
        return None
