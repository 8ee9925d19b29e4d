"""Where the table stands in a file: what comes before it, its header, its first row."""

import re
from collections import Counter
from dataclasses import dataclass, field

from app.dataset.dataset import DatasetError
from app.dataset.reading.names import (
    Record,
    are_groups,
    below_a_small_table,
    has_numbers,
    header_rows,
    is_like_rows,
    joined,
)
from app.dataset.reading.numerals import is_missing, is_no_word, looks_numeric, nearly_numeric
from app.dataset.reading.spellings import COMMENT_MARK
from app.dataset.reading.wording import lines_of, shortened, was

RULE_CELL = re.compile(r"|:?-{3,}:?|={3,}")
"""A cell of a line that is drawn below the names."""

BLANK_CHARACTERS = "\ufeff \t\r\n\x1a"
"""A cell of these alone is blank; \\x1a is DOS's end-of-file mark."""

NUMERIC_SAMPLE_CELLS = 50_000
"""Cells that decide which columns are numeric, roughly."""

ROWS_COMPARED = 50
"""With a line of words above them, which may be one of them."""

MAX_UNIT_CHARACTERS = 12
"""Of a unit in a line of its own."""

MAX_COLUMNS = 16_384
"""As many as a spreadsheet has."""

Header = bool | tuple[int, ...] | None
"""Whether there is a line of names, or which lines hold them, from 1; None finds out."""


@dataclass
class Layout:
    """Where the table stands. Lines count from 1 and are 0 where there is no such line; columns count from 0."""

    width: int
    """Columns."""
    names: list[str]
    """Of the columns; "" without a header."""
    header: int
    """Line of the names."""
    first: int
    """Line of the first row."""
    numeric: set[int]
    """Positions of the numeric columns."""
    comment: str = ""
    """What comments begin with."""
    notes: list[str] = field(default_factory=list)
    """What was left out or is doubtful, in sentences."""
    units: list[str] = field(default_factory=list)
    """Of the columns, from a line below their names; empty without one."""

    def looks_like_header(self, cells: list[str]) -> bool:
        """Whether at least half of the cells, and two, are filled, none of them with a number."""
        filled = [cell for cell in cells if cell.strip()]
        return len(filled) >= max(2, len(cells) / 2) and not has_numbers(filled)

    def has_number(self, cells: list[str]) -> bool:
        """Whether a numeric column holds a number."""
        return any(i < len(cells) and looks_numeric(cells[i]) for i in self.numeric)

    def has_word(self, cells: list[str]) -> bool:
        """Whether a numeric column holds a word."""
        return any(i < len(cells) and not is_no_word(cells[i]) and not nearly_numeric(cells[i]) for i in self.numeric)


def find_layout(records: list[Record], name: str, header: Header, first_line: int = 0) -> Layout:
    """The layout of a file, from its first records.

    `header` says whether it has one, or which lines hold the names; None finds out. So does 0 for the first row's line.
    Raises DatasetError where there is no table.
    """
    filled = [record for record in records if record[1] and not blank(record[1])]
    comment, filled, comments = without_comments(filled)
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
    named = header if isinstance(header, tuple) else ()
    least = max(first_line, named[-1] + 1 if named and not first_line else 0)
    if least:
        at = next((at for at, (line, _) in enumerate(filled) if line >= least), len(filled))
    else:
        at = first_row(filled, width, numeric)
        if small := below_a_small_table(filled[at:], width, numeric):
            at += small + 1
        while (
            at > 1
            and {width} == {len(cells) for _, cells in filled[at - 2 : at]}
            and is_like_rows(filled[at - 1][1], filled[at : at + ROWS_COMPARED])
        ):
            at -= 1
    names = header_rows(filled[:at], width, {line for line, cells in records if not cells or blank(cells)})
    if named:
        names = [record for record in records if record[0] in named]
    elif header is False:
        at, names = at - len(names), []
    elif not names and not first_line and (header or names_are_years(filled[at:], numeric)):
        names, at = filled[at : at + 1], at + 1
    first = first_line or (filled[at][0] if at < len(filled) else 0)
    layout = Layout(width, [], 0, first, numeric, comment)
    if not names and comments and header is not False:
        names = named_in_comment(comments[-1], width, comment)
    describe(layout, filled, at, names, comments, header, name)
    return layout


def blank(cells: list[str]) -> bool:
    return not "".join(cells).strip(BLANK_CHARACTERS)


def begins_with(mark: str, cells: list[str]) -> bool:
    """Whether a record is a comment; "#N/A" and "--" in a first cell are missing values."""
    return cells[0].lstrip().startswith(mark) and not is_missing(cells[0])


def without_comments(filled: list[Record]) -> tuple[str, list[Record], list[Record]]:
    """The comment mark, the records that are not comments, and those that are."""
    firsts = [cells[0] for _, cells in filled if not is_missing(cells[0])]
    marks = Counter(found[1].strip() for first in firsts if (found := COMMENT_MARK.match(first)))
    for mark, count in marks.most_common():
        marked = [record for record in filled if begins_with(mark, record[1])]
        others = [record for record in filled if not begins_with(mark, record[1])]
        if is_marked_header(marked, others):
            break
        if count == len(filled) or are_comments(marked, filled):
            return mark, others, marked
    return "", filled, []


def is_marked_header(marked: list[Record], others: list[Record]) -> bool:
    """Such as "#id, x, y" above rows of numbers."""
    if len(marked) != 1 or not others:
        return False
    (line, names), (first, cells) = marked[0], others[0]
    return line < first and len(names) == len(cells) > 1 and not has_numbers(names) and has_numbers(cells)


def are_comments(marked: list[Record], filled: list[Record]) -> bool:
    """Whether marked records are comments, rather than data such as "#1, 2.5" in row after row."""
    data = sum(has_numbers(cells) for _, cells in marked)
    if marked[0] == filled[0]:
        return data <= len(marked) / 2
    return not data or len(marked) <= len(filled) / 2


def usual_width(filled: list[Record]) -> int:
    """Cells of most records; a record of one cell counts only if there are no others."""
    widths = Counter(len(cells) for _, cells in filled)
    return max(widths, key=lambda width: (width > 1, widths[width], width))


def numeric_columns(filled: list[Record], width: int) -> set[int]:
    """Positions of the columns in which most cells below the first record are numbers."""
    body = [cells for _, cells in filled if len(cells) == width]
    body = body[-max(1, min(len(body) - 1, 10 + NUMERIC_SAMPLE_CELLS // width)) :]
    found = set()
    for i in range(width):
        cells = [cells[i] for cells in body if not is_missing(cells[i])]
        if sum(map(looks_numeric, cells)) > 0.5 * len(cells):
            found.add(i)
    return found


def first_row(filled: list[Record], width: int, numeric: set[int]) -> int:
    """Position of the first row: the first record of numbers, or of missing values right above it."""
    for at, (_, cells) in enumerate(filled):
        above = filled[at - 1][1] if at else []
        if is_row_of_numbers(cells, width, numeric) or is_row_below_names(above, cells, width, numeric):
            while at and is_row_of_nothing(filled[at - 1][1], width) and not (at > 1 and is_rule(filled[at - 1][1])):
                at -= 1
            return at
    # Without any numbers the first record of the usual width is the header.
    return next((at for at, (_, cells) in enumerate(filled) if len(cells) == width), 0) + 1


def is_row_of_numbers(cells: list[str], width: int, numeric: set[int]) -> bool:
    """Whether most numeric columns hold a number; "Samples, 40" above a wider table is not a row."""
    if len(cells) < min(width, max(2, width - 1)):
        return False
    present = [cells[i] for i in numeric if i < len(cells) and not is_missing(cells[i])]
    numbers = sum(map(looks_numeric, present))
    return numbers >= max(1, 0.5 * len(present)) and (len(cells) == width or numbers == len(present))


def is_row_below_names(above: list[str], cells: list[str], width: int, numeric: set[int]) -> bool:
    """Whether a record with any number stands below a full line of names, as a row with many words for "trace" does."""
    full = len(above) == len(cells) == width and all(cell.strip() for cell in above) and not has_numbers(above)
    return full and any(nearly_numeric(cells[i]) for i in numeric)


def is_row_of_nothing(cells: list[str], width: int) -> bool:
    """Such as "NA, -, inf"."""
    return len(cells) == width and all(map(is_no_word, cells))


def is_rule(cells: list[str]) -> bool:
    """A line that is drawn below the names, such as "---, :---:"."""
    return all(RULE_CELL.fullmatch(cell.strip()) for cell in cells)


def names_are_years(rows: list[Record], numeric: set[int]) -> bool:
    """Whether the first row of numbers is a row of names after all: years, one step apart, as 2010, 2011, 2012."""
    if len(rows) < 2:
        return False
    first, *below = [[cells[i] for i in sorted(numeric) if i < len(cells)] for _, cells in rows]
    if len(first) < 2 or not all(map(is_year, first)):
        return False
    steps = {int(later) - int(earlier) for earlier, later in zip(first, first[1:], strict=False)}
    return len(steps) == 1 and steps != {0} and not all(is_year(cell) for cells in below for cell in cells)


def is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"(1[6-9]|20|21)\d\d", cell.strip()))


def named_in_comment(comment: Record, width: int, mark: str) -> list[Record]:
    """The names in a comment right above the numbers, such as "# x y"."""
    line, cells = comment
    cells = [cells[0].lstrip().removeprefix(mark), *cells[1:]]
    cells = cells[1:] if len(cells) == width + 1 and not cells[0].strip() else cells
    return [(line, cells)] if len(cells) == width > 1 and not has_numbers(cells) else []


def describe(
    layout: Layout,
    filled: list[Record],
    at: int,
    names: list[Record],
    comments: list[Record],
    header: Header,
    name: str,
) -> None:
    """Fill in the names, and note what stands around the table."""
    rows = filled[at:]
    top = names[0][0] if names else layout.first
    named = {line for line, _ in names}
    before = [record for record in filled[:at] if record[0] not in named]
    if before:
        lines = [line for line, _ in before]
        layout.notes.append(f"{lines_of(lines)} above the table {was(lines)} left out: “{shortened(before[0][1])}”.")
    above = [line for line, _ in comments if line < layout.first and line != top]
    if above:
        layout.notes.append(f"{lines_of(above)} with a comment above the table {was(above)} left out.")
    if names:
        layout.header, cells = names[0]
        others = names[1:]
        if others and (isinstance(header, tuple) or are_groups(cells, others[0][1], layout.width)):
            cells = joined(cells, others[0][1])
            layout.notes.append(f"The names are those of lines {layout.header} and {others[0][0]}.")
            others = others[1:]
        layout.names = [cell.strip().lstrip("\ufeff").strip() for cell in cells]
        fix_width(layout, rows, name)
        for line, cells in others:
            layout.notes.append(
                f"Line {line}, “{shortened(cells)}”, was taken for units or a second header and left out."
            )
        if len(others) == 1 and len(others[0][1]) == layout.width:
            units = [cell.strip().strip("()[]") for cell in others[0][1]]
            layout.units = units if all(len(unit) <= MAX_UNIT_CHARACTERS for unit in units) else []
    else:
        layout.names = [""] * layout.width
        if header is None:
            layout.notes.append(
                f"No header was found: line {layout.first} holds numbers, so the columns are named by their position."
            )


def fix_width(layout: Layout, rows: list[Record], name: str) -> None:
    """Correct a width that differs by one from the header's: a delimiter ends each row, or row names have no name."""
    named = layout.names
    if layout.width == len(named) + 1 and rows:
        regular = [cells for _, cells in rows if len(cells) == layout.width]
        if are_row_names([cells for _, cells in rows], layout.width):
            layout.names = ["", *named]
            layout.notes.append(
                "The rows have one cell more than the header: their first cells were taken for row names."
            )
        elif all(not cells[-1].strip() for cells in regular):
            layout.width -= 1
        else:
            raise DatasetError(
                "ragged_rows",
                f"“{name}” has {len(named):,} names in line {layout.header}, where {len(regular):,} rows such as line "
                f"{rows[0][0]} have {layout.width:,} cells: “{shortened(named)}”. Fix line {layout.header}.",
            )
    elif layout.width < len(named):
        layout.width = len(named)
    layout.names += [""] * (layout.width - len(layout.names))
    layout.numeric = {i for i in layout.numeric if i < layout.width}


def are_row_names(rows: list[list[str]], width: int) -> bool:
    """Whether the first cells are distinct and the last ones are not all blank, as behind a delimiter at the end."""
    firsts = {cells[0] for cells in rows}
    return len(firsts) == len(rows) > 2 and {*map(len, rows)} == {width} and any(cells[-1].strip() for cells in rows)
