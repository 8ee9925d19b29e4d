"""Which records of a file are rows of its table, and what the others are."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from app.dataset.dataset import DatasetError
from app.dataset.reading.dialect import Dialect
from app.dataset.reading.layout import Layout, Record, blank, is_no_word
from app.dataset.reading.wording import lines_of, shortened, was

END = "\ue000\ue001"
"""A line after the last one: where it lands inside a cell, a quote was never closed."""

Block = tuple[Sequence[int], list[list[str]]]
"""Records that follow one another: their lines, and their cells."""


@dataclass
class Skipped:
    """Lines of records that are no rows, by what they are."""

    blanks: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    footer: list[Record] = field(default_factory=list)
    second: list[Record] = field(default_factory=list)


def records_of(lines: Iterable[str], dialect: Dialect, name: str) -> Iterator[Record]:
    """Each record; of a file with a quote that opens and never closes, a DatasetError."""
    for begins, records in blocks_of(lines, dialect, name, 50):
        yield from zip(begins, records, strict=True)


def blocks_of(lines: Iterable[str], dialect: Dialect, name: str, size: int) -> Iterator[Block]:
    """The same, so many records at a time."""
    for begins, records in dialect.blocks(chain(lines, [END]), size):
        last = records[-1]
        if last and last[-1].endswith(END):
            if last != [END]:
                raise unbalanced(begins[-1], last, name, len(last) - 1)
            begins, records = begins[:-1], records[:-1]
        if records:
            yield begins, records


def unbalanced(line: int, cells: list[str], name: str, column: int) -> DatasetError:
    line += sum(cell.count("\n") for cell in cells[:column])
    return DatasetError(
        "unbalanced_quote",
        f"“{name}” has a quote in line {line}, column {column + 1}, that swallows the lines after it: “"
        f"{shortened([cells[column].partition(chr(10))[0]])}”. Close the quote, or delete it.",
    )


class Rows:
    """The rows of a table among the records of a file."""

    def __init__(self, layout: Layout, dialect: Dialect, name: str) -> None:
        self.layout, self.dialect, self.name = layout, dialect, name
        self.skipped = Skipped()
        self.broken = False
        self.long: list[Record] = []
        self.tail: deque[tuple[int, list[str], bool]] = deque(maxlen=50)

    @property
    def settled(self) -> bool:
        """Whether rows may go on without a look at what was before."""
        return not (self.broken or self.long or self.skipped.second)

    def among(self, records: Iterable[Record]) -> list[Record]:
        """The rows, of the table's width; what is no row is written down in `skipped`."""
        return [row for record in records if (row := self.row(*record))]

    def row(self, line: int, cells: list[str]) -> Record | None:
        layout, width = self.layout, self.layout.width
        if line < layout.first:
            return None
        if self.skipped.second:
            self.skipped.second.append((line, cells))
            return None
        if not self.is_row(line, cells):
            return None
        loose = self.broken or len(cells) < width
        if self.begins_another(line, cells):
            self.skipped.second = [(line, cells)]
            return None
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            return self.hold(line, cells)
        if len(cells) < width:
            self.skipped.short.append(line)
        if self.long:
            raise self.ragged(*self.long[0])
        if any("\n" in cell for cell in cells):
            self.refuse_swallowed(line, cells)
        cells = (cells + [""] * width)[:width] if len(cells) != width else cells
        self.tail.append((line, cells, loose))
        return line, cells

    def is_row(self, line: int, cells: list[str]) -> bool:
        if not cells or blank(cells):
            self.skipped.blanks.append(line)
            self.broken = True
        elif self.layout.is_comment(cells):
            self.skipped.comments.append(line)
        elif self.layout.is_header(cells):
            self.skipped.headers.append(line)
        else:
            return True
        return False

    def begins_another(self, line: int, cells: list[str]) -> bool:
        """Whether a second table, or text of several cells below the table, begins here."""
        layout = self.layout
        if len(cells) == layout.width and not self.broken:
            return False
        if layout.has_number(cells):
            self.broken = layout.has_word(cells)
            return False
        self.broken = True
        return bool(layout.numeric) and bool(self.tail) and len(cells) > 1 and layout.looks_like_header(cells)

    def hold(self, line: int, cells: list[str]) -> Record | None:
        """A record too long is refused, unless it is text at the file's end."""
        self.long.append((line, cells))
        if self.layout.has_number(cells) or not self.layout.numeric:
            raise self.ragged(line, cells)
        return None

    def ragged(self, line: int, cells: list[str]) -> DatasetError:
        layout, hint = self.layout, ""
        if self.dialect.delimiter == "," and len(cells) % layout.width == 0:
            hint = " If the comma is a decimal mark, save the file with semicolons between the columns."
        where = f"the header in line {layout.header}" if layout.header else "the first row"
        return DatasetError(
            "ragged_rows",
            f"“{self.name}” has {len(cells)} cells in line {line}, where {where} has {layout.width}: "
            f"“{shortened(cells)}”. Mend that line.{hint}",
        )

    def refuse_swallowed(self, line: int, cells: list[str]) -> None:
        """Whole rows inside a cell: the quote before them is a stray one."""
        for i, cell in enumerate(cells):
            if "\n" not in cell:
                continue
            inner = cell.split("\n", 51)[1:51]
            inside = [one for _, one in Dialect(self.dialect.delimiter, "").records(inner)]
            if any(len(one) == self.layout.width > 1 and self.layout.has_number(one) for one in inside):
                raise unbalanced(line, cells, self.name, i)

    def footer(self) -> int:
        """How many rows at the end are text below the table; they go to `skipped`."""
        count, layout = 0, self.layout
        for line, cells, loose in reversed(self.tail):
            sparse = sum(1 for cell in cells if cell.strip()) <= max(1, layout.width // 2)
            words = layout.has_word(cells) or not (layout.has_number(cells) or all(map(is_no_word, cells)))
            if not (layout.numeric and words and (loose or sparse)):
                break
            count += 1
            self.skipped.footer.insert(0, (line, cells))
        self.skipped.footer += self.long
        self.skipped.short = [line for line in self.skipped.short if not count or line < self.skipped.footer[0][0]]
        return count

    def notes(self) -> list[str]:
        skipped, notes = self.skipped, []
        last = self.tail[-1][0] if self.tail else 0
        inside = [line for line in skipped.blanks if line < last]
        if inside or len(skipped.blanks) > 1:
            notes.append(f"{lines_of(skipped.blanks)} without any value {was(skipped.blanks)} left out.")
        if skipped.comments:
            notes.append(f"{lines_of(skipped.comments)} with a comment {was(skipped.comments)} left out.")
        if skipped.headers:
            notes.append(f"{lines_of(skipped.headers)} that repeat the header {was(skipped.headers)} left out.")
        if skipped.short:
            notes.append(f"{lines_of(skipped.short)} with too few cells: those at the end count as missing.")
        if skipped.footer:
            lines = [line for line, _ in skipped.footer]
            text = shortened(skipped.footer[0][1])
            notes.append(f"{lines_of(lines)} below the table {was(lines)} left out: “{text}”.")
        if skipped.second:
            notes.append(self.second_note())
        return notes

    def second_note(self) -> str:
        line, cells = self.skipped.second[0]
        rest = [record for record in self.skipped.second if record[1] and not blank(record[1])]
        return (
            f"Another table or text begins in line {line}, “{shortened(cells)}”; its {len(rest)} lines were left out. "
            "Save it as a file of its own to see it."
        )
