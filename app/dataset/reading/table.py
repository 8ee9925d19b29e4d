"""From the lines of a file to columns of text, a block of records at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.dataset.dataset import DatasetError
from app.dataset.reading.dialect import Dialect
from app.dataset.reading.layout import Layout, Record, blank, is_no_word, lines_of, shortened, was

BLOCK = 200_000
"""Cells that are Python strings at the same time; each takes some 60 bytes."""

END = "\ue000\ue001"
"""A line after the last one: where it lands inside a cell, a quote was never closed."""

Progress = Callable[[float], None]


@dataclass
class Table:
    """`columns` hold numbers (float64) or text, `lines` [n] the lines in which the rows begin.

    Of columns of numbers, `odd` holds by position the cells that are none: row and text.
    """

    columns: list[pa.ChunkedArray | NDArray[np.float64]]
    lines: NDArray[np.intp]
    notes: list[str] = field(default_factory=list)
    blanks: int = 0
    decimal: str = ""
    odd: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


@dataclass
class Skipped:
    """Lines of records that are no rows, by what they are."""

    blanks: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    footer: list[Record] = field(default_factory=list)
    second: list[Record] = field(default_factory=list)


def records_of(lines: Iterable[str], dialect: Dialect, name: str, width: int = 0) -> Iterator[Record]:
    """Each record; of a file with a quote that opens and never closes, a DatasetError."""
    for line, cells in dialect.records(chain(lines, [END])):
        if cells and cells[-1].endswith(END):
            if cells == [END]:
                return
            raise unbalanced(line, cells, name, len(cells) - 1)
        yield line, cells


def unbalanced(line: int, cells: list[str], name: str, column: int) -> DatasetError:
    line += sum(cell.count("\n") for cell in cells[:column])
    return DatasetError(
        "unbalanced_quote",
        f"“{name}” has a quote in line {line}, column {column + 1}, that swallows the lines after it: “"
        f"{shortened([cells[column].split(chr(10))[0]])}”. Close the quote, or delete it.",
    )


class Rows:
    """The rows of a table among the records of a file."""

    def __init__(self, layout: Layout, dialect: Dialect, name: str) -> None:
        self.layout, self.dialect, self.name = layout, dialect, name
        self.skipped = Skipped()
        self.broken = False
        self.long: list[Record] = []
        self.tail: deque[tuple[int, list[str], bool]] = deque(maxlen=50)

    def of(self, records: Iterator[Record]) -> Iterator[Record]:
        """Rows of the table's width; what is no row is written down in `skipped`."""
        layout, width = self.layout, self.layout.width
        before: Record = (0, [])
        for line, cells in records:
            if line > before[0] + 1:
                self.refuse_swallowed(*before)
            before = line, cells
            if line < layout.first:
                continue
            if len(cells) == width and cells[0].lstrip("-+")[:1].isdigit() and not self.broken and not self.long:
                if cells[0] != layout.names[0]:
                    self.tail.append((line, cells, False))
                    yield line, cells  # most rows; what follows takes ten times as long
                    continue
            if not self.is_row(line, cells):
                continue
            loose = self.broken or len(cells) < width
            if self.begins_another(line, cells):
                self.skipped.second = [(line, cells), *islice(records, 10_000)]
                return
            if len(cells) != width:
                if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                    self.hold(line, cells)
                    continue
                if len(cells) < width:
                    self.skipped.short.append(line)
                cells = (cells + [""] * width)[:width]
            if self.long:
                raise self.ragged(*self.long[0])
            self.tail.append((line, cells, loose))
            yield line, cells
        self.refuse_swallowed(*before)

    def is_row(self, line: int, cells: list[str]) -> bool:
        if not cells or blank(cells):
            self.skipped.blanks.append(line)
            self.broken = True
        elif self.layout.is_comment(cells):
            self.skipped.comments.append(line)
        elif self.layout.is_header(cells):
            self.skipped.headers.append(line)
        else:
            return True
        return False

    def begins_another(self, line: int, cells: list[str]) -> bool:
        """Whether a second table, or text of several cells below the table, begins here."""
        layout = self.layout
        if len(cells) == layout.width and not self.broken:
            return False
        if layout.has_number(cells):
            self.broken = layout.has_word(cells)
            return False
        self.broken = True
        return bool(layout.numeric) and bool(self.tail) and len(cells) > 1 and layout.looks_like_header(cells)

    def hold(self, line: int, cells: list[str]) -> None:
        """A record too long is refused, unless it is text at the file's end."""
        self.long.append((line, cells))
        if self.layout.has_number(cells) or not self.layout.numeric:
            raise self.ragged(line, cells)

    def ragged(self, line: int, cells: list[str]) -> DatasetError:
        layout, hint = self.layout, ""
        if self.dialect.delimiter == "," and len(cells) % layout.width == 0:
            hint = " If the comma is a decimal mark, save the file with semicolons between the columns."
        where = f"the header in line {layout.header}" if layout.header else "the first row"
        return DatasetError(
            "ragged_rows",
            f"“{self.name}” has {len(cells)} cells in line {line}, where {where} has {layout.width}: “{shortened(cells)}”. "
            f"Mend that line.{hint}",
        )

    def refuse_swallowed(self, line: int, cells: list[str]) -> None:
        """Whole rows inside a cell: the quote before them is a stray one."""
        for i, cell in enumerate(cells):
            inner = cell.split("\n")[1:] if "\n" in cell else []
            inside = [one for _, one in Dialect(self.dialect.delimiter, "").records(inner[:50])]
            if any(len(one) == self.layout.width > 1 and self.layout.has_number(one) for one in inside):
                raise unbalanced(line, cells, self.name, i)

    def footer(self) -> int:
        """How many rows at the end are text below the table; they go to `skipped`."""
        count, layout = 0, self.layout
        for line, cells, loose in reversed(self.tail):
            sparse = sum(1 for cell in cells if cell.strip()) <= max(1, layout.width // 2)
            words = layout.has_word(cells) or not (layout.has_number(cells) or all(map(is_no_word, cells)))
            if not (layout.numeric and words and (loose or sparse)):
                break
            count += 1
            self.skipped.footer.insert(0, (line, cells))
        self.skipped.footer += self.long
        self.skipped.short = [line for line in self.skipped.short if not count or line < self.skipped.footer[0][0]]
        return count

    def notes(self) -> list[str]:
        skipped, notes = self.skipped, []
        last = self.tail[-1][0] if self.tail else 0
        inside = [line for line in skipped.blanks if line < last]
        if inside or len(skipped.blanks) > 1:
            notes.append(f"{lines_of(skipped.blanks)} without any value {was(skipped.blanks)} left out.")
        if skipped.comments:
            notes.append(f"{lines_of(skipped.comments)} with a comment {was(skipped.comments)} left out.")
        if skipped.headers:
            notes.append(f"{lines_of(skipped.headers)} that repeat the header {was(skipped.headers)} left out.")
        if skipped.short:
            notes.append(f"{lines_of(skipped.short)} with too few cells: those at the end count as missing.")
        if skipped.footer:
            lines = [line for line, _ in skipped.footer]
            text = shortened(skipped.footer[0][1])
            notes.append(f"{lines_of(lines)} below the table {was(lines)} left out: “{text}”.")
        if skipped.second:
            notes.append(self.second_note())
        return notes

    def second_note(self) -> str:
        line, cells = self.skipped.second[0]
        rest = [record for record in self.skipped.second if record[1] and not blank(record[1])]
        return (
            f"Another table or text begins in line {line}, “{shortened(cells)}”; its {len(rest)} lines were left out. "
            "Save it as a file of its own to see it."
        )


def columns_of_text(rows: list[Record], width: int) -> list[pa.ChunkedArray]:
    cells = zip(*(cells for _, cells in rows), strict=True) if rows else [()] * width
    return [pa.chunked_array([pa.array(column, pa.string())]) for column in cells]


def read_table(
    records: Iterator[Record], layout: Layout, dialect: Dialect, name: str, progress: Progress, expected: float
) -> Table:
    """Columns of text, and notes of what was left out.

    Raises DatasetError for rows that do not fit and for quotes that do not close.
    """
    rows = Rows(layout, dialect, name)
    chunks: list[list[pa.Array]] = [[] for _ in range(layout.width)]
    lines: list[NDArray[np.intp]] = []
    stream, size = rows.of(records), max(1, BLOCK // layout.width)
    while block := list(islice(stream, size)):
        lines.append(np.array([line for line, _ in block], dtype=np.intp))
        for chunk, cells in zip(chunks, columns_of_text(block, layout.width), strict=True):
            chunk += cells.chunks
        progress(min(0.9, block[-1][0] / max(expected, 1.0)))
    n = sum(map(len, lines)) - rows.footer()
    return Table(
        [pa.chunked_array(chunk, pa.string()).slice(0, n) for chunk in chunks],
        np.concatenate([*lines, np.empty(0, dtype=np.intp)])[:n],
        rows.notes(),
        len(rows.skipped.blanks),
    )
