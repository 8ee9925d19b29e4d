"""Numbers as people write them, and the many ways to write that there is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MISSING = frozenset(
    "na n/a n.a. n.a n/d nd null none nan -nan +nan nil missing unknown undefined void empty <na> (null) "
    "[null] (missing) #n/a #na #n/v #nv #div/0! #value! #ref! #name? #num! #null! #error! #wert! #bezug! "
    "#zahl! #valeur! #nom? #nombre! #valor! 1.#ind -1.#ind 1.#qnan -1.#qnan \\n k.a. k.a n.v. s/d s.d. s.o. "
    "n.c. nc n.s. n.d n.d. nr n.r. fehlt fehlend manquant mancante ausente brak falta н/д н.д. "
    "不明 缺失 無 无 欠損 없음 ? ?? ??? . .. ... … - -- --- – — − * ** : / // "
    "".split()
) | {
    "k. a.", "n. a.", "n / a", "not available", "not applicable", "no data", "keine angabe", "sans objet", "sin dato",
    "sin datos", "no disponible", "non disponibile", "brak danych", "нет данных",
}  # fmt: skip
INFINITE = r"(?i)^[+-]?inf(inity)?$"

BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
CURRENCY = (
    r"(?:Rs\.|kr\.|Fr\.|руб\.|р\.|(?:US|A|C|CA|AU|NZ|HK|R|S)?[$]|[€£¥₹₽₩₺₪₴฿₫₦₱¢]|(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RUB|JPY|CNY|INR|BRL|AUD|CAD"
    r"|ZAR|TRY|KRW|MXN|Rs|kr|zł|Kč|Ft|руб|元|円|원)\b)"
)
DIGITS = {zero + i: str(i) for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10) for i in range(10)} | {
    ord(mark): plain for mark, plain in zip("．，٫٬", ".,.,", strict=True)
}
"""Arabic, Persian, Hindi, Bengali and full-width digits and their marks."""
FOREIGN = f"[{''.join(map(chr, DIGITS))}]"

PLAIN = r"^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?i:inf|infinity))$"
HEAD = 20_000
"""Cells from which a column's manner is told; every cell is held to it afterwards."""


@dataclass(frozen=True)
class Manner:
    """How a number is written: 1,234.5 or 1.234,5 or 1 234,5 …"""

    decimal: str = "."
    thousands: str = ""

    @property
    def pattern(self) -> str:
        """For cells without currency and with a hyphen for a minus."""
        point, mark = re.escape(self.decimal), re.escape(self.thousands)
        whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|[1-9]\d?(?:{mark}\d\d)*{mark}\d{{3}})" if mark else r"\d+"
        return rf"^[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eEdD][+-]?\d{{1,4}})?$"

    @property
    def grouped(self) -> str:
        """For a number that two manners read differently: one group of three, as in 1.234."""
        return rf"^[+-]?[1-9]\d{{0,2}}{re.escape(self.thousands)}\d{{3}}$"


MANNERS = tuple(
    Manner(decimal, thousands)
    for thousands in ("", ",", ".", " ", "'", "_")
    for decimal in ".,"
    if decimal != thousands
)

_LOOSE = re.compile(
    rf"[(+\-−–]?\s*(?:{CURRENCY})?\s*[(+\-−–]?\s*(?:\d+|\d{{1,3}}(?:[.,'’_ {BLANKS}]\d{{2,3}})+)?(?:[.,]\d*)?"
    rf"(?:[eEdD][+-]?\d+|\s*[×x*]\s*10\^?[+-]?\d+)?\s*(?:%|‰|{CURRENCY})?\s*[)\-−]?"
)


def is_missing(cell: str) -> bool:
    cell = cell.strip()
    return not cell or cell.lower() in MISSING


def looks_numeric(cell: str) -> bool:
    """Whether a cell is a number in some manner; quick, and mild."""
    cell = cell.strip() if cell.isascii() else cell.strip().translate(DIGITS)
    return len(cell) < 400 and _LOOSE.fullmatch(cell) is not None and any("0" <= letter <= "9" for letter in cell)


def missing(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """[n] of booleans: which cells, stripped, say that there is no value; a null cell is one."""
    return pc.fill_null(pc.is_in(pc.utf8_lower(cells), pa.array(["", *MISSING], cells.type)), True)


def matching(cells: pa.ChunkedArray, pattern: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.match_substring_regex(cells, pattern), False)


def bare(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without currency and percent, with plain digits and blanks, and with the minus where a computer expects it."""
    if pc.any(matching(cells, FOREIGN)).as_py():
        cells = pa.chunked_array([pa.array([cell.translate(DIGITS) for cell in cells.to_pylist()], cells.type)])
    if not pc.any(matching(cells, r"[^0-9.,+eE-]|-$")).as_py():
        return cells
    for pattern, plain in (
        (rf"[{BLANKS}]", " "),
        (r"[’‘´`ʼ]", "'"),
        (r"[−–﹣－]", "-"),
        (r"\s*[×x*]\s*10\^?([+-]?\d+)$", r"e\1"),
        (rf"^([+-]?)\s*{CURRENCY}\s*", r"\1"),
        (rf"^\(\s*{CURRENCY}?\s*([^()]*\d[^()]*)\)$", r"-\1"),
        (rf"\s*(?:{CURRENCY.replace(chr(92) + 'b', '')}|%|‰)$", ""),
        (rf"^([+-])\s*{CURRENCY}?\s*", r"\1"),
        (r"^([^+-].*[\d.,])\s*-$", r"-\1"),
        (r"^(.*)\s+$", r"\1"),
    ):
        cells = pc.replace_substring_regex(cells, pattern, plain)
    return cells


def numbers(cells: pa.ChunkedArray, manner: Manner) -> NDArray[np.float64]:
    """[n] of bare cells, NaN where a cell is no number in this manner."""
    fits = matching(cells, manner.pattern)
    cells = pc.if_else(fits, cells, pa.scalar(None, cells.type))
    if manner.thousands:
        cells = pc.replace_substring(cells, manner.thousands, "")
    if manner.decimal == ",":
        cells = pc.replace_substring(cells, ",", ".")
    cells = pc.replace_substring_regex(cells, "[dD]", "e")
    cells = pc.replace_substring_regex(cells, r"^\+", "")
    return pc.cast(cells, pa.float64()).to_numpy().copy()  # type: ignore[no-any-return]


def fitting(cells: pa.ChunkedArray) -> Iterator[tuple[Manner, int]]:
    """How many of the bare cells each manner can read."""
    for manner in MANNERS:
        yield manner, pc.sum(matching(cells, manner.pattern)).as_py() or 0
