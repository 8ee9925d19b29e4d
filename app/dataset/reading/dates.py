"""Dates, all in the same form."""

import re
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.dataset.reading.number_format import Column
from app.dataset.reading.spellings import DATE_FORMS

MONTH_NAME = r"[^\W\d_]+"
PART_PATTERNS = {
    "Y": r"\d{4}", "y": r"\d\d", "b": MONTH_NAME, "B": MONTH_NAME, "p": "[AaPp][Mm]", "f": r"\d{1,9}",
    "z": r"[+-]\d\d:?\d\d",
}  # fmt: skip


def read_dates(column: Column) -> tuple[NDArray[np.datetime64] | None, str]:
    """Dates, if every cell with a value is one in the same form; and a remark on any ambiguity."""
    if not all(map(in_any_form().fullmatch, column.glance)):
        return None, ""
    kept = []
    for form in DATE_FORMS:
        if all(shape(form).fullmatch(cell) for cell in column.glance):
            dates = column.distinct.dates(form)[column.codes]
            if (~np.isnat(dates) | column.missing).all():
                kept.append((form, dates))
    if not kept:
        return None, ""
    remark = ""
    if len(kept) > 1 and not np.array_equal(kept[0][1], kept[1][1], equal_nan=True):
        row = int(np.argmin(column.missing))
        day = pd.Timestamp(kept[0][1][row])
        was = f"“{column.cell(row)}” was read as {day.day} {day:%B %Y}"
        remark = f"{was}; days and months could be the other way round."
    if kept[0][0].endswith("%z"):
        remark = "the times were read in UTC, as their time zones say."
    return kept[0][1], remark


def dates_among(column: Column) -> NDArray[np.datetime64] | None:
    """Dates in the form that most cells have, NaT for all others; of plain numbers years, or seconds since 1970."""
    best, most = None, 0
    for form in DATE_FORMS:
        if any(shape(form).fullmatch(cell) for cell in column.glance):
            dates = column.distinct.dates(form)[column.codes]
            if (count := int((~np.isnat(dates)).sum())) > most:
                best, most = dates, count
    values = column.distinct.values[column.codes]
    return best if best is not None or np.isnan(values).all() else since_1970(values)


def since_1970(values: NDArray[np.float64]) -> NDArray[np.datetime64] | None:
    """Dates of numbers that are all years, or seconds or milliseconds since 1970; None where they are neither."""
    present = values[np.isfinite(values)]
    is_day = np.isfinite(values)
    for least, most, per_second in ((1e8, 1e10, 1.0), (1e11, 1e13, 1e3)):
        if len(present) and least <= present.min() and present.max() < most:
            moments = np.where(is_day, values, 0) / per_second * 1e6
            return np.where(is_day, moments.astype("datetime64[us]"), np.datetime64("NaT"))
    if len(present) and (present == np.floor(present)).all() and 1000 <= present.min() and present.max() <= 3000:
        years = (np.where(is_day, values, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[us]")
        return np.where(is_day, years, np.datetime64("NaT"))
    return None


@cache
def shape(form: str) -> re.Pattern[str]:
    """Matches every date in this form, and some other texts."""
    pattern = re.sub(
        r"%(\w)", lambda found: PART_PATTERNS.get(found[1], r"\d{1,2}"), re.escape(form).replace(r"\ ", r"\s+")
    )
    return re.compile(pattern)


@cache
def in_any_form() -> re.Pattern[str]:
    return re.compile("|".join(shape(form).pattern for form in DATE_FORMS))
