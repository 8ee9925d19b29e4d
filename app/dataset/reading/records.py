"""The records of a file, many at a time; lines that would exhaust memory and quotes that never close are refused."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from app.dataset.dataset import DatasetError
from app.dataset.reading.dialect import Dialect, Records, lines_in
from app.dataset.reading.layout import MAX_COLUMNS
from app.dataset.reading.names import Record
from app.dataset.reading.wording import shortened

END_MARKER = "\ue000\ue001"
"""Read after the last line: if it ends up inside a cell, a quote was never closed."""


MAX_LINE_CHARACTERS = 1_000_000
"""A line takes up to 40 times its size in memory; this leaves the widest table 60 characters a cell."""


def records_of(lines: Iterable[str], dialect: Dialect, name: str) -> Iterator[Record]:
    """Each record; DatasetError where a quote never closes."""
    for begins, records in blocks_of(lines, dialect, name):
        yield from zip(begins.tolist(), records, strict=True)


def blocks_of(lines: Iterable[str], dialect: Dialect, name: str) -> Iterator[Records]:
    """The same, many records at a time."""
    for begins, records in dialect.blocks(chain(chain.from_iterable(narrow(lines, dialect, name)), [END_MARKER])):
        last = records[-1]
        if last and last[-1].endswith(END_MARKER):
            if last != [END_MARKER]:
                raise unbalanced(begins[-1], last, name, len(last) - 1)
            begins, records = begins[:-1], records[:-1]
        if records:
            yield begins, records


def narrow(lines: Iterable[str], dialect: Dialect, name: str) -> Iterator[list[str]]:
    """The same lines, some at a time; DatasetError for one that has too many cells or characters to be parsed."""
    lines, before = iter(lines), 0
    while some := list(islice(lines, 100)):
        long = max(map(len, some)) > MAX_COLUMNS
        for number, line in enumerate(some if long else (), before + 1):
            if len(line) > MAX_COLUMNS and dialect.is_wider(line, MAX_COLUMNS):
                raise DatasetError(
                    "too_wide",
                    f"“{name}” has more than {MAX_COLUMNS:,} columns in line {number}, and {MAX_COLUMNS:,} are the "
                    "most. Save fewer columns, or see whether the line ends are lost.",
                )
            if len(line) > MAX_LINE_CHARACTERS:
                raise DatasetError(
                    "too_wide",
                    f"“{name}” has more than {MAX_LINE_CHARACTERS:,} characters in line {number}. Delete that line, or "
                    "see whether the line ends are lost.",
                )
        before += len(some)
        yield some


def unbalanced(line: int, cells: list[str], name: str, column: int) -> DatasetError:
    line += lines_in(cells[:column]) - 1
    return DatasetError(
        "unbalanced_quote",
        f"“{name}” has a quote in line {line}, column {column + 1}, that swallows the lines after it: “"
        f"{shortened([cells[column][:200].partition(chr(10))[0]])}”. Close the quote, or delete it.",
    )
