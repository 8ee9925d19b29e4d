"""From the lines of a file to columns of text, block by block."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.dataset.reading.dialect import Dialect, Records
from app.dataset.reading.encoding import Text
from app.dataset.reading.layout import Layout
from app.dataset.reading.records import blocks_of
from app.dataset.reading.rows import Rows

Progress = Callable[[float], None]


@dataclass
class Cells:
    """Text of the columns at the positions `at`; `chunks` hold it in row order."""

    at: Sequence[int]
    chunks: list[pa.Array]

    def columns(self, start: int, stop: int, n: int) -> pa.Array:
        """[n * (stop - start)] of these columns and the first n rows, in row order."""
        width = len(self.at)
        parts = [chunk if stop - start == width else self.part(chunk, start, stop) for chunk in self.chunks]
        return pa.concat_arrays(parts).slice(0, n * (stop - start))

    def part(self, chunk: pa.Array, start: int, stop: int) -> pa.Array:
        rows = np.arange(0, len(chunk), len(self.at), dtype=np.int32)
        return chunk.take(pa.array((rows[:, None] + np.arange(start, stop, dtype=np.int32)).ravel()))

    def without_first(self) -> "Cells":
        """Without the first row."""
        chunks = [chunk for chunk in self.chunks if len(chunk)]
        return Cells(self.at, [chunks[0].slice(len(self.at)), *chunks[1:]])

    def row(self, i: int) -> list[str]:
        for chunk in self.chunks:
            if 0 <= i < len(chunk) // len(self.at):
                return list(chunk.slice(i * len(self.at), len(self.at)).to_pylist())
            i -= len(chunk) // len(self.at)
        return []


@dataclass
class Table:
    """The rows of a file: columns of text, and by their position columns that are numbers already."""

    lines: NDArray[np.int32]
    """[n] lines on which the rows begin, from 1."""
    text: list[Cells]
    numbers: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    """[n] by column."""
    odd: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """Row and text of the cells of `numbers` that are not numbers, by column."""
    notes: list[str] = field(default_factory=list)
    """What was left out, in sentences."""
    blanks: int = 0
    """Lines without any value."""
    decimal: str = ""
    """Mark that `numbers` were read with."""

    left_out: int = 0
    """Rows that are none of those measured, such as totals."""

    def words(self, row: int) -> list[str]:
        """A row's cells of text."""
        return [word.strip() for cells in self.text for word in cells.row(row)]

    def without(self, row: int, note: str) -> "Table":
        """Without the first or the last row."""
        kept = slice(1, None) if row == 0 else slice(row)
        text = [cells.without_first() for cells in self.text] if row == 0 else self.text
        numbers = {i: values[kept] for i, values in self.numbers.items()}
        odd = {i: [(at - (row == 0), cell) for at, cell in cells] for i, cells in self.odd.items()}
        odd = {i: [(at, cell) for at, cell in cells if 0 <= at < len(self.lines) - 1] for i, cells in odd.items()}
        notes, left_out = [*self.notes, note], self.left_out + 1
        return replace(
            self, lines=self.lines[kept], text=text, numbers=numbers, odd=odd, notes=notes, left_out=left_out
        )


def uncollected(blocks: Iterator[Records]) -> Iterator[Records]:
    """The same blocks with garbage collection switched off: millions of rows come and go, none of them in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield from blocks
    finally:
        if enabled:
            gc.enable()


def read_table(text: Text, layout: Layout, dialect: Dialect, name: str, progress: Progress, expected: float) -> Table:
    """The table, all of it as text; `expected` is a guess of its number of rows.

    Raises DatasetError for rows that do not fit and for quotes that never close.
    """
    rows = Rows(layout, dialect, name)
    chunks, lines, n = [], [], 0
    for begins, records in uncollected(blocks_of(text.lines(), dialect, name)):
        found, cells = rows.among(begins, records)
        lines.append(found)
        chunks.append(cells)
        n += len(found)
        progress(min(0.9, n / max(expected, 1.0)))
    n -= rows.footer()
    return Table(
        np.concatenate([*lines, np.empty(0, dtype=np.int32)])[:n],
        [Cells(range(layout.width), chunks)],
        notes=rows.notes(),
        blanks=len(rows.skipped.blanks),
    )
