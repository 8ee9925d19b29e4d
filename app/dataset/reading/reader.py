"""Reads a file step by step: format, encoding, dialect, layout, rows, columns."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from app.dataset.dataset import Dataset, DatasetError, Reading
from app.dataset.reading.assemble import assemble, reference_of, sums_up, total_of, unique_names, useless
from app.dataset.reading.dialect import CELLS_PER_BLOCK, SEP_HINT, Dialect, find_dialect
from app.dataset.reading.encoding import Text, decode
from app.dataset.reading.formats import foreign_format
from app.dataset.reading.large import read_large
from app.dataset.reading.layout import Header, Layout, find_layout
from app.dataset.reading.names import Record
from app.dataset.reading.records import records_of
from app.dataset.reading.side import MAX_LINES, on_its_side, turned
from app.dataset.reading.table import Progress, Table, read_table
from app.dataset.wish import Wishes

MAX_ONE_COLUMN_BYTES = 1_000_000
"""A larger file with a single column is refused by its first records."""

HEAD_RECORDS = 400
"""Records that decide the layout."""

MAX_LABELLED_ROWS = 3
"""Totals and the like at either end of a table."""

BLANK_BYTES = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\x0b\x0c\x1a"


def read_csv(
    content: bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    header: Header = None,
    first_line: int = 0,
    last_line: int = 0,
    all_rows: bool = False,
    turn: bool | None = None,
    columns: Wishes | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Find out how a table was written, and read it; what the caller says about it is taken as given.

    `first_line` and `last_line` are those of the rows, from 1; 0 finds out. `all_rows` keeps totals, and `turn` says
    whether lines become columns. `progress` is called now and then with the share that is done; an exception from it
    ends the reading. Apart from that, only DatasetError is raised, whatever the bytes.
    """
    progress, wishes = progress or (lambda share: None), columns or {}
    if what := foreign_format(content):
        raise DatasetError("wrong_format", f"“{name}” is {what}, not a CSV. Open it and save the table as CSV.")
    if not content[:1000].strip(BLANK_BYTES) and not content.strip(BLANK_BYTES):
        raise DatasetError("empty_file", f"“{name}” is empty. Choose a file with a header and rows of numbers.")
    text = replace(decode(content, name, encoding), last_line=last_line)
    sample = text.head()
    dialect = find_dialect(sample, delimiter)
    head = first_records(text, dialect, name)
    side = on_its_side(head) if turn is None and header is None else "no"
    if (turn and len(head) <= MAX_LINES) or side == "surely":
        dataset = read_csv(
            turned(head), name, decimal=decimal, header=header, all_rows=all_rows, turn=False, columns=columns
        )
        said = "The table lies on its side, so it was turned: the lines named here are columns of the file."
        reading = replace(dataset.reading or Reading("", "", "", True), encoding=text.encoding, turned=True)
        return replace(dataset, notes=[said, *text.notes, *dataset.notes], reading=reading)
    layout = find_layout(head, name, header, first_line)
    if dialect.formulas:
        layout.notes.append('Cells such as ="11.5" were read without the = and the quotes.')
    if layout.width == 1 and len(content) > MAX_ONE_COLUMN_BYTES:
        raise useless(name, [name for name in layout.names if layout.numeric], 1)
    wished = {i for i, column in enumerate(unique_names(layout.names)[0]) if column in wishes} if wishes else set()
    table = read_large(text, name, dialect, layout, head, decimal, wished, progress)
    del head  # With thousands of columns these are many cells.
    if table is None:
        lines = sample.count("\n") * max(1.0, len(content) / max(1, len(sample)))
        table = read_table(text, layout, dialect, name, progress, lines)
    if not len(table.lines):
        raise no_rows(name, layout, table)
    if not all_rows:
        table = without_labelled(
            table, lambda table: assemble(name, text, dialect, layout, table, decimal, wishes, keep=True)
        )
    dataset = assemble(name, text, dialect, layout, table, decimal, wishes)
    progress(1.0)
    return replace(dataset, is_perhaps_on_side=side == "perhaps")


def without_labelled(table: Table, assembled: Callable[[Table], Dataset]) -> Table:
    """The table without what can be reached in its first row, and without tests and totals in its last ones."""
    for row in (0, -1) * MAX_LABELLED_ROWS:
        row %= len(table.lines)
        if len(table.lines) < 3:
            break
        line = table.lines[row]
        if word := reference_of(table, row):
            table = table.without(row, f"Line {line}, “{word}”, is none of those measured and was left out.")
        elif row and (word := total_of(table)) and sums_up(assembled(table)):
            table = table.without(row, f"Line {line}, “{word}”, sums up the rows above it and was left out.")
    return table


def first_records(text: Text, dialect: Dialect, name: str) -> list[Record]:
    """The records that decide the layout, without the hint about the delimiter."""
    hinted = SEP_HINT.fullmatch(next(text.lines(), "")) is not None
    found, cells = [], 0
    for record in islice(records_of(text.lines(), dialect, name), HEAD_RECORDS):
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
