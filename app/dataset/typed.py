"""What people type on the page, read as the cells of their file are."""

import re
from collections.abc import Sequence
from datetime import datetime

from app.dataset.features import Feature
from app.dataset.reading.numerals import read_number

SEPARATORS = (r"\t|;", r",\s", r",", r"\s+")
"""Between the cells of a typed line: the first that gives as many cells as there should be."""


def cells_of(line: str, count: int) -> list[str]:
    """The cells of a line; the whole line as one if no separator gives `count`."""
    ways = [[line]] if count == 1 else [re.split(separator, line.strip()) for separator in SEPARATORS]
    cells = next((way for way in ways if len(way) == count), [line])
    return [cell.strip() for cell in cells]


def raw_number(feature: Feature, cell: str, decimal: str = ".") -> float:
    """The raw number of a cell: a number, an ISO date or a level; ValueError, in one sentence, for anything else."""
    if feature.levels:
        same = [level for level in feature.levels if level.casefold() == cell.casefold()]
        return feature.number(cell if cell in feature.levels or not same else same[0])
    if feature.first_day:
        try:
            return feature.number(datetime.fromisoformat(cell))
        except ValueError:
            raise ValueError(f"“{cell}” is no date such as {feature.first_day.isoformat()}.") from None
    value = read_number(cell, decimal)
    if value is None:
        raise ValueError(f"“{cell}” is not a number.")
    return value


def raw_row(features: Sequence[Feature], line: str, decimal: str = ".") -> list[float]:
    """The raw numbers of a typed line, one for each feature; ValueError, in one sentence, if there are none."""
    cells = cells_of(line, len(features))
    if len(cells) != len(features):
        names = "; ".join(feature.name for feature in features)
        raise ValueError(f"A line needs {len(features)} values: {names}.")
    return [raw_number(feature, cell, decimal) for feature, cell in zip(features, cells, strict=True)]
