"""A table with named columns, how it was read, and the error for one that cannot be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.dataset.wish import ColumnKind, ColumnWish, Wishes
from app.engine import Problem
from app.engine.problem import Scaling

MAX_LEVELS = 20
"""Of a category."""

MAX_ROW_NAME_CHARACTERS = 40

MAX_NAMING_COLUMNS = 3
"""The first columns of text are searched for a row's name."""


class DatasetError(Exception):
    """A file or a choice of columns cannot be used; the message, for people, says why and what to do.

    `reason` is one word for programs, such as "empty_file" or "too_few_rows".
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.dataset: Dataset | None = None
        """The table, where it can be read but no fit is possible."""


@dataclass(frozen=True)
class Reading:
    """How a file was read. `read_csv` takes the first four, to read it otherwise.

    Where the file has none, `thousands` and `quote` are "" and `header_line` is 0.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: bool
    quote: str = ""
    thousands: str = ""
    header_line: int = 0
    turned: bool = False
    """Whether the lines of the file are columns of the table."""


@dataclass(frozen=True)
class Account:
    """What is to be told of a column's cells, beyond the values that they became."""

    kind: str = ""
    """What they are, if that is more than the values say, such as "durations, in minutes"."""
    unit: str = ""
    numbers: int = 0
    """Cells of a column of text that are numbers."""
    odd: int = 0
    """Cells with a value that does not fit the column."""
    odd_cells: tuple[tuple[int, str], ...] = ()
    """Lines and texts of the first of these."""
    words: tuple[tuple[str, int], ...] = ()
    """Those that repeat, and how often; the commonest first."""
    taken: tuple[str, ...] = ()
    """What was taken off or changed, in sentences."""
    examples: tuple[str, ...] = ()
    """Cells as they stand in the file."""
    has_marks: bool = False
    """Whether there is something behind its numbers that can become a column of its own."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table with named columns."""

    name: str
    """The file's."""
    frame: pd.DataFrame
    """Columns are float64 (NaN = missing), datetime64 (NaT) or text (NaN)."""
    notes: list[str] = field(default_factory=list)
    """What was guessed, dropped or changed in reading, in sentences."""
    reading: Reading | None = None
    """None where no file was read."""
    lines: NDArray[np.signedinteger] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    """[n] lines of the file on which the rows begin, from 1."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    """Of columns, by name, that have something to tell."""
    present: Mapping[str, int] = field(default_factory=dict)
    """How many cells of each column have a value, if that was counted."""
    wishes: Wishes = field(default_factory=dict)
    """What the user said about columns, by name."""
    left_out_rows: int = 0
    """Rows of the file that are none of those measured, such as totals."""
    is_perhaps_on_side: bool = False
    """Whether the rows of the file may be meant as columns."""

    def __post_init__(self) -> None:
        if len(self.lines) != len(self.frame):
            object.__setattr__(self, "lines", np.arange(2, len(self.frame) + 2, dtype=np.int32))

    @property
    def n_rows(self) -> int:
        return len(self.frame)

    @cached_property
    def numeric_columns(self) -> list[str]:
        """Columns that can be a feature or the target, in the file's order."""
        return self._offered(self.frame.select_dtypes("number"))

    @cached_property
    def date_columns(self) -> list[str]:
        return self._offered(self.frame.select_dtypes("datetime"))

    @cached_property
    def text_columns(self) -> list[str]:
        """Columns of words, whether or not they can be a feature."""
        return [str(name) for name in self.frame.select_dtypes(exclude=["number", "datetime"]).columns]

    @cached_property
    def category_columns(self) -> list[str]:
        """Columns of text with 2 to 20 distinct values, each of which occurs in two rows on average.

        Where the user says that a column is one, it may occur once.
        """
        most = min(MAX_LEVELS, self.n_rows // 2)
        few = [
            name
            for name in self.text_columns
            if self.wished(name) in ("", "category")
            and (self.wished(name) or self.frame[name].iloc[:1000].nunique() <= most)
        ]
        return [name for name in few if 2 <= self.frame[name].nunique() <= (MAX_LEVELS if self.wished(name) else most)]

    def wished(self, column: str) -> ColumnKind:
        """What the user says that a column is."""
        return self.wishes.get(column, ColumnWish()).kind

    def _offered(self, frame: pd.DataFrame) -> list[str]:
        return [str(name) for name in frame.columns if self.wished(str(name)) != "out"]

    def place(self, row: int) -> str:
        """Such as "line 5 (“Alaska”)": named by a short text in one of the first columns, if no other row has it."""
        for column in self.text_columns[:MAX_NAMING_COLUMNS]:
            word = self.frame[column].iat[row]
            if (
                isinstance(word, str)
                and len(word) <= MAX_ROW_NAME_CHARACTERS
                and (self.frame[column] == word).sum() == 1
            ):
                return f"line {self.lines[row]} (“{word}”)"
        return f"line {self.lines[row]}"

    def values(self, column: str) -> NDArray[np.float64]:
        """[n] of one numeric column, in the file's units."""
        return self.frame[column].to_numpy(dtype="float64")

    def sample_rows(self, most: int) -> NDArray[np.intp]:
        """Positions of all rows, or of a random sample of `most`, always the same; sorted."""
        return random_sample(self.n_rows, most)

    def sample(self, most: int) -> "Dataset":
        """The table, or one of a random sample of `most` of its rows."""
        rows = self.sample_rows(most)
        if len(rows) == self.n_rows:
            return self
        return replace(self, frame=self.frame.iloc[rows], lines=self.lines[rows])

    def problem(self, *, features: Sequence[str], target: str, scaling: Scaling = "none") -> Problem:
        """The least-squares problem of `target` on `features`; its `in_file_units` undoes the scaling.

        Rows that lack any of these values are left out; `select` says which, and can do more.
        Raises DatasetError where no descent on these columns is possible.
        """
        # Imported here, since a selection imports datasets.
        from app.dataset.choice import ColumnChoice
        from app.dataset.selection import select

        return select(self, ColumnChoice(target, tuple(features), scaling=scaling)).problem


def random_sample(n: int, most: int) -> NDArray[np.intp]:
    """All numbers below n, or a random sample of `most` of them, always the same; sorted."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, most, replace=False))
