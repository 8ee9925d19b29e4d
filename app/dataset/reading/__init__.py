"""From the bytes of a file to a Dataset."""

from app.dataset.reading.reader import read_csv

__all__ = ["read_csv"]
