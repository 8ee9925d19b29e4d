"""Large files that are regular throughout: read in slices, by all cores, straight into numbers."""

from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from app.dataset.reading.columns import Column, columns_of, decimal_of
from app.dataset.reading.dialect import Dialect
from app.dataset.reading.encoding import Text
from app.dataset.reading.layout import Layout, Record
from app.dataset.reading.numerals import MISSING, Manner
from app.dataset.reading.table import Progress, Rows, Table, columns_of_text

LARGE = 4_000_000
"""Bytes from which on this way is tried."""

SLICE = 8_000_000
"""Bytes that are read at a time; more take more memory and no less time."""

SPELLINGS = sorted({"", *MISSING, *map(str.upper, MISSING), *map(str.capitalize, MISSING), "NaN", "<NA>"})


def read_large(
    text: Text, dialect: Dialect, layout: Layout, head: list[Record], decimal: str | None, progress: Progress
) -> Table | None:
    """The table, or None where anything in the file is not as in its first records: then it needs the careful way."""
    fit = text.encoding == "utf-8" and len(dialect.delimiter) == 1 and dialect.delimiter != " " and not dialect.escape
    if len(text.content) < LARGE or not fit or dialect.quote != '"' or not layout.numeric:
        return None
    names = [str(i) for i in range(layout.width)]
    rows = list(islice(Rows(layout, dialect, "").of(iter(head)), len(head)))
    columns = columns_of(names, columns_of_text(rows, layout.width))
    decimal = decimal or decimal_of(columns, dialect.delimiter)[0]
    types = {column.name: pa.float64() if is_simple(column, decimal) else pa.string() for column in columns}
    try:
        return _read(text, dialect, layout, types, decimal, progress)
    except pa.ArrowInvalid:
        return None


def is_simple(column: Column, decimal: str) -> bool:
    """Whether its cells are numbers with nothing about them and no doubt."""
    other = Manner(",", ".") if decimal == "." else Manner(".", ",")
    simple = column.fits.get(Manner(decimal), 0)
    whole = column.fits.get(Manner("." if decimal == "," else ","), 0) == simple
    sure = column.fits.get(other, 0) < simple or whole
    return 0 < column.present == simple and sure and (column.plain or decimal == ",") and not column.suffix


def _read(
    text: Text, dialect: Dialect, layout: Layout, types: dict[str, pa.DataType], decimal: str, progress: Progress
) -> Table | None:
    content = text.content
    at, end = start_of_line(content, text.start, layout.first), len(content)
    while end > at and content[end - 1] in b"\r\n":
        end -= 1
    n = content.count(b"\n", at, end) + 1
    numeric = [name for name, kind in types.items() if kind == pa.float64()]
    numbers = np.empty((len(numeric), n))
    texts: dict[str, list[pa.Array]] = {name: [] for name in types if name not in numeric}
    filled = 0
    while at < end:
        stop = end if end - at <= SLICE else content.rfind(b"\n", at, at + SLICE) + 1
        if stop <= at:
            return None
        block = slice_of(memoryview(content)[at:stop], dialect, types, decimal)
        if filled + len(block) > n:
            return None
        for row, name in zip(numbers, numeric, strict=True):
            row[filled : filled + len(block)] = block[name].to_numpy()
        for name, chunks in texts.items():
            chunks += block[name].chunks
        filled, at = filled + len(block), stop
        progress(0.95 * at / end)
    # Lines without a record, and records without a number, need a closer look.
    if filled != n or not numeric or np.isnan(numbers).all(axis=0).any():
        return None
    by_name = dict(zip(numeric, numbers, strict=True))
    columns = [by_name[name] if name in by_name else pa.chunked_array(texts[name], pa.string()) for name in types]
    return Table(columns, np.arange(layout.first, layout.first + n), decimal=decimal)


def slice_of(part: memoryview, dialect: Dialect, types: dict[str, pa.DataType], decimal: str) -> pa.Table:
    return arrow_csv.read_csv(
        pa.py_buffer(part),
        arrow_csv.ReadOptions(column_names=list(types)),
        arrow_csv.ParseOptions(delimiter=dialect.delimiter),
        arrow_csv.ConvertOptions(column_types=types, null_values=SPELLINGS, decimal_point=decimal),
    )


def start_of_line(content: bytes, start: int, line: int) -> int:
    for _ in range(line - 1):
        start = content.index(b"\n", start) + 1
    return start
