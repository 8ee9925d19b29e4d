"""Columns and settings for the first look at a file that nobody has prepared."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.dataset.choice import ColumnChoice
from app.dataset.dataset import Dataset, DatasetError
from app.dataset.features import Array, Rows
from app.dataset.identifiers import counts_rows, is_identifier, is_time, same_group
from app.dataset.selection import Selection, select
from app.engine.problem import Scaling
from app.engine.rates import epochs_of_slowest_mode

CHOICE_SAMPLE_ROWS = 2_000
"""Rows that columns are compared on; a random sample of longer files."""

SETTINGS_SAMPLE_ROWS = 20_000
"""Rows that settings and typical values are worked out from; a random sample of longer files."""

SLOWEST_ERROR_SHARE = 1e-3
"""The descent of a first look arrives when this share of the slowest error is left."""

EPOCH_CHOICES = (100, 200, 500, 1000, 2000, 5000)

MAX_UNSCALED_EPOCHS = 2_000
"""If a first look would take more epochs, the features are standardized instead."""

GOOD, CODE, TIME, COUNTER, REPEAT, POOR, USELESS = range(7)
"""How useful a column of numbers is as a target, from best to worst. A time is as good a feature as any other."""

MAX_CODES = 5
"""Of a category that is written in whole numbers; two are yes and no, which can well be predicted."""

MIN_ROWS_PER_CODE = 5


def first_choice(dataset: Dataset) -> ColumnChoice:
    """The columns of a first look: a target, and the feature that is most correlated with it.

    A good column of numbers varies, has a value in at least half of the rows, and neither identifies nor counts the
    rows nor repeats a column before it. The target is the last good one that is neither a time nor a code of a
    category. The feature is the good one with the largest correlation, if possible one of the target's group, such as
    its run; failing that a code, a date, then a counter of the rows (such as x = 1, 2, 3), then a category, then a
    poor column. Long files are judged by a random sample of their rows. The scaling is that of `suggested_settings`.
    Raises DatasetError where no two columns are usable.
    """
    rows, sample = dataset.sample_rows(CHOICE_SAMPLE_ROWS), dataset.sample(CHOICE_SAMPLE_ROWS)
    names = sample.numeric_columns
    table = sample.frame[names].to_numpy(dtype="float64")
    worths = _worths(names, table, rows)
    if min(worths, default=USELESS) == USELESS:
        raise _nothing_serves(dataset)
    target = max(i for i, worth in enumerate(worths) if worth == min(worths))
    likeness, mates = _correlations(table, target), same_group(names[target], names)
    ranked: list[tuple[float, bool, float, int, str]] = [
        (
            GOOD if worth == TIME or (worth == REPEAT and name in mates) else worth,
            name not in mates,
            -float(likeness[i]),
            i,
            name,
        )
        for i, (name, worth) in enumerate(zip(names, worths, strict=True))
        if i != target and worth != USELESS
    ]
    for worth, others in ((CODE + 0.5, sample.date_columns), (COUNTER + 0.5, dataset.category_columns)):
        ranked += [(worth, True, 0.0, i, name) for i, name in enumerate(others) if sample.frame[name].nunique() > 1]
    if not ranked:
        raise _nothing_serves(dataset)
    columns = ColumnChoice(names[target], (min(ranked)[-1],))
    return replace(columns, scaling=suggested_settings(select(sample, columns))["scaling"])


def suggested_settings(selection: Selection, scalings: Sequence[Scaling] = ("none", "standardize")) -> dict[str, Any]:
    """A learning rate, epochs and scaling for a good first picture, by the names of the settings.

    The scaling is the first of `scalings` with which the descent arrives in 2,000 epochs, else the last. The learning
    rate is a twentieth of the limit, so that one sees the descent arrive, or half the limit where that would take more
    than 1,000 epochs.
    """
    settings: dict[str, Any] = {}
    for scaling in scalings:
        problem = selection.problem.rescaled(scaling)
        for share in (0.05, 0.5):
            rate = _rounded_down(share * problem.max_learning_rate)
            epochs = epochs_of_slowest_mode(problem, rate, SLOWEST_ERROR_SHARE)
            if epochs <= MAX_UNSCALED_EPOCHS / 2:
                break
        enough = next((few for few in EPOCH_CHOICES if few >= epochs), EPOCH_CHOICES[-1])
        settings = {"learning_rate": rate, "epochs": enough, "scaling": scaling}
        if epochs <= MAX_UNSCALED_EPOCHS:
            break
    return settings


def _rounded_down(rate: float) -> float:
    """To 1, 2 or 5 times a power of ten."""
    mantissa, exponent = f"{rate:e}".split("e")
    return float(f"{max(digit for digit in (1, 2, 5) if digit <= float(mantissa))}e{exponent}")


def _worths(names: Sequence[str], table: Array, rows: Rows) -> list[int]:
    """How useful each column of a table [n, c] is; `rows` are the rows' positions in the file."""
    seen: set[bytes] = set()
    worths = []
    for name, values in zip(names, table.T, strict=True):
        finite = values[np.isfinite(values)]
        again = values.tobytes() in seen
        seen.add(values.tobytes())
        if len(finite) < 2 or finite.min() == finite.max():
            worths.append(USELESS)
        elif len(finite) < len(values) / 2 or is_identifier(name, values):
            worths.append(POOR)
        elif again:
            worths.append(REPEAT)
        elif counts_rows(values, rows):
            worths.append(COUNTER)
        elif is_time(name):
            worths.append(TIME)
        else:
            worths.append(CODE if _is_code(finite) else GOOD)
    return worths


def _is_code(values: Array) -> bool:
    """Whether values [n] are a few whole numbers, such as 1, 2 and 3 for the continents."""
    if (values[:1000] != np.floor(values[:1000])).any():
        return False
    return 2 < len(different := np.unique(values)) <= MAX_CODES and len(values) >= MIN_ROWS_PER_CODE * len(different)


def _correlations(table: Array, target: int) -> Array:
    """|Correlation| [c] of each column with the target, over the rows that have both; 0 where undefined."""
    both = np.isfinite(table) & np.isfinite(table[:, [target]])
    counts = np.maximum(both.sum(0), 1)

    def centred(values: Array) -> Array:
        values = np.where(both, values, 0.0)
        values = values / np.maximum(np.abs(values).max(axis=0), np.finfo(float).tiny)
        return np.where(both, values - values.sum(0) / counts, 0.0)

    x, y = centred(table), centred(table[:, [target]])
    lengths = np.sqrt((x**2).sum(0) * (y**2).sum(0))
    # Two points always lie on a line.
    return np.where((lengths > 0) & (counts > 2), np.abs((x * y).sum(0)) / np.maximum(lengths, 1e-300), 0.0)


def _nothing_serves(dataset: Dataset) -> DatasetError:
    return DatasetError(
        "need_two_numeric_columns",
        f"“{dataset.name}” has no two columns that a fit could use: one of numbers to predict, and one to predict it "
        "from. Columns that are empty or the same in every row do not count.",
    )
