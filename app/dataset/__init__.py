"""Any CSV becomes a Dataset, or one DatasetError; a choice of its columns becomes a Selection."""

from app.dataset.choice import ColumnChoice
from app.dataset.dataset import Dataset, DatasetError, Reading
from app.dataset.doctor import Finding, examine
from app.dataset.features import Feature
from app.dataset.presets import PRESETS, Preset, load_sample, preset_of
from app.dataset.reading import read_csv
from app.dataset.reading.preview import first_rows
from app.dataset.selection import Selection, select
from app.dataset.suggestions import first_choice, suggested_settings
from app.dataset.terms import Term

__all__ = [
    "PRESETS",
    "ColumnChoice",
    "Dataset",
    "DatasetError",
    "Finding",
    "Reading",
    "Preset",
    "Selection",
    "Feature",
    "Term",
    "examine",
    "first_choice",
    "first_rows",
    "load_sample",
    "read_csv",
    "preset_of",
    "select",
    "suggested_settings",
]
