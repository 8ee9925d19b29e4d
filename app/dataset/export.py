"""Tables as files."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from app.dataset.selection import Selection

NUMBER = re.compile(r"[+-]?(\d[\d.,\s]*|[.,]\d+)(e[+-]?\d+)?\s*%?", re.IGNORECASE)
"""A text that a spreadsheet takes for a number, whatever its sign."""


def table_csv(columns: Mapping[str, Sequence[Any] | np.ndarray[Any, Any]]) -> bytes:
    """Columns of one length as CSV in UTF-8, with the mark by which spreadsheets know that.

    Numbers have all their digits, and what is missing is empty. No name and no text is a formula.
    """
    frame = pd.DataFrame({name: _column(values) for name, values in columns.items()})
    return frame.rename(columns=safe_cell).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _column(values: Sequence[Any] | np.ndarray[Any, Any]) -> Any:
    if isinstance(values, np.ndarray):
        return values
    # As objects: pandas would make 7 beside an empty cell 7.0.
    return pd.Series([safe_cell(value) if isinstance(value, str) else value for value in values], dtype=object)


def rows_csv(selection: Selection) -> bytes:
    """Features and target of the rows used: what was missing is filled, and dates are days."""
    return table_csv({**feature_columns(selection), selection.columns.target: selection.target})


def feature_columns(selection: Selection) -> dict[str, Any]:
    """The features of the rows used: numbers [m], or the words of a category."""
    return {
        feature.label: [feature.levels[int(place)] for place in column] if feature.levels else column
        for feature, column in zip(selection.features, selection.feature_values.T, strict=True)
    }


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula; one that reads as a number stays as it is."""
    is_formula = text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    return f"'{text}" if is_formula and not NUMBER.fullmatch(text) else text
