"""What people type is read as the cells of their file are."""

import pytest

from app.dataset import ColumnChoice, read_csv, select
from app.dataset.reading.numerals import read_number
from app.dataset.typed import cells_of, raw_row


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("6.5", ".", 6.5), ("6,5", ".", 6.5), ("6,5", ",", 6.5), ("6.5", ",", 6.5), (" 7 ", ".", 7.0),
        ("1,500", ".", 1500.0), ("1,500", ",", 1.5), ("1.500", ",", 1500.0), ("1.500", ".", 1.5),
        ("1.234,5", ".", 1234.5), ("−3", ".", -3.0), ("2e-3", ".", 0.002), ("50 %", ".", 50.0), ("€ 3,20", ",", 3.2),
        ("", ".", None), ("tall", ".", None), ("6;5", ".", None), ("inf", ".", None), ("nan", ".", None),
    ],
)  # fmt: skip
def test_a_number_is_read_with_the_tables_decimal_mark_or_else_with_the_other(
    cell: str, decimal: str, value: float | None
) -> None:
    assert read_number(cell, decimal) == value


@pytest.mark.parametrize("line", ["6.5; 7", "6.5\t7", "6.5, 7", "6.5,7", "6.5 7", "  6.5   7 "])
def test_two_cells_may_be_separated_in_any_usual_way(line: str) -> None:
    assert cells_of(line, 2) == ["6.5", "7"]


def test_decimal_commas_and_separating_commas_are_told_apart() -> None:
    assert cells_of("6,5; 7,25", 2) == cells_of("6,5, 7,25", 2) == cells_of("6,5 7,25", 2) == ["6,5", "7,25"]
    assert cells_of("6,5", 1) == ["6,5"]


def test_a_line_has_levels_dates_and_numbers() -> None:
    rows = "".join(f"2024-03-{day:02d};{'Ab'[day % 2]};{day},5;{day}\n" for day in range(1, 29))
    dataset = read_csv(f"day;group;x;y\n{rows}".encode(), "days.csv")
    assert dataset.reading
    assert dataset.reading.decimal == ","
    features = select(dataset, ColumnChoice("y", ("day", "group", "x"))).features
    assert raw_row(features, "2024-03-03; a; 1.500", ",") == [2.0, float(features[1].levels.index("A")), 1500.0]
    for line, says in (
        ("soon; A; 1", "“soon” is no date such as 2024-03-01."),
        ("2024-03-03; C; 1", "“C” is none of the levels of “group”: “A” and “b”."),
        ("2024-03-03; A; x", "“x” is not a number."),
        ("2024-03-03", "A line needs 3 values: day; group; x."),
    ):
        with pytest.raises(ValueError, match=f"^{says[:-1]}"):
            raw_row(features, line, ",")
