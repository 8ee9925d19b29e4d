"""Files that people bring: the cases written for this purpose are in tests/csv, all of them beside the repository."""

import csv
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.dataset import Dataset, DatasetError, read_csv

OWN = Path(__file__).parent / "csv"
SHARED = Path(__file__).parents[2] / "shared" / "reference" / "csv"
FOLDER = SHARED if (SHARED / "manifest.csv").exists() else OWN
LONGEST = 5.0
"""Seconds that any file of at most 10 MB may take."""

Case = dict[str, Any]


def cases(folder: Path, strictness: str) -> list[Case]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [case | {"folder": folder} for case in csv.DictReader(file) if case["strictness"] == strictness]


def read(case: Case) -> Dataset | DatasetError:
    path = case["folder"] / case["file"]
    try:
        return read_csv(path.read_bytes(), case["upload_as"] or path.name)
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


@pytest.mark.parametrize("case", cases(OWN, "must"), ids=lambda case: case["case"])
def test_a_case_that_must_be_right_is(case: Case) -> None:
    assert complaint(case) == ""


@pytest.mark.parametrize("case", cases(FOLDER, "must") if FOLDER == SHARED else [], ids=lambda case: case["case"])
def test_a_case_of_the_whole_collection_that_must_be_right_is(case: Case) -> None:
    assert complaint(case) == ""


def test_the_cases_that_should_be_right_are(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {case["case"]: said for case in cases(FOLDER, "should") if (said := complaint(case))}
    with capsys.disabled():
        print(f"\nshould: {len(cases(FOLDER, 'should')) - len(wrong)} of {len(cases(FOLDER, 'should'))}")
    assert wrong == {}


def test_no_case_takes_long_or_writes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for case in cases(FOLDER, "must") + cases(FOLDER, "should"):
        began = time.perf_counter()
        read(case)
        assert time.perf_counter() - began < LONGEST, case["case"]
    assert list(tmp_path.iterdir()) == []


def test_only_cases_written_for_this_purpose_are_copied() -> None:
    copied = cases(OWN, "must") + cases(OWN, "should")
    assert {case["source"] for case in copied} == {"own"}
    assert {case["file"] for case in copied} == {f"files/{path.name}" for path in (OWN / "files").iterdir()}
