"""Tables that lie on their side: one line for each quantity, with its name in the first cell."""

import csv
import io
from typing import Literal

from app.dataset.reading.layout import blank
from app.dataset.reading.names import Record
from app.dataset.reading.numerals import is_missing, is_no_word, looks_numeric

MAX_LINES = 20
"""A table of more lines is not turned."""

MIN_ROWS_PER_COLUMN = 2
"""Rows that a turned table has for each of its columns, if it is to be recognized."""

Side = Literal["no", "perhaps", "surely"]


def on_its_side(head: list[Record]) -> Side:
    """Whether a file's records are the columns of a table; more than MAX_LINES of them need not be all."""
    records = [cells for _, cells in head if cells and not blank(cells)]
    lengths = set(map(len, records))
    if not 2 <= len(records) <= MAX_LINES or len(lengths) > 1:
        return "no"
    firsts = [cells[0].strip() for cells in records]
    if len({*firsts}) < len(firsts) or any(looks_numeric(cell) or is_missing(cell) for cell in firsts):
        return "no"
    numeric = [is_line_of_numbers(cells[1:]) for cells in records]
    if sum(numeric) < 2 or not all(numeric[1:]) or lengths.pop() - 1 < MIN_ROWS_PER_COLUMN * len(records):
        return "no"
    return "surely" if numeric[0] else "perhaps"


def is_line_of_numbers(cells: list[str]) -> bool:
    return any(map(looks_numeric, cells)) and all(looks_numeric(cell) or is_no_word(cell) for cell in cells)


def turned(head: list[Record]) -> bytes:
    """The file whose lines are the columns of these records."""
    records = [cells for _, cells in head if cells and not blank(cells)]
    width = max(map(len, records), default=0)
    file = io.StringIO()
    rows = zip(*(cells + [""] * (width - len(cells)) for cells in records), strict=True)
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()
