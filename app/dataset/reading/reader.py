"""The way of a file: its format, its letters, its dialect, its layout, its columns."""

from collections import Counter
from itertools import islice

import pandas as pd

from app.dataset.dataset import Dataset, DatasetError, Reading
from app.dataset.reading.columns import Column, Interpreter, columns_of, decimal_of
from app.dataset.reading.dialect import DIRECTIVE, Dialect, find_dialect
from app.dataset.reading.encoding import Text, decode
from app.dataset.reading.formats import foreign_format
from app.dataset.reading.layout import Layout, find_layout
from app.dataset.reading.table import Progress, Table, read_table, records_of

HEAD = 400
"""Records that tell the layout."""


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
    """Find out how a table was written, and read it; what is given is not doubted.

    `progress` hears now and then the share that is done, and what it raises ends the reading. Raises DatasetError,
    and nothing else of its own, whatever the bytes.
    """
    progress = progress or (lambda share: None)
    if what := foreign_format(content):
        raise DatasetError("wrong_format", f"“{name}” is {what}, not a CSV. Open it and save the table as CSV.")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\x0b\x0c\x1a"):
        raise DatasetError("empty_file", f"“{name}” is empty. Choose a file with a header and rows of numbers.")
    text = decode(content, name, encoding)
    sample = text.head()
    dialect = find_dialect(sample, delimiter)
    hinted = DIRECTIVE.fullmatch(sample.split("\n", 1)[0]) is not None
    layout = layout_of(text, dialect, name, header, hinted)
    table = read_table(
        records_of(text.lines(), dialect, name), layout, dialect, name, progress,
        len(content) * sample.count("\n") / max(1, min(len(content), 1 << 20)),
    )  # fmt: skip
    dataset = assemble(name, text, dialect, layout, table, decimal)
    progress(1.0)
    return dataset


def layout_of(text: Text, dialect: Dialect, name: str, header: bool | None, hinted: bool) -> Layout:
    records = records_of(text.lines(), dialect, name)
    head = list(islice((record for record in records if not (hinted and record[0] == 1)), HEAD))
    return find_layout(head, name, header, len(head) < HEAD)


def assemble(name: str, text: Text, dialect: Dialect, layout: Layout, table: Table, decimal: str | None) -> Dataset:
    """Columns become what they are; a file that cannot serve is refused."""
    if not len(table.lines):
        raise DatasetError(
            "no_rows", f"“{name}” has a header in line {layout.header} but no rows. Add rows of numbers below it."
        )
    names, named = unique_names(layout.names)
    kept = [i for i, cells in enumerate(table.columns) if layout.names[i] or not is_blank(cells)]
    columns = columns_of([names[i] for i in kept], [table.columns[i] for i in kept])
    mark, settled = (decimal, True) if decimal else decimal_of(columns, dialect.delimiter)
    interpreter = Interpreter(table.lines, mark, forced=bool(decimal), settled=settled)
    # A block a column: pandas gives columns of one block in reverse order with strides that torch refuses.
    frame = pd.DataFrame({column.name: interpreter.read(column) for column in columns}, copy=False)
    if dropped := [str(i + 1) for i in range(len(names)) if i not in kept]:
        named.append(f"Column {', '.join(dropped[:5])} has neither a name nor a value and was left out.")
    reading = Reading(
        text.encoding, dialect.delimiter, interpreter.decimal, bool(layout.header), dialect.quote,
        max(interpreter.thousands, key=lambda mark: interpreter.thousands[mark], default=""), layout.header,
    )  # fmt: skip
    notes = [*text.notes, *layout.notes, *table.notes, *named, *interpreter.notes.sentences()]
    dataset = Dataset(name, frame, notes, reading, table.lines)
    refuse_useless(dataset, columns)
    return dataset


def is_blank(cells: object) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.equal(pc.utf8_trim_whitespace(cells), "")).as_py())


def unique_names(names: list[str]) -> tuple[list[str], list[str]]:
    """Each name once, and notes of those that were given or changed."""
    taken, seen, counts = set(names), set(), Counter[str]()
    found, unnamed, again = [], [], []
    for i, name in enumerate(names):
        new = base = name or f"column {i + 1}"
        while new in seen or (new != name and new in taken):
            counts[base] += 1
            new = f"{base} ({counts[base] + 1})"
        if not name:
            unnamed.append(new)
        elif new != name:
            again.append(new)
        seen.add(new)
        found.append(new)
    notes = []
    if unnamed and len(unnamed) < len(names):
        notes.append(f"{len(unnamed)} column(s) without a name: {', '.join(f'“{name}”' for name in unnamed[:5])}.")
    if again:
        notes.append(f"{len(again)} name(s) stood twice: {', '.join(f'“{name}”' for name in again[:5])} was made of one.")
    return found, notes


def refuse_useless(dataset: Dataset, columns: list[Column]) -> None:
    n, names = len(dataset.numeric_columns), len(columns)
    if n >= 2:
        return
    if not any(column.present for column in columns):
        raise DatasetError(
            "no_usable_rows", f"“{dataset.name}” has {dataset.n_rows} row(s), but every cell is blank or says that its "
            "value is missing. Choose a file with numbers."
        )  # fmt: skip
    if n == 0:
        raise DatasetError(
            "no_numeric_columns", f"“{dataset.name}” has no column of numbers among its {names}. A fit needs two: one to "
            "predict and one to predict it from."
        )  # fmt: skip
    raise DatasetError(
        "need_two_numeric_columns", f"“{dataset.name}” has one column of numbers, “{dataset.numeric_columns[0]}”, among its "
        f"{names}. A fit needs two: one to predict and one to predict it from."
    )  # fmt: skip
