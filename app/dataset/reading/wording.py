"""How lines and cells are named in messages and notes."""

from collections.abc import Sequence


def shortened(cells: list[str]) -> str:
    text = ", ".join(cell.strip() for cell in cells if cell.strip())
    return text if len(text) <= 60 else text[:57] + "…"


def lines_of(lines: Sequence[int]) -> str:
    """ "Line 7", or "3 lines (7, 8, 12)"; of many the first five."""
    if len(lines) == 1:
        return f"Line {lines[0]}"
    some = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
    return f"{len(lines):,} lines ({some})"


def was(lines: Sequence[int]) -> str:
    return "was" if len(lines) == 1 else "were"
