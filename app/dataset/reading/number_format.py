"""Columns on their way from text: what they hold, and in which number format."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.cells import DistinctCells, Mask, common_unit, without_unit
from app.dataset.reading.numerals import (
    FORMAT_SAMPLE_CELLS,
    NUMBER_FORMATS,
    NumberFormat,
    bare,
    flags,
    looks_numeric,
    matching,
)

MIN_NUMERIC_SHARE = 0.8
"""A column is numeric if so many of its cells that hold anything are numbers; the others are named in a note."""

MIN_GROUPED_CELLS = 20
"""Cells with exactly three digits after the mark, from which on that is no chance."""

GLANCE_CELLS = 40
"""Cells that tell most columns of text."""

LARGE_TABLE_CELLS = 100_000
"""Cells from which on it takes much to find out which are the same."""

DISTINCT_SAMPLE_CELLS = 2000
"""Cells that tell whether nearly all are different."""

Codes = NDArray[np.unsignedinteger]


@dataclass(eq=False, slots=True)
class Column:
    """One column on its way: cell i is `distinct.text[codes[i]]`.

    `fits` counts the cells that each number format can read, of the `present` ones among the first.
    """

    name: str
    distinct: DistinctCells
    codes: Codes
    present: int
    plain: bool
    fits: dict[NumberFormat, int] = field(default_factory=dict)
    unit: str = ""
    glance: list[str] = field(default_factory=list)

    def cell(self, row: int) -> str:
        return str(self.distinct.text[int(self.codes[row])].as_py())

    @property
    def blank(self) -> bool:
        return not self.present and not self.distinct.says_missing[self.codes].any()

    @property
    def missing(self) -> Mask:
        return self.distinct.missing[self.codes]

    def has_other_unit(self) -> Mask:
        """[n] which cells have a unit, but not the column's."""
        used = np.unique(self.codes)
        text, bare = self.distinct.text.take(pa.array(used)), self.distinct.without_unit.take(pa.array(used))
        other = flags(pc.not_equal(text, bare)) & ~flags(pc.ends_with(text, self.unit))
        return np.isin(self.codes, used[other])

    @property
    def promising(self) -> bool:
        """Whether a glance finds numbers, in some format; most columns of text end here."""
        return sum(map(looks_numeric, self.glance)) >= 0.4 * len(self.glance) or bool(common_unit(self.glance))

    @property
    def share(self) -> float:
        return max(self.fits.values(), default=0) / max(self.present, 1)

    @property
    def decimals(self) -> dict[str, int]:
        """How many cells can be read with either decimal mark."""
        return {mark: max((n for m, n in self.fits.items() if m.decimal == mark), default=0) for mark in ".,"}

    def number_format(self, decimal: str, forced: bool) -> NumberFormat:
        """The format that reads most cells; of equal ones the file's."""
        formats = [one for one in NUMBER_FORMATS if one.decimal == decimal or not forced]
        return max(formats, key=lambda one: (self.fits.get(one, 0), one.decimal == decimal))


def columns_of(names: Sequence[str], cells: pa.Array) -> list[Column]:
    """Columns of `cells`, row after row; the work is done for all at once, since thousands of short ones are common."""
    different, places = encoded(cells)
    distinct = DistinctCells(different)
    smallest = np.min_scalar_type(len(different))  # Of nearly empty columns a byte, not four.
    codes = np.ascontiguousarray(places.reshape(-1, len(names)).T, smallest)
    present = (~distinct.missing)[codes].sum(axis=1)
    plain = ~distinct.odd[codes].any(axis=1)
    parts = zip(names, [distinct] * len(names), codes, present.tolist(), plain.tolist(), strict=True)
    columns = [Column(*of) for of in parts]
    whole = ~distinct.pointed[codes].any(axis=1)
    for i in np.flatnonzero(whole & plain & (present > 0)):
        columns[i].fits = dict.fromkeys(NUMBER_FORMATS, columns[i].present)
    doubtful = [column for column in columns if column.present and not column.fits]
    look(doubtful)
    doubtful = [column for column in doubtful if column.plain or column.promising]
    for group in [doubtful] if codes.shape[1] <= FORMAT_SAMPLE_CELLS else [[column] for column in doubtful]:
        if group:
            fit(group)
    for column in columns:
        if column.share >= MIN_NUMERIC_SHARE:
            column.glance = []  # Forty words of thousands of columns are many.
    return columns


def encoded(cells: pa.Array) -> tuple[pa.Array, NDArray[Any]]:
    """The different cells, and which of them each is; all cells, where nearly all are different."""
    if len(cells) > LARGE_TABLE_CELLS:
        some = cells.take(pa.array(np.linspace(0, len(cells) - 1, DISTINCT_SAMPLE_CELLS, dtype=np.int32)))
        if pc.count_distinct(some).as_py() > 0.9 * DISTINCT_SAMPLE_CELLS:
            return cells, np.arange(len(cells), dtype=np.int32)
    encoded = cells.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy()


def look(columns: list[Column]) -> None:
    """Give each of some columns of the same words its glance."""
    heads = [column.codes[first(countable(column), GLANCE_CELLS)] for column in columns]
    if heads:
        cells = columns[0].distinct.text.take(pa.array(np.concatenate(heads))).to_pylist()
        ends = np.cumsum([len(head) for head in heads]).tolist()
        for column, start, end in zip(columns, [0, *ends], ends, strict=False):
            column.glance = cells[start:end]


def fit(columns: list[Column]) -> None:
    """Hold the first cells of some columns of the same words to every number format."""
    distinct = columns[0].distinct
    heads = [column.codes if len(column.codes) <= FORMAT_SAMPLE_CELLS else head(column) for column in columns]
    used, places = np.unique(np.stack(heads), return_inverse=True)
    places, some = places.reshape(len(columns), -1), pa.array(used)
    text = distinct.text.take(some)
    text = text if all(column.plain for column in columns) else bare(text)
    present = (~distinct.missing & ~distinct.infinite)[used][places]
    for column, n in zip(columns, present.sum(axis=1).tolist(), strict=True):
        column.present = n
    count(columns, text, places)
    left = [i for i, column in enumerate(columns) if column.share < MIN_NUMERIC_SHARE and common_unit(column.glance)]
    for i in left:
        unit = common_unit(text_of(distinct, used[places[i][present[i]]]))
        columns[i].unit = unit if columns[i].present > 2 else ""
    with_unit = [i for i in left if columns[i].unit]
    if with_unit:
        before = [columns[i].fits for i in with_unit]
        count([columns[i] for i in with_unit], bare(without_unit(distinct.text.take(some))), places[with_unit])
        for i, fits in zip(with_unit, before, strict=True):
            if max(columns[i].fits.values()) < columns[i].present:
                columns[i].fits, columns[i].unit = fits, ""


def count(columns: list[Column], text: pa.Array, places: NDArray[np.intp]) -> None:
    """Write down how many cells each number format can read."""
    found: dict[NumberFormat, list[int]] = {}
    for number_format in NUMBER_FORMATS:
        if number_format.thousands and not flags(pc.match_substring(text, number_format.thousands)).any():
            found[number_format] = found[NumberFormat(number_format.decimal)]  # the same words fit
        else:
            found[number_format] = matching(text, number_format.pattern)[places].sum(axis=1).tolist()
    for column, counts in zip(columns, zip(*found.values(), strict=True), strict=True):
        column.fits = dict(zip(found, counts, strict=True))


def countable(column: Column) -> Mask:
    """[n] which cells hold anything, infinity apart."""
    return (~column.distinct.missing & ~column.distinct.infinite)[column.codes]


def head(column: Column) -> Codes:
    return column.codes[first(countable(column), FORMAT_SAMPLE_CELLS)]


def first(mask: Mask, most: int) -> NDArray[np.intp]:
    """The first places where a mask is set."""
    some = np.flatnonzero(mask[: 4 * most])
    return (some if len(some) >= most else np.flatnonzero(mask))[:most]


def text_of(distinct: DistinctCells, codes: Codes, most: int = 1_000_000) -> list[str]:
    """The different words of these codes, in order of appearance; none if there are too many."""
    used = pd.unique(codes)
    return list(dict.fromkeys(distinct.text.take(pa.array(used)).to_pylist())) if len(used) <= most else []


def decimal_of(columns: list[Column], delimiter: str) -> tuple[str, bool]:
    """The decimal mark of the columns without doubt, and whether there are any; else what the delimiter suggests."""
    votes: Counter[str] = Counter()
    groups = {".": 0, ",": 0}
    for column in columns:
        if column.share < MIN_NUMERIC_SHARE:
            continue
        point, comma = column.decimals["."], column.decimals[","]
        if point != comma:
            votes["." if point > comma else ","] += 1
        else:
            for mark in groups:
                groups[mark] += column.present - column.fits[NumberFormat("." if mark == "," else ",")]
    if votes:
        return ("," if votes[","] > votes["."] else "."), True
    # Semicolons are written where the comma is the decimal mark: "1,234" has one then, "1.234" all over the place none.
    comma = delimiter == ";" and (groups[","] > 0 or groups["."] >= MIN_GROUPED_CELLS)
    return ("," if comma else "."), False
