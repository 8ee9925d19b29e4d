"""A table that a class can descend on."""

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
"""Only the first columns of text are searched for a row's name."""


class DatasetError(Exception):
    """A file or a choice of columns that cannot serve; the message is written for people.

    `reason` is one word for programs, such as "empty_file" or "too_few_rows".
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Reading:
    """How a file was read; the first four are words that `read_csv` takes to read it otherwise.

    `thousands` and `quote` are "" where the file has none, `header_line` is 0.
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
    """A table with named columns; `notes` says in sentences what was done to the file.

    Columns are float64 (NaN = missing), datetime64 or text (None = missing). `lines` [n] are the lines of the
    file in which the rows begin, from 1; `reading` is None where no file was read.
    """

    name: str
    frame: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    reading: Reading | None = None
    lines: NDArray[np.signedinteger] = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    def __post_init__(self) -> None:
        if len(self.lines) != len(self.frame):
            object.__setattr__(self, "lines", np.arange(2, len(self.frame) + 2, dtype=np.int32))

    @property
    def n_rows(self) -> int:
        return len(self.frame)

    @cached_property
    def numeric_columns(self) -> list[str]:
        """Names of the columns that can be a feature or the target, in the file's order."""
        return [str(name) for name in self.frame.select_dtypes("number").columns]

    @cached_property
    def date_columns(self) -> list[str]:
        return [str(name) for name in self.frame.select_dtypes("datetime").columns]

    @cached_property
    def text_columns(self) -> list[str]:
        return [str(name) for name in self.frame.columns.drop([*self.numeric_columns, *self.date_columns])]

    @cached_property
    def category_columns(self) -> list[str]:
        """Names of the text columns with 2 to 20 distinct values that each stand in two rows on average."""
        most = min(20, self.n_rows // 2)
        few = [name for name in self.text_columns if self.frame[name].iloc[:1000].nunique() <= most]
        return [name for name in few if 2 <= self.frame[name].nunique() <= most]

    def place(self, row: int) -> str:
        """ "line 5 (“Alaska”)" of the file: a short text in one of the first columns, if no other row has it there."""
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
        """Row numbers in order: all, or `most` drawn fairly and always the same."""
        return fair_sample(self.n_rows, most)

    def sample(self, most: int) -> "Dataset":
        """The same table, or a fair sample of its rows."""
        rows = self.sample_rows(most)
        if len(rows) == self.n_rows:
            return self
        return Dataset(self.name, self.frame.iloc[rows], lines=self.lines[rows])

    def problem(self, *, features: Sequence[str], target: str, scaling: Scaling = "none") -> Problem:
        """Least squares of `target` on `features`; its `in_file_units` leads back from any scaling.

        Rows without a value in all of them are left out; `select` says which, and offers more.
        Raises DatasetError when the chosen columns cannot serve.
        """
        # Here, because a selection is made of a dataset.
        from app.dataset.choice import ColumnChoice
        from app.dataset.selection import select

        return select(self, ColumnChoice(target, tuple(features), scaling=scaling)).problem


def fair_sample(n: int, most: int) -> NDArray[np.intp]:
    """Numbers below n in order: all, or `most` drawn fairly and always the same."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, most, replace=False))
