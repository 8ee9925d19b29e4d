"""Consecutive records as arrays: a Python loop over them would take ten times as long."""

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
    """m consecutive records. Masks [m] say what each of them is: blank, a comment, the header again, or else a row.

    Nothing is filled up before it is asked for, so `lacking` can be looked at before the cells take memory.
    """

    def __init__(self, lines: NDArray[np.int32], records: list[list[str]], layout: Layout) -> None:
        self.lines, self.records, self.layout = lines, records, layout
        self.lengths = np.fromiter(map(len, records), np.int32, len(records))
        """[m] cells of each record."""
        self.text = pa.array(list(chain.from_iterable(records)), pa.string())
        """Cells of all records, one after another."""
        self.starts = np.cumsum(self.lengths) - self.lengths
        """[m] where in `text` each record begins."""
        empty, self.long = self.lengths == 0, self.lengths > layout.width
        if (self.lengths != layout.width).any():
            record = np.repeat(np.arange(len(records)), self.lengths)
            filled = flags(pc.not_equal(pc.utf8_trim(self.text, BLANK_CHARACTERS), ""))
            beyond = np.arange(len(record)) - self.starts[record] >= layout.width
            empty = np.bincount(record[filled], minlength=len(records)) == 0
            self.long = np.bincount(record[filled & beyond], minlength=len(records)) > 0
        self.empty: Mask = empty
        """Known at once to be blank; of records of the usual length this is not known yet."""
        self.at = np.flatnonzero(~empty)
        """[k] positions of the records that are neither empty nor comments."""
        self.first = pc.utf8_trim(self.text.take(pa.array(self.starts[self.at])), BLANK_CHARACTERS)
        """[k] their first cells."""
        self.comment = np.zeros_like(empty)
        if layout.comment:
            marked = flags(pc.starts_with(self.first, layout.comment)) & ~missing(self.first)
            self.comment[self.at[marked]] = True
            self.at, self.first = self.at[~marked], self.first.filter(pa.array(~marked))
        self.short = np.zeros_like(empty)
        self.short[self.at] = self.lengths[self.at] < layout.width

    @property
    def lacking(self) -> int:
        """Cells that the short records lack."""
        return int((self.layout.width - self.lengths[self.short]).sum())

    @cached_property
    def header(self) -> Mask:
        found: Mask = np.zeros_like(self.empty)
        if self.layout.header:
            found[self.at] = self.same(self.layout.names)
        return found

    @cached_property
    def blank(self) -> Mask:
        found = self.empty.copy()
        found[self.at] = self.same([""] * self.layout.width) & ~self.long[self.at]
        return found

    @cached_property
    def row(self) -> Mask:
        found: Mask = ~(self.blank | self.comment | self.header)
        return found

    @cached_property
    def cells(self) -> pa.Array:
        """[k * width] of the records at `at`, filled up or cut to the table's width."""
        if len(self.at) == len(self.records) and (self.lengths == self.layout.width).all():
            return self.text
        columns = np.arange(self.layout.width)
        places, lacking = self.starts[self.at, None] + columns, self.lengths[self.at, None] <= columns
        return self.text.take(pa.array(places.ravel(), mask=lacking.ravel())).fill_null("")

    def of(self, records: NDArray[np.intp], columns: Sequence[int]) -> pa.Array:
        """Positions in `cells` of some columns of some records."""
        places = np.searchsorted(self.at, records)[:, None] * self.layout.width + np.asarray(columns)
        return pa.array(places.ravel())

    def same(self, cells: list[str]) -> Mask:
        """[k] whether a record has these cells; the first cell rules out most."""
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
        """[k, width] NOTHING, NUMBER or WORD."""
        return kinds_of(self.cells).reshape(-1, self.layout.width)

    def numbered(self) -> tuple[Mask, Mask]:
        """Masks [m] of the records with a number, and of those with a word, in a numeric column."""
        kinds = self.kinds[:, sorted(self.layout.numeric)]
        number, word = np.zeros_like(self.empty), np.zeros_like(self.empty)
        number[self.at], word[self.at] = (kinds == NUMBER).any(axis=1), (kinds == WORD).any(axis=1)
        return number, word

    def like_header(self) -> Mask:
        """[m] as Layout.looks_like_header."""
        filled = flags(pc.not_equal(pc.utf8_trim_whitespace(self.cells), ""))
        filled = filled.reshape(-1, self.layout.width).sum(axis=1)
        enough = filled >= np.maximum(2, np.minimum(self.lengths[self.at], self.layout.width) / 2)
        found: Mask = np.zeros_like(self.empty)
        found[self.at] = enough & ~(self.kinds == NUMBER).any(axis=1)
        for i in np.flatnonzero(found & self.long).tolist():
            found[i] = self.layout.looks_like_header(self.records[i])
        return found
