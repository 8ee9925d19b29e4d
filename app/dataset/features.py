"""Chosen columns as numbers: as they are, as days, or as the position of a category's level."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from app.dataset.choice import Missing
from app.dataset.dataset import Dataset, DatasetError
from app.wording import exact, quoted, readable

Array = NDArray[np.float64]
Rows = NDArray[np.intp]


MAX_DAYS_WITH_HOURS = 10
"""Within fewer days the hour of a date matters."""


@dataclass(frozen=True)
class Feature:
    """What the numbers of a chosen column mean; of a column of numbers they are the values themselves."""

    name: str
    first_day: date | None = None
    """If given, they are days since this one."""
    levels: tuple[str, ...] = ()
    """If given, they are positions in these."""
    commonest: int = 0
    """Position of the level that the others are measured from."""

    @property
    def label(self) -> str:
        """The name, with the unit where that is not the file's."""
        return f"{self.name} (days since {self.first_day})" if self.first_day else self.name

    def day(self, number: float) -> date:
        """The day that a number means."""
        assert self.first_day
        return self.first_day + timedelta(days=int(np.floor(number)))

    def moment(self, number: float) -> datetime:
        """The day and time that a number means, to the second."""
        assert self.first_day
        return datetime.combine(self.first_day, time()) + timedelta(seconds=round(number * 86_400))

    def written(self, number: float) -> str:
        """What a number means, such as 7.5, "red" or 2024-03-01."""
        if self.levels:
            return self.levels[int(number)]
        if self.first_day and number != np.floor(number):
            return self.moment(number).isoformat(" ", "seconds").removesuffix(":00")
        return self.day(number).isoformat() if self.first_day else exact(number)

    def typical(self, column: Array) -> list[float | str | date]:
        """The quartiles of a column [m], to three digits; of a category three levels, repeated if it has fewer."""
        if self.levels:
            return [self.levels[k % len(self.levels)] for k in range(3)]
        quartiles = np.quantile(column, [0.25, 0.5, 0.75])
        if self.first_day:
            day = self.moment if np.ptp(column) < MAX_DAYS_WITH_HOURS else self.day
            return [day(value) for value in quartiles]
        return [float(f"{value:.3g}") for value in quartiles]

    def number(self, value: float | str | date) -> float:
        """The number of a value such as 7.5, "red" or a date; ValueError for an unknown level."""
        if self.levels:
            if value not in self.levels:
                raise ValueError(f"“{value}” is none of the levels of “{self.name}”: {quoted(self.levels)}.")
            return float(self.levels.index(str(value)))
        if self.first_day and isinstance(value, date):
            moment = value if isinstance(value, datetime) else datetime.combine(value, time())
            return (moment.replace(tzinfo=None) - datetime.combine(self.first_day, time())) / timedelta(days=1)
        return float(value)  # type: ignore[arg-type]


def read(dataset: Dataset, name: str) -> tuple[Feature, Array]:
    """What a column holds, and its numbers [n], NaN where missing."""
    series: pd.Series[Any] = dataset.frame.get(name, pd.Series(dtype="object"))
    if is_numeric_dtype(series):
        return Feature(name), dataset.values(name)
    if is_datetime64_any_dtype(series):
        moments = series.dt.tz_localize(None).to_numpy("datetime64[us]")
        return Feature(name, first_day=date(1970, 1, 1)), (moments - np.datetime64(0, "us")) / np.timedelta64(1, "D")
    if name in dataset.category_columns:
        places, levels = pd.factorize(series, sort=True)
        return Feature(name, levels=tuple(map(str, levels))), np.where(places < 0, np.nan, places)
    raise DatasetError(
        "need_two_numeric_columns",
        f"“{dataset.name}” has no column “{name}” of numbers, dates or words that repeat. Choose another feature.",
    )


def fill(column: Array, feature: Feature, missing: Missing) -> str:
    """Replace each NaN in place by the mean, the median or the commonest level; returns that in words."""
    present = column[~np.isnan(column)]
    if feature.levels:
        place = int(np.bincount(present.astype(int)).argmax())
        np.nan_to_num(column, copy=False, nan=place)
        return f"“{feature.levels[place]}”, the commonest"
    value = float(present.mean() if missing == "mean" else np.median(present))
    np.nan_to_num(column, copy=False, nan=value)
    shown = feature.day(value).isoformat() if feature.first_day else readable(value)
    return f"{shown}, the {missing}"


def rebase(column: Array, feature: Feature) -> Feature:
    """Count days from the first one used, and keep only levels that occur; changes `column` to match."""
    if feature.first_day:
        first = np.floor(column.min())
        column -= first
        return replace(feature, first_day=feature.day(first))
    if feature.levels:
        places, column[:], counts = np.unique(column.astype(int), return_inverse=True, return_counts=True)
        return replace(feature, levels=tuple(feature.levels[k] for k in places), commonest=int(counts.argmax()))
    return feature
