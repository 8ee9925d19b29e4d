"""Columns of the file as numbers: as they are, as days, or as the place of a level."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from app.dataset.choice import Missing
from app.dataset.dataset import Dataset, DatasetError
from app.wording import quoted, readable

Array = NDArray[np.float64]
Rows = NDArray[np.intp]


MAX_DAYS_WITH_HOURS = 10
"""Days of dates up to which the hour matters."""


@dataclass(frozen=True)
class Feature:
    """What a raw column holds: numbers as they are, days since `first_day`, or places in `levels`.

    `commonest` is the place of the level that the others are measured from.
    """

    name: str
    first_day: date | None = None
    levels: tuple[str, ...] = ()
    commonest: int = 0

    @property
    def label(self) -> str:
        """The name with its unit, where the file's own is not used."""
        return f"{self.name} (days since {self.first_day})" if self.first_day else self.name

    def day(self, raw: float) -> date:
        """The day of a raw number."""
        assert self.first_day
        return self.first_day + timedelta(days=int(np.floor(raw)))

    def moment(self, raw: float) -> datetime:
        """The day and time of a raw number, to the second."""
        assert self.first_day
        return datetime.combine(self.first_day, time()) + timedelta(seconds=round(raw * 86_400))

    def written(self, raw: float) -> str:
        """What a raw number stands for, such as 7.5, "red" or 2024-03-01."""
        if self.levels:
            return self.levels[int(raw)]
        if self.first_day and raw != np.floor(raw):
            return self.moment(raw).isoformat(" ", "seconds").removesuffix(":00")
        return self.day(raw).isoformat() if self.first_day else f"{raw:g}"

    def typical(self, column: Array) -> list[float | str | date]:
        """Three values inside the raw data [m], to three digits; a category's first levels, some of them again."""
        if self.levels:
            return [self.levels[k % len(self.levels)] for k in range(3)]
        quartiles = np.quantile(column, [0.25, 0.5, 0.75])
        if self.first_day:
            day = self.moment if np.ptp(column) < MAX_DAYS_WITH_HOURS else self.day
            return [day(value) for value in quartiles]
        return [float(f"{value:.3g}") for value in quartiles]

    def number(self, value: float | str | date) -> float:
        """The raw number of a value such as 7.5, "red" or a date; ValueError for a level that there is not."""
        if self.levels:
            if value not in self.levels:
                raise ValueError(f"“{value}” is none of the levels of “{self.name}”: {quoted(self.levels)}.")
            return float(self.levels.index(str(value)))
        if self.first_day and isinstance(value, date):
            moment = value if isinstance(value, datetime) else datetime.combine(value, time())
            return (moment.replace(tzinfo=None) - datetime.combine(self.first_day, time())) / timedelta(days=1)
        return float(value)  # type: ignore[arg-type]


def read(dataset: Dataset, name: str) -> tuple[Feature, Array]:
    """What the column holds, and its raw numbers [n], NaN where there is none."""
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
    """Put the mean, the median or the commonest level in the place of each NaN; in words, what was put there."""
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
    """Count days from the first day that is used, and only levels that are; changes `column` to match."""
    if feature.first_day:
        first = np.floor(column.min())
        column -= first
        return replace(feature, first_day=feature.day(first))
    if feature.levels:
        places, column[:], counts = np.unique(column.astype(int), return_inverse=True, return_counts=True)
        return replace(feature, levels=tuple(feature.levels[k] for k in places), commonest=int(counts.argmax()))
    return feature
