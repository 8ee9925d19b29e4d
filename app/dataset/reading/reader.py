"""Reads a file step by step: format, encoding, dialect, layout, rows, columns."""

from collections.abc import Iterator
from itertools import islice

from app.dataset.dataset import Dataset, DatasetError
from app.dataset.reading.assemble import assemble, sums_up, total_of, useless
from app.dataset.reading.dialect import CELLS_PER_BLOCK, SEP_HINT, find_dialect
from app.dataset.reading.encoding import decode
from app.dataset.reading.formats import foreign_format
from app.dataset.reading.large import read_large
from app.dataset.reading.layout import Layout, Record, find_layout
from app.dataset.reading.records import records_of
from app.dataset.reading.table import Progress, Table, read_table

MAX_ONE_COLUMN_BYTES = 1_000_000
"""A larger file with a single column is refused by its first records."""

HEAD_RECORDS = 400
"""Records that decide the layout."""

BLANK_BYTES = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\x0b\x0c\x1a"


def read_csv(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Find out how a table was written, and read it; what the caller says about it is taken as given.

    `progress` is called now and then with the share that is done; an exception from it ends the reading. Apart from
    that, only DatasetError is raised, whatever the bytes.
    """
    progress = progress or (lambda share: None)
    if what := foreign_format(content):
        raise DatasetError("wrong_format", f"“{name}” is {what}, not a CSV. Open it and save the table as CSV.")
    if not content[:1000].strip(BLANK_BYTES) and not content.strip(BLANK_BYTES):
        raise DatasetError("empty_file", f"“{name}” is empty. Choose a file with a header and rows of numbers.")
    text = decode(content, name, encoding)
    sample = text.head()
    dialect = find_dialect(sample, delimiter)
    hinted = SEP_HINT.fullmatch(sample.split("\n", 1)[0]) is not None
    head = first_records(records_of(text.lines(), dialect, name), hinted)
    layout = find_layout(head, name, header)
    if layout.width == 1 and len(content) > MAX_ONE_COLUMN_BYTES:
        raise useless(name, [name for name in layout.names if layout.numeric], 1)
    table = read_large(text, name, dialect, layout, head, decimal, progress)
    del head  # With thousands of columns these are many cells.
    if table is None:
        lines = sample.count("\n") * max(1.0, len(content) / max(1, len(sample)))
        table = read_table(text, layout, dialect, name, progress, lines)
    if not len(table.lines):
        raise no_rows(name, layout, table)
    if word := total_of(table):
        if sums_up(assemble(name, text, dialect, layout, table, decimal, keep=True)):
            note = f"Line {table.lines[-1]}, “{word}”, sums up the rows above it and was left out."
            table = table.without_last(note)
    dataset = assemble(name, text, dialect, layout, table, decimal)
    progress(1.0)
    return dataset


def first_records(records: Iterator[Record], hinted: bool) -> list[Record]:
    found, cells = [], 0
    for record in islice(records, HEAD_RECORDS):
        found += [record] if not (hinted and record[0] == 1) else []
        cells += len(record[1])
        if cells > CELLS_PER_BLOCK and len(found) > 20:
            break
    return found


def no_rows(name: str, layout: Layout, table: Table) -> DatasetError:
    if table.blanks:
        return DatasetError(
            "no_usable_rows",
            f"“{name}” has {table.blanks:,} lines below its header in line {layout.header}, and all are blank. "
            "Choose a file with rows of numbers.",
        )
    return DatasetError(
        "no_rows", f"“{name}” has a header in line {layout.header} but no rows. Add rows of numbers below it."
    )
