"""The way of a file: its format, its letters, its dialect, its layout, its columns."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from app.dataset.dataset import Dataset, DatasetError, Reading
from app.dataset.reading.columns import Values, columns_of, decimal_of
from app.dataset.reading.dialect import DIRECTIVE, Dialect, find_dialect
from app.dataset.reading.encoding import Text, decode
from app.dataset.reading.formats import foreign_format
from app.dataset.reading.interpret import Interpreter
from app.dataset.reading.large import read_large
from app.dataset.reading.layout import Layout, Record, find_layout
from app.dataset.reading.rows import records_of
from app.dataset.reading.table import BLOCK, Progress, Table, read_table

TOTALS = re.compile(
    r"\W*(grand |sub)?(totals?|sum|overall|all|average|avg\.?|means?|summen?|gesamt(summe)?|insgesamt|mittel(wert)?"
    r"|durchschnitt|somme|ensemble|moyenne|totales|suma|promedio|media|totale|totali|somma|soma|médias?|totaal|gemiddelde"
    r"|razem|średnia|celkem|průměr|összesen|итого|всего|среднее|сумма|toplam|ortalama|合計|平均|总计|合计|總計|합계|평균)\W*",
    re.IGNORECASE,
)

HEAD = 400
"""Records that tell the layout."""

BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\x0b\x0c\x1a"


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
    if not content[:HEAD].strip(BLANK) and not content.strip(BLANK):
        raise DatasetError("empty_file", f"“{name}” is empty. Choose a file with a header and rows of numbers.")
    text = decode(content, name, encoding)
    sample = text.head()
    dialect = find_dialect(sample, delimiter)
    hinted = DIRECTIVE.fullmatch(sample.split("\n", 1)[0]) is not None
    head = first_records(records_of(text.lines(), dialect, name), hinted)
    layout = find_layout(head, name, header)
    table = read_large(text, dialect, layout, head, decimal, progress)
    if table is None:
        lines = sample.count("\n") * max(1.0, len(content) / max(1, len(sample)))
        table = read_table(text, layout, dialect, name, progress, lines)
    if not len(table.lines):
        raise no_rows(name, layout, table)
    dataset = assemble(name, text, dialect, layout, table, decimal)
    if without := without_total(dataset, layout, table):
        dataset = assemble(name, text, dialect, layout, without, decimal)
    refuse_useless(dataset)
    progress(1.0)
    return dataset


def first_records(records: Iterator[Record], hinted: bool) -> list[Record]:
    found, cells = [], 0
    for record in islice(records, HEAD):
        found += [record] if not (hinted and record[0] == 1) else []
        cells += len(record[1])
        if cells > BLOCK and len(found) > 20:
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


def assemble(name: str, text: Text, dialect: Dialect, layout: Layout, table: Table, decimal: str | None) -> Dataset:
    """Columns become what they are, under names of their own."""
    names, named = unique_names(layout.names)
    kept = [i for i, cells in enumerate(table.columns) if layout.names[i] or not is_blank(cells)]
    texts = [i for i in kept if not isinstance(table.columns[i], np.ndarray)]
    columns = dict(zip(texts, columns_of([names[i] for i in texts], [table.columns[i] for i in texts]), strict=True))
    mark, settled = (decimal, True) if decimal else decimal_of([*columns.values()], dialect.delimiter)
    if table.decimal:
        mark, settled = table.decimal, True
    interpreter = Interpreter(table.lines, mark, forced=bool(decimal), settled=settled)
    # A block a column: pandas gives columns of one block in reverse order with strides that torch refuses.
    data = {
        names[i]: interpreter.read(columns[i])
        if i in columns
        else interpreter.check(names[i], table.columns[i], table.odd.get(i, []))
        for i in kept
    }
    frame = pd.DataFrame(data, copy=False)
    if dropped := [str(i + 1) for i in range(len(names)) if i not in kept]:
        some = ", ".join(dropped[:5])
        named.append(f"Column {some} has neither a name nor a value and was left out.")
    reading = Reading(
        text.encoding, dialect.delimiter, mark, bool(layout.header), dialect.quote,
        max(interpreter.thousands, key=lambda mark: interpreter.thousands[mark], default=""), layout.header,
    )  # fmt: skip
    notes = [*text.notes, *layout.notes, *table.notes, *named, *interpreter.notes.sentences()]
    return Dataset(name, frame, notes, reading, table.lines)


def without_total(dataset: Dataset, layout: Layout, table: Table) -> Table | None:
    """The table less its last row, if that says it is a total and its numbers are; else None."""
    if dataset.n_rows < 3:
        return None
    words = [cells[-1].as_py().strip() for cells in table.columns if not isinstance(cells, np.ndarray)]
    word = next((word for word in words if TOTALS.fullmatch(word)), None)
    if word is None:
        return None
    numbers = dataset.frame[dataset.numeric_columns].to_numpy()
    last, rows = numbers[-1], numbers[:-1]
    known = np.isfinite(last) & np.isfinite(rows).any(axis=0)
    sums, counts = np.nansum(rows, axis=0), np.isfinite(rows).sum(axis=0)
    close = np.isclose(last, sums, rtol=1e-3) | np.isclose(last, sums / np.maximum(counts, 1), rtol=1e-2)
    if not known.any() or not close[known].all():
        return None
    note = f"Line {table.lines[-1]}, “{word}”, sums up the rows above it and was left out."
    return replace(
        table, columns=[cells[:-1] for cells in table.columns], lines=table.lines[:-1], notes=[*table.notes, note]
    )


def is_blank(cells: pa.ChunkedArray | Values) -> bool:
    return not isinstance(cells, np.ndarray) and bool(pc.all(pc.equal(pc.utf8_trim_whitespace(cells), "")).as_py())


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
        notes.append(
            f"{len(again)} name(s) stood twice: {', '.join(f'“{name}”' for name in again[:5])} was made of one."
        )
    return found, notes


def refuse_useless(dataset: Dataset) -> None:
    numeric, width = dataset.numeric_columns, dataset.frame.shape[1]
    if len(numeric) >= 2:
        return
    if dataset.frame.isna().all(axis=None):
        raise DatasetError(
            "no_usable_rows",
            f"“{dataset.name}” has {dataset.n_rows:,} row(s), but every cell is blank or says that its value is "
            "missing. Choose a file with numbers.",
        )
    found = f"one column of numbers, “{numeric[0]}”," if numeric else "no column of numbers"
    raise DatasetError(
        "need_two_numeric_columns" if numeric else "no_numeric_columns",
        f"“{dataset.name}” has {found} among its {width:,}. A fit needs two: "
        "one to predict and one to predict it from.",
    )
