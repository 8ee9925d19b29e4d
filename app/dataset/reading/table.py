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

    def last_words(self) -> list[str]:
        """The last row's cells of text."""
        return [word.strip() for cells in self.text for word in cells.row(len(self.lines) - 1)]

    def without_last(self, note: str) -> "Table":
        numbers = {i: values[:-1] for i, values in self.numbers.items()}
        return replace(self, lines=self.lines[:-1], numbers=numbers, notes=[*self.notes, note])


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
