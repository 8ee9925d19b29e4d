"""A table that is edited on the page: its cells are read as those of a file."""

import pytest

from app.dataset import read_csv
from app.dataset.editing import Draft, are_texts, draft_of
from app.dataset.upload import Upload

GERMAN = "Name;Länge;Tag\nAda;1,5;2024-01-02\nBo;;2024-02-03\nCid;0,1;2024-03-04\nDu;1200,25;2024-04-05\n".encode()


def typed(*rows: list[str], decimal: str = ".") -> Draft:
    return Draft(["x", "y"], rows, frozenset("xy"), decimal)


def test_cells_look_as_in_the_file_and_are_read_from_it_again() -> None:
    dataset = read_csv(GERMAN, "german.csv")
    draft = draft_of(dataset)
    assert [list(row) for row in draft.rows] == [
        ["Ada", "1,5", "2024-01-02"],
        ["Bo", "", "2024-02-03"],
        ["Cid", "0,1", "2024-03-04"],
        ["Du", "1200,25", "2024-04-05"],
    ]
    assert draft.noteworthy == []
    again = read_csv(draft.content, "again.csv")
    assert again.frame.equals(dataset.frame)


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("2,5", ".", 2.5),
        ("3,7", ".", 3.7),
        ("7.25", ",", 7.25),
        ("1.234,5", ",", 1234.5),
        ("1.234", ",", 1234.0),
        ("1.234", ".", 1.234),
        ("−3", ".", -3.0),
        ("5 €", ".", 5.0),
    ],
)
def test_what_is_typed_is_the_number_that_a_file_would_hold(text: str, decimal: str, value: float) -> None:
    rows = [text, "1"], ["4", "2"], ["5", "3"]
    dataset = read_csv(typed(*rows, decimal=decimal).content, "typed.csv")
    assert dataset.values("x").tolist() == [value, 4, 5]


def test_what_was_understood_is_told_where_it_is_written_otherwise() -> None:
    draft = typed(["2,5", "1"], ["4", "2.50"], ["", "NA"])
    assert [(cell.row, cell.column, cell.value) for cell in draft.noteworthy] == [(0, 0, "2.5"), (1, 1, "2.5")]


def test_what_is_not_a_number_is_found_with_its_cell() -> None:
    (cell,) = typed(["2", "1"], ["two", "2"]).noteworthy
    assert (cell.row, cell.column, cell.name, cell.text, cell.value) == (1, 0, "x", "two", None)


def test_empty_rows_are_no_rows() -> None:
    assert typed(["1", "2"], ["", " "], ["3", ""]).content == b"x,y\n1,2\n3,\n"


def test_a_table_stays_while_a_number_is_none_and_nothing_typed_is_lost() -> None:
    table = Upload("my.csv", b"x,y\n1,2\n2,4\n", typed(["1", "2"], ["2", "4"]))
    table.type([["1", "2"], ["two", "4"]])
    assert table.content == b"x,y\n1,2\n2,4\n"
    assert table.draft
    assert table.draft.rows == [["1", "2"], ["two", "4"]]
    table.type([["1", "2"], ["2,5", "4"]])
    assert table.content == b"x,y\n1,2\n2.5,4\n"


@pytest.mark.parametrize("rows", [None, 5, "x", [["1"]], [["1", 2]], [["1", "2"], "34"], {"0": ["1", "2"]}])
def test_what_no_browser_sends_is_passed_over(rows: object) -> None:
    assert not are_texts(rows, 2)
    table = Upload("my.csv", b"x,y\n1,2\n", typed(["1", "2"]))
    table.type(rows)
    assert table.content == b"x,y\n1,2\n"
