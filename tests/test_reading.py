"""How a file is read: what is detected, what is reported, and how it is refused."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from app.dataset import Dataset, DatasetError, first_choice, read_csv, select
from app.dataset.reading import dialect, large, number_format

ROWS = [(170.5 + i, 60.25 + i, 20 + i, ["red", "blue"][i % 2]) for i in range(12)]
NAMES = ("height", "weight", "age", "colour")


def text(delimiter: str = ",", decimal: str = ".", names: tuple[str, ...] = NAMES) -> str:
    lines = [delimiter.join(str(cell).replace(".", decimal) for cell in row) for row in ROWS]
    return "\n".join([delimiter.join(names), *lines]) + "\n"


def is_right(dataset: Dataset) -> bool:
    numbers = [dataset.values(name) for name in dataset.numeric_columns[-3:]]
    return all(np.allclose(column, [row[i] for row in ROWS]) for i, column in enumerate(numbers))


def refusal(content: bytes) -> DatasetError:
    with pytest.raises(DatasetError) as caught:
        read_csv(content, "class.csv")
    return caught.value


def column(cells: list[str], delimiter: str = ";") -> Dataset:
    lines = [f"{cell}{delimiter}{i}" for i, cell in enumerate(cells)]
    return read_csv("\n".join([f"x{delimiter}y", *lines]).encode(), "class.csv")


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("delimiter", [";", "\t", "|", " ", "   ", "^", "~", ":"])
def test_delimiter_and_decimal_mark_are_found(delimiter: str, decimal: str) -> None:
    dataset = read_csv(text(delimiter, decimal).encode(), "class.csv")
    assert is_right(dataset)
    assert dataset.reading is not None
    assert dataset.reading.decimal == decimal


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_without_a_number_has_the_delimiter_that_makes_it_regular(delimiter: str) -> None:
    rows = [("Full name", "Passed", "Came by bus"), ("Ann Lee", "yes", "no"), ("Bo", "no", "no"), ("Cy", "yes", "yes")]
    dataset = read_csv("\n".join(map(delimiter.join, rows)).encode(), "class.csv")
    assert list(dataset.values("Passed")) == [1, 0, 1]
    assert list(dataset.values("Came by bus")) == [0, 0, 1]


def test_a_comma_that_delimits_is_no_decimal_mark() -> None:
    dataset = read_csv(text(",", ".").encode(), "class.csv")
    assert is_right(dataset)
    assert dataset.reading is not None
    assert dataset.reading.decimal == "."


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8-sig", NAMES), ("utf-16", NAMES), ("utf-16-le", NAMES), ("utf-32-be", NAMES),
        ("cp1252", ("Größe", "Gewicht", "Alter", "Straße")), ("cp1250", ("výška", "váha", "věk", "třída")),
        ("cp1251", ("рост", "вес", "возраст", "цвет")), ("koi8-r", ("рост", "вес", "возраст", "цвет")),
        ("gb18030", ("身高", "体重", "年龄", "颜色")), ("shift_jis", ("身長", "体重", "年齢", "色")),
        ("euc-kr", ("키", "몸무게", "나이", "색깔")), ("big5", ("身高", "體重", "年齡", "顏色")),
    ],
)  # fmt: skip
def test_numbers_survive_every_encoding(encoding: str, names: tuple[str, ...]) -> None:
    assert is_right(read_csv(text(names=names).encode(encoding), "class.csv"))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("1\u202f234,5", 1234.5),
        ("1\u00a0234.5", 1234.5),        ("1'234.5", 1234.5), ("1’234.5", 1234.5), ("12,34,567.5", 1234567.5),
        ("1_234.5", 1234.5), ("-7.5", -7.5),
        ("−7.5", -7.5), ("7.5-", -7.5), ("(7.5)", -7.5), ("($1,234.50)", -1234.5), ("-$7.50", -7.5), ("7,50 €", 7.5),
        ("CHF 7.50", 7.5), ("Rs. 1,234.50", 1234.5), ("R$ 1.234,50", 1234.5), ("95.5%", 95.5), ("95,5 %", 95.5),
        ("1.5D+03", 1500), ("1,5e3", 1500), ("+1.5E-2", 0.015), (".5", 0.5), ("7.5 kg", 7.5), ("３．５", 3.5),
        ("٣٫٥", 3.5), ("1.5×10^3", 1500),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(cell: str, number: float) -> None:
    assert column([cell] * 5).values("x") == pytest.approx([number] * 5)


@pytest.mark.parametrize("word", ["NA", "n/a", "-", "?", ".", "NULL", "#DIV/0!", "k.A.", "…", "", "нет данных", "nan"])
def test_a_missing_value_is_recognized_in_many_spellings(word: str) -> None:
    dataset = column(["1.5", word, "2.5", "3.5", "4.5", "5.5"])
    assert np.isnan(dataset.values("x")).tolist() == [False, True, False, False, False, False]
    assert any(f"“{word}”" in note for note in dataset.notes) == bool(word)


def test_a_word_among_numbers_is_named_with_its_line() -> None:
    dataset = column(["1.5"] * 9 + ["broken"])
    assert np.isnan(dataset.values("x")[9])
    assert "“broken” in line 11" in " ".join(dataset.notes)


def test_an_infinite_or_too_large_number_counts_as_missing_and_is_named() -> None:
    dataset = column(["1.5", "inf", "1e400", "2.5", "3.5", "4"])
    assert np.isnan(dataset.values("x")).sum() == 2
    assert "“inf” in line 3, “1e400” in line 4" in " ".join(dataset.notes)


def test_a_number_that_can_be_read_in_two_ways_is_reported_as_doubtful() -> None:
    dataset = column(["1.234", "2.345", "3.456"], "\t")
    assert list(dataset.values("x")) == [1.234, 2.345, 3.456]
    assert "thousands mark" in " ".join(dataset.notes)
    settled = read_csv(b"x\ty\tz\n1.234\t1,5\t1\n2.345\t2,5\t2\n", "class.csv")
    assert list(settled.values("x")) == [1234, 2345]


def test_columns_may_disagree_on_the_decimal_mark() -> None:
    dataset = read_csv(b"x;y\n1,5;1.5\n2,25;2.25\n3,5;3.5\n", "class.csv")
    assert list(dataset.values("x")) == list(dataset.values("y")) == [1.5, 2.25, 3.5]


def test_yes_and_no_become_one_and_zero_and_it_is_said() -> None:
    dataset = column(["Ja", "Nein", "Ja", ""])
    assert list(dataset.values("x")[:3]) == [1, 0, 1]
    assert "“Ja” became 1 and “Nein” became 0" in " ".join(dataset.notes)


def test_dates_are_dates_and_words_are_categories() -> None:
    days = [f"{day:02d}.03.2025" for day in range(1, 21)]
    lines = [f"{day};{i};{i * i};{'ab'[i % 2]};word{i}" for i, day in enumerate(days)]
    dataset = read_csv("\n".join(["day;x;y;group;name", *lines]).encode(), "class.csv")
    assert dataset.date_columns == ["day"]
    assert dataset.category_columns == ["group"]
    assert dataset.frame["day"].iloc[19] == pd.Timestamp(2025, 3, 20)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: "Survey of students\nMarch 2025\n\n" + t, "above the table"),
        (lambda t: "# made by hand\n" + t, "comment"),
        (lambda t: t.replace("\n", "\ncm,kg,years,name\n", 1), "units"),
        (lambda t: t + "\nSource: Statistics Office, 2025\nSeen in March\n", "below the table"),
        (lambda t: t + ",,,\n,,,\n", "without any value"),
        (lambda t: t.replace("\n", ",\n"), "left out"),
        (lambda t: t + t.split("\n")[0] + "\n", "repeat the header"),
        (lambda t: t + "\ncity,people\nRome,5\nOslo,6\n", "line 15"),
        (lambda t: t + "2112.0,789.0,306,Total\n", "sums up"),
        (lambda t: t + "2112.0,789.0,40,Gesamtergebnis\n", "sums up"),
        (lambda t: t.replace("\n", "\n\n"), "without any value"),
    ],
)  # fmt: skip
def test_lines_around_a_table_are_left_out_and_reported(change: Callable[[str], str], said: str) -> None:
    dataset = read_csv(change(text()).encode(), "class.csv")
    assert dataset.n_rows == len(ROWS)
    assert is_right(dataset)
    assert said in " ".join(dataset.notes)


@pytest.mark.parametrize(
    ("cells", "numbers", "said"),
    [
        (["0:58:11", "1:02:30", "0:59:00"], [3491, 3750, 3540], "“0:58:11” was read as 3491 seconds"),
        (["12:30", "11:45", "13:05"], [750, 705, 785], "“12:30” was read as 12 × 60 + 30 = 750"),
        (["10:00:00.5", "10:00:01,5", "10:00:02.5"], [36000.5, 36001.5, 36002.5], "was read as 36000.5 seconds"),
        (["59:30", "1:02:30", ""], [3570, 3750, np.nan], "holds times"),
        (["9:05 AM", "12:10 PM", "1:15 PM"], [545, 730, 795], "“9:05 AM” was read as 9 × 60 + 5 = 545"),
        (["12:00:10 am", "1:00:00 p.m.", "11:59:59 PM"], [10, 46800, 86399], "was read as 10 seconds"),
    ],
)
@pytest.mark.parametrize("header", ["{0},{1}\n", ""])
def test_times_are_numbers_and_their_colons_separate_no_columns(
    cells: list[str], numbers: list[float], said: str, header: str
) -> None:
    rows = "".join(f'"{cell}",{i}.5\n' if "," in cell else f"{cell},{i}.5\n" for i, cell in enumerate(cells))
    dataset = read_csv((header.format("time", "speed") + rows).encode(), "run.csv")
    time, speed = dataset.numeric_columns
    np.testing.assert_array_equal(dataset.values(time), numbers)
    assert dataset.values(speed).tolist() == [0.5, 1.5, 2.5]
    assert said in " ".join(dataset.notes)


@pytest.mark.parametrize("header", ["at,speed\n", ""])
@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("2024-03-01 {:02d}:30:00", "2024-03-01 09:30"),
        ("2024-03-01T{:02d}:30:00Z", "2024-03-01 09:30"),
        ("2024-03-01 {:02d}:30:00+02:00", "2024-03-01 07:30"),
        ("03/01/2024 {:02d}:30 AM", "2024-03-01 09:30"),
        ("01.03.2024 {:02d}:30", "2024-03-01 09:30"),
    ],
)
def test_the_colons_of_a_moment_part_no_columns(form: str, first: str, header: str) -> None:
    dataset = read_csv((header + "".join(f"{form.format(9 + i)},{i}.5\n" for i in range(3))).encode(), "log.csv")
    (at,), (speed,) = dataset.date_columns, dataset.numeric_columns
    assert dataset.frame[at].iloc[0] == pd.Timestamp(first)
    assert dataset.values(speed).tolist() == [0.5, 1.5, 2.5]
    assert ("UTC" in " ".join(dataset.notes)) == ("+02:00" in form)


@pytest.mark.parametrize("cells", [["10:00", "noon", "11:00"], ["2:1", "0:3", "1:1"], ["10:75", "10:00", "11:00"]])
def test_a_column_that_is_not_all_times_stays_text(cells: list[str]) -> None:
    dataset = read_csv(f"a,b,c\n{cells[0]},1,2\n{cells[1]},3,5\n{cells[2]},4,4\n".encode(), "run.csv")
    assert dataset.numeric_columns == ["b", "c"]
    assert dataset.frame["a"].tolist() == cells


def test_an_instruments_head_of_names_and_numbers_is_above_the_table() -> None:
    head = (
        "LabVIEW Measurement\t\nSeparator\tTab\nVersion\t2\n\t\nSamples\t30\t\t\nX0\t0.0E+0\t\t\nX\tVoltage\tComment\n"
    )
    content = head + "".join(f"{i}.5\t{i * i}.25\t\n" for i in range(30))
    dataset = read_csv(content.encode(), "scope.lvm")
    assert dataset.numeric_columns == ["X", "Voltage"]
    assert dataset.n_rows == 30
    assert dataset.values("Voltage")[:2].tolist() == [0.25, 1.25]


@pytest.mark.parametrize("column", [["2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08"], ["a", "b", "a", "b"]])
def test_one_column_of_numbers_is_enough_beside_dates_or_categories(column: list[str]) -> None:
    content = "when,y\n" + "".join(f"{word},{i * i}\n" for i, word in enumerate(column))
    dataset = read_csv(content.encode(), "class.csv")
    columns = first_choice(dataset)
    assert (columns.target, columns.features) == ("y", ("when",))
    assert select(dataset, columns).design.shape == (4, 1)


def test_blanks_before_units_separate_no_columns() -> None:
    dataset = read_csv(b"dist,time\n5 km,20 min\n10 km,42 min\n15 km,66 min\n", "run.csv")
    assert dataset.values("dist").tolist() == [5, 10, 15]
    assert dataset.values("time").tolist() == [20, 42, 66]


@pytest.mark.parametrize("n", [3, 200_000])
def test_whole_thousands_are_thousands_where_the_comma_is_the_decimal_mark(n: int) -> None:
    rows = "".join(f"{1 + i % 90}.000;{i % 7},5\n" for i in range(n))
    dataset = read_csv(f"pay;years\n{rows}".encode(), "pay.csv")
    assert dataset.values("pay").tolist() == [1000.0 * (1 + i % 90) for i in range(n)]
    assert dataset.values("years")[:3].tolist() == [0.5, 1.5, 2.5]


@pytest.mark.parametrize(
    "cells", [["CHF 5.-", "CHF 7.50", "CHF 9.–"], ["5,- €", "7,50 €", "9,-- €"], ["5,-", "7,5", "9,—"]]
)
def test_a_dash_for_no_cents_is_no_minus(cells: list[str]) -> None:
    assert column(cells).values("x").tolist() == [5, 7.5, 9]


@pytest.mark.parametrize(
    ("cells", "mixed"),
    [
        (["$5.00", "€6.00", "$7.00"], "“$5.00” and “€6.00”"),
        (["5 EUR", "6 EUR", "7 CHF"], "“5 EUR” and “7 CHF”"),
        (["$5.00", "6.00", "$7.00"], ""),
        (["5 kr", "6 kr", "7 kr"], ""),
    ],
)
def test_amounts_in_several_currencies_are_reported(cells: list[str], mixed: str) -> None:
    dataset = column(cells)
    assert dataset.values("x").tolist() == [5, 6, 7]
    assert ("currencies" in " ".join(dataset.notes)) == bool(mixed)
    assert mixed in " ".join(dataset.notes)


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_three_digits_after_every_mark_are_reported_as_doubtful(delimiter: str) -> None:
    rows = "".join(f"{1 + i}.{i * 37 % 1000:03d}{delimiter}{i}\n" for i in range(30))
    dataset = read_csv(f"x{delimiter}y\n{rows}".encode(), "doubt.csv")
    assert dataset.values("x")[1] == (2037 if delimiter == ";" else 2.037)
    assert "choose the other decimal mark" in " ".join(dataset.notes)


def test_a_percent_sign_in_brackets_counts_as_one() -> None:
    dataset = read_csv(b"q,growth\n1,(2.5%)\n2,3.1%\n3,(0.4%)\n", "growth.csv")
    assert dataset.values("growth").tolist() == [-2.5, 3.1, -0.4]


def test_a_line_drawn_below_the_names_is_no_row() -> None:
    dataset = read_csv(b"| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |\n", "notes.md")
    assert dataset.values("b").tolist() == [2, 4]
    assert "left out" in " ".join(dataset.notes)


def test_a_refusal_names_the_text_that_is_nearly_a_number() -> None:
    error = refusal(b"x,conc\n1,<0.05\n2,0.10\n3,<0.05\n")
    assert error.reason == "need_two_numeric_columns"
    assert "“conc” is text, such as “<0.05” in line 2" in str(error)


def test_a_comma_at_the_end_of_the_rows_alone_does_not_shift_the_names() -> None:
    lines = text().splitlines()
    dataset = read_csv("\n".join([lines[0], *(line + "," for line in lines[1:])]).encode(), "class.csv")
    assert is_right(dataset)
    assert dataset.numeric_columns == list(NAMES[:3])


def test_a_comment_of_as_many_cells_as_a_row_has_is_no_row() -> None:
    dataset = read_csv(b"x y\n1 2\n# remark\n3 4\n", "class.csv")
    assert dataset.values("y").tolist() == [2, 4]
    assert dataset.lines.tolist() == [2, 4]


def test_blanks_inside_quotes_separate_nothing() -> None:
    dataset = read_csv(b'x y "the name"\n1  2 "a  b"\n3\t4 c"d e"\n', "class.csv")
    assert dataset.frame["the name"].tolist() == ["a  b", 'c"d e"']


def test_lines_are_those_of_the_file() -> None:
    dataset = read_csv(b'# c\nx,y,t\n1,2,"a\nb"\n\n3,4,c\n', "class.csv")
    assert list(dataset.lines) == [3, 6]


def test_names_are_stripped_unique_and_never_blank() -> None:
    dataset = read_csv(b" x ,x,,y\n1,2,3,4\n2,3,4,6\n", "class.csv")
    assert dataset.numeric_columns == ["x", "x (2)", "column 3", "y"]


def test_a_file_without_a_header_says_so_and_can_be_told_otherwise() -> None:
    plain = read_csv(b"1,2\n3,4\n5,6\n", "class.csv")
    assert (plain.n_rows, plain.numeric_columns) == (3, ["column 1", "column 2"])
    assert "No header" in plain.notes[0]
    named = read_csv(b"1,2\n3,4\n5,6\n", "class.csv", header=True)
    assert (named.n_rows, named.numeric_columns) == (2, ["1", "2"])
    unnamed = read_csv(b"x,y\n" + b"1,2\n" * 9, "class.csv", header=False)
    assert (unnamed.n_rows, unnamed.numeric_columns) == (10, ["column 1", "column 2"])
    assert "“x” in line 1" in " ".join(unnamed.notes)


def test_a_reading_that_was_asked_for_is_not_called_doubtful() -> None:
    content = "größe;b\n1.234;2\n2.345;3\n".encode("cp1252")
    dataset = read_csv(content, "class.csv", encoding="cp1252", delimiter=";", decimal=",")
    assert dataset.numeric_columns == ["größe", "b"]
    assert list(dataset.values("größe")) == [1234, 2345]
    assert dataset.reading is not None
    words = {key: getattr(dataset.reading, key) for key in ("encoding", "delimiter", "decimal", "header")}
    assert read_csv(content, "class.csv", **words).frame.equals(dataset.frame)


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (b"PK\x03\x04 xl/workbook.xml", "wrong_format", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wrong_format", "Excel workbook"),
        (b"%PDF-1.7", "wrong_format", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "wrong_format", "PNG"),
        (b"\x1f\x8b\x08", "wrong_format", "gzip"),
        (b"<!DOCTYPE html><html></html>", "wrong_format", "web page"),
        (b'[{"x": 1, "y": 2}]', "wrong_format", "JSON"),
        (b"\x80\x04\x95.", "wrong_format", "pickle"),
        (b"PAR1\x15\x00", "wrong_format", "Parquet"),
        (b"SQLite format 3\x00", "wrong_format", "SQLite"),
        (b"{\\rtf1}", "wrong_format", "RTF"),
        (b"x,y\n1,\x002\n", "nul_bytes", "line 2, column 3"),
        (b'x,y\n1,2\n"3,4\n5,6\n', "unbalanced_quote", "line 3, column 1"),
        (b'x,y,t\n1,2,a\n3,4,"b\n5,6,c\n7,8,"\n9,8,d\n', "unbalanced_quote", "line 3, column 3"),
        (b"x,y\n1,2\n3,4,5\n", "ragged_rows", "line 3"),
        (b"x,y\n" + b"1\n" * 1_100_000, "ragged_rows", "1 cell in line"),
        (b"x,y\n1,2\n" + b"\n" * 2_100_000 + b"3,4\n", "no_usable_rows", "the first in line 3"),
        (b"x,y\n" + b"1," * 20_000 + b"1\n", "too_wide", "more than 16,384 columns in line 2"),
        (b"x,y\nNA,NA\n,\n", "no_usable_rows", "missing"),
        (bytes(range(1, 32)) * 9, "not_text", "control characters"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_as_what_it_is(content: bytes, reason: str, said: str) -> None:
    error = refusal(content)
    assert error.reason == reason
    assert said in str(error)


def test_a_formula_stays_text() -> None:
    dataset = read_csv(b"x,y,t\n1,2,=1+1\n2,3,@SUM(1)\n4,5,+cmd|x\n", "class.csv")
    assert list(dataset.frame["t"]) == ["=1+1", "@SUM(1)", "+cmd|x"]


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "MIN_LARGE_BYTES", 0)
    monkeypatch.setattr(large, "MAX_SLICE_BYTES", 2_000)
    monkeypatch.setattr(large, "MIN_BYTES_PER_COLUMN", 0)
    monkeypatch.setattr(dialect, "CELLS_PER_BLOCK", 300)


LARGE_FILE_ROWS = [f"{i / 4},{i},w{i}" for i in range(1000)]


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines,
        lambda lines: [*lines[:700], "broken,7,w", *lines[701:]],
        lambda lines: [*lines[:700], "NA,7,w", *lines[701:]],
        lambda lines: [*lines[:700], "", *lines[700:]],
        lambda lines: [*lines[:700], '1,2,"a\nb"', *lines[700:]],
        lambda lines: [*lines[:700], "# remark", *lines[700:]],
        lambda lines: [*lines[:700], "5", *lines[700:]],
        lambda lines: [*lines, "Total,,"],
    ],
    ids=["regular", "word", "missing", "blank line", "line break", "comment", "short", "footer"],
)
def test_a_large_file_is_read_as_a_small_one(
    change: Callable[[list[str]], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "\n".join(["x,y,t", *change(LARGE_FILE_ROWS)]).encode()
    quick = read_csv(content, "class.csv")
    monkeypatch.setattr(large, "MIN_LARGE_BYTES", 1 << 60)
    careful = read_csv(content, "class.csv")
    assert quick.frame.equals(careful.frame)
    assert list(quick.lines) == list(careful.lines)
    assert len(quick.notes) == len(careful.notes)


@pytest.mark.usefixtures("small_slices")
def test_a_large_file_with_one_row_too_long_is_refused_with_its_line() -> None:
    error = refusal("\n".join(["x,y,t", *LARGE_FILE_ROWS[:700], "1,2,3,4", *LARGE_FILE_ROWS[700:]]).encode())
    assert error.reason == "ragged_rows"
    assert "line 702" in str(error)


class Cancelled(BaseException):
    """As Streamlit stops a script."""


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("line_end", ["\n", "\r"])
def test_progress_is_reported_and_may_stop_the_reading(line_end: str) -> None:
    content = line_end.join(["x,y,t", *LARGE_FILE_ROWS]).encode()
    shares: list[float] = []
    read_csv(content, "class.csv", progress=shares.append)
    assert len(shares) > 5
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def cancel(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_csv(content, "class.csv", progress=cancel)


def test_a_line_of_too_many_characters_is_refused_with_its_number() -> None:
    error = refusal(b"x,y\n1,2\n3,4\n" + b"a" * 1_000_001 + b"\n5,6\n")
    assert error.reason == "too_wide"
    assert "more than 1,000,000 characters in line 4" in str(error)


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_large_file_delimited_by_blanks_is_read_as_a_small_one(
    line_end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = line_end.join(["x y", *(f" {i}   {i / 4} \t{' ' * (i % 3)}" for i in range(1000))]).encode()
    quick = read_csv(content, "class.csv")
    monkeypatch.setattr(large, "MIN_LARGE_BYTES", 1 << 60)
    careful = read_csv(content, "class.csv")
    assert quick.frame.equals(careful.frame)
    assert list(quick.lines) == list(careful.lines)


def test_a_forced_decimal_mark_leaves_columns_of_the_other_one_text() -> None:
    dataset = read_csv(b"x;y;z;day\n1,5;2;7;1.5.2020\n2,5;3;8;2.5.2020\n4,5;5;8;3.5.2020\n", "class.csv", decimal=".")
    assert dataset.frame["x"].tolist() == ["1,5", "2,5", "4,5"]
    assert dataset.date_columns == ["day"]


@pytest.mark.parametrize("repeated", [0, 3000])
def test_every_cell_is_kept_of_nearly_all_different_words_and_amounts(
    repeated: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = 6000
    monkeypatch.setattr(number_format, "LARGE_TABLE_CELLS", n - 1)
    keys = [i % (n - repeated) for i in range(n)]
    rows = [f"w{key}, and;{key},5 kg;{key % 7}" if key % 1000 else f"NA;-;{key % 7}" for key in keys]
    dataset = read_csv("\n".join(["name;weight;x", *rows]).encode(), "class.csv")
    assert dataset.frame["name"].fillna("NA").tolist() == [row.split(";")[0] for row in rows]
    assert dataset.values("weight") == pytest.approx([key + 0.5 if key % 1000 else np.nan for key in keys], nan_ok=True)
    assert any("“weight” is in kg" in note for note in dataset.notes)
    assert any(f"{len([key for key in keys if key % 1000 == 0])} cells" in note for note in dataset.notes)


@pytest.mark.parametrize(
    ("cells", "numbers", "said"),
    [
        (["12.3 b", "5.2", "4", "3.5", "2.5"], [12.3, 5.2, 4, 3.5, 2.5], "“b” was taken off 1 cell"),
        (["63 [62–64]", "65 [64–66]", "70 [69–71]"], [63, 65, 70], "taken off 3 cells"),
        (["10,000+", "500+", "1,000+"], [10000, 500, 1000], "“+” was taken off 3 cells"),
        (["19M", "201k", "750k"], [19e6, 201e3, 750e3], "“19M” in line 2 was read as 19000000"),
        (["5 km", "300 m", "2 km"], [5000, 300, 2000], "“5 km” in line 2 was read as 5000 m"),
        (["'+5", "'-3", "'7"], [5, -3, 7], ""),
        (["(20.0 ± 0.5) cm", "(21.0 ± 0.5) cm", "(22.0 ± 0.5) cm"], [20, 21, 22], "taken off"),
        (["2h 40m", "18h", "50m"], [160, 1080, 50], "holds durations, in minutes: “2h 40m” was read as 160"),
        (["1 h 5 min 30 s", "45 s", "2 min"], [3930, 45, 120], "in seconds"),
        (["5'10\"", "6'", "5'3\""], [70, 72, 63], "in inches"),
        (["2018/19", "2019/20", "2020/21"], [2018, 2019, 2020], "school years"),
        (["2009-10", "2010-11", "2011-12"], [2009, 2010, 2011], "school years"),
        (["1:02:30", "--:--:--", "0:59:00"], [3750, np.nan, 3540], "holds times"),
    ],
)
def test_what_stands_around_a_number_is_taken_off_and_said(cells: list[str], numbers: list[float], said: str) -> None:
    dataset = column(cells, "\t")
    np.testing.assert_allclose(dataset.values("x"), numbers)
    assert said in " ".join(dataset.notes)


@pytest.mark.parametrize("cells", [["7a", "7b", "8a", "8b"], ["5 km", "3 miles", "2 kg"], ["P1", "P2", "P3"]])
def test_a_code_or_a_mixture_of_units_stays_text(cells: list[str]) -> None:
    content = "\n".join(["x;y;z", *(f"{cell};{i};{i * i}" for i, cell in enumerate(cells))])
    dataset = read_csv(content.encode(), "class.csv")
    assert dataset.frame["x"].tolist() == cells


def test_quarters_are_dates() -> None:
    dataset = column(["2018Q1", "2018Q2", "2018Q4"])
    assert dataset.frame["x"].tolist() == [pd.Timestamp(2018, month, 1) for month in (1, 4, 10)]


def test_the_lines_of_names_and_rows_can_be_chosen() -> None:
    content = b"Time,Position,Time,Position\n(s),(m),(s),(m)\n0,1,0,5\n1,3,1,7\n2,5,2,9\n3,7,3,11\n9,9,9,9\n"
    dataset = read_csv(content, "class.csv", header=(1, 2), first_line=4, last_line=6)
    assert dataset.numeric_columns == ["Time (s)", "Position (m)", "Time (s) (2)", "Position (m) (2)"]
    assert dataset.lines.tolist() == [4, 5, 6]
    assert read_csv(content, "class.csv", header=(2,)).numeric_columns[0] == "(s)"


def test_units_below_the_names_are_told_of_each_column() -> None:
    dataset = read_csv(b"length,mass\ncm,kg\n1,2\n3,5\n4,9\n", "class.csv")
    assert (dataset.accounts["length"].unit, dataset.accounts["mass"].unit) == ("cm", "kg")


def test_rows_that_were_left_out_can_be_had_back() -> None:
    content = b"who,exam\nPoints Possible,50\nAnn,40\nBo,30\nCy,45\nTotal,115\n"
    content = b"\n".join(line + b",%d" % i for i, line in enumerate(content.splitlines()))
    content = content.replace(b"exam,0", b"exam,n").replace(b"115,5", b"115,9")
    dataset = read_csv(content, "class.csv")
    assert (dataset.n_rows, dataset.left_out_rows) == (3, 2)
    assert "“Points Possible”" in " ".join(dataset.notes)
    assert read_csv(content, "class.csv", all_rows=True).n_rows == 5


def test_a_table_that_may_lie_on_its_side_is_turned_only_if_asked() -> None:
    content = b"who,Ann,Bo,Cy,Di,Ed,Fay\nhours,1,2,3,4,5,6\nscore,3,5,6,8,11,12\n"
    dataset = read_csv(content, "class.csv")
    assert dataset.is_perhaps_on_side
    turned = read_csv(content, "class.csv", turn=True)
    assert turned.numeric_columns == ["hours", "score"]
    assert turned.values("score").tolist() == [3, 5, 6, 8, 11, 12]
    plain = read_csv(content.split(b"\n", 1)[1], "class.csv", turn=False)
    assert plain.n_rows == 2


def test_a_line_of_too_few_names_is_refused_as_the_line_that_is_wrong() -> None:
    error = refusal(b"a,b\n1,2,3\n1,5,6\n2,8,9\n")
    assert error.reason == "ragged_rows"
    assert "Fix line 1" in str(error)


def test_a_refusal_shows_the_cell_that_is_nearly_a_number_of_the_column_that_is() -> None:
    error = refusal(b"who,size\nP1,about_5\nP2,nearly_6\nP3,7/8\nP4,over_9\n")
    assert "“size” is text, such as “7/8” in line 4" in str(error)
