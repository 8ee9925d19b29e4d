"""Files as people upload them are read as their manifests say."""

import time
from pathlib import Path

import pytest

from tests.corpus import CASES, CORPUS, MAX_SECONDS, OWN, Case, cases, complaint, read

NO_CORPUS = "CSV_CORPUS names no folder: only the files in tests/csv are read, none from other projects' test suites"


every_case = pytest.mark.parametrize(
    "case",
    [
        *(pytest.param(case, id=name) for name, case in CASES.items()),
        *([] if CORPUS else [pytest.param({}, id="corpus", marks=pytest.mark.skip(NO_CORPUS))]),
    ],
)


@every_case
def test_a_file_is_read_as_its_manifest_says(case: Case) -> None:
    assert complaint(case) == "", case["note"]


@every_case
def test_no_file_takes_long_or_leaves_another(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    began = time.perf_counter()
    read(case)
    assert time.perf_counter() - began < MAX_SECONDS
    assert list(tmp_path.iterdir()) == []


def test_every_file_in_the_folder_belongs_to_a_case() -> None:
    assert {case["path"] for case in cases(OWN).values()} == set((OWN / "files").iterdir())
