"""Dates in the forms that spreadsheets write."""

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

FORMS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y/%m/%d", "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S", "%Y.%m.%d", "%Y-%m", "%Y年%m月%d日",
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%y", "%d.%m.%Y.",
    "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%m-%d-%Y",
    "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %Y", "%B %Y",
)  # fmt: skip

DATE = re.compile(r"^\w{1,9}[-/. 年].*\d\d|\d\d.*年")
"""What every date looks like at a glance."""


def read_dates(cells: pa.ChunkedArray, missing: pa.ChunkedArray) -> tuple[pd.Series | None, str]:
    """Dates, if every cell that holds anything is one in the same form, and a remark where days could be months."""
    present = cells.filter(pc.invert(missing))
    glance = present.slice(0, 50).to_pylist()
    if not all(DATE.search(cell) for cell in glance):
        return None, ""
    head = pd.Series(glance)
    fitting = [form for form in FORMS if pd.to_datetime(head, format=form, errors="coerce").notna().all()]
    if not fitting:
        return None, ""
    text = pc.if_else(missing, pa.scalar(None, cells.type), cells).to_pandas()
    kept = []
    for form in fitting:
        dates = pd.to_datetime(text, format=form, errors="coerce")
        if int(dates.notna().sum()) == len(present):
            kept.append((form, dates))
    if not kept:
        return None, ""
    remark = ""
    if len(kept) > 1 and not kept[0][1].equals(kept[1][1]):
        first, day = present[0].as_py(), kept[0][1].dropna().iloc[0]
        remark = f"“{first}” was read as {day.day} {day:%B %Y}; days and months could be the other way round."
    return kept[0][1], remark
