"""What stands around a number in a cell and is taken off: uncertainties, intervals, footnotes, flags and units."""

import re
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from app.dataset.reading.spellings import LARGE_NUMBERS, UNITS

BEFORE = r"^(?:[~≈∼']|(?:ca|c|approx)\.)\s*([+\-−]?[\d.,].*)$"
"""About, or the apostrophe by which a spreadsheet is told that a cell is text."""

AROUND = r"^\(([^()]*(?:±|\+/[-−–])[^()]*)\)"
"""Such as (20.0 ± 0.5) cm."""

BEHIND = (
    r"(?:\s*(?:\[[^\[\]]{1,40}\]|\([^()]{1,40}\)|[*†‡§¶#+]{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ]{1,4}"
    r"|(?:±|\+/[-−–]|\+[-−–])\s*\d[\d.,]*(?:[eE][+-]?\d+)?(?:\s*[^\s\d]{1,12})?))+"
)
"""Marks that say what they are: [a], [62–64], (3), *, ¹, ± 0.5."""

MARKED = rf"^(.*\d[^\d\[\](){{}}*†‡§¶#±]{{0,4}}?)({BEHIND})$"

TAILED = r"^(?P<number>.*\d)(?P<tail>\s*(?:\pL[^\d]{0,11}|°\w?))$"
"""A number with a word behind it, which may be a unit or a flag."""

PREFIXES = {
    "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "h": 1e2, "d": 1e-1, "c": 1e-2, "m": 1e-3, "µ": 1e-6, "μ": 1e-6, "n": 1e-9,
}  # fmt: skip

MIN_SHARE_OF_ONE_UNIT = 0.8
"""Of a column's numbers that are bare or have its unit; those in other units are none then."""

_MARKED = re.compile(MARKED)
_TAILED = re.compile(TAILED.replace(r"\pL", r"[^\W\d_]"))
_BEFORE, _AROUND = re.compile(BEFORE), re.compile(AROUND)


def without_marks(cell: str) -> str:
    cell = _AROUND.sub(r"\1", _BEFORE.sub(r"\1", cell.strip()))
    found = _MARKED.match(cell)
    return found[1].rstrip() if found else cell


def without_tail(cell: str) -> str:
    """Without marks, and without a word behind the number."""
    cell = without_marks(cell)
    found = _TAILED.match(cell)
    return found[1] if found else cell


def unmarked(cells: pa.Array) -> pa.Array:
    """The same for many cells."""
    for pattern in (BEFORE, AROUND):
        cells = pc.replace_substring_regex(cells, pattern, r"\1")
    return pc.utf8_rtrim_whitespace(pc.replace_substring_regex(cells, MARKED, r"\1"))


def parted(cells: pa.Array) -> tuple[pa.Array, list[str]]:
    """Numbers without the word behind them, and these words with any blank before them, "" where there is none."""
    parts = pc.extract_regex(cells, TAILED)
    tails = pc.fill_null(pc.struct_field(parts, [1]), "").to_pylist()
    return pc.coalesce(pc.struct_field(parts, [0]), cells), tails


def factors_of(bare: int, tails: Counter[str]) -> tuple[dict[str, float], str]:
    """What numbers with these words behind them are multiplied by, of those words that may be taken off; and the unit.

    `bare` is how many numbers have none. The words are one unit, one unit with several prefixes,
    thousands and millions, or a few flags among numbers that are mostly bare. 5 km beside 3 miles is none of these.
    """
    counts = Counter[str]()
    for tail, count in tails.items():
        counts[tail.strip()] += count
    if not counts:
        return {}, ""
    glued = all(tail == tail.strip() for tail in tails)
    factors, unit = large_numbers(set(counts), bare if glued else 0), ""
    if not factors:
        factors, unit = prefixes(set(counts))
    if not factors:
        numbers, (word, most) = bare + counts.total(), counts.most_common(1)[0]
        if bare + most >= MIN_SHARE_OF_ONE_UNIT * numbers and numbers > 2 and (most > bare or word in UNITS):
            factors, unit = {word: 1.0}, word
        elif 2 * bare >= numbers and len(counts) <= max(1, numbers // 4):
            factors = {word: 1.0 for word in counts if len(counts) == 1 or word not in UNITS}
    return {tail: factors[tail.strip()] for tail in tails if tail.strip() in factors}, unit


def large_numbers(words: set[str], bare: int) -> dict[str, float]:
    """Factors of words such as k and M, if several stand in a column, or one right behind some of the numbers."""
    known = {word: LARGE_NUMBERS[word] for word in words if word in LARGE_NUMBERS}
    sure = (len(set(known.values())) > 1 or bare) and not words <= {"m", "b"}  # metres, or flags
    return known if len(known) == len(words) and sure else {}


def prefixes(words: set[str]) -> tuple[dict[str, float], str]:
    """Factors of one unit with different prefixes, such as m and km; and the unit."""
    shortest = min(words, key=len)
    for base in (shortest, shortest[1:]) if len(words) > 1 else ():
        factors = {word: PREFIXES.get(word.removesuffix(base), 0.0) for word in words}
        if base and all(word.endswith(base) and factors[word] for word in words):
            return factors, base
    return {}, ""
