"""Which lines above a table name its columns, and the names that they make."""

import re

from app.dataset.reading.numerals import is_no_word, looks_numeric

Record = tuple[int, list[str]]
"""The line on which it begins, from 1, and its cells."""

MAX_HEADER_ROWS = 3

MAX_COLUMNS_COMPARED = 200
"""Of a line of words with the rows below it."""


def has_numbers(cells: list[str]) -> bool:
    return any(map(looks_numeric, cells))


def header_rows(above: list[Record], width: int, blank_lines: set[int]) -> list[Record]:
    """The records of words right above the first row: the names, perhaps their groups above and units below them.

    A line of another width is one of these only below a line of names, as units that blanks align, or where no line
    has the width of the rows.
    """
    found: list[Record] = []
    units: list[Record] = []
    for line, cells in reversed(above):
        nearest = found[0][0] if found else units[0][0] if units else line
        if len(found) == MAX_HEADER_ROWS or ((found or units) and blank_lines & set(range(line + 1, nearest))):
            break
        if found and (
            are_numbers(cells)
            or is_remark(cells, width)
            or not (len(cells) == width or fits_above(cells, found, width))
        ):
            break
        if names_columns(cells, width) and not (units and (len(cells) != width or has_numbers(cells))):
            found.insert(0, (line, cells))
        elif not found and not units and not has_numbers(cells) and len(above) > 1:
            units = [(line, cells)]
        else:
            break
    return found + units if found else []


def fits_above(cells: list[str], found: list[Record], width: int) -> bool:
    """Whether a line of another width may be one of names: where no line has the rows', or it names groups."""
    exact = any(len(names) == width for _, names in found)
    return not exact or len(cells) < width and len({*filter(None, cells)}) <= len(cells) / 2


def names_columns(cells: list[str], width: int) -> bool:
    """Whether there is something above at least half of the columns, and not marks alone, such as ####."""
    words = sum(bool(cell.strip()) for cell in cells)
    named = any(re.search(r"\w", cell) for cell in cells)
    return named and len(cells) >= width - 1 and words >= max(1, min(width, len(cells)) * 0.5)


def are_numbers(cells: list[str]) -> bool:
    """Such as a row of a small table above the names."""
    return 2 * sum(map(looks_numeric, cells)) > sum(bool(cell.strip()) for cell in cells)


def is_remark(cells: list[str], width: int) -> bool:
    """Such as "Samples, 40" above the names of three columns."""
    return len(cells) != width and has_numbers(cells)


def joined(upper: list[str], lower: list[str]) -> list[str]:
    """Names from two lines, a word of the upper one standing for the blank cells to its right as well."""
    groups, group = [], ""
    for cell in upper + [""] * (len(lower) - len(upper)):
        group = cell.strip() or group
        groups.append(group)
    return [" ".join(filter(None, (one, name.strip()))) for one, name in zip(groups, lower, strict=False)]


def are_groups(upper: list[str], lower: list[str], width: int) -> bool:
    """Whether a line names groups of columns, such as runs, and the line below it the columns in each."""
    if len(lower) != width or len(upper) > width or not all(cell.strip() for cell in lower):
        return False
    groups = joined(upper, [""] * width)
    single = sum(groups.count(group) == 1 or not group for group in groups)
    return len({*groups}) > 1 and single <= 1 and len({*joined(upper, lower)}) == width


def below_a_small_table(rows: list[Record], width: int, numeric: set[int]) -> int:
    """How many of the first rows are a small table of the file's head, whose next line holds names; 0 if none are.

    That is the only line of words in all of several columns, and at least four times as many rows follow it.
    """
    found = [at for at, (_, cells) in enumerate(rows) if at and is_line_of_words(cells, width, numeric)]
    return found[0] if len(found) == 1 < len(numeric) and 5 * found[0] <= len(rows) else 0


def is_line_of_words(cells: list[str], width: int, numeric: set[int]) -> bool:
    full = len(cells) == width and all(cell.strip() for cell in cells)
    return full and not any(looks_numeric(cells[i]) or is_no_word(cells[i]) for i in numeric)


def is_like_rows(cells: list[str], rows: list[Record]) -> bool:
    """Whether a line has a word of a row below it, whatever its digits: such a line of words is a row itself."""
    kind = [re.sub(r"\d+", "0", cell.strip()) for cell in cells[:MAX_COLUMNS_COMPARED]]
    others = [row for _, row in rows if row != cells and len(row) == len(cells)]
    return any(
        re.search(r"[^\W\d_]", word) and any(re.sub(r"\d+", "0", row[i].strip()) == word for row in others)
        for i, word in enumerate(kind)
    )
