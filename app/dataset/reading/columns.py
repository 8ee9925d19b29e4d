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
from app.dataset.reading.numerals import HEAD, INFINITE, MANNERS, PLAIN, Manner, bare, fitting, matching, missing, numbers

NUMERIC_SHARE = 0.8
"""A column is numeric if so many of its cells that hold anything are numbers; the others are named in a note."""

EXACT = 2**53

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
    """One column on its way: `cells` are stripped, `missing` says which of them hold no value."""

    name: str
    cells: pa.ChunkedArray
    missing: pa.ChunkedArray = None
    fits: dict[Manner, int] = field(default_factory=dict)
    present: int = 0
    suffix: str = ""

    def __post_init__(self) -> None:
        self.cells = pc.utf8_trim_whitespace(self.cells)
        self.missing = missing(self.cells)
        head = self.cells.slice(0, 2 * HEAD).filter(pc.invert(self.missing.slice(0, 2 * HEAD))).slice(0, HEAD)
        self.present = len(head)
        if self.present:
            self.fits = dict(fitting(bare(head)))
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
        return max(manners, key=lambda m: (self.fits.get(m, 0), m.decimal == decimal, -MANNERS.index(m)))


def common_suffix(head: pa.ChunkedArray) -> str:
    """A unit that every cell ends with, such as kg; "" if there is none."""
    found = {match[1] if (match := re.search(r"\d\s*([^\W\d_][^\d]{0,11}|°\w?)$", cell)) else "" for cell in head.to_pylist()}
    return found.pop() if len(found) == 1 and len(head) > 2 else ""


def without_suffix(cells: pa.ChunkedArray, suffix: str) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, re.escape(suffix) + "$", ""))


def decimal_of(columns: list[Column], delimiter: str) -> str:
    """The decimal mark that the columns without doubt vote for; else what the delimiter suggests."""
    votes: Counter[str] = Counter()
    doubtful_comma = doubtful_point = False
    for column in columns:
        if column.share < NUMERIC_SHARE:
            continue
        point, comma = column.decimals["."], column.decimals[","]
        if point != comma:
            votes["." if point > comma else ","] += 1
        elif column.fits[Manner(".")] != column.fits[Manner(",")] or column.fits[Manner(".")] < point:
            doubtful_comma |= column.fits[Manner(",")] > column.fits[Manner(".")]
            doubtful_point |= column.fits[Manner(".")] > column.fits[Manner(",")]
    if votes:
        return "," if votes[","] > votes["."] else "."
    return "," if doubtful_comma and not doubtful_point and delimiter == ";" else "."


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
            if more := len(sentences) - self.MOST:
                found += [f"{more:,} further column{'s' if more > 1 else ''}: {kind}."] if more > 0 else []
        return found


class Interpreter:
    """Reads every column with one decimal mark for the file where a column leaves a doubt."""

    def __init__(self, lines: NDArray[np.intp], decimal: str, forced: bool) -> None:
        self.lines, self.decimal, self.forced = lines, decimal, forced
        self.thousands: Counter[str] = Counter()
        self.notes = Notes()

    def read(self, column: Column) -> pd.Series:
        """Numbers, else true or false as 1 and 0, else dates, else text."""
        if not column.present:
            self.notes.add("no values", f"“{column.name}” has no values.")
            return self.text(column)
        values = self.numbers(column)
        if values is None:
            values = self.booleans(column)
        if values is not None:
            return pd.Series(values)
        dates, remark = read_dates(column.cells, column.missing)
        if dates is not None:
            if remark:
                self.notes.add("dates", f"“{column.name}”: {remark}")
            return dates
        return self.text(column)

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
        plain = matching(cells, PLAIN)
        simple = manner == Manner(".") and pc.all(pc.or_(plain, column.missing)).as_py()
        values = numbers(cells if simple else bare(cells), manner)
        present = ~column.missing.to_numpy()
        values[~present] = np.nan
        if not simple:
            values = self.percent(column, values)
        self.say(column, values, present, manner)
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

    def say(self, column: Column, values: Values, present: NDArray[np.bool_], manner: Manner) -> None:
        name = column.name
        self.odd_note(column, present & ~np.isfinite(values))
        spelled = Counter(cell for cell in column.cells.filter(column.missing).unique().to_pylist() if cell)
        if spelled:
            words = ", ".join(f"“{word}”" for word in list(spelled)[:6])
            count = int((~present).sum()) - (pc.sum(pc.equal(column.cells, "")).as_py() or 0)
            self.notes.add("missing", f"“{name}”: {count:,} cells that say {words} count as missing.")
        other = Manner(",", ".") if manner.decimal == "." else Manner(".", ",")
        if manner.thousands:
            self.thousands[manner.thousands] += 1
        if column.fits[manner] == column.fits[other] > column.fits[Manner(other.decimal)]:
            self.doubt_note(column, manner)
        elif manner.decimal != self.decimal and column.decimals[self.decimal] < column.decimals[manner.decimal]:
            self.notes.add("other decimal mark", f"“{name}” was read with a decimal “{manner.decimal}”, unlike the rest.")
        if column.suffix:
            self.notes.add("units", f"“{name}” is in {column.suffix}: the unit was taken off every cell.")
        if (np.abs(values[np.isfinite(values)]) >= EXACT).any():
            self.notes.add("long numbers", f"“{name}” has numbers of more than 15 digits; they are kept to about 16.")
        if pc.any(matching(column.cells, r"^0\d")).as_py():
            self.notes.add("leading zeros", f"“{name}” has numbers that begin with 0, which is not kept.")

    def odd_note(self, column: Column, odd: NDArray[np.bool_]) -> None:
        where = np.flatnonzero(odd)
        if len(where):
            some = [f"“{column.cells[int(i)].as_py()[:20]}” in line {self.lines[i]}" for i in where[:3]]
            more = ", …" if len(where) > 3 else ""
            cells = "cell is no finite number and counts" if len(where) == 1 else "cells are no finite numbers and count"
            self.notes.add("odd cells", f"“{column.name}”: {len(where):,} {cells} as missing ({', '.join(some)}{more}).")

    def doubt_note(self, column: Column, manner: Manner) -> None:
        mark = manner.decimal if not manner.thousands else manner.thousands
        read, other = ("a decimal mark", "a thousands mark") if not manner.thousands else ("a thousands mark", "a decimal mark")
        self.notes.add(
            "doubt", f"“{column.name}”: the “{mark}” was read as {read}; if it is {other}, choose the other decimal mark."
        )

    def mixed_note(self, column: Column, manner: Manner) -> None:
        is_number = matching(bare(column.cells), manner.pattern).to_numpy()
        words = np.flatnonzero(~is_number & ~column.missing.to_numpy())
        if len(words) and int(is_number.sum()) > 1:
            first = column.cells[int(words[0])].as_py()[:20]
            self.notes.add(
                "text among numbers",
                f"“{column.name}” stays text: {int(is_number.sum()):,} cells are numbers and {len(words):,} are not, "
                f"the first “{first}” in line {self.lines[words[0]]}.",
            )

    def booleans(self, column: Column) -> Values | None:
        lower = pc.utf8_lower(column.cells)
        distinct = set(pc.unique(lower.filter(pc.invert(column.missing)).slice(0, 100)).to_pylist())
        for yes, no in BOOLEANS:
            if distinct == {yes, no} and pc.all(pc.or_(pc.is_in(lower, pa.array([yes, no])), column.missing)).as_py():
                self.notes.add("yes or no", f"“{column.name}”: “{yes}” became 1 and “{no}” became 0.")
                values = pc.equal(lower, yes).to_numpy().astype("float64")
                values[column.missing.to_numpy()] = np.nan
                return values
        return None


__all__ = ["INFINITE", "Column", "Interpreter", "decimal_of"]
