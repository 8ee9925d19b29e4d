"""The ledger of columns: what each was read as, which cells do not fit, and what a user says of a column."""

import numpy as np
import pandas as pd
import pytest

from app.dataset import Dataset, DatasetError, read_csv
from app.dataset.ledger import ledger, matching, summary
from app.dataset.wish import ColumnKind, ColumnWish, text_of_wishes, wishes_from

RAIN = b"Day,Town,Rain,Sky\n" + b"".join(
    b"%d,T%d,%s,%s\n" % (i, i, b"tr" if i % 3 == 0 else b"%d.5" % i, b"half%d" % i if i % 5 < 2 else b"%d" % (7 * i))
    for i in range(1, 19)
)


def read(content: bytes = RAIN, **wishes: ColumnWish) -> Dataset:
    return read_csv(content, "rain.csv", columns=wishes)


def test_every_column_is_in_the_ledger_those_with_problems_first() -> None:
    entries = ledger(read())
    assert [entry.name for entry in entries] == ["Town", "Rain", "Sky", "Day"]
    assert [entry.kind for entry in entries] == ["text", "number", "text", "number"]
    rain, sky = entries[1], entries[2]
    assert (rain.present, rain.account.odd, rain.account.words) == (12, 6, (("tr", 6),))
    assert rain.account.odd_cells[:2] == ((4, "tr"), (7, "tr"))
    assert (sky.account.numbers, sky.account.odd, sky.account.odd_cells[0]) == (11, 7, (2, "half1"))


def test_what_cannot_be_chosen_is_said_in_one_line() -> None:
    assert summary(read()) == "“Town” and “Sky” left out; 6 cells of “Rain” do not fit"
    assert summary(read_csv(b"x,y\n1,2\n2,4\n", "class.csv")) == ""


def test_a_column_with_numbers_in_half_of_its_cells_can_be_had_as_one() -> None:
    assert "Sky" not in read().numeric_columns
    assert "number" in next(entry for entry in ledger(read()) if entry.name == "Sky").kinds
    values = read(Sky=ColumnWish("number")).values("Sky")
    assert values.tolist() == pytest.approx([np.nan if i % 5 < 2 else 7 * i for i in range(1, 19)], nan_ok=True)


def test_a_word_that_repeats_can_be_given_a_number() -> None:
    dataset = read(Rain=ColumnWish(values=(("tr", 0.0),)))
    assert dataset.values("Rain").tolist() == [0 if i % 3 == 0 else i + 0.5 for i in range(1, 19)]
    rain = next(entry for entry in ledger(dataset) if entry.name == "Rain")
    assert (rain.account.odd, rain.account.words) == (0, (("tr", 6),))


@pytest.mark.parametrize("kind", ["text", "category", "out"])
def test_a_column_of_numbers_can_be_something_else(kind: ColumnKind) -> None:
    dataset = read_csv(b"x,y,group\n" + b"".join(b"%d,%d,%d\n" % (i, i * i, i % 3) for i in range(1, 13)), "class.csv")
    assert dataset.numeric_columns == ["x", "y", "group"]
    again = read_csv(
        b"x,y,group\n" + b"".join(b"%d,%d,%d\n" % (i, i * i, i % 3) for i in range(1, 13)),
        "class.csv",
        columns={"group": ColumnWish(kind)},
    )
    assert again.numeric_columns == ["x", "y"]
    assert again.category_columns == (["group"] if kind == "category" else [])
    entry = next(entry for entry in ledger(again) if entry.name == "group")
    assert entry.kind == {"out": "left out"}.get(kind, kind)
    assert "number" in entry.kinds


def test_numbers_can_be_dates() -> None:
    content = b"year,at,y\n2001,1500000000250,1\n2002,1500000000450,3\n2003,1500000000650,4\n"
    dataset = read_csv(content, "class.csv", columns={"year": ColumnWish("date"), "at": ColumnWish("date")})
    assert dataset.date_columns == ["year", "at"]
    assert dataset.frame["year"].iloc[1] == pd.Timestamp(2002, 1, 1)
    assert dataset.frame["at"].iloc[0] == pd.Timestamp(1500000000250, unit="ms")


def test_marks_can_be_kept_as_a_column() -> None:
    content = b"year,rate\n" + b"".join(b"%d,%d.5%s\n" % (2000 + i, i, b" p" if i > 6 else b"") for i in range(10))
    dataset = read_csv(content, "class.csv", columns={"rate": ColumnWish(keeps_marks=True)})
    assert dataset.frame["rate (mark)"].tolist() == ["none"] * 7 + ["p"] * 3
    assert dataset.category_columns == ["rate (mark)"]
    assert dataset.values("rate").tolist() == [i + 0.5 for i in range(10)]


def test_a_file_that_is_refused_has_a_ledger_that_mends_it() -> None:
    content = b"who,height\n" + b"".join(
        b"P%d,%s\n" % (i, b"tall%d" % i if i % 5 < 2 else b"%d" % (150 + i)) for i in range(20)
    )
    with pytest.raises(DatasetError) as caught:
        read_csv(content, "class.csv")
    assert "“height” is text, such as “tall10” in line 12" in str(caught.value)
    assert caught.value.dataset is not None
    assert "number" in next(entry for entry in ledger(caught.value.dataset) if entry.name == "height").kinds


def test_a_search_finds_columns_in_any_case() -> None:
    assert [entry.name for entry in matching(ledger(read()), "s")] == ["Sky"]


def test_wishes_come_back_from_a_link() -> None:
    wishes = {"Größe, “a”": ColumnWish("number", (("tr", 0.5),), keeps_marks=True), "x": ColumnWish("out")}
    assert wishes_from(text_of_wishes(wishes)) == wishes
    assert text_of_wishes({"x": ColumnWish()}) == ""


@pytest.mark.parametrize(
    "text",
    ["", "{", "1", "[1]", '[["x"]]', '[["x","nonsense",{},0]]', '[["x","number",{"tr":"0"},0]]', "[" * 3_000,
     '[["x","number",{"tr":Infinity},0]]', '[["x",[],{},0]]', '[["x","number",{},0]]' + " " * 5_000],
)  # fmt: skip
def test_a_link_whose_wishes_are_malformed_has_none(text: str) -> None:
    assert wishes_from(text) == {}
