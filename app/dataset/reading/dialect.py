"""The dialect of a file: its delimiter, quote and escape characters.

Candidates are ranked by how regular the records are times how many columns are numbers. That is the consistency score
(pattern × type) of van den Burg, Nazábal and Sutton (2019), "Wrangling messy CSV files by detecting row and type
patterns", Data Mining and Knowledge Discovery 33. Their library CleverCSV is not used: it knows many types where only
numbers matter here, and long lines take it seconds.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.dataset.dataset import DatasetError
from app.dataset.reading.cells import common_unit
from app.dataset.reading.numerals import is_missing, is_time, looks_numeric

csv.field_size_limit(1 << 30)  # characters in a cell, for the whole process; the default is 131,072

DELIMITERS = (",", ";", "\t", "|", " ", "  ", "^", "~", ":", "&", "#", "\x1f", "\x01")
"""In order of preference; " " is one space or more, "  " two or more."""

MAX_SCORED_RECORDS = 300
"""Records of the sample that are scored."""

MAX_SCORED_CELLS = 20_000
"""Cells of the sample that are scored, roughly."""

CELLS_PER_BLOCK = 40_000
"""Cells held as Python strings at a time; each takes some 60 bytes."""

CELLS_PER_COUNT = 100
"""A block's cells are counted about once for each hundred of them."""

UNKNOWN_TYPE_SCORE = 1e-9
"""Type score of a dialect without a numeric column: where all are, regularity decides, then the order of DELIMITERS."""

SEP_HINT = re.compile(r'[ \t]*"?sep=(.|\\t)"?[,;\t]*[ \r\n]*', re.IGNORECASE)
"""Excel's hint about the delimiter, in the first line."""

FORMULA = r'(^|{0})(?:="([^"\r\n]*)"|"=""([^"\r\n]*)""")(?=$|{0}|\r|\n)'
"""A cell such as ="11.5", quoted or not, between delimiters."""

SPACED_CELL = re.compile(r'(?:[^ \t"]++|"[^"]*+"|")++')
"""A cell between spaces; spaces inside quotes belong to it."""

AROUND_A_TIME = re.compile(r"^\s*(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\.?[T ]+)|( ?[AaPp][Mm]|Z|[+-]\d\d:?\d\d)\s*$")
"""The date before a time, and what may follow it."""

NO_DELIMITER = "\x1f"
"""Delimiter given to csv.reader for one-column files: a control character that text never contains."""

Records = tuple[NDArray[np.int32], list[list[str]]]
"""Consecutive records: the lines on which they begin, from 1, and their cells."""


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    quote: str = '"'
    escape: str = ""
    formulas: bool = False
    """Whether some cells are such as ="11.5", by which programs keep a spreadsheet from changing them."""

    def records(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line on which it begins, from 1; cells are as they stand, without quotes."""
        for begins, records in self.blocks(lines):
            yield from zip(begins.tolist(), records, strict=True)

    def blocks(self, lines: Iterable[str]) -> Iterator[Records]:
        """The same, many records at a time; the first block is small, so that it comes soon."""
        reader = self.reader(lines)
        before, most = 0, CELLS_PER_BLOCK // 100
        while records := next_records(reader, most):
            begins = np.arange(before + 1, reader.line_num + 1, dtype=np.int32)
            if len(begins) != len(records):
                begins = np.fromiter(accumulate(map(lines_in, records), initial=before + 1), np.int32, len(records))
            before, most = reader.line_num, CELLS_PER_BLOCK
            yield begins, records

    def reader(self, lines: Iterable[str]) -> Any:
        if self.formulas:
            cell = re.compile(FORMULA.format(re.escape(self.delimiter or NO_DELIMITER)))
            lines = (cell.sub(lambda found: f'{found[1]}"{found[2] or found[3]}"', line) for line in lines)
        if self.delimiter.startswith(" "):
            lines = (spaced(line, self.delimiter) for line in lines)
        return csv.reader(
            lines,
            delimiter="\t" if self.delimiter.startswith(" ") else self.delimiter or NO_DELIMITER,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape or None,
            skipinitialspace=True,
        )

    def is_wider(self, line: str, than: int) -> bool:
        """Whether a line has more than `than` cells; stops as soon as that is certain."""
        if line.count(self.delimiter[:1] or NO_DELIMITER) < than:
            return False
        mark = {" ": " +", "  ": " {2,}"}.get(self.delimiter, re.escape(self.delimiter or NO_DELIMITER))
        parts = rf"{self.quote}[^{self.quote}]*{self.quote}|{mark}" if self.quote else mark
        marks = (match for match in re.finditer(parts, line) if not self.quote or match[0][0] != self.quote)
        return sum(1 for _ in islice(marks, than)) == than


def next_records(records: Iterator[list[str]], most: int) -> list[list[str]]:
    """The next records, until they have about `most` cells."""
    found, cells, n = list[list[str]](), 0, 1
    while cells <= most and (some := list(islice(records, n))):
        found += some
        cells += sum(map(len, some), len(some))
        n = 1 + CELLS_PER_COUNT * len(found) // cells
    return found


def lines_in(record: list[str]) -> int:
    text = "\0".join(record)
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


def spaced(line: str, delimiter: str) -> str:
    """A line with tabs instead of the spaces that align its columns; quoted text keeps its spaces."""
    end = "\n" if line.endswith(("\n", "\r")) else ""
    if delimiter == " ":
        return "\t".join(SPACED_CELL.findall(line.strip()) if '"' in line else line.split()) + end
    return re.sub(r'("[^"]*")| {2,}|\t+', lambda found: found[1] or "\t", line.strip()) + end


def find_dialect(sample: str, delimiter: str | None = None) -> Dialect:
    """The dialect in which most of the sample's columns are numbers, in rows of equal length."""
    if delimiter is not None and (delimiter.isalnum() or (delimiter not in DELIMITERS and not is_mark(delimiter))):
        raise DatasetError(
            "wrong_format", f"“{delimiter}” cannot separate columns. Choose a single mark, such as a semicolon."
        )
    lines = list(islice(io.StringIO(sample, newline=""), 4 * MAX_SCORED_RECORDS))
    if len(lines) > 1 and not lines[-1].endswith(("\r", "\n")):
        lines.pop()  # may be cut off
    hint = SEP_HINT.fullmatch(lines[0]) if lines else None
    if delimiter is None and hint:
        delimiter = hint[1].replace("\\t", "\t")
    lines = lines[1:] if hint else lines
    escape = "\\" if '\\"' in sample else ""
    delimiters = [delimiter] if delimiter is not None else [d for d in DELIMITERS if d in sample]
    quotes = ['"', "'"] if re.search(r"(^|[,;|\t]) *'[^'\n]*' *([,;|\t]|$)", sample[:100_000], re.MULTILINE) else ['"']
    formulas = '="' in sample or '"=""' in sample
    candidates = [Dialect(d, q, e, formulas) for e in {"": None, escape: None} for q in quotes for d in delimiters]
    scored = [
        (score(dialect, lines) * trust(dialect.delimiter, lines), -i, dialect) for i, dialect in enumerate(candidates)
    ]
    score_of_best, _, best = max(scored, default=(0.0, 0, Dialect(",")))
    if score_of_best > 0 or delimiter is not None:
        return best
    return Dialect("," if "," in sample else ";" if ";" in sample else "")


def is_mark(delimiter: str) -> bool:
    return len(delimiter) <= 1 and delimiter not in ("\r", "\n", '"', "'", "\\", "\0")


def trust(delimiter: str, lines: list[str]) -> float:
    """Weight of a delimiter's score: colons also occur in times, and spaces inside the cells of tab-separated files."""
    if delimiter.startswith(" ") and sum("\t" in line for line in lines) > 0.8 * len(lines):
        return 0.5
    return 0.95 if delimiter == ":" else 1.0


def score(dialect: Dialect, lines: list[str]) -> float:
    """Share of numeric columns (type) × squared share of the records that have the usual length (pattern)."""
    records = [
        record
        for _, record in islice(dialect.records(lines), MAX_SCORED_RECORDS)
        if any(cell.strip() for cell in record)
    ]
    if not records:
        return 0.0
    # A delimiter at the end of a line does not begin another cell.
    lengths = Counter(len(record) - (not record[-1].strip()) for record in records)
    width = max(lengths, key=lambda length: (lengths[length] * (length > 1), length))
    if width < 2 or width > 20_000:
        return 0.0
    regular = [record for record in records if len(record) - (not record[-1].strip()) == width]
    regular = regular[: max(2, min(100, MAX_SCORED_CELLS // width))]
    body = regular[1:] or regular
    numeric = sum(is_numeric_column([record[i] for record in body]) for i in range(width))
    tall = min(1.0, len(regular) / 2)
    spans = sum("\n" in cell and cell.count(dialect.delimiter) >= width for record in regular for cell in record)
    share = lengths[width] / len(records)
    types = numeric / width * (1 + 0.001 * min(width, 20)) or UNKNOWN_TYPE_SCORE
    return tall * share**2 * types / (1 + spans)


def is_numeric_column(cells: list[str]) -> bool:
    """Whether most cells are numbers or times, or all have the same unit, as in "5 km"."""
    cells = [cell.strip() for cell in cells if not is_missing(cell)]
    numbers = sum(looks_numeric(cell) or is_time(AROUND_A_TIME.sub("", cell)) for cell in cells)
    with_unit = not numbers and all(cell[0] in "+-0123456789" for cell in cells) and common_unit(cells)
    return bool(cells) and (numbers > 0.5 * len(cells) or bool(with_unit))
