"""From the lines of a file to columns of text, a block of records at a time."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.dialect import Dialect
from app.dataset.reading.encoding import Text
from app.dataset.reading.layout import Layout
from app.dataset.reading.numerals import matching
from app.dataset.reading.rows import Block, Rows, blocks_of

BLOCK = 40_000
"""Cells that are Python strings at the same time; each takes some 60 bytes."""

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


def columns_of_text(rows: list[list[str]], width: int) -> list[pa.Array]:
    return [pa.array([row[i] for row in rows], pa.string()) for i in range(width)]


def regular_columns(begins: Sequence[int], block: list[list[str]], rows: Rows) -> list[pa.Array] | None:
    """The columns of records that all are rows beyond doubt; None if one of them needs a closer look.

    Row after row would take ten times as long.
    """
    layout = rows.layout
    if not rows.settled or begins[0] < layout.first or not isinstance(begins, range):
        return None
    if {len(cells) for cells in block} != {layout.width}:
        return None
    columns = columns_of_text(block, layout.width)
    odd = matching(columns[0], r"^\s*([#%!]|//|--|\*\*)" if layout.comment else r"^$")
    sure = pa.array(np.zeros(len(block), dtype=bool))
    for i in sorted(layout.numeric) or [0]:
        sure = pc.or_(sure, matching(columns[i], r"^[-+(]?\.?\d" if layout.numeric else r"\S"))
        if pc.all(sure).as_py():
            break
    known = pc.equal(columns[0], layout.names[0])
    doubtful = pc.any(known).as_py() or (pc.any(odd).as_py() and layout.comment)
    return columns if pc.all(sure).as_py() and not doubtful else None


def uncollected(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, without Python's search for cycles: millions of rows come and go, none of them in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield from blocks
    finally:
        if enabled:
            gc.enable()


def read_table(text: Text, layout: Layout, dialect: Dialect, name: str, progress: Progress, expected: float) -> Table:
    """Columns of text, and notes of what was left out.

    Raises DatasetError for rows that do not fit and for quotes that do not close.
    """
    rows = Rows(layout, dialect, name)
    chunks: list[list[pa.Array]] = [[] for _ in range(layout.width)]
    lines: list[NDArray[np.intp]] = []
    for begins, block in uncollected(blocks_of(text.lines(), dialect, name, max(1, BLOCK // layout.width))):
        columns = regular_columns(begins, block, rows)
        if columns is None:
            found = rows.among(zip(begins, block, strict=True))
            begins, columns = [line for line, _ in found], columns_of_text([cells for _, cells in found], layout.width)
        else:
            rows.tail.extend((line, cells, False) for line, cells in zip(begins[-50:], block[-50:], strict=True))
        lines.append(np.array(begins, dtype=np.intp))
        for chunk, cells in zip(chunks, columns, strict=True):
            chunk.append(cells)
        progress(min(0.9, sum(map(len, lines)) / max(expected, 1.0)))
    n = sum(map(len, lines)) - rows.footer()
    return Table(
        [pa.chunked_array([pa.concat_arrays(chunk)] if chunk else [], pa.string()).slice(0, n) for chunk in chunks],
        np.concatenate([*lines, np.empty(0, dtype=np.intp)])[:n],
        rows.notes(),
        len(rows.skipped.blanks),
    )
