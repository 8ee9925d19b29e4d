"""Lines, cells and doubts in the words of messages and notes."""

from collections import Counter
from collections.abc import Sequence

from app.dataset.reading.cells import Dress
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


Cell = tuple[str, float, int]
"""Its text, its number and its line."""


def what_was_taken(counted: Counter[str], dress: Dress, first: Cell, without: Cell, bare: int) -> str:
    """What was taken off how many cells; `first` is such a cell, and `without` one of the `bare` others."""
    cell, value, line = first
    number = counted.total()
    if any(factor != 1 for factor in dress.tails.values()):
        unit = f" {dress.unit}" if dress.unit else ""
        return f": “{cell}” in line {line} was read as {value:.15g}{unit}."
    if dress.unit and set(counted) == {dress.unit}:
        cells = f"{number:,} of {number + bare:,} cells; “{without[0]}” in line {without[2]} has none"
        return f" is in {dress.unit}: the unit was taken off {cells if bare else 'every cell'}."
    some = ", ".join(f"“{word}”" for word, _ in counted.most_common(3) if word) + (", …" if len(counted) > 3 else "")
    cells = f"{number:,} cells" if number > 1 else "1 cell"
    return f": {some} {'were' if len(counted) > 1 else 'was'} taken off {cells}, first “{cell}” in line {line}."
