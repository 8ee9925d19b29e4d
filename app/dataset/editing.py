"""A table as texts to edit, and what was typed read as the cells of a file are."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from app.dataset.dataset import Dataset
from app.dataset.reading.numerals import is_missing, read_number

MAX_EDITED_CELLS = 2_000
"""A larger table is edited in a spreadsheet."""


class Typed(NamedTuple):
    """A cell whose text is not the usual one of its number; `value` is None where it is no number at all."""

    row: int
    column: int
    name: str
    text: str
    value: str | None


@dataclass(frozen=True)
class Draft:
    """The cells of a table as people see and type them."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    """Every cell a text; "" where there is no value."""
    numeric: frozenset[str]
    """Columns of numbers."""
    decimal: str
    """Their decimal mark."""

    @property
    def noteworthy(self) -> list[Typed]:
        """The cells in columns of numbers that are no numbers, or are written in another way than usual."""
        found = []
        for i, row in enumerate(self.rows):
            for j, (name, text) in enumerate(zip(self.names, row, strict=True)):
                if name not in self.numeric or is_missing(text):
                    continue
                value = read_number(text, self.decimal)
                if value is None or _text(value, self.decimal) != text.strip():
                    found.append(Typed(i, j, name, text, None if value is None else _text(value, self.decimal)))
        return found

    @property
    def content(self) -> bytes:
        """A CSV file of all rows but the empty ones, whose numbers are written as programs write them."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(self.names)
        writer.writerows(
            [self._plain(name, text) for name, text in zip(self.names, row, strict=True)]
            for row in self.rows
            if any(text.strip() for text in row)
        )
        return file.getvalue().encode()

    def _plain(self, name: str, text: str) -> str:
        value = None if name not in self.numeric or is_missing(text) else read_number(text, self.decimal)
        return text if value is None else _written(value)


def are_texts(rows: Any, width: int) -> bool:
    """Whether these are rows of so many texts."""
    return isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == width and all(isinstance(text, str) for text in row) for row in rows
    )


def draft_of(dataset: Dataset) -> Draft:
    """The table's cells as its file may have them."""
    decimal = dataset.reading.decimal if dataset.reading else "."
    columns = [[_text(value, decimal) for value in dataset.frame[name]] for name in dataset.frame]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Draft([str(name) for name in dataset.frame], rows, frozenset(dataset.numeric_columns), decimal)


def _text(value: Any, decimal: str) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return value if isinstance(value, str) else _written(value).replace(".", decimal)


def _written(value: float) -> str:
    """The shortest text from which the same number is read."""
    return repr(float(value)).removesuffix(".0")
