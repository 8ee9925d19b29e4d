"""The data that comes with the playground, and the settings that suit each first look."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.dataset.dataset import Dataset
from app.dataset.reading import read_csv

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"


@dataclass(frozen=True)
class Sample:
    """One CSV of `sample_data`: `key` is its name in the URL, and `settings` hold for the first look."""

    key: str
    title: str
    target: str
    features: tuple[str, ...]
    about: str
    settings: dict[str, Any] = field(default_factory=dict)


SAMPLES = (
    Sample(
        "students",
        "Students: hours studied",
        target="test score",
        features=("hours studied",),
        about="Five students of the teaching notebook: hours studied and test score.",
        settings={"precision": "float32"},
    ),
)


@cache
def load_sample(key: str) -> Dataset:
    """The sample with that key; KeyError where there is none."""
    if key not in {sample.key for sample in SAMPLES}:
        raise KeyError(key)
    return read_csv((FOLDER / f"{key}.csv").read_bytes(), f"{key}.csv")
