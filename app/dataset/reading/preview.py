"""Preview: the first rows of a file as text, as they are with or without a header."""

from itertools import islice

from app.dataset.dataset import DatasetError, Reading
from app.dataset.reading.assemble import unique_names
from app.dataset.reading.dialect import find_dialect
from app.dataset.reading.encoding import Text, decode
from app.dataset.reading.layout import Header, begins_with, blank, find_layout
from app.dataset.reading.reader import first_records
from app.dataset.reading.wording import shortened

DIALECT_SAMPLE_BYTES = 1 << 16
"""Bytes that decide how cells are quoted."""

MAX_LINES_SHOWN = 12
"""Of those that may hold names."""


def first_lines(content: bytes, encoding: str) -> dict[int, str]:
    """The first lines that are not blank, shortened, by their number; `encoding` "" finds it out."""
    try:
        text = Text(content, encoding) if encoding else decode(content, "")
    except DatasetError:
        return {}
    lines = enumerate(islice(text.lines(), MAX_LINES_SHOWN), 1)
    return {number: shortened([line]) for number, line in lines if line.strip()}


def first_rows(content: bytes, name: str, reading: Reading, header: Header, most: int = 4) -> dict[str, list[str]]:
    """Cells by column, as text, of a file that was read in this way; `header` None finds out whether there is one."""
    text = Text(content, reading.encoding)
    dialect = find_dialect(text.head(DIALECT_SAMPLE_BYTES), reading.delimiter)
    head = first_records(text, dialect, name)
    layout = find_layout(head, name, header)
    filled = [(line, cells) for line, cells in head if line >= layout.first > 0 and not blank(cells)]
    chosen = [cells for _, cells in filled if not (layout.comment and begins_with(layout.comment, cells))][:most]
    names, _ = unique_names(layout.names)
    return {name: [cells[i] if i < len(cells) else "" for cells in chosen] for i, name in enumerate(names)}
