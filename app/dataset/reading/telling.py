"""What is said of columns while they are read: in sentences, and for the ledger of all columns."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.dataset.dataset import Account
from app.dataset.reading.cells import Values
from app.dataset.reading.number_format import Column, text_of
from app.dataset.reading.numerals import NumberFormat
from app.dataset.reading.wording import says_missing, two_currencies

FIRST_INEXACT_INTEGER = 2**53
"""From here on float64 skips whole numbers."""

MAX_ODD_CELLS_TOLD = 100
MAX_WORDS_TOLD = 6

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


class Telling:
    """Collects notes, and for each column that has something to tell an account."""

    def __init__(self, lines: NDArray[np.int32]) -> None:
        self.lines, self.notes = lines, Notes()
        self.accounts: dict[str, Account] = {}

    def tell_odd(self, column: Column, odd: NDArray[np.intp], typed: NDArray[np.intp] | None = None) -> None:
        """Say which cells are no numbers, and keep for the ledger which they are and which words repeat."""
        self.odd_note(column.name, len(odd), lambda: [(int(i), column.cell(i)) for i in odd[:3]])
        self.tell(
            column.name,
            odd=len(odd),
            odd_cells=tuple((int(self.lines[i]), column.cell(i)) for i in odd[:MAX_ODD_CELLS_TOLD]),
            words=repeated(column, odd if typed is None else np.concatenate([typed, odd])),
        )

    def tell(self, name: str, **told: Any) -> None:
        self.accounts[name] = replace(self.accounts.get(name, Account()), **told)

    def tell_of_text(self, column: Column, number_format: NumberFormat, fits: int) -> None:
        """Say of a column of text how many of its cells are numbers, and which is the first that is none."""
        if not fits:
            return
        values = column.distinct.numbers(number_format)[column.codes]
        column.undress(values, number_format)
        is_number = ~np.isnan(values)
        words, count = np.flatnonzero(~(is_number | column.missing)), int(is_number.sum())
        if not count:
            return
        self.tell(
            column.name,
            numbers=count,
            odd=len(words),
            odd_cells=tuple((int(self.lines[i]), column.cell(i)) for i in words[:MAX_ODD_CELLS_TOLD]),
            words=repeated(column, words),
        )
        if count > 1 and len(words):
            row = words[0]
            self.notes.add(
                "text among numbers",
                lambda: (
                    f"“{column.name}” stays text: {count:,} cells are numbers and {len(words):,} are not, "
                    f"the first “{column.cell(row)[:20]}” in line {self.lines[row]}."
                ),
            )

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


def repeated(column: Column, rows: NDArray[np.intp]) -> tuple[tuple[str, int], ...]:
    """The words in these rows that occur more than once, and how often; the commonest first."""
    codes, counts = np.unique(column.codes[rows], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MAX_WORDS_TOLD]
    words = column.distinct.text.take(pa.array(codes[order])).to_pylist()
    return tuple((word, int(count)) for word, count in zip(words, counts[order], strict=True) if count > 1)
