"""Any CSV becomes a Dataset, or one DatasetError."""

from app.dataset.dataset import Dataset, DatasetError
from app.dataset.reading import read_csv
from app.dataset.samples import SAMPLES, Sample, load_sample

__all__ = ["SAMPLES", "Dataset", "DatasetError", "Sample", "load_sample", "read_csv"]
