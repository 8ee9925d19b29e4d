"""A table with named columns, how it was read, and the error for one that cannot be used."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.engine import Problem
from app.engine.problem import Scaling

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

    def __post_init__(self) -> None:
        if len(self.lines) != len(self.frame):
            object.__setattr__(self, "lines", np.arange(2, len(self.frame) + 2, dtype=np.int32))

    @property
    def n_rows(self) -> int:
        return len(self.frame)

    @cached_property
    def numeric_columns(self) -> list[str]:
        """Columns that can be a feature or the target, in the file's order."""
        return [str(name) for name in self.frame.select_dtypes("number").columns]

    @cached_property
    def date_columns(self) -> list[str]:
        return [str(name) for name in self.frame.select_dtypes("datetime").columns]

    @cached_property
    def text_columns(self) -> list[str]:
        return [str(name) for name in self.frame.columns.drop([*self.numeric_columns, *self.date_columns])]

    @cached_property
    def category_columns(self) -> list[str]:
        """Columns of text with 2 to 20 distinct values, each of which occurs in two rows on average."""
        most = min(20, self.n_rows // 2)
        few = [name for name in self.text_columns if self.frame[name].iloc[:1000].nunique() <= most]
        return [name for name in few if 2 <= self.frame[name].nunique() <= most]

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
        return Dataset(self.name, self.frame.iloc[rows], lines=self.lines[rows])

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
