"""Columns of text: how many cells are numbers in which number format, and which decimal mark a file has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.cells import DistinctCells, Dress, Dressed, Mask, Values
from app.dataset.reading.marks import factors_of
from app.dataset.reading.numerals import (
    FORMAT_SAMPLE_CELLS,
    NUMBER_FORMATS,
    NumberFormat,
    bare,
    flags,
    matching,
    nearly_numeric,
    numbers,
)

MIN_NUMERIC_SHARE = 0.8
"""A column is numeric if at least this share of its values are numbers; a note names the others."""

MIN_GROUPED_CELLS = 20
"""From this many cells with exactly three digits after the mark, the mark is a thousands separator."""

GLANCE_CELLS = 40
"""Cells that usually suffice to recognize a column of text."""

LARGE_TABLE_CELLS = 100_000
"""In a larger table it is slow to find equal cells."""

DISTINCT_SAMPLE_CELLS = 2000
"""Cells that decide whether nearly all are distinct."""

Codes = NDArray[np.unsignedinteger]


@dataclass(eq=False, slots=True)
class Column:
    """A column of text; cell i is `distinct.text[codes[i]]`."""

    name: str
    distinct: DistinctCells
    """Shared by the columns that are read together."""
    codes: Codes
    """[n] positions in `distinct`."""
    present: int
    """Cells with a value, among the FORMAT_SAMPLE_CELLS first ones once `fit` was called."""
    plain: bool
    """Whether all of them are plain numbers."""
    fits: dict[NumberFormat, int] = field(default_factory=dict)
    """How many of the `present` cells each number format can read."""
    dress: Dress | None = None
    """What stands around the numbers of some cells; None if nothing does."""
    glance: list[str] = field(default_factory=list)
    """The first few cells with a value."""

    def cell(self, row: int) -> str:
        return str(self.distinct.text[int(self.codes[row])].as_py())

    @property
    def blank(self) -> bool:
        return not self.present and not self.distinct.says_missing[self.codes].any()

    @property
    def missing(self) -> Mask:
        return self.distinct.missing[self.codes]

    def undress(self, values: Values, number_format: NumberFormat) -> tuple[NDArray[np.intp], list[str]]:
        """Fill in the numbers that have something around them: the rows, and what was taken off in each."""
        if self.dress is None:
            return np.empty(0, np.intp), []
        rows = np.flatnonzero(np.isnan(values) & ~self.missing)
        used, places = np.unique(self.codes[rows], return_inverse=True)
        dressed = Dressed(self.distinct.text.take(pa.array(used)))
        values[rows] = dressed.numbers(number_format, self.dress)[places]
        fits, taken = ~np.isnan(values[rows]), dressed.taken()
        return rows[fits], [taken[place] for place in places[fits].tolist()]

    @property
    def promising(self) -> bool:
        """Whether a glance finds numbers in some format; for most columns of text it does not."""
        return sum(map(nearly_numeric, self.glance)) >= 0.4 * len(self.glance)

    @property
    def share(self) -> float:
        return max(self.fits.values(), default=0) / max(self.present, 1)

    @property
    def decimals(self) -> dict[str, int]:
        """How many cells each decimal mark can read at best."""
        return {mark: max((n for m, n in self.fits.items() if m.decimal == mark), default=0) for mark in ".,"}

    def number_format(self, decimal: str, forced: bool) -> NumberFormat:
        """The format that reads most cells, and of equal ones that with the file's decimal mark."""
        formats = [one for one in NUMBER_FORMATS if one.decimal == decimal or not forced]
        return max(formats, key=lambda one: (self.fits.get(one, 0), one.decimal == decimal))


def columns_of(names: Sequence[str], cells: pa.Array) -> list[Column]:
    """Columns from `cells` [n * c] in row order; all at once, since thousands of short columns are common."""
    different, places = encoded(cells)
    distinct = DistinctCells(different)
    smallest = np.min_scalar_type(len(different))  # a byte instead of four for nearly empty columns
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
            column.glance = []  # Of thousands of columns these are many.
    return columns


def encoded(cells: pa.Array) -> tuple[pa.Array, NDArray[Any]]:
    """The distinct cells, and the position of each cell among them; all cells where nearly all are distinct."""
    if len(cells) > LARGE_TABLE_CELLS:
        some = cells.take(pa.array(np.linspace(0, len(cells) - 1, DISTINCT_SAMPLE_CELLS, dtype=np.int32)))
        if pc.count_distinct(some).as_py() > 0.9 * DISTINCT_SAMPLE_CELLS:
            return cells, np.arange(len(cells), dtype=np.int32)
    encoded = cells.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy()


def look(columns: list[Column]) -> None:
    """Fill in the glances of columns that share their distinct cells."""
    heads = [column.codes[first(countable(column), GLANCE_CELLS)] for column in columns]
    if heads:
        cells = columns[0].distinct.text.take(pa.array(np.concatenate(heads))).to_pylist()
        ends = np.cumsum([len(head) for head in heads]).tolist()
        for column, start, end in zip(columns, [0, *ends], ends, strict=False):
            column.glance = cells[start:end]


def fit(columns: list[Column]) -> None:
    """Fill in `present`, `fits` and `dress` of columns that share their distinct cells, from their first cells."""
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
    has_digit = matching(text, r"\d")[places] & present
    for column, row, digits in zip(columns, places, has_digit, strict=True):
        if max(column.fits.values()) < digits.sum():  # Words without a digit are no numbers whatever is taken off.
            undress(column, used[row[digits]])


def undress(column: Column, codes: Codes) -> None:
    """Fill in the `dress` of a column from the cells `codes`, if more of them are numbers without it."""
    used, counts = np.unique(codes, return_counts=True)
    number_format = max(column.fits, key=lambda one: column.fits[one])
    text = column.distinct.text.take(pa.array(used))
    is_bare = ~np.isnan(numbers(bare(text), number_format))
    dressed, counts = Dressed(text.filter(pa.array(~is_bare))), counts[~is_bare]
    core, tails = bare(dressed.number), np.array(dressed.tails, object)
    fitting = {one: matching(core, one.pattern) for one in NUMBER_FORMATS}
    number_format = max(fitting, key=lambda one: column.fits[one] + int(counts[fitting[one]].sum()))
    fits = fitting[number_format]
    cells_by_tail = Counter[str]()
    for tail, number in zip(tails[fits], counts[fits].tolist(), strict=True):
        cells_by_tail[tail] += number
    bare_cells = column.fits[number_format] + cells_by_tail.pop("", 0)
    factors, unit = factors_of(bare_cells, cells_by_tail)
    kept = np.isin(tails, ["", *factors])
    more = {one: int(counts[fits & kept].sum()) for one, fits in fitting.items()}
    if any(more.values()):
        column.fits = {one: fits + more[one] for one, fits in column.fits.items()}
        column.dress = Dress(factors, unit)


def count(columns: list[Column], text: pa.Array, places: NDArray[np.intp]) -> None:
    """Fill in how many cells each number format can read."""
    found: dict[NumberFormat, list[int]] = {}
    for number_format in NUMBER_FORMATS:
        if number_format.thousands and not flags(pc.match_substring(text, number_format.thousands)).any():
            found[number_format] = found[NumberFormat(number_format.decimal)]  # the same cells fit
        else:
            found[number_format] = matching(text, number_format.pattern)[places].sum(axis=1).tolist()
    for column, counts in zip(columns, zip(*found.values(), strict=True), strict=True):
        column.fits = dict(zip(found, counts, strict=True))


def countable(column: Column) -> Mask:
    """[n] whether a cell has a finite value."""
    return (~column.distinct.missing & ~column.distinct.infinite)[column.codes]


def head(column: Column) -> Codes:
    return column.codes[first(countable(column), FORMAT_SAMPLE_CELLS)]


def first(mask: Mask, most: int) -> NDArray[np.intp]:
    """At most `most` positions at which a mask is set, the first ones."""
    some = np.flatnonzero(mask[: 4 * most])
    return (some if len(some) >= most else np.flatnonzero(mask))[:most]


def text_of(distinct: DistinctCells, codes: Codes, most: int = 1_000_000) -> list[str]:
    """The distinct texts of these codes in order of appearance; none if there are more than `most`."""
    used = pd.unique(codes)
    return list(dict.fromkeys(distinct.text.take(pa.array(used)).to_pylist())) if len(used) <= most else []


def decimal_of(columns: list[Column], delimiter: str) -> tuple[str, bool]:
    """The decimal mark of most columns without doubt, and whether there are any; else what the delimiter suggests."""
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
    # Semicolons delimit where the comma is the decimal mark: then "1,234" is a fraction, and many "1.234" are whole.
    comma = delimiter == ";" and (groups[","] > 0 or groups["."] >= MIN_GROUPED_CELLS)
    return ("," if comma else "."), False
