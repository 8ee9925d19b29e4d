"""Preview: the first rows of a file as text, as they are with or without a header."""

from app.dataset.dataset import Reading
from app.dataset.reading.assemble import unique_names
from app.dataset.reading.dialect import SEP_HINT, find_dialect
from app.dataset.reading.encoding import Text
from app.dataset.reading.layout import begins_with, blank, find_layout
from app.dataset.reading.reader import first_records
from app.dataset.reading.records import records_of

DIALECT_SAMPLE_BYTES = 1 << 16
"""Bytes that decide how cells are quoted."""


def first_rows(content: bytes, name: str, reading: Reading, header: bool | None, most: int = 4) -> dict[str, list[str]]:
    """Cells by column, as text, of a file that was read in this way; `header` None finds out whether there is one."""
    text = Text(content, reading.encoding)
    sample = text.head(DIALECT_SAMPLE_BYTES)
    dialect = find_dialect(sample, reading.delimiter)
    hinted = SEP_HINT.fullmatch(sample.split("\n", 1)[0]) is not None
    head = first_records(records_of(text.lines(), dialect, name), hinted)
    layout = find_layout(head, name, header)
    filled = [(line, cells) for line, cells in head if line >= layout.first > 0 and not blank(cells)]
    chosen = [cells for _, cells in filled if not (layout.comment and begins_with(layout.comment, cells))][:most]
    names, _ = unique_names(layout.names)
    return {name: [cells[i] if i < len(cells) else "" for cells in chosen] for i, name in enumerate(names)}
