"""Tells the rows of a file's table from comments, headers, footers and other tables."""

from array import array
from collections import deque
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.dataset.dataset import DatasetError
from app.dataset.reading.block import Block, Mask
from app.dataset.reading.dialect import CELLS_PER_BLOCK, Dialect
from app.dataset.reading.layout import Layout, blank
from app.dataset.reading.names import Record
from app.dataset.reading.numerals import is_no_word, nearly_numeric
from app.dataset.reading.records import unbalanced
from app.dataset.reading.wording import lines_of, shortened, was

MAX_LONG_RECORDS = 50
"""Records with too many cells that may stand below the table, as text."""

MAX_LACKING_CELLS = 1_000_000
"""Cells that short records may lack in all; half as many as there are, if that is more."""

MAX_BLANK_LINES = 2_000_000
"""Lines without any value in a file; four times as many as rows, if that is more."""

MAX_SPANNING_RECORDS = 10_000
"""Records of several lines that are searched for whole rows."""


NEVER, EARLIER = -2, -1
"""Positions in a block of what was in no block, and of what was in a block before it."""


def no_lines() -> "array[int]":
    return array("i")


@dataclass
class Skipped:
    """Lines of records that are not rows, by what they are."""

    blanks: "array[int]" = field(default_factory=no_lines)
    comments: "array[int]" = field(default_factory=no_lines)
    headers: "array[int]" = field(default_factory=no_lines)
    short: "array[int]" = field(default_factory=no_lines)
    """Of rows, in fact, that have too few cells."""
    remarks: "array[int]" = field(default_factory=no_lines)
    """Of rows with words behind the last column."""
    remark: list[str] = field(default_factory=list)
    """The first of these."""
    footer: list[Record] = field(default_factory=list)
    second: Record | None = None
    """The first record of another table."""
    more: int = 0
    """Lines of that table."""


class Rows:
    """Finds the rows of the table, block by block, and remembers what it skipped."""

    def __init__(self, layout: Layout, dialect: Dialect, name: str) -> None:
        self.layout, self.dialect, self.name = layout, dialect, name
        self.skipped = Skipped()
        self.broken = False  # a blank line or a line of words came after the last certain row
        self.long: list[Record] = []
        self.rows = self.present = self.lacking = self.spanning = 0
        self.tail: deque[tuple[int, list[str], bool]] = deque(maxlen=max(5, min(50, CELLS_PER_BLOCK // layout.width)))

    def among(self, lines: NDArray[np.int32], records: list[list[str]]) -> tuple[NDArray[np.int32], pa.Array]:
        """Lines [n] and cells [n * width] of the rows in a block; the other records go to `skipped`."""
        above = int(np.searchsorted(lines, self.layout.first))
        if self.skipped.second:
            self.skipped.more += sum(not blank(cells) for cells in records)
            return lines[:0], pa.array([], pa.string())
        block = Block(lines[above:], records[above:], self.layout)
        self.part_remarks(block)
        self.refuse_lacking(block)
        loose, end = self.follow(block)
        rows = block.row & ~block.long
        rows[end:] = False
        self.hold_long(block, rows, end)
        self.write_down(block, end)
        where = np.flatnonzero(rows)
        self.rows += len(where)
        self.refuse_blank()
        self.refuse_swallowed(block, rows)
        width = self.layout.width
        for i in where[-50:]:
            cells = block.records[i]
            self.tail.append((int(block.lines[i]), (cells + [""] * (width - len(cells)))[:width], bool(loose[i])))
        cells = block.cells if len(where) == len(block.at) else block.cells.take(block.of(where, range(width)))
        return block.lines[where], cells

    def follow(self, block: Block) -> tuple[Mask, int]:
        """Which records [m] may not belong to the table, and where another table begins; m if none does."""
        m, odd = len(block.lines), block.row & (block.short | block.long)
        if not (m and (self.broken or odd.any() or block.blank.any())):
            return odd, m
        number, word = block.numbered()
        breaks, resumes = block.blank | odd & (~number | word), block.row & number & ~word
        broken = last_before(breaks, EARLIER if self.broken else NEVER) > last_before(resumes, NEVER)
        loose, regular = odd | broken[:-1], block.row & ~block.long
        below_a_row = (np.cumsum(regular) > regular) | (self.rows > 0)
        begins = block.row & loose & ~number & below_a_row & (block.lengths > 1)
        if self.layout.numeric and begins.any() and (begins := begins & block.like_header()).any():
            end = int(np.argmax(begins))
            self.skipped.second = int(block.lines[end]), block.records[end]
            self.skipped.more = int((~block.blank[end:]).sum())
            return loose, end
        self.broken = bool(broken[-1])
        return loose, m

    def part_remarks(self, block: Block) -> None:
        """Rows with words behind the last column are rows all the same."""
        for i in np.flatnonzero(block.row & block.long).tolist():
            cells, beyond = block.records[i], block.records[i][self.layout.width :]
            is_row = self.layout.has_number(cells) and not self.layout.has_word(cells)
            if is_row and not any(map(nearly_numeric, beyond)):
                block.long[i] = False
                self.skipped.remarks.append(int(block.lines[i]))
                self.skipped.remark = self.skipped.remark or beyond

    def hold_long(self, block: Block, rows: Mask, end: int) -> None:
        """Refuse records that are too long, unless they are text at the end of the file."""
        before = 0
        for i in np.flatnonzero(block.row & block.long)[: MAX_LONG_RECORDS + 1].tolist():
            if i >= end:
                break
            if self.long and rows[before:i].any():
                raise self.ragged(*self.long[0])
            self.long.append((int(block.lines[i]), block.records[i]))
            if self.layout.has_number(block.records[i]) or not self.layout.numeric or len(self.long) > MAX_LONG_RECORDS:
                raise self.ragged(*self.long[-1])
            before = i
        if self.long and rows[before:].any():
            raise self.ragged(*self.long[0])

    def write_down(self, block: Block, end: int) -> None:
        for lines, mask in (
            (self.skipped.blanks, block.blank),
            (self.skipped.comments, block.comment),
            (self.skipped.headers, block.header),
            (self.skipped.short, block.row & block.short),
        ):
            lines.frombytes(block.lines[:end][mask[:end]].tobytes())

    def refuse_lacking(self, block: Block) -> None:
        """Refuse more missing cells than fit in memory: they take some, too."""
        self.present += int(block.lengths.sum())
        self.lacking += block.lacking
        if self.lacking > max(MAX_LACKING_CELLS, self.present // 2):
            i = int(np.argmax(block.short))
            raise self.ragged(int(block.lines[i]), block.records[i])

    def refuse_blank(self) -> None:
        blanks = self.skipped.blanks
        if len(blanks) > max(MAX_BLANK_LINES, 4 * self.rows):
            raise DatasetError(
                "no_usable_rows",
                f"“{self.name}” has {len(blanks):,} blank lines and more, the first in line {blanks[0]}. "
                "Delete the blank lines.",
            )

    def ragged(self, line: int, cells: list[str]) -> DatasetError:
        layout, hint = self.layout, ""
        if self.dialect.delimiter == "," and len(cells) % layout.width == 0:
            hint = " If the comma is a decimal mark, save the file with semicolons between the columns."
        where = f"the header in line {layout.header}" if layout.header else "the first row"
        return DatasetError(
            "ragged_rows",
            f"“{self.name}” has {len(cells):,} cell{'s' if len(cells) > 1 else ''} in line {line}, where {where} has "
            f"{layout.width:,}: “{shortened(cells)}”. Fix that line.{hint}",
        )

    def refuse_swallowed(self, block: Block, rows: Mask) -> None:
        """Refuse whole rows inside a cell: the quote before them is a stray one."""
        spans = rows & (np.diff(block.lines, append=block.lines[-1:] + 2) > 1)
        for i in np.flatnonzero(spans)[: max(0, MAX_SPANNING_RECORDS - self.spanning)].tolist():
            self.spanning += 1
            for j, cell in enumerate(block.records[i]):
                if "\n" not in cell:
                    continue
                inner = islice(StringIO(cell, newline=""), 1, 51)
                inside = [one for _, one in Dialect(self.dialect.delimiter, "").records(inner)]
                if any(len(one) == self.layout.width > 1 and self.layout.has_number(one) for one in inside):
                    raise unbalanced(int(block.lines[i]), block.records[i], self.name, j)

    def footer(self) -> int:
        """How many rows at the end are really text below the table; they go to `skipped`."""
        count, layout = 0, self.layout
        for line, cells, loose in reversed(self.tail):
            sparse = sum(1 for cell in cells if cell.strip()) <= max(1, layout.width // 2)
            words = layout.has_word(cells) or not (layout.has_number(cells) or all(map(is_no_word, cells)))
            if not (layout.numeric and words and (loose or sparse)):
                break
            count += 1
            self.skipped.footer.insert(0, (line, cells))
        while count and self.skipped.short and self.skipped.short[-1] >= self.skipped.footer[0][0]:
            self.skipped.short.pop()
        self.skipped.footer += self.long
        return count

    def notes(self) -> list[str]:
        skipped, notes = self.skipped, []
        last = self.tail[-1][0] if self.tail else 0
        if len(skipped.blanks) > 1 or (skipped.blanks and skipped.blanks[0] < last):
            notes.append(f"{lines_of(skipped.blanks)} without any value {was(skipped.blanks)} left out.")
        if skipped.comments:
            notes.append(f"{lines_of(skipped.comments)} with a comment {was(skipped.comments)} left out.")
        if skipped.headers:
            notes.append(f"{lines_of(skipped.headers)} that repeat the header {was(skipped.headers)} left out.")
        if skipped.short:
            notes.append(f"{lines_of(skipped.short)} with too few cells: those at the end count as missing.")
        if skipped.remarks:
            words = f"what stands behind the last column was left out: “{shortened(skipped.remark)}”"
            notes.append(f"{lines_of(skipped.remarks)}: {words}.")
        if skipped.footer:
            lines = [line for line, _ in skipped.footer]
            text = shortened(skipped.footer[0][1])
            notes.append(f"{lines_of(lines)} below the table {was(lines)} left out: “{text}”.")
        if skipped.second:
            line, cells = skipped.second
            notes.append(
                f"Another table or text begins in line {line}, “{shortened(cells)}”; its {skipped.more:,} lines were "
                "left out. Save it as a file of its own to see it."
            )
        return notes


def last_before(mask: Mask, start: int) -> NDArray[np.intp]:
    """[m + 1] position at which the mask was last true before each record and at the end; at first it is `start`."""
    found = np.where(mask, np.arange(len(mask)), start)
    return np.maximum.accumulate(np.concatenate([[start], found]))
