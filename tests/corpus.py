"""Files as people upload them, and what manifests expect: ours, and others if CSV_CORPUS names their folder."""

import csv
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from app.dataset import Dataset, DatasetError, read_csv

OWN = Path(__file__).parent / "csv"
CORPUS = os.environ.get("CSV_CORPUS")
MAX_SECONDS = 5.0
"""How long reading a file of at most 10 MB may take."""

Case = dict[str, Any]


def cases(folder: Path) -> dict[str, Case]:
    """The rows of a folder's manifest by name, each with the path of its file."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {case["case"]: {**case, "path": folder / case["file"]} for case in csv.DictReader(file)}


CASES = (cases(Path(CORPUS).resolve()) if CORPUS else {}) | cases(OWN)


def read(case: Case) -> Dataset | DatasetError:
    try:
        return read_csv(case["path"].read_bytes(), case["upload_as"] or case["path"].name)
    except DatasetError as error:
        return error


def complaint(case: Case) -> str:
    """How the outcome differs from what the manifest expects; "" if it does not."""
    result = read(case)
    if isinstance(result, DatasetError):
        if case["expected"] == "loads":
            return f"refused ({result.reason}): {result}"
        return "" if result.reason and len(str(result)) > 15 else "refused without a reason and a sentence"
    if case["expected"] == "error":
        return "loaded as if it were a table"
    allowed = case["n_rows"].split("|") if case["n_rows"] else []
    if allowed and str(result.n_rows) not in allowed:
        return f"{result.n_rows} rows, expected {case['n_rows']}"
    if allowed and str(result.n_rows) != allowed[0] and not result.notes:
        return "rows left out or added without a note"
    return wrong_column(case, result)


def wrong_column(case: Case, dataset: Dataset) -> str:
    offered = []
    for name in dataset.numeric_columns:
        values = dataset.values(name)
        finite = values[np.isfinite(values)]
        if len(finite):
            offered.append((name, math.fsum(finite / len(finite))))
    names, means = json.loads(case["numeric_columns"] or "[]"), json.loads(case["numeric_means"] or "[]")
    for name, mean in zip(names, means, strict=True):
        while offered and not math.isclose(offered[0][1], mean, rel_tol=1e-9, abs_tol=0 if mean else 1e-12):
            offered.pop(0)
        if not offered:
            return f"“{name}” is not offered as numbers, or with other values"
        found = offered.pop(0)[0]
        if case["names_check"] == "exact" and found != name.strip():
            return f"named “{found}” instead of “{name}”"
    return ""
