"""The rows that a descent uses as a file of their own."""

import pandas as pd

from app.dataset.selection import Selection


def rows_csv(selection: Selection) -> bytes:
    """Features and target of the rows used, in UTF-8: what was missing is filled, and dates are days."""
    table = {
        feature.label: [safe_cell(feature.levels[int(place)]) for place in column] if feature.levels else column
        for feature, column in zip(selection.features, selection.feature_values.T, strict=True)
    }
    table[selection.columns.target] = selection.target
    return pd.DataFrame(table).rename(columns=safe_cell).to_csv(index=False, lineterminator="\n").encode()


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
