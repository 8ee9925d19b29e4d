"""Records that follow one another, looked at all at once: one after the other would take ten times as long."""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.layout import BLANK_CHARACTERS, Layout
from app.dataset.reading.numerals import NUMBER, WORD, flags, kinds_of, missing

Mask = NDArray[np.bool_]


class Block:
    """Records [m] with the lines in which they begin; masks [m] say what they are.

    Those at `at` [k] hold anything and are no comments, `first` [k] are their first cells; `lacking` counts the cells
    that the `short` ones lack.
    """

    def __init__(self, lines: NDArray[np.int32], records: list[list[str]], layout: Layout) -> None:
        self.lines, self.records, self.layout = lines, records, layout
        self.lengths = np.fromiter(map(len, records), np.int32, len(records))
        self.text = pa.array(list(chain.from_iterable(records)), pa.string())
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.blank, self.long = self.lengths == 0, self.lengths > layout.width
        if (self.lengths != layout.width).any():
            record = np.repeat(np.arange(len(records)), self.lengths)
            filled = flags(pc.not_equal(pc.utf8_trim(self.text, BLANK_CHARACTERS), ""))
            beyond = np.arange(len(record)) - self.starts[record] >= layout.width
            self.blank = np.bincount(record[filled], minlength=len(records)) == 0
            self.long = np.bincount(record[filled & beyond], minlength=len(records)) > 0
        self.at = np.flatnonzero(~self.blank)
        self.first = pc.utf8_trim(self.text.take(pa.array(self.starts[self.at])), BLANK_CHARACTERS)
        self.comment = np.zeros_like(self.blank)
        if layout.comment:
            said = flags(pc.starts_with(self.first, layout.comment)) & ~missing(self.first)
            self.comment[self.at[said]] = True
            self.at, self.first = self.at[~said], self.first.filter(pa.array(~said))
        self.short = np.zeros_like(self.blank)
        self.short[self.at] = self.lengths[self.at] < layout.width
        self.lacking = int((layout.width - self.lengths[self.short]).sum())

    def look(self) -> None:
        """Find what is the header once more, blank after all, or else a row."""
        self.header = np.zeros_like(self.blank)
        if self.layout.header:
            self.header[self.at] = self.same(self.layout.names)
        self.blank[self.at] = self.same([""] * self.layout.width) & ~self.long[self.at]
        self.row = ~(self.blank | self.comment | self.header)

    @cached_property
    def cells(self) -> pa.Array:
        """[k * width] of the records that hold anything, filled up or cut to the table's width."""
        if len(self.at) == len(self.records) and (self.lengths == self.layout.width).all():
            return self.text
        columns = np.arange(self.layout.width)
        places, lacking = self.starts[self.at, None] + columns, self.lengths[self.at, None] <= columns
        return self.text.take(pa.array(places.ravel(), mask=lacking.ravel())).fill_null("")

    def of(self, records: NDArray[np.intp], columns: Sequence[int]) -> pa.Array:
        """Places in `cells` of these columns of these records."""
        places = np.searchsorted(self.at, records)[:, None] * self.layout.width + np.asarray(columns)
        return pa.array(places.ravel())

    def same(self, cells: list[str]) -> Mask:
        """[k] whether a record has these cells; by the first one most are told that have not."""
        found = flags(pc.equal(self.first, cells[0]))
        near = np.flatnonzero(found)
        if len(near) and len(cells) > 1:
            table = pc.utf8_trim(self.cells.take(self.of(self.at[near], range(len(cells)))), BLANK_CHARACTERS)
            again = np.tile(np.arange(len(cells), dtype=np.int32), len(near))
            equal = flags(pc.equal(table, pa.array(cells, pa.string()).take(pa.array(again))))
            found[near] = equal.reshape(len(near), -1).all(axis=1)
        return found

    @cached_property
    def kinds(self) -> NDArray[np.int8]:
        """[k, width]: what each cell is."""
        return kinds_of(self.cells).reshape(-1, self.layout.width)

    def numbered(self) -> tuple[Mask, Mask]:
        """Which records have a number where the table has numbers, and which ones have a word there."""
        kinds = self.kinds[:, sorted(self.layout.numeric)]
        number, word = np.zeros_like(self.blank), np.zeros_like(self.blank)
        number[self.at], word[self.at] = (kinds == NUMBER).any(axis=1), (kinds == WORD).any(axis=1)
        return number, word

    def like_header(self) -> Mask:
        """Which records have words, at least two, and no number."""
        filled = flags(pc.not_equal(pc.utf8_trim_whitespace(self.cells), ""))
        filled = filled.reshape(-1, self.layout.width).sum(axis=1)
        enough = filled >= np.maximum(2, np.minimum(self.lengths[self.at], self.layout.width) / 2)
        found: Mask = np.zeros_like(self.blank)
        found[self.at] = enough & ~(self.kinds == NUMBER).any(axis=1)
        for i in np.flatnonzero(found & self.long).tolist():
            found[i] = self.layout.looks_like_header(self.records[i])
        return found
