"""Large files that are regular throughout: read in slices, by all cores, straight into numbers."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from app.dataset.reading.columns import Column, columns_of, decimal_of
from app.dataset.reading.dialect import Dialect
from app.dataset.reading.encoding import Text
from app.dataset.reading.layout import Layout, Record
from app.dataset.reading.numerals import MISSING, Manner, missing, numbers
from app.dataset.reading.rows import Rows
from app.dataset.reading.table import Cells, Progress, Table

LARGE = 4_000_000
"""Bytes from which on this way is tried."""

PER_COLUMN = 20_000
"""Bytes a column from which on it is the quicker way."""

SLICE = 8_000_000
"""Bytes that are read at a time, of a small file a twentieth; more take more memory and no less time."""

MOST_ODD = 1000
"""Cells of a column of numbers that are none, up to which it is no column of text."""

SPELLINGS = sorted({"", *MISSING, *map(str.upper, MISSING), *map(str.capitalize, MISSING), "NaN", "<NA>"})


def read_large(
    text: Text, name: str, dialect: Dialect, layout: Layout, head: list[Record], decimal: str | None, progress: Progress
) -> Table | None:
    """The table, or None where anything in the file is not as in its first records: then it needs the careful way."""
    fit = len(dialect.delimiter) == 1 and not dialect.escape and dialect.quote == '"'
    if len(text.content) < max(LARGE, PER_COLUMN * layout.width) or not fit or not layout.numeric:
        return None
    names = [str(i) for i in range(layout.width)]
    begins, records = zip(*head, strict=True)
    _, cells = Rows(layout, dialect, name).among(np.array(begins, np.int32), list(records))
    columns = columns_of(names, cells)
    decimal = decimal or decimal_of(columns, dialect.delimiter)[0]
    types = {column.name: pa.float64() if is_simple(column, decimal) else pa.string() for column in columns}
    content = plain_bytes(text, dialect)
    if content is None:
        return None
    try:
        return Slices(dialect, types, decimal).read(content, layout.first, progress)
    except pa.ArrowInvalid:
        return None


def plain_bytes(text: Text, dialect: Dialect) -> bytes | None:
    """The file in UTF-8, with one kind of line ends and one tab between cells that blanks part."""
    content = text.content[text.start :] if text.is_utf8 else text.utf8()
    if b"\r" in content and content.count(b"\r") > content.count(b"\r\n"):
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if dialect.delimiter != " ":
        return content
    if b'"' in content:
        return None
    content = re.sub(rb"[ \t]+", b"\t", content).strip(b"\t")
    return content.replace(b"\n\t", b"\n").replace(b"\t\n", b"\n").replace(b"\t\r\n", b"\r\n")


def is_simple(column: Column, decimal: str) -> bool:
    """Whether its cells are numbers with nothing about them and no doubt."""
    other = Manner(",", ".") if decimal == "." else Manner(".", ",")
    simple = column.fits.get(Manner(decimal), 0)
    whole = column.fits.get(Manner("." if decimal == "," else ","), 0) == simple
    sure = column.fits.get(other, 0) < simple or whole
    odd = column.unit or column.words.begins_with_zero[column.codes].any()
    return 0 < column.present == simple and sure and (column.plain or decimal == ",") and not odd


class Slices:
    """Reads lines of a file into columns of the types that are foreseen."""

    def __init__(self, dialect: Dialect, types: dict[str, pa.DataType], decimal: str) -> None:
        self.dialect, self.types, self.decimal = dialect, types, decimal
        self.numeric = [name for name, kind in types.items() if kind == pa.float64()]
        self.texts: dict[str, list[pa.Array]] = {name: [] for name in types if name not in self.numeric}
        self.odd: dict[int, list[tuple[int, str]]] = {}

    def read(self, content: bytes, first: int, progress: Progress) -> Table | None:
        """From line `first` to the end; None where lines and rows are not the same, or a row has no number."""
        at, end = start_of_line(content, first), len(content)
        if at == 0 < first - 1:
            return None
        while end > at and content[end - 1] in b"\r\n":
            end -= 1
        n, filled = content.count(b"\n", at, end) + 1, 0
        numbers, size = np.empty((len(self.numeric), n)), min(SLICE, 500_000 + len(content) // 20)
        while at < end:
            stop = end if end - at <= size else content.rfind(b"\n", at, at + size) + 1
            if stop <= at:
                return None
            filled += self.fill(numbers, filled, memoryview(content)[at:stop])
            at = stop
            progress(0.95 * at / end)
        if filled != n or not self.numeric or np.isnan(numbers).all(axis=0).any():
            return None
        text = [Cells([int(name)], chunks) for name, chunks in self.texts.items()]
        columns = dict(zip(map(int, self.numeric), numbers, strict=True))
        lines = np.arange(first, first + n, dtype=np.int32)
        return Table(lines, text, columns, self.odd, decimal=self.decimal)

    def fill(self, numbers: NDArray[np.float64], filled: int, part: memoryview) -> int:
        """Put one slice into its place; how many rows it has."""
        try:
            block = self.parsed(part, self.types)
            columns = [block[name].to_numpy() for name in self.numeric]
        except pa.ArrowInvalid:  # a word among the numbers, or worse
            block = self.parsed(part, dict.fromkeys(self.types, pa.string()))
            columns = [self.mended(name, block[name], filled) for name in self.numeric]
        if filled + len(block) > numbers.shape[1]:
            raise pa.ArrowInvalid("more rows than lines")
        for row, column in zip(numbers, columns, strict=True):
            row[filled : filled + len(block)] = column
        for name, chunks in self.texts.items():
            chunks += block[name].chunks
        return len(block)

    def parsed(self, part: memoryview, types: dict[str, pa.DataType]) -> pa.Table:
        return arrow_csv.read_csv(
            pa.py_buffer(part),
            arrow_csv.ReadOptions(column_names=list(types)),
            arrow_csv.ParseOptions(delimiter=self.dialect.delimiter.replace(" ", "\t")),
            arrow_csv.ConvertOptions(column_types=types, null_values=SPELLINGS, decimal_point=self.decimal),
        )

    def mended(self, name: str, cells: pa.ChunkedArray, filled: int) -> NDArray[np.float64]:
        """Numbers of cells that are not all numbers; the others are noted, as long as they are few."""
        cells = pc.utf8_trim_whitespace(cells.combine_chunks())
        values = numbers(cells, Manner(self.decimal))
        where = np.flatnonzero(np.isnan(values) & ~missing(cells))
        odd = self.odd.setdefault(int(name), [])
        if len(odd) + len(where) > MOST_ODD:
            raise pa.ArrowInvalid("too many words among the numbers")
        odd += [(filled + int(i), cells[int(i)].as_py()) for i in where]
        return values


def start_of_line(content: bytes, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = content.find(b"\n", start) + 1
        if not start:
            return 0
    return start
