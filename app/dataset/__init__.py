"""Any CSV becomes a Dataset, or one DatasetError; a choice of its columns becomes a Selection."""

from app.dataset.beginning import first_rows
from app.dataset.columns import Columns
from app.dataset.dataset import Dataset, DatasetError, Reading
from app.dataset.doctor import Finding, examine
from app.dataset.first_look import first_choice, suggested_settings
from app.dataset.reading import read_csv
from app.dataset.samples import SAMPLES, Sample, load_sample, sample_of
from app.dataset.selection import Selection, select
from app.dataset.sources import Source
from app.dataset.terms import Term

__all__ = [
    "SAMPLES",
    "Columns",
    "Dataset",
    "DatasetError",
    "Finding",
    "Reading",
    "Sample",
    "Selection",
    "Source",
    "Term",
    "examine",
    "first_choice",
    "first_rows",
    "load_sample",
    "read_csv",
    "sample_of",
    "select",
    "suggested_settings",
]
