"""Checks of whether there are enough rows, and values in them."""

from collections.abc import Iterator

from app.dataset.doctor.finding import Finding
from app.dataset.selection import Selection
from app.wording import count, listed

MAX_NAMED_COLUMNS = 5
"""Columns with a sentence of their own about their missing values; one sentence names the rest."""


def check_usage(selection: Selection) -> Iterator[Finding]:
    """How many rows were read and used, and why the others were not."""
    target = selection.columns.target
    lacking = sum(len(found) for name, found in selection.missing.items() if name != target)
    fills = selection.columns.missing == "leave_out" and lacking > 0
    button = ("Fill with the mean", {"missing": "mean"}) if fills else ("", {})
    yield Finding("rows", len(selection.left_out) > selection.dataset.n_rows / 2, selection.usage, *button)


def check_missing_values(selection: Selection) -> Iterator[Finding]:
    """Which columns have missing values, and what is done about them."""
    columns = sorted(selection.missing, key=lambda name: -len(selection.missing[name]))
    for name in columns[:MAX_NAMED_COLUMNS]:
        found = selection.missing[name]
        if name in selection.filled:
            done = f"There it became {selection.filled[name]}."
        else:
            done = "This row is left out." if len(found) == 1 else "These rows are left out."
        sentence = f"“{name}” has no value in {count(len(found), 'row')} ({selection.lines(found)}). {done}"
        yield Finding("missing", False, sentence)
    if others := columns[MAX_NAMED_COLUMNS:]:
        cells = sum(len(selection.missing[name]) for name in others)
        names = listed([f"“{name}”" for name in others])
        yield Finding("missing", False, f"Another {count(cells, 'value')} are missing in {names}.")


def check_row_count(selection: Selection) -> Iterator[Finding]:
    """Whether there are too few rows, so that the fit may pass through every point."""
    m, weights = len(selection.rows), len(selection.terms)
    learned = f"{count(m, 'row')} for {count(weights, 'weight')} and a bias"
    if m <= weights + 1:
        sentence = f"There are only {learned}: the fit can pass through every point and predicts nothing."
        yield Finding("few", True, f"{sentence} Add rows or choose fewer features.")
    elif m < 2 * (weights + 1):
        yield Finding("few", False, f"There are only {learned}, so the fit may follow chance.")
