"""Recognizes and parses numbers and times as people write them, and missing values."""

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.dataset.reading.marks import without_marks, without_tail
from app.dataset.reading.spellings import CURRENCY_PATTERN, MISSING_VALUES

INFINITY_PATTERN = r"(?i)^[+-]?inf(inity)?$"

UNICODE_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
ASCII_OF_DIGITS = {zero + i: str(i) for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10) for i in range(10)} | {
    ord(mark): plain for mark, plain in zip("．，٫٬", ".,.,", strict=True)
}
"""Arabic, Persian, Hindi, Bengali and full-width digits and their marks, by code point."""
FOREIGN_DIGIT = f"[{''.join(map(chr, ASCII_OF_DIGITS))}]"

PLAIN_NUMBER = r"^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?i:inf|infinity))$"
MAX_NUMBER_CHARACTERS = 400
"""A longer cell does not look like a number."""

FORMAT_SAMPLE_CELLS = 20_000
"""Cells that decide a column's number format, in which then all are read."""


class NumberFormat(NamedTuple):
    """How a number is written: 1,234.5 or 1.234,5 or 1 234,5 …"""

    decimal: str = "."
    thousands: str = ""

    @property
    def pattern(self) -> str:
        """Regular expression for cells as `bare` returns them."""
        point, mark = re.escape(self.decimal), re.escape(self.thousands)
        whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|[1-9]\d?(?:{mark}\d\d)*{mark}\d{{3}})" if mark else r"\d+"
        return rf"^[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eEdD][+-]?\d{{1,4}})?$"


NUMBER_FORMATS = tuple(
    NumberFormat(decimal, thousands)
    for thousands in ("", ",", ".", " ", "'", "_")
    for decimal in ".,"
    if decimal != thousands
)

_BARE_SUBSTITUTIONS = (
    (rf"[{UNICODE_SPACES}]", " "),
    (r"[’‘´`ʼ]", "'"),
    (r"[−–﹣－]", "-"),
    (r"\s*[×x*]\s*10\^?([+-]?\d+)$", r"e\1"),
    (rf"^([+-]?)\s*{CURRENCY_PATTERN}\s*", r"\1"),
    (rf"^\(\s*{CURRENCY_PATTERN}?\s*([^()]*\d[^()]*)\)$", r"-\1"),
    (rf"\s*(?:{CURRENCY_PATTERN.replace(chr(92) + 'b', '')}|%|‰)$", ""),
    (rf"^([+-])\s*{CURRENCY_PATTERN}?\s*", r"\1"),
    (r"(\d)[.,][-—]{1,2}\s*$", r"\1"),  # "5.-" is 5 francs, and "5,-- €" 5 euros
    (r"^([^+-].*[\d.,])\s*-$", r"-\1"),
    (r"^(.*)\s+$", r"\1"),
)
_LOOSE_NUMBER = re.compile(
    rf"[(+\-−–]?\s*(?:{CURRENCY_PATTERN})?\s*[(+\-−–]?\s*(?:\d+|\d{{1,3}}(?:[.,'’_ {UNICODE_SPACES}]\d{{2,3}})+)?"
    rf"(?:[.,](?:\d*|[-–—]{{1,2}}))?(?:[eEdD][+-]?\d+|\s*[×x*]\s*10\^?[+-]?\d+)?\s*(?:%|‰|{CURRENCY_PATTERN})?\s*[)\-−]?"
)
_DIGIT = re.compile("[0-9]")
TIME_PATTERN = (
    r"^(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d(?:[.,]\d{1,9})?)"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?$"
)
"""Such as 10:00:05.25, 9:05 or 9:05 PM; two numbers may be hours and minutes, or minutes and seconds."""


NOTHING, NUMBER, WORD = range(3)
"""What a cell looks like."""


def is_missing(cell: str) -> bool:
    cell = cell.strip()
    return not cell or cell.lower() in MISSING_VALUES


def is_no_word(cell: str) -> bool:
    """Whether a cell is missing or infinite, so neither a name nor a number."""
    return is_missing(cell) or re.fullmatch(INFINITY_PATTERN, cell.strip()) is not None


def looks_numeric(cell: str) -> bool:
    """Whether a cell could be a number in some format, perhaps with marks behind it; fast and permissive."""
    return len(cell) < MAX_NUMBER_CHARACTERS and _looks_numeric(cell)


def nearly_numeric(cell: str) -> bool:
    """Whether a cell could be a number, or one with a unit or a flag behind it."""
    return len(cell) < MAX_NUMBER_CHARACTERS and (_looks_numeric(cell) or _looks_numeric(without_tail(cell)))


@lru_cache(10_000)
def _looks_numeric(cell: str) -> bool:
    cell = cell.strip() if cell.isascii() else cell.strip().translate(ASCII_OF_DIGITS)
    if _DIGIT.search(cell) is None:
        return False
    return _LOOSE_NUMBER.fullmatch(cell) is not None or _LOOSE_NUMBER.fullmatch(without_marks(cell)) is not None


def is_time(cell: str) -> bool:
    """Whether a cell is a time of day or a duration, such as 9:05, 1:02:30 or 10:00:00.25."""
    return re.match(TIME_PATTERN, cell.strip()) is not None


def kinds_of(cells: pa.Array) -> NDArray[np.int8]:
    """[n] what each cell looks like; each distinct one is examined once."""
    encoded = cells.dictionary_encode()
    kinds = [
        NOTHING if is_no_word(word) else NUMBER if looks_numeric(word) else WORD
        for word in encoded.dictionary.to_pylist()
    ]
    found: NDArray[np.int8] = np.array(kinds, np.int8)[encoded.indices.to_numpy()]
    return found


def flags(answers: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
    """[n] pyarrow's answers, false for a null."""
    return pc.fill_null(answers, False).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def missing(cells: pa.Array) -> NDArray[np.bool_]:
    """[n] whether a stripped cell says that its value is missing."""
    return flags(pc.is_in(pc.utf8_lower(cells), pa.array(["", *MISSING_VALUES], cells.type)))


def matching(cells: pa.Array, pattern: str) -> NDArray[np.bool_]:
    """[n] whether a pattern occurs in a cell."""
    return flags(pc.match_substring_regex(cells, pattern))


def bare(cells: pa.Array) -> pa.Array:
    """Cells without currency and percent signs, with ASCII digits and spaces, and a hyphen in front for a minus."""
    foreign = matching(cells, FOREIGN_DIGIT)
    if foreign.any():
        ours = [cell.translate(ASCII_OF_DIGITS) for cell in cells.filter(pa.array(foreign)).to_pylist()]
        cells = pc.replace_with_mask(cells, pa.array(foreign), pa.array(ours, cells.type))
    if not matching(cells, r"[^0-9.,+eE-]|-$").any():
        return cells
    for pattern, plain in _BARE_SUBSTITUTIONS:
        if matching(cells, pattern).any():  # far faster than replacing nothing
            cells = pc.replace_substring_regex(cells, pattern, plain)
    return cells


def numbers(cells: pa.Array, number_format: NumberFormat) -> NDArray[np.float64]:
    """[n] from bare cells, NaN where a cell is not a number in this format."""
    fits = pa.array(matching(cells, number_format.pattern))
    cells = pc.if_else(fits, cells, pa.scalar(None, cells.type))
    if number_format.thousands:
        cells = pc.replace_substring(cells, number_format.thousands, "")
    if number_format.decimal == ",":
        cells = pc.replace_substring(cells, ",", ".")
    cells = pc.replace_substring_regex(cells, "[dD]", "e")
    cells = pc.replace_substring_regex(cells, r"^\+", "")
    return plain_numbers(cells)


def times(cells: pa.Array) -> NDArray[np.float64]:
    """[n] seconds, or minutes for a time of two numbers such as 9:05; NaN where a cell is not a time."""
    parts = pc.extract_regex(cells, TIME_PATTERN)
    hours, minutes, seconds, half = (pc.struct_field(parts, [i]) for i in range(4))
    three, halved, afternoon = flags(pc.not_equal(hours, "")), flags(pc.not_equal(half, "")), matching(half, "[Pp]")
    hours = plain_numbers(pc.if_else(pc.equal(hours, ""), "0", hours))
    minutes, seconds = plain_numbers(minutes), plain_numbers(pc.replace_substring(seconds, ",", "."))
    first = np.where(three, hours, minutes)
    later = np.where(halved, first % 12 + 12 * afternoon - first, 0) * np.where(three, 3600, 60)
    found: NDArray[np.float64] = hours * 3600 + minutes * 60 + seconds + later
    return found


def plain_numbers(cells: pa.Array) -> NDArray[np.float64]:
    """[n] from cells as programs write numbers, NaN where a cell is null."""
    return pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def read_number(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, with this decimal mark if it can be, else with the other; None if there is none."""
    plain = bare(pa.array([cell.strip()]))
    for number_format in sorted(NUMBER_FORMATS, key=lambda one: one.decimal != decimal):
        value = float(numbers(plain, number_format)[0])
        if np.isfinite(value):
            return value
    return None
