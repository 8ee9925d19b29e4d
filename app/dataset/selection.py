"""From a dataset and a choice of columns to the rows and numbers that the descent uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from app.dataset.choice import ColumnChoice
from app.dataset.dataset import Dataset, DatasetError, random_sample
from app.dataset.features import Array, Feature, Rows, fill, read, rebase
from app.dataset.terms import Term, evaluate, terms_of
from app.engine import Problem
from app.wording import count, exact, lines, listed, quoted

NO_ROWS = np.empty(0, np.intp)

MAX_TERMS = 1000
"""With more columns in the design matrix one step takes longer than anyone would watch."""

MAX_SQUARABLE = 1e150
"""Its square, summed over all rows, is still finite."""


@dataclass(frozen=True, eq=False)
class Selection:
    """The rows and numbers that the descent uses: m rows, f features, k terms."""

    dataset: Dataset
    columns: ColumnChoice
    features: tuple[Feature, ...]
    """What each chosen feature is."""
    terms: tuple[Term, ...]
    """What each column of the design matrix is."""
    feature_values: Array
    """[m, f] numbers of the features; the same array as `design` where each feature is a term as it is."""
    design: Array
    """[m, k] the design matrix, in the file's units."""
    target: Array
    """[m] in the file's units."""
    rows: Rows
    """[m] positions in the dataset's frame."""
    reasons: Mapping[str, Rows]
    """Why the other rows are left out, and which they are."""
    missing: Mapping[str, Rows]
    """Rows without a value, by column."""
    filled: Mapping[str, str]
    """What the missing values of a column became, in words."""

    @property
    def left_out(self) -> Rows:
        """Positions in the dataset's frame of the rows that are not used, sorted."""
        return np.sort(np.concatenate([np.empty(0, np.intp), *self.reasons.values()]))

    def evaluate(self, feature_values: Array) -> Array:
        """The terms [p, k] of feature values [p, f]."""
        return evaluate(self.terms, feature_values)

    @cached_property
    def problem(self) -> Problem:
        """The least-squares problem of the target on the terms; its `in_file_units` undoes the scaling."""
        return Problem(self.design, self.target, scaling=self.columns.scaling)

    @cached_property
    def means(self) -> Array:
        """Means of the terms [k], in the file's units."""
        problem = self.problem
        return (problem.gram[-1, :-1] * problem.scales + problem.means).numpy()

    @cached_property
    def stds(self) -> Array:
        """Standard deviations of the terms [k], in the file's units."""
        return np.asarray((self.problem.covariance_root.norm(dim=0) * self.problem.scales).numpy())

    @cached_property
    def ranges(self) -> list[tuple[float, float]]:
        """Lowest and highest value of each feature in the rows used."""
        return [(float(column.min()), float(column.max())) for column in self.feature_values.T]

    @cached_property
    def centre(self) -> Array:
        """[f] the mean of each feature, or a category's commonest level."""
        means = [
            feature.commonest if feature.levels else self.feature_values[:, j].mean()
            for j, feature in enumerate(self.features)
        ]
        return np.array(means, dtype=float)

    def sample(self, most: int) -> Rows:
        """Positions among the rows used: all, or a random sample of `most`, always the same; sorted."""
        return random_sample(len(self.rows), most)

    @property
    def usage(self) -> str:
        """How many rows were read and used, and which were left out and why."""
        n, m = self.dataset.n_rows, len(self.rows)
        if n == m:
            return "The one row is used." if n == 1 else f"All {n:,} rows are used."
        ordered = sorted(self.reasons.items(), key=lambda reason: -len(reason[1]))
        why = [f"{len(rows):,} with {reason} ({self.lines(rows)})" for reason, rows in ordered]
        return f"{count(n, 'row')} read, {m:,} used, {n - m:,} left out: {listed(why, 4)}."

    def lines(self, rows: Rows) -> str:
        """Such as "lines 4 and 7" of the file, of rows at these positions."""
        return lines(self.dataset.lines[rows])

    @property
    def notes(self) -> list[str]:
        """What was done to the rows and columns, in sentences."""
        notes = [self.usage] if self.reasons else []
        for name, value in self.filled.items():
            rows = self.missing[name]
            notes.append(f"In “{name}” {count(len(rows), 'missing value')} ({self.lines(rows)}) became {value}.")
        degrees = dict(self.columns.degrees)
        for feature in self.features:
            if feature.levels:
                others = [level for k, level in enumerate(feature.levels) if k != feature.commonest]
                reference = feature.levels[feature.commonest]
                notes.append(
                    f"“{feature.name}” is a category: {quoted(others)} each get a weight of their own, "
                    f"measured from “{reference}”, the commonest."
                )
                if degrees.get(feature.name, 1) > 1:
                    notes.append(f"“{feature.name}” is a category and has no powers, so its degree is not used.")
            elif feature.first_day:
                notes.append(f"“{feature.name}” counts the days since {feature.first_day}.")
        return notes


def select(dataset: Dataset, columns: ColumnChoice) -> Selection:
    """The rows and numbers of these columns.

    Rows whose target is missing or infinite, or with an infinite feature, are always left out. A missing feature is
    filled with the mean or median, a category with its commonest level, or the row is left out. A category becomes a
    term for each level but the commonest. Raises DatasetError, with the reason, where no descent is possible.
    """
    values, features = _values(dataset, columns)
    missing = {name: rows for name, column in values.items() if len(rows := np.flatnonzero(np.isnan(column)))}
    reasons = _reasons(columns, values, missing)
    rows = np.delete(np.arange(dataset.n_rows), np.concatenate([NO_ROWS, *reasons.values()]))
    _check_rows(dataset, values, rows)
    feature_values, filled = np.empty((len(rows), len(features))), {}
    for j, feature in enumerate(features):
        column = feature_values[:, j]
        column[:] = values[feature.name] if len(rows) == dataset.n_rows else values[feature.name][rows]
        holes = np.flatnonzero(np.isnan(column)) if feature.name in missing else NO_ROWS
        if len(holes):
            filled[feature.name] = fill(column, feature, columns.missing)
            missing[feature.name] = rows[holes]
        features[j] = rebase(column, feature)
    terms = _terms(dataset, columns, features)
    target = values[columns.target][rows]
    design = evaluate(terms, feature_values)
    selection = Selection(
        dataset, columns, tuple(features), terms, feature_values, design, target, rows, reasons, missing, filled
    )
    _check_sizes(selection)
    return selection


def _values(dataset: Dataset, columns: ColumnChoice) -> tuple[dict[str, Array], list[Feature]]:
    """Numbers [n] of each column, NaN where missing, the target's first; and what each feature is."""
    if columns.target not in dataset.numeric_columns:
        raise DatasetError(
            "need_two_numeric_columns",
            f"“{dataset.name}” has no column of numbers “{columns.target}” to predict. Choose another target.",
        )
    if not columns.features:
        raise DatasetError("need_two_numeric_columns", "There is no feature to predict from. Choose at least one.")
    values = {columns.target: dataset.values(columns.target)}
    features = []
    for name in columns.features:
        feature, values[name] = read(dataset, name)
        features.append(feature)
    return values, features


def _reasons(columns: ColumnChoice, values: Mapping[str, Array], missing: Mapping[str, Rows]) -> dict[str, Rows]:
    """Why rows are left out, each for the first reason found, and their positions."""
    usable = np.ones(len(values[columns.target]), bool)
    reasons = {}
    for name, column in values.items():
        needed = name == columns.target or columns.missing == "leave_out"
        lacking = missing.get(name, NO_ROWS) if needed else NO_ROWS
        for what, rows in (("no value", lacking), ("an infinite value", np.flatnonzero(np.isinf(column)))):
            rows = rows[usable[rows]]
            usable[rows] = False
            if len(rows):
                reasons[f"{what} in “{name}”"] = rows
    return reasons


def _check_rows(dataset: Dataset, values: Mapping[str, Array], rows: Rows) -> None:
    if dataset.n_rows == 0:
        raise DatasetError("no_rows", f"“{dataset.name}” has no rows. Choose a file with at least two rows of numbers.")
    for name, column in values.items():
        if not np.isfinite(column).any():
            raise DatasetError("no_usable_rows", f"“{name}” has no value in any row. Choose another column.")
        if len(rows) and not np.isfinite(column[rows]).any():
            raise DatasetError(
                "no_usable_rows", f"“{name}” has no value in any of the {len(rows):,} rows left. Choose another column."
            )
    if len(rows) == 0:
        raise DatasetError(
            "no_usable_rows",
            f"None of the {count(dataset.n_rows, 'row')} of “{dataset.name}” has a value in all of {quoted(values)}. "
            "Fill what is missing with the mean, or choose fewer columns.",
        )
    # A table of a single row is shown all the same.
    if len(rows) == 1 < dataset.n_rows:
        raise DatasetError(
            "too_few_rows",
            f"Only one row of “{dataset.name}” (line {dataset.lines[rows[0]]}) has a value in all of {quoted(values)}, "
            "and a fit needs two. Add rows, or choose other columns.",
        )


def _terms(dataset: Dataset, columns: ColumnChoice, features: list[Feature]) -> tuple[Term, ...]:
    terms = tuple(islice(terms_of(features, dict(columns.degrees), columns.interactions), MAX_TERMS + 1))
    if len(terms) > MAX_TERMS:
        raise DatasetError(
            "too_wide",
            f"These choices make more than {MAX_TERMS:,} columns to descend on. "
            "Choose fewer features, lower degrees or no interactions.",
        )
    if not terms:
        raise DatasetError(
            "need_two_numeric_columns",
            f"{quoted(columns.features)} {'is' if len(features) == 1 else 'are'} the same in every row used, "
            "so there is nothing to predict from. Choose another feature.",
        )
    return terms


def _check_sizes(selection: Selection) -> None:
    """Refuse a value that is too large to square, with its column and line."""
    names = [term.name for term in selection.terms] + [selection.columns.target]
    lows = [*selection.design.min(axis=0), selection.target.min()]
    highs = [*selection.design.max(axis=0), selection.target.max()]
    for j, (name, low, high) in enumerate(zip(names, lows, highs, strict=True)):
        if -MAX_SQUARABLE <= low and high <= MAX_SQUARABLE:
            continue
        column = selection.design[:, j] if j < len(selection.terms) else selection.target
        row = int(np.argmax(~(np.abs(column) <= MAX_SQUARABLE)))
        line = selection.dataset.lines[selection.rows[row]]
        raise DatasetError(
            "non_finite_values",
            f"“{name}” is {exact(column[row])} in line {line} of “{selection.dataset.name}”, which is too large "
            "to square. Correct the value or choose other columns.",
        )
