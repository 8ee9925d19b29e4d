"""Lines, cells and doubts in the words of messages and notes."""

from collections.abc import Sequence

from app.dataset.reading.numerals import NumberFormat


def shortened(cells: list[str]) -> str:
    text = ", ".join(cell.strip() for cell in cells if cell.strip())
    return text if len(text) <= 60 else text[:57] + "…"


def lines_of(lines: Sequence[int]) -> str:
    """ "Line 7", or "3 lines (7, 8, 12)" with at most five of them."""
    if len(lines) == 1:
        return f"Line {lines[0]}"
    some = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
    return f"{len(lines):,} lines ({some})"


def was(lines: Sequence[int]) -> str:
    return "was" if len(lines) == 1 else "were"


def doubt(name: str, number_format: NumberFormat) -> str:
    mark, read, other = number_format.thousands, "a thousands mark", "a decimal mark"
    if not mark:
        mark, read, other = number_format.decimal, other, read
    return f"“{name}”: the “{mark}” was read as {read}; if it is {other}, choose the other decimal mark."


def time_note(name: str, cell: str, value: float) -> str:
    read = f"{value:.10g} seconds" if cell.count(":") == 2 else f"{value // 60:g} × 60 + {value % 60:g} = {value:.10g}"
    return f"“{name}” holds times: “{cell}” was read as {read}."


def says_missing(name: str, count: int, words: list[str]) -> str:
    cells = "cells that say" if count > 1 else "cell that says"
    some = ", ".join(f"“{word}”" for word in words[:6]) + (", …" if len(words) > 6 else "")
    return f"“{name}”: {count:,} {cells} {some} count{'' if count > 1 else 's'} as missing."


def two_currencies(name: str, first: str, other: str) -> str:
    return f"“{name}” has amounts in several currencies, such as “{first}” and “{other}”, taken as they stand."
