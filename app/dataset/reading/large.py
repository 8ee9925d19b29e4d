"""Large files that are regular throughout: all cores read slices of them straight into numbers."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from app.dataset.reading.dialect import Dialect
from app.dataset.reading.encoding import Text
from app.dataset.reading.layout import Layout
from app.dataset.reading.names import Record
from app.dataset.reading.number_format import Column, columns_of, decimal_of
from app.dataset.reading.numerals import NumberFormat, missing, nearly_numeric, numbers
from app.dataset.reading.rows import Rows
from app.dataset.reading.spellings import MISSING_VALUES
from app.dataset.reading.table import Cells, Progress, Table

MIN_LARGE_BYTES = 4_000_000
"""Smaller files are not read in this way."""

MIN_BYTES_PER_COLUMN = 20_000
"""Nor are those with fewer bytes a column, for which it is slower."""

MAX_SLICE_BYTES = 8_000_000
"""Read at a time; larger slices take more memory and no less time."""

MAX_ODD_CELLS = 1000
"""If more cells are not numbers, a column is one of text."""

COUNTED_BYTES = 1 << 18
"""Line ends are counted in pieces of this size, which fit a core's cache."""

LINE_FEED = ord("\n")

NULL_VALUES = sorted(
    {"", *MISSING_VALUES, *map(str.upper, MISSING_VALUES), *map(str.capitalize, MISSING_VALUES), "NaN", "<NA>"}
)

Odd = dict[int, list[tuple[int, str]]]
"""Row and text of the cells that are not numbers, by column."""


def read_large(
    text: Text,
    name: str,
    dialect: Dialect,
    layout: Layout,
    head: list[Record],
    decimal: str | None,
    wished: set[int],
    progress: Progress,
) -> Table | None:
    """The table, columns at the positions `wished` as text.

    None where anything in the file differs from its first records, so that `read_table` must read it.
    """
    fit = len(dialect.delimiter) == 1 and not dialect.escape and not dialect.formulas and dialect.quote == '"'
    if text.last_line or not fit or not layout.numeric:
        return None
    if len(text.content) < max(MIN_LARGE_BYTES, MIN_BYTES_PER_COLUMN * layout.width):
        return None
    names = [str(i) for i in range(layout.width)]
    begins, records = zip(*head, strict=True)
    _, cells = Rows(layout, dialect, name).among(np.array(begins, np.int32), list(records))
    columns = columns_of(names, cells)
    decimal = decimal or decimal_of(columns, dialect.delimiter)[0]
    types = {
        column.name: pa.float64() if i not in wished and is_simple(column, decimal) else pa.string()
        for i, column in enumerate(columns)
    }
    content = plain_bytes(text, dialect)
    if content is None:
        return None
    try:
        return Slices(dialect, types, decimal).read(content, layout.first, progress)
    except pa.ArrowInvalid:
        return None


def plain_bytes(text: Text, dialect: Dialect) -> bytes | None:
    """The file in UTF-8 with one kind of line ends; None where spaces delimit and cells are quoted."""
    content = text.content[text.start :] if text.is_utf8 else text.utf8()
    if b"\r" in content and content.count(b"\r") > content.count(b"\r\n"):
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return None if dialect.delimiter == " " and b'"' in content else content


def tabbed(part: memoryview) -> bytes:
    """Lines with a tab instead of the spaces between cells."""
    characters = np.frombuffer(part, np.uint8)
    blank = (characters == ord(" ")) | (characters == ord("\t"))
    kept = np.append(True, ~(blank[1:] & blank[:-1]))
    content: bytes = np.where(blank, np.uint8(ord("\t")), characters)[kept].tobytes()
    return content.strip(b"\t").replace(b"\n\t", b"\n").replace(b"\t\n", b"\n").replace(b"\t\r\n", b"\r\n")


def is_simple(column: Column, decimal: str) -> bool:
    """Whether all cells are bare numbers and leave no doubt about the format."""
    other = NumberFormat(",", ".") if decimal == "." else NumberFormat(".", ",")
    simple = column.fits.get(NumberFormat(decimal), 0)
    whole = column.fits.get(NumberFormat("." if decimal == "," else ","), 0) == simple
    sure = column.fits.get(other, 0) < simple or whole
    odd = column.dress or column.distinct.begins_with_zero[column.codes].any()
    return 0 < column.present == simple and sure and (column.plain or decimal == ",") and not odd


class Slices:
    """Reads slices of a file into columns of known types."""

    def __init__(self, dialect: Dialect, types: dict[str, pa.DataType], decimal: str) -> None:
        self.dialect, self.types, self.decimal = dialect, types, decimal
        self.numeric = [name for name, kind in types.items() if kind == pa.float64()]
        self.texts: dict[str, list[pa.Array]] = {name: [] for name in types if name not in self.numeric}
        self.odd: Odd = {}

    def read(self, content: bytes, first: int, progress: Progress) -> Table | None:
        """The table from line `first` to the end; None where it cannot be cut into slices.

        Raises ArrowInvalid where a line is not a row, or a row has no number.
        """
        parts = cut(content, first)
        if not parts or not self.numeric:
            return None
        cores = ThreadPoolExecutor(os.cpu_count())
        try:
            ends = list(accumulate(cores.map(count_lines, parts)))
            numbers = np.empty((len(self.numeric), ends[-1]))
            places = [numbers[:, start:end] for start, end in zip([0, *ends], ends, strict=False)]
            for start, found in zip([0, *ends], cores.map(self.fill, parts, places), strict=False):
                self.keep(start, *found)
                progress(0.95 * start / ends[-1])
        finally:
            cores.shutdown(cancel_futures=True)
            pa.default_memory_pool().release_unused()
        text = [Cells([int(name)], chunks) for name, chunks in self.texts.items()]
        columns = dict(zip(map(int, self.numeric), numbers, strict=True))
        lines = np.arange(first, first + ends[-1], dtype=np.int32)
        return Table(lines, text, columns, self.odd, decimal=self.decimal)

    def keep(self, start: int, block: pa.Table, odd: Odd) -> None:
        """Append the text and odd cells of a slice that begins with row `start`; slices come in order."""
        for name, chunks in self.texts.items():
            chunks += block[name].chunks
        for i, cells in odd.items():
            kept = self.odd.setdefault(i, [])
            kept += [(start + row, cell) for row, cell in cells]
            if len(kept) > MAX_ODD_CELLS:
                raise pa.ArrowInvalid("too many words among the numbers")

    def fill(self, part: memoryview, numbers: NDArray[np.float64]) -> tuple[pa.Table, Odd]:
        """Parse a slice: its numbers go to `numbers` [columns, rows], its text and odd cells are returned."""
        odd: Odd = {}
        try:
            block = self.parsed(part, self.types)
            columns = [block[name].to_numpy() for name in self.numeric]
        except pa.ArrowInvalid:  # a word among the numbers, or worse
            block = self.parsed(part, dict.fromkeys(self.types, pa.string()))
            columns = [self.with_odd_cells(name, block[name], odd) for name in self.numeric]
        if len(block) != numbers.shape[1]:
            raise pa.ArrowInvalid("lines and rows are not the same")
        for row, column in zip(numbers, columns, strict=True):
            row[:] = column
        if np.isnan(numbers).all(axis=0).any():
            raise pa.ArrowInvalid("a row has no number")
        return block.select([*self.texts]), odd

    def parsed(self, part: memoryview, types: dict[str, pa.DataType]) -> pa.Table:
        return arrow_csv.read_csv(
            pa.py_buffer(tabbed(part) if self.dialect.delimiter == " " else part),
            arrow_csv.ReadOptions(column_names=list(types), use_threads=False),
            arrow_csv.ParseOptions(delimiter=self.dialect.delimiter.replace(" ", "\t")),
            arrow_csv.ConvertOptions(column_types=types, null_values=NULL_VALUES, decimal_point=self.decimal),
        )

    def with_odd_cells(self, name: str, cells: pa.ChunkedArray, odd: Odd) -> NDArray[np.float64]:
        """The numbers of a column with some odd cells, which go to `odd` if they are few."""
        cells = pc.utf8_trim_whitespace(cells.combine_chunks())
        values = numbers(cells, NumberFormat(self.decimal))
        where = np.flatnonzero(np.isnan(values) & ~missing(cells))
        if len(where) > MAX_ODD_CELLS:
            raise pa.ArrowInvalid("too many words among the numbers")
        odd[int(name)] = [(int(i), cells[int(i)].as_py()) for i in where]
        if any(nearly_numeric(cell) for _, cell in odd[int(name)]):
            raise pa.ArrowInvalid("marks behind the numbers")
        return values


def cut(content: bytes, first: int) -> list[memoryview]:
    """Slices from line `first` to the last one that is not blank; empty where a line is longer than a slice."""
    at, end = start_of_line(content, first), len(content)
    if at == 0 < first - 1:
        return []
    while end > at and content[end - 1] in b"\r\n":
        end -= 1
    parts, size = [], min(MAX_SLICE_BYTES, 500_000 + len(content) // 20)
    while at < end:
        stop = end if end - at <= size else content.rfind(b"\n", at, at + size) + 1
        if stop <= at:
            return []
        parts.append(memoryview(content)[at:stop])
        at = stop
    return parts


def count_lines(part: memoryview) -> int:
    """The number of lines; twice as fast as bytes.count, and other threads can run meanwhile."""
    characters = np.frombuffer(part, np.uint8)
    pieces = (characters[at : at + COUNTED_BYTES] for at in range(0, len(characters), COUNTED_BYTES))
    return sum(int(np.count_nonzero(piece == LINE_FEED)) for piece in pieces) + (part[-1] != LINE_FEED)


def start_of_line(content: bytes, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = content.find(b"\n", start) + 1
        if not start:
            return 0
    return start
