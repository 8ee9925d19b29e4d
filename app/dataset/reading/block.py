"""Records that follow one another, looked at all at once: one after the other would take ten times as long."""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.layout import BLANKS, Layout, blank
from app.dataset.reading.numerals import NUMBER, WORD, flags, kinds_of, missing

Mask = NDArray[np.bool_]


class Block:
    """Records [m] with the lines in which they begin; masks [m] say what they are.

    Those at `at` [k] hold anything; `lacking` counts the cells that the `short` ones lack.
    """

    def __init__(self, lines: NDArray[np.int32], records: list[list[str]], layout: Layout) -> None:
        self.lines, self.records, self.layout = lines, records, layout
        self.lengths = np.fromiter(map(len, records), np.int32, len(records))
        self.blank, self.long = self.lengths == 0, self.lengths > layout.width
        for i in np.flatnonzero((self.lengths < layout.width) & ~self.blank).tolist():
            self.blank[i] = blank(records[i])
        for i in np.flatnonzero(self.long).tolist():
            self.long[i] = any(map(str.strip, records[i][layout.width :]))
        self.at = np.flatnonzero(~self.blank)
        self.short = ~self.blank & (self.lengths < layout.width)
        self.lacking = int((layout.width - self.lengths[self.short]).sum())

    def look(self) -> None:
        """Find what is a comment, the header once more, blank after all, or else a row."""
        layout, first = self.layout, pc.utf8_trim(self.cells.take(self.of(self.at, [0])), BLANKS)
        self.comment, self.header = np.zeros_like(self.blank), np.zeros_like(self.blank)
        if layout.comment:
            self.comment[self.at] = flags(pc.starts_with(first, layout.comment)) & ~missing(first)
        if layout.header:
            self.header[self.at] = self.same(first, layout.names)
        self.blank[self.at] = self.same(first, [""] * layout.width) & ~self.long[self.at]
        self.row = ~(self.blank | self.comment | self.header)

    @cached_property
    def cells(self) -> pa.Array:
        """[k * width] of the records that hold anything, filled up or cut to the table's width."""
        width, lengths = self.layout.width, self.lengths[self.at]
        kept = self.records if len(self.at) == len(self.records) else [self.records[i] for i in self.at.tolist()]
        if (lengths != width).any():
            kept = [cells if len(cells) == width else [*cells[:width], *[""] * (width - len(cells))] for cells in kept]
        return pa.array(list(chain.from_iterable(kept)), pa.string())

    def of(self, records: NDArray[np.intp], columns: Sequence[int]) -> pa.Array:
        """Places in `cells` of these columns of these records."""
        places = np.searchsorted(self.at, records)[:, None] * self.layout.width + np.asarray(columns)
        return pa.array(places.ravel())

    def same(self, first: pa.Array, cells: list[str]) -> Mask:
        """[k] whether a record has these cells; by the `first` cell most are told that have not."""
        found = flags(pc.equal(first, cells[0]))
        near = np.flatnonzero(found)
        if len(near) and len(cells) > 1:
            table = pc.utf8_trim(self.cells.take(self.of(self.at[near], range(len(cells)))), BLANKS)
            equal = flags(pc.equal(table, pa.array(cells * len(near), pa.string())))
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
