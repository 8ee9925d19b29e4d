"""Properties of reading any table and any bytes."""

import string
import time
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.dataset import Dataset, DatasetError, read_csv
from app.dataset.dataset import Account
from app.dataset.reading.numerals import is_missing
from tests.corpus import MAX_SECONDS

REASONS = {
    "empty_file", "no_rows", "too_few_rows", "no_numeric_columns", "need_two_numeric_columns", "no_usable_rows",
    "not_text", "wrong_format", "bad_encoding", "nul_bytes", "unbalanced_quote", "ragged_rows", "multiple_tables",
    "too_wide", "too_large", "non_finite_values",
}  # fmt: skip

# Left out because they are ambiguous: names and words that are numbers, dates, yes or no, or mean a missing value;
# columns whose numbers all have three digits after the mark (1.234 may be a thousand); a table of one column.
WORDS = st.text(alphabet="abcdefgXYZäß é’", min_size=1, max_size=8).map(lambda text: "w" + text.strip() + "w")
MARKED_WORDS = st.builds(
    lambda a, mark, b: a + mark + b, WORDS, st.sampled_from([",", ";", "\t", "|", '"', "'"]), WORDS
)
NUMBERS = st.integers(-(10**9), 10**9).map(float) | st.floats(-1e12, 1e12).map(lambda x: float(f"{x:.7g}"))
NAMES = st.lists(st.text(string.ascii_letters, min_size=1, max_size=6).map(lambda text: "n" + text), unique=True)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    n = draw(st.integers(2, 12))
    # A first line of only “na” and “nc”, which some write for “no data”, is not a header.
    names = draw(NAMES.filter(lambda names: len(names) >= 2 and not all(map(is_missing, names[:6]))))[:6]
    numbers = [np.array(draw(st.lists(NUMBERS, min_size=n, max_size=n))) for _ in names]
    for column in numbers:
        column[-1] = 0.5  # settles the decimal mark
    frame = pd.DataFrame(dict(zip(names, numbers, strict=True)))
    for i in range(draw(st.integers(0, 2))):
        words = draw(st.lists(WORDS | MARKED_WORDS, min_size=n, max_size=n))
        frame.insert(draw(st.integers(0, frame.shape[1])), f"text{i}", words)
    return frame


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    st.sampled_from([0, 1, 2]),
)
def test_a_table_that_pandas_writes_in_any_dialect_comes_back_equal(
    frame: pd.DataFrame, delimiter: str, decimal: str, line_end: str, encoding: str, quoting: Literal[0, 1, 2]
) -> None:
    if delimiter == decimal:
        quoting = 1
    text = frame.to_csv(index=False, sep=delimiter, decimal=decimal, lineterminator=line_end, quoting=quoting)
    dataset = read_csv(text.encode(encoding), "class.csv")
    assert list(dataset.frame.columns) == list(frame.columns)
    assert dataset.n_rows == len(frame)
    for column in frame.select_dtypes("number").columns:
        assert dataset.values(column) == pytest.approx(frame[column].to_numpy(), rel=1e-15, abs=0), text
    for column in frame.select_dtypes(exclude="number").columns:
        assert list(dataset.frame[column]) == list(frame[column])


def read(content: bytes, **overrides: Any) -> Dataset | DatasetError:
    try:
        return read_csv(content, "class.csv", **overrides)
    except DatasetError as error:
        return error


PIECES = st.sampled_from(
    [
        b",", b";", b"\t", b"|", b" ", b'"', b"'", b"\n", b"\r\n", b"\r", b"1", b"2.5", b"3,5", b"1.234", b"a",
        b"NA", b"#", b"-", b"%", b"\\", b"(", b"inf", b"1e400", b"\xe9", b"\xff\xfe", b"\xef\xbb\xbf", b"\0",
        b"x,y\n", b"1,2\n", b"=1+1", b"2020-01-31", b"total", b"true", b"false", b"sep=;\n", b"<html>", b"{",
        b"[1]", b"PK\x03\x04"
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | st.lists(PIECES, max_size=60).map(b"".join))
def test_any_bytes_give_a_dataset_or_one_reason(content: bytes) -> None:
    result = read(content)
    if isinstance(result, DatasetError):
        assert result.reason in REASONS
        assert str(result).startswith("“class.csv”")
        return
    assert result.numeric_columns
    assert len([*result.numeric_columns, *result.date_columns, *result.category_columns]) >= 2
    assert len(result.lines) == result.n_rows >= 1
    assert (np.diff(result.lines) > 0).all()
    assert not any(np.isinf(result.values(column)).any() for column in result.numeric_columns)


@settings(deadline=None, max_examples=50)
@example([], [b"1.234"], None)
@given(st.lists(PIECES, max_size=3), st.lists(PIECES, min_size=1, max_size=4), st.sampled_from([None, "", ",", " "]))
def test_the_same_bytes_many_thousand_times_give_a_dataset_or_one_reason(
    head: list[bytes], unit: list[bytes], delimiter: str | None
) -> None:
    began = time.perf_counter()
    result = read(b"".join(head) + b"".join(unit) * 17_000, delimiter=delimiter)
    assert time.perf_counter() - began < MAX_SECONDS
    assert result.reason in REASONS if isinstance(result, DatasetError) else result.n_rows


@settings(deadline=None, max_examples=100)
@given(
    st.binary(max_size=200),
    st.sampled_from([*"\0\1 ;\t|,x1\"'\\", "", "ab", "  "]),
    st.sampled_from([True, False, None]),
)
def test_any_override_gives_a_dataset_or_one_reason(content: bytes, delimiter: str, header: bool | None) -> None:
    for encoding in ("utf-8", "cp1252", "utf-16-le", "base64", "nonsense", ""):
        result = read(b"x,y\n1,2\n" + content, encoding=encoding, delimiter=delimiter, decimal=",", header=header)
        assert result.reason in REASONS if isinstance(result, DatasetError) else result.n_rows


MARKS = st.sampled_from(["[a]", "*", " [2]", "†", " ± 0.5", "±0.1", "¹", " (3)", "+", " [62–64]"])
FLAGS = st.sampled_from([" p", " b", " est", "e"])
UNITS = st.sampled_from([" kg", "km", " bhp", " m/s"])
REPEATED_WORDS = st.sampled_from(["tr", "[x]", "Provisional", "below"])


@st.composite
def adorned(draw: st.DrawFn) -> tuple[list[str], list[float | None]]:
    """Cells of a column of numbers, and the numbers: None where a word stands instead."""
    n = 12
    numbers: list[float] = draw(st.lists(st.integers(-9999, 9999).map(lambda x: x / 4), min_size=n, max_size=n))
    cells = [f"{number:g}" for number in numbers]
    tail = draw(MARKS | FLAGS | UNITS)
    for i in draw(st.sets(st.integers(0, n - 1), max_size=n)):
        cells[i] += tail
    expected: list[float | None] = [*numbers]
    word = draw(REPEATED_WORDS)
    for i in draw(st.sets(st.integers(0, n - 1), max_size=6)):
        cells[i], expected[i] = word, None
    return cells, expected


@settings(deadline=None, max_examples=60)
@given(st.lists(adorned(), min_size=1, max_size=3), st.sampled_from([",", ";", "\t"]))
def test_numbers_with_marks_flags_units_and_words_come_back_or_their_cells_are_named(
    columns: list[tuple[list[str], list[float | None]]], delimiter: str
) -> None:
    names = [f"n{i}" for i in range(len(columns))]
    lines = [delimiter.join(["k", "x", *names])]
    for i, row in enumerate(zip(*(cells for cells, _ in columns), strict=True)):
        lines.append(delimiter.join([f"{i}.5", f"{i * i}", *row]))
    dataset = read_csv("\n".join(lines).encode(), "class.csv")
    assert dataset.n_rows == len(columns[0][0])
    for name, (cells, expected) in zip(names, columns, strict=True):
        account = dataset.accounts.get(name, Account())
        named = {line: text for line, text in account.odd_cells}
        assert all(cells[line - 2] == text for line, text in named.items())
        if name in dataset.numeric_columns:
            found = dataset.values(name).tolist()
            for line, (value, number) in enumerate(zip(found, expected, strict=True), 2):
                assert line in named if np.isnan(value) else value == number
        else:
            assert account.numbers + account.odd == len(cells)
