"""Where in a file the table stands: what is before it, its header, its first row."""

import re
from collections import Counter
from dataclasses import dataclass, field

from app.dataset.dataset import DatasetError
from app.dataset.reading.numerals import is_missing, is_no_word, looks_numeric
from app.dataset.reading.spellings import COMMENT_MARK
from app.dataset.reading.wording import lines_of, shortened, was

Record = tuple[int, list[str]]
"""The line in which it begins, and its cells."""

RULE_CELL = re.compile(r"|:?-{3,}:?|={3,}")
"""A cell of a line that is drawn below the names."""

BLANK_CHARACTERS = "\ufeff \t\r\n\x1a"
"""What a cell may hold that holds nothing."""

NUMERIC_SAMPLE_CELLS = 50_000
"""Cells that tell which columns are numbers, about."""

MAX_COLUMNS = 16_384
"""Columns: as many as a spreadsheet has."""


@dataclass
class Layout:
    """`header` and `first` are lines, 0 where there is none; `numeric` are the positions of the columns of numbers."""

    width: int
    names: list[str]
    header: int
    first: int
    numeric: set[int]
    comment: str = ""
    trailing: bool = False
    notes: list[str] = field(default_factory=list)

    def looks_like_header(self, cells: list[str]) -> bool:
        """Whether words stand where the table has numbers."""
        filled = [cell for cell in cells if cell.strip()]
        return len(filled) >= max(2, len(cells) / 2) and not any(map(looks_numeric, filled))

    def has_number(self, cells: list[str]) -> bool:
        return any(i < len(cells) and looks_numeric(cells[i]) for i in self.numeric)

    def has_word(self, cells: list[str]) -> bool:
        """Whether a word stands in a column of numbers."""
        return any(i < len(cells) and not is_no_word(cells[i]) and not looks_numeric(cells[i]) for i in self.numeric)


def begins_with(mark: str, cells: list[str]) -> bool:
    """Whether a record is a comment; "#N/A" and "--" in a first cell are none."""
    return cells[0].lstrip().startswith(mark) and not is_missing(cells[0])


def blank(cells: list[str]) -> bool:
    return not "".join(cells).strip(BLANK_CHARACTERS)


def is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"(1[6-9]|20|21)\d\d", cell.strip()))


def find_layout(records: list[Record], name: str, header: bool | None) -> Layout:
    """From the first records of a file.

    Raises DatasetError where there is no table.
    """
    filled = [record for record in records if record[1] and not blank(record[1])]
    comment, filled, hidden = without_comments(filled)
    if not filled:
        what = "only comments" if comment else "only delimiters and blank lines"
        raise DatasetError(
            "no_rows" if comment else "empty_file",
            f"“{name}” holds {what}. Choose a file with a header and rows of numbers.",
        )
    width = usual_width(filled)
    if width > MAX_COLUMNS:
        raise DatasetError(
            "too_wide",
            f"“{name}” has {width:,} columns in line {filled[0][0]}; {MAX_COLUMNS:,} are the most. Save fewer columns, "
            "or see whether the line ends are lost.",
        )
    numeric = numeric_columns(filled, width)
    at = first_row(filled, width, numeric)
    rows_of_names = header_rows(filled, at, width, numeric, records)
    if header is False:
        at, rows_of_names = (at if not rows_of_names else at - len(rows_of_names)), []
    elif header and not rows_of_names:
        rows_of_names, at = [filled[at]] if at < len(filled) else [], at + 1
    elif header is None and not rows_of_names and at < len(filled) and years_for_names(filled, at, numeric):
        rows_of_names, at = [filled[at]], at + 1
    layout = Layout(width, [], 0, filled[at][0] if at < len(filled) else 0, numeric, comment)
    if not rows_of_names and hidden and header is not False:
        rows_of_names = named_in_comment(hidden, width, comment)
    describe(layout, filled, at, rows_of_names, hidden, header)
    return layout


def without_comments(filled: list[Record]) -> tuple[str, list[Record], list[Record]]:
    """The mark of comments, the records that are none, and those that are."""
    firsts = [cells[0] for _, cells in filled if not is_missing(cells[0])]
    marks = Counter(found[1].strip() for first in firsts if (found := COMMENT_MARK.match(first)))
    for mark, count in marks.most_common():
        hidden = [record for record in filled if begins_with(mark, record[1])]
        data = [record for record in hidden if sum(map(looks_numeric, record[1])) >= 1]
        # "#1, 2.5" in row after row is data.
        if count == len(filled) or (len(hidden) <= len(filled) / 2 or not data) and hidden[0] != filled[0]:
            return mark, [record for record in filled if record not in hidden], hidden
        if hidden[0] == filled[0] and len(data) <= len(hidden) / 2:
            alone = len(hidden) == 1 and len(hidden[0][1]) > 1 and not any(map(looks_numeric, hidden[0][1]))
            second = next((record for record in filled if record not in hidden), None)
            if alone and second and len(second[1]) == len(hidden[0][1]) and any(map(looks_numeric, second[1])):
                return "", filled, []  # "#id, x, y" above rows of numbers is a header
            return mark, [record for record in filled if record not in hidden], hidden
    return "", filled, []


def usual_width(filled: list[Record]) -> int:
    """Cells of most records; a record of one cell counts only if there are no others."""
    widths = Counter(len(cells) for _, cells in filled)
    return max(widths, key=lambda width: (width > 1, widths[width], width))


def numeric_columns(filled: list[Record], width: int) -> set[int]:
    """Positions of the columns in which most cells, but for the first record's, are numbers."""
    body = [cells for _, cells in filled if len(cells) == width]
    body = body[-max(1, min(len(body) - 1, 10 + NUMERIC_SAMPLE_CELLS // width)) :]
    found = set()
    for i in range(width):
        cells = [cells[i] for cells in body if not is_missing(cells[i])]
        if sum(map(looks_numeric, cells)) > 0.5 * len(cells):
            found.add(i)
    return found


def first_row(filled: list[Record], width: int, numeric: set[int]) -> int:
    """Where the numbers begin: the first record of about the usual width with a number in most numeric columns."""
    for at, (_, cells) in enumerate(filled):
        if len(cells) < min(width, max(2, width - 1)):
            continue
        there = [cells[i] for i in numeric if i < len(cells) and not is_missing(cells[i])]
        numbers = sum(map(looks_numeric, there))
        # "Samples, 40" above a table of another width is no row.
        if numbers >= max(1, 0.5 * len(there)) and (len(cells) == width or numbers == len(there)):
            while at and len(filled[at - 1][1]) == width and all(map(is_no_word, filled[at - 1][1])):
                if at > 1 and all(RULE_CELL.fullmatch(cell.strip()) for cell in filled[at - 1][1]):
                    break
                at -= 1
            return at
    # No numbers at all: the first record of the usual width is taken for the header.
    return next((at for at, (_, cells) in enumerate(filled) if len(cells) == width), 0) + 1


def header_rows(filled: list[Record], at: int, width: int, numeric: set[int], records: list[Record]) -> list[Record]:
    """The records of words right above the first row: the names, then perhaps units."""
    blanks = {line for line, cells in records if not cells or blank(cells)}
    found: list[Record] = []
    for record in reversed(filled[:at]):
        line, cells = record
        words = [cells[i] for i in range(len(cells)) if cells[i].strip()]
        least = max(1, min(width, len(cells)) * 0.5)
        if len(cells) < width - 1 or len(words) < least or len(found) == 3:
            break
        if found and len(cells) != width and any(map(looks_numeric, words)):
            break
        if found and blanks & set(range(line + 1, found[0][0])):
            break
        found.insert(0, record)
    return found


def years_for_names(filled: list[Record], at: int, numeric: set[int]) -> bool:
    """Whether the first row of numbers is a row of names after all: years, one step apart, as 2010, 2011, 2012."""
    cells, after = filled[at][1], [cells for _, cells in filled[at + 1 :]]
    first = [cells[i] for i in sorted(numeric) if i < len(cells)]
    if len(first) < 2 or not all(map(is_year, first)) or not after:
        return False
    steps = {int(later) - int(earlier) for earlier, later in zip(first, first[1:], strict=False)}
    below = [row[i] for row in after for i in numeric if i < len(row)]
    return len(steps) == 1 and steps != {0} and not all(map(is_year, below))


def named_in_comment(hidden: list[Record], width: int, comment: str) -> list[Record]:
    """Names that stand in the comment right above the numbers, as "# x y"."""
    line, cells = hidden[-1]
    cells = [cells[0].lstrip().removeprefix(comment), *cells[1:]]
    cells = cells[1:] if len(cells) == width + 1 and not cells[0].strip() else cells
    return [(line, cells)] if len(cells) == width > 1 and not any(map(looks_numeric, cells)) else []


def describe(
    layout: Layout, filled: list[Record], at: int, names: list[Record], hidden: list[Record], header: bool | None
) -> None:
    """Fill in the names, and say what stands around the table."""
    rows = filled[at:]
    top = names[0][0] if names else layout.first
    before = [line for line, _ in filled if line < top]
    if before:
        layout.notes.append(f"{lines_of(before)} above the table {was(before)} left out: “{shortened(filled[0][1])}”.")
    above = [line for line, _ in hidden if line < layout.first and line != top]
    if above:
        layout.notes.append(f"{lines_of(above)} with a comment above the table {was(above)} left out.")
    if names:
        layout.header, cells = names[0]
        layout.names = [cell.strip().lstrip("\ufeff").strip() for cell in cells]
        fix_width(layout, rows)
        for line, cells in names[1:]:
            layout.notes.append(
                f"Line {line}, “{shortened(cells)}”, was taken for units or a second header and left out."
            )
    else:
        layout.names = [""] * layout.width
        if header is None:
            layout.notes.append(
                f"No header was found: line {layout.first} holds numbers, so the columns are named by their position."
            )


def fix_width(layout: Layout, rows: list[Record]) -> None:
    """Where header and rows differ by one cell: a delimiter at the end, or row names without a header."""
    named = layout.names
    if layout.width == len(named) + 1 and rows:
        cut = [cells for _, cells in rows if len(cells) == layout.width]
        if all(not cells[-1].strip() for cells in cut):
            layout.width -= 1
        elif len({cells[0] for cells in cut}) == len(cut) > 2 and len(cut) == len(rows):
            layout.names = ["", *named]
            layout.notes.append(
                "The rows have one cell more than the header: their first cells were taken for row names."
            )
        else:
            layout.width -= 1
    elif layout.width < len(named):
        layout.width = len(named)
    layout.names += [""] * (layout.width - len(layout.names))
    layout.numeric = {i for i in layout.numeric if i < layout.width}
