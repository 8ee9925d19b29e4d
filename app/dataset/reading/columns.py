"""Columns on their way from text: what they hold, and in which manner their numbers are written."""

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.numerals import HEAD, MANNERS, PLAIN, Manner, bare, fitting, looks_numeric, matching, missing

NUMERIC_SHARE = 0.8
"""A column is numeric if so many of its cells that hold anything are numbers; the others are named in a note."""

ENOUGH = 20
"""Cells with exactly three digits after the mark, from which on that is no chance."""

Values = NDArray[np.float64]


@dataclass
class Column:
    """One column on its way: stripped `cells`, which are `missing` [n], and `values` [n] of the plain numbers.

    `fits` counts the cells that each manner can read, of the `present` ones among the first.
    """

    name: str
    cells: pa.ChunkedArray
    missing: NDArray[np.bool_]
    values: Values
    fits: dict[Manner, int] = field(default_factory=dict)
    present: int = 0
    suffix: str = ""
    plain: bool = False

    def __post_init__(self) -> None:
        self.present = int((~self.missing).sum())
        self.plain = bool((self.missing | ~np.isnan(self.values)).all())
        if self.plain and is_whole(self.values[~self.missing]):
            self.fits = dict.fromkeys(MANNERS, self.present)

    def head(self, most: int = HEAD) -> pa.ChunkedArray:
        """The first cells that hold anything, infinity apart."""
        where = np.flatnonzero(~self.missing & ~np.isinf(self.values))[:most]
        return self.cells.take(pa.array(where))

    @property
    def promising(self) -> bool:
        """Whether a glance finds numbers, in some manner; most columns of text end here."""
        glance = self.head(40).to_pylist()
        return sum(map(looks_numeric, glance)) >= 0.4 * len(glance) or bool(common_suffix(glance))

    def fit_unit(self, head: pa.ChunkedArray) -> None:
        """If every cell ends with the same unit, hold them to every manner without it."""
        if unit := common_suffix(head.to_pylist()):
            fits = dict(fitting(bare(without_suffix(head, unit))))
            if max(fits.values()) == self.present:
                self.fits, self.suffix = fits, unit

    @property
    def share(self) -> float:
        return max(self.fits.values(), default=0) / max(self.present, 1)

    @property
    def decimals(self) -> dict[str, int]:
        """How many cells can be read with either decimal mark."""
        return {mark: max((n for m, n in self.fits.items() if m.decimal == mark), default=0) for mark in ".,"}

    def manner(self, decimal: str, forced: bool) -> Manner:
        """The manner that reads most cells; of equal ones the file's."""
        manners = [m for m in MANNERS if m.decimal == decimal or not forced]
        return max(manners, key=lambda m: (self.fits.get(m, 0), m.decimal == decimal))


def columns_of(names: list[str], texts: list[pa.ChunkedArray]) -> list[Column]:
    """Columns of equal length; the work is done for all at once, since thousands of short ones are common."""
    if not texts:
        return []
    n = len(texts[0])
    stack = pa.chunked_array([chunk for text in texts for chunk in text.chunks], pa.string())
    cells = pc.utf8_trim_whitespace(stack)
    absent = missing(cells)
    plain = pc.and_(matching(cells, PLAIN), pc.invert(absent))
    values = (
        pc.cast(pc.if_else(plain, cells, pa.scalar(None, cells.type)), pa.float64()).to_numpy().reshape(-1, n).copy()
    )
    holes = absent.to_numpy().reshape(-1, n)
    parts = iter(cells.chunks)
    split = [pa.chunked_array([next(parts) for _ in text.chunks], pa.string()) for text in texts]
    columns = [Column(name, split[i], holes[i], values[i]) for i, name in enumerate(names)]
    fit([column for column in columns if column.present and not column.fits and (column.plain or column.promising)])
    return columns


def fit(columns: list[Column]) -> None:
    """Hold the first cells of each column to every manner."""
    heads = [column.head() for column in columns]
    starts = np.cumsum([0, *map(len, heads)])
    stack = pa.chunked_array([chunk for head in heads for chunk in head.chunks], pa.string())
    stack = bare(stack) if not all(column.plain for column in columns) else stack
    for manner in MANNERS if columns else ():
        counts = np.concatenate([[0], np.cumsum(matching(stack, manner.pattern).to_numpy())])[starts]
        for column, n in zip(columns, np.diff(counts).tolist(), strict=True):
            column.fits[manner] = n
    for column, head in zip(columns, heads, strict=True):
        column.present = len(head)
        if column.share < NUMERIC_SHARE:
            column.fit_unit(head)


def is_whole(values: Values) -> bool:
    return bool((values == np.trunc(values)).all())


def common_suffix(cells: list[str]) -> str:
    """A unit that every cell ends with, such as kg; "" if there is none."""
    found = {match[1] if (match := re.search(r"\d\s*([^\W\d_][^\d]{0,11}|°\w?)$", cell)) else "" for cell in cells}
    return found.pop() if len(found) == 1 and len(cells) > 2 else ""


def without_suffix(cells: pa.ChunkedArray, suffix: str) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, re.escape(suffix) + "$", ""))


def decimal_of(columns: list[Column], delimiter: str) -> tuple[str, bool]:
    """The decimal mark of the columns without doubt, and whether there are any; else what the delimiter suggests."""
    votes: Counter[str] = Counter()
    groups = {".": 0, ",": 0}
    for column in columns:
        if column.share < NUMERIC_SHARE:
            continue
        point, comma = column.decimals["."], column.decimals[","]
        if point != comma:
            votes["." if point > comma else ","] += 1
        else:
            for mark in groups:
                groups[mark] += column.present - column.fits[Manner("." if mark == "," else ",")]
    if votes:
        return ("," if votes[","] > votes["."] else "."), True
    # Semicolons are written where the comma is the decimal mark: "1,234" has one then, "1.234" all over the place none.
    comma = delimiter == ";" and (groups[","] > 0 or groups["."] >= ENOUGH)
    return ("," if comma else "."), False
