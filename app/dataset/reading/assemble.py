"""From a table of text to a Dataset: each column interpreted, under a unique name."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from app.dataset.dataset import Account, Dataset, DatasetError, Reading
from app.dataset.reading.cells import Values
from app.dataset.reading.dialect import Dialect
from app.dataset.reading.encoding import Text
from app.dataset.reading.interpret import Interpreter
from app.dataset.reading.layout import Layout
from app.dataset.reading.number_format import Column, columns_of, decimal_of
from app.dataset.reading.numerals import FORMAT_SAMPLE_CELLS
from app.dataset.reading.spellings import REFERENCE_LABEL, TOTAL_LABEL
from app.dataset.reading.table import Table
from app.dataset.reading.wording import shortened
from app.dataset.wish import Wishes

MAX_CELLS_SEARCHED = 100
"""Of a column that may be nearly one of numbers."""

CELLS_PER_BATCH = 200_000
"""Cells of short columns that are read together."""


def assemble(
    name: str,
    text: Text,
    dialect: Dialect,
    layout: Layout,
    table: Table,
    decimal: str | None,
    wishes: Wishes,
    *,
    keep: bool = False,
) -> Dataset:
    """The dataset; frees the table's text on the way, unless `keep` saves it for another try.

    Raises DatasetError where no fit is possible, but not with `keep`.
    """
    names, named = unique_names(layout.names)
    columns = columns_in(table, names)
    if not keep:
        table.text.clear()
        pa.default_memory_pool().release_unused()
    if dropped := [i for i, column in columns.items() if not layout.names[i] and column.blank]:
        some = ", ".join(str(i + 1) for i in dropped[:5])
        named.append(f"Column {some} has neither a name nor a value and was left out.")
    mark, settled = (table.decimal, True) if table.decimal else decimal_of([*columns.values()], dialect.delimiter)
    interpreter = Interpreter(table.lines, decimal or mark, forced=bool(decimal), settled=settled, wishes=wishes)
    filled = bool(table.numbers) or any(column.present for column in columns.values())
    found: dict[str, Values | NDArray[np.datetime64] | ExtensionArray] = {}
    for i in sorted({*columns, *table.numbers}.difference(dropped)):
        if i in columns:
            found[names[i]] = interpreter.read(columns.pop(i))
            if (marks := interpreter.marks.pop(names[i], None)) is not None:
                found[free_name(f"{names[i]} (mark)", names)] = marks
        else:
            found[names[i]] = interpreter.check(names[i], table.numbers[i], table.odd.get(i, []))
    for name_of, unit in zip(names, layout.units, strict=False):
        if unit:
            interpreter.tell(name_of, unit=unit)
    # A block a column: pandas would give the columns of one block strides that torch refuses.
    frame = pd.DataFrame(found, copy=False)
    present = {name: len(frame) - int(np.count_nonzero(pd.isna(cells))) for name, cells in found.items()}
    reading = Reading(
        text.encoding, dialect.delimiter, interpreter.decimal, bool(layout.header), dialect.quote,
        max(interpreter.thousands, key=lambda mark: interpreter.thousands[mark], default=""), layout.header,
    )  # fmt: skip
    notes = [*text.notes, *layout.notes, *table.notes, *named, *interpreter.notes.sentences()]
    dataset = Dataset(name, frame, notes, reading, table.lines, interpreter.accounts, present, wishes, table.left_out)
    if not keep:
        refuse_useless(dataset, filled)
    return dataset


def columns_in(table: Table, names: list[str]) -> dict[int, Column]:
    """The columns that are still text, by position; many short ones at a time, long ones one by one."""
    n, found = len(table.lines), dict[int, Column]()
    width = max(1, CELLS_PER_BATCH // n) if n <= FORMAT_SAMPLE_CELLS else 1
    for cells in table.text:
        for start in range(0, len(cells.at), width):
            at = cells.at[start : start + width]
            columns = columns_of([names[i] for i in at], cells.columns(start, start + len(at), n))
            found.update(zip(at, columns, strict=True))
            pa.default_memory_pool().release_unused()  # pyarrow keeps what it has freed
    return found


def reference_of(table: Table, row: int) -> str:
    """The word that labels a row as none of those measured, such as "Points Possible"; "" if none does."""
    return next((word for word in table.words(row) if len(word) < 100 and REFERENCE_LABEL.fullmatch(word)), "")


def total_of(table: Table) -> str:
    """The word that labels the last row as a total, if there is one; else ""."""
    last = len(table.lines) - 1
    return next((word for word in table.words(last) if len(word) < 100 and TOTAL_LABEL.fullmatch(word)), "")


def sums_up(dataset: Dataset) -> bool:
    """Whether the last row holds the sums or means of the rows above it.

    Prices and rates may have something else there, if at least half of the columns are summed.
    """
    fits, sums = [], 0
    for name in dataset.numeric_columns if dataset.n_rows > 2 else ():
        values = dataset.values(name)
        last = values[-1]
        rows = values[:-1][np.isfinite(values[:-1])]
        if not np.isfinite(last) or not len(rows):
            continue
        fits.append(bool(np.isclose(last, rows.sum(), rtol=1e-3) or np.isclose(last, rows.mean(), rtol=1e-2)))
        sums += bool(last and np.isclose(last, rows.sum(), rtol=1e-3))
    return bool(fits) and (all(fits) or 2 * sums >= len(fits))


def unique_names(names: list[str]) -> tuple[list[str], list[str]]:
    """Names made unique, and notes on those that were made up or changed."""
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
        notes.append(f"{len(again)} repeated column name(s), now {', '.join(f'“{name}”' for name in again[:5])}.")
    return found, notes


def free_name(name: str, names: list[str]) -> str:
    while name in names:
        name += "’"
    return name


def refuse_useless(dataset: Dataset, filled: bool) -> None:
    numeric = dataset.numeric_columns
    if len(numeric) >= 2 or (numeric and (dataset.date_columns or dataset.category_columns)):
        return
    if not filled:
        raise DatasetError(
            "no_usable_rows",
            f"“{dataset.name}” has {dataset.n_rows:,} row(s), but every cell is blank or says that its value is "
            "missing. Choose a file with numbers.",
        )
    error = useless(dataset.name, numeric, len(dataset.frame.columns), nearly_a_number(dataset))
    error.dataset = dataset
    raise error


def nearly_a_number(dataset: Dataset) -> str:
    """A sentence about the cell that is nearly a number, of the column of text that is; "" where none has a digit."""
    found: list[tuple[float, str, str, int]] = []
    for column in dataset.text_columns:
        told = dataset.accounts.get(column, Account())
        cells = dataset.frame[column].dropna().iloc[:MAX_CELLS_SEARCHED]
        texts = cells.tolist()
        nearness = told.numbers / len(texts) + sum(map(likeness, texts)) / len(texts) if texts else 0.0
        if told.odd_cells:
            line, cell = max(told.odd_cells, key=lambda one: likeness(one[1]))
        else:
            cell = max(texts, key=likeness, default="")
            line = int(dataset.lines[cells.index[texts.index(cell)]]) if texts else 0
        found.append((nearness, column, cell, line))
    nearness, column, cell, line = max(found, key=lambda one: one[0], default=(0.0, "", "", 0))
    return f" “{column}” is text, such as “{shortened([cell])}” in line {line}." if nearness else ""


def likeness(cell: str) -> float:
    """Share of a cell's characters that a number may have; 0 without a digit, less where it begins with a letter."""
    if not re.search(r"\d", cell):
        return 0.0
    return len(re.findall(r"[\d.,+\-−<>=%]", cell)) / len(cell) / (4 if cell[0].isalpha() else 1)


def useless(name: str, numeric: list[str], width: int, nearly: str = "") -> DatasetError:
    found = f"one column of numbers, “{numeric[0]}”," if numeric else "no column of numbers"
    return DatasetError(
        "need_two_numeric_columns" if numeric else "no_numeric_columns",
        f"“{name}” has {found} among its {width:,}.{nearly} "
        "A fit needs two: one to predict and one to predict it from.",
    )
