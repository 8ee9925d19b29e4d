"""Files that people bring, read as a manifest says: ours in tests/csv, others where CSV_CORPUS names their folder."""

import csv
import json
import math
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.dataset import Dataset, DatasetError, read_csv

OWN = Path(__file__).parent / "csv"
CORPUS = os.environ.get("CSV_CORPUS")
NO_CORPUS = "CSV_CORPUS names no folder: only the files in tests/csv are read, none from other projects' test suites"
LONGEST = 5.0
"""Seconds that any file of at most 10 MB may take."""

Case = dict[str, Any]


def cases(folder: Path) -> dict[str, Case]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {case["case"]: {**case, "path": folder / case["file"]} for case in csv.DictReader(file)}


CASES = (cases(Path(CORPUS).resolve()) if CORPUS else {}) | cases(OWN)

every_case = pytest.mark.parametrize(
    "case",
    [
        *(pytest.param(case, id=name) for name, case in CASES.items()),
        *([] if CORPUS else [pytest.param({}, id="corpus", marks=pytest.mark.skip(NO_CORPUS))]),
    ],
)


def read(case: Case) -> Dataset | DatasetError:
    try:
        return read_csv(case["path"].read_bytes(), case["upload_as"] or case["path"].name)
    except DatasetError as error:
        return error


def complaint(case: Case) -> str:
    """What is wrong with the outcome of a case; "" if nothing is."""
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


@every_case
def test_a_file_is_read_as_its_manifest_says(case: Case) -> None:
    assert complaint(case) == "", case["note"]


@every_case
def test_no_file_takes_long_or_leaves_another(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    began = time.perf_counter()
    read(case)
    assert time.perf_counter() - began < LONGEST
    assert list(tmp_path.iterdir()) == []


def test_every_file_in_the_folder_belongs_to_a_case() -> None:
    assert {case["path"] for case in cases(OWN).values()} == set((OWN / "files").iterdir())
