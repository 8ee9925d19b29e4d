"""From the lines of a file to columns of text, a block of records at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.dialect import Dialect
from app.dataset.reading.layout import Layout, Record
from app.dataset.reading.numerals import matching
from app.dataset.reading.rows import Rows

BLOCK = 200_000
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


def columns_of_text(rows: list[Record], width: int) -> list[pa.ChunkedArray]:
    cells = zip(*(cells for _, cells in rows), strict=True) if rows else [()] * width
    return [pa.chunked_array([pa.array(column, pa.string())]) for column in cells]


def regular_columns(block: list[Record], rows: Rows) -> list[pa.ChunkedArray] | None:
    """The columns of records that all are rows beyond doubt; None if one of them needs a closer look.

    Row after row would take ten times as long.
    """
    layout, one_each = rows.layout, block[-1][0] - block[0][0] == len(block) - 1
    if rows.settled and one_each and block[0][0] >= layout.first and {len(cells) for _, cells in block} == {layout.width}:
        columns = columns_of_text(block, layout.width)
        odd = matching(columns[0], r"^\s*([#%!]|//|--|\*\*)" if layout.comment else "^$")
        sure = pa.chunked_array([np.zeros(len(block), dtype=bool)])
        for i in sorted(layout.numeric) or [0]:
            sure = pc.or_(sure, matching(columns[i], r"^[-+(]?\.?\d" if layout.numeric else r"\S"))
            if pc.all(sure).as_py():
                break
        known = pc.equal(columns[0], layout.names[0])
        if pc.all(sure).as_py() and not pc.any(pc.or_(odd, known)).as_py():
            return columns
    return None


def read_table(
    records: Iterator[Record], layout: Layout, dialect: Dialect, name: str, progress: Progress, expected: float
) -> Table:
    """Columns of text, and notes of what was left out.

    Raises DatasetError for rows that do not fit and for quotes that do not close.
    """
    rows = Rows(layout, dialect, name)
    chunks: list[list[pa.Array]] = [[] for _ in range(layout.width)]
    lines: list[NDArray[np.intp]] = []
    size = max(1, BLOCK // layout.width)
    while block := list(islice(records, size)):
        columns = regular_columns(block, rows)
        if columns is None:
            block = rows.among(block)
            columns = columns_of_text(block, layout.width)
        else:
            rows.tail.extend((line, cells, False) for line, cells in block[-50:])
        lines.append(np.array([line for line, _ in block], dtype=np.intp))
        for chunk, cells in zip(chunks, columns, strict=True):
            chunk += cells.chunks
        progress(min(0.9, sum(map(len, lines)) / max(expected, 1.0)))
    n = sum(map(len, lines)) - rows.footer()
    return Table(
        [pa.chunked_array([pa.concat_arrays(chunk)] if chunk else [], pa.string()).slice(0, n) for chunk in chunks],
        np.concatenate([*lines, np.empty(0, dtype=np.intp)])[:n],
        rows.notes(),
        len(rows.skipped.blanks),
    )
