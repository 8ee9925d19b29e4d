"""From the bytes of a file to a Dataset."""

import io

import pandas as pd

from app.dataset.dataset import Dataset, DatasetError


def read_csv(content: bytes, name: str) -> Dataset:
    """Read a comma-separated UTF-8 table whose first line names the columns.

    Raises DatasetError, and nothing else, whatever the bytes.
    """
    if not content.strip():
        raise DatasetError("empty_file", f"“{name}” is empty. Choose a file with a header and rows of numbers.")
    try:
        frame = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", skipinitialspace=True)
    except UnicodeDecodeError as error:
        where = content[: error.start].count(b"\n") + 1
        raise DatasetError(
            "bad_encoding",
            f"“{name}” is not UTF-8 text: line {where} holds the byte 0x{content[error.start]:02x}. "
            "Save it as “CSV UTF-8” and choose it again.",
        ) from error
    except Exception as error:
        raise DatasetError(
            "ragged_rows", f"“{name}” is not a comma-separated table: {error}. Save it as CSV with one header line."
        ) from error
    frame.columns = frame.columns.astype(str).str.strip()
    if frame.empty:
        raise DatasetError("no_rows", f"“{name}” has a header but no rows. Add rows of numbers below line 1.")
    if frame.select_dtypes("number").shape[1] < 2:
        raise DatasetError(
            "need_two_numeric_columns",
            f"“{name}” has {frame.select_dtypes('number').shape[1]} column(s) of numbers among its {frame.shape[1]}. "
            "A fit needs two: one to predict and one to predict it from.",
        )
    return Dataset(name, frame)
