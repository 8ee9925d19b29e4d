"""A user's own table on the page: uploaded, read, chosen from, fixed and shared."""

import base64
import gc
import weakref
import zlib
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.dataset.link import fingerprint, packed, unpacked
from app.dataset.upload import Upload
from tests.page import (
    CLASS,
    address,
    arrive,
    axis,
    bring,
    chart,
    checked,
    choose,
    done,
    frames,
    held,
    message,
    texts,
    visit,
)

HOURS = np.array([1.5, 2, 3, 4, 6, 7.5, 9])
SCORES = np.array([62, 65, 70.5, 71, 83, 88, 97])


def least_squares(*columns: Any) -> Any:
    return np.linalg.lstsq(np.column_stack([*columns, np.ones(len(SCORES))]), SCORES, rcond=None)[0]


def test_an_uploaded_file_is_descended_on_at_once() -> None:
    page = bring(visit(), CLASS)
    assert held(page, "dataset") == "Yours: class.csv"
    assert (held(page, "target"), held(page, "features")) == ("score", ["hours"])
    weight, bias = least_squares(HOURS)
    last = {name: float(column[-1]) for name, column in frames(page).items()}
    assert last["w0"] == pytest.approx(weight, rel=1e-2)
    assert last["bias"] == pytest.approx(bias, rel=1e-2)
    assert "8 rows read, 7 used, 1 left out: 1 with no value in “score” (line 6)." in texts(page)
    assert "delimiter **semicolon**, decimal mark **comma**" in texts(page)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_whatever_the_scaling_the_table_is_in_the_files_units(scaling: str) -> None:
    page = choose(bring(visit(), CLASS), scaling=scaling, precision="float64")
    rows = message(page)["table"]["rows"]
    weight, bias = least_squares(HOURS)
    lowest = np.mean((SCORES - weight * HOURS - bias) ** 2)
    assert [row[2] for row in rows] == pytest.approx([lowest, weight, bias], rel=1e-9)
    assert (len(rows[1]) == 6) == (scaling == "standardize")
    if scaling == "standardize":
        assert rows[1][5] == f"= standardized ÷ {HOURS.std():.4g}"
        assert rows[2][5] == f"= standardized − weight × {HOURS.mean():.4g}"


def test_a_file_that_cannot_be_used_is_explained_and_nothing_is_lost() -> None:
    page = bring(visit(), b"PK\x03\x04" + bytes(300), "marks.csv")
    (error,) = page.error
    assert "“marks\\.csv” is a zip archive" in error.value
    assert held(page, "dataset") == "Students: hours studied"
    assert message(page)["outcome"] == "finished"
    assert held(bring(page, CLASS), "dataset") == "Yours: class.csv"
    assert not page.error
    choose(page, learning_rate=0.001)
    bring(page, b"name\nAda\nBob\n", "names.csv")
    assert "names" in page.error[0].value
    assert (held(page, "dataset"), held(page, "learning_rate")) == ("Yours: class.csv", 0.001)
    done(checked(next(found for found in page.button if found.label == "Close").click().run()))
    assert not page.error
    assert (held(page, "dataset"), held(page, "learning_rate")) == ("Yours: class.csv", 0.001)


def test_a_second_file_sets_its_own_first_look() -> None:
    page = choose(bring(visit(), CLASS), learning_rate=0.001, epochs=7, degrees=["hours²"], missing="mean")
    bring(page, b"x,y\n1,2\n2,4.5\n3,6\n4,8\n", "second.csv")
    assert (held(page, "target"), held(page, "features"), held(page, "degrees")) == ("y", ["x"], [])
    assert held(page, "epochs") >= 100
    assert held(page, "missing") == "leave_out"


def test_the_file_outlives_a_look_at_a_sample() -> None:
    page = bring(visit(), CLASS)
    choose(page, dataset="The expanding universe (Hubble 1929)")
    assert held(page, "features") == ["distance (Mpc)"]
    choose(page, dataset="Yours: class.csv")
    assert held(page, "features") == ["hours"]


def test_a_file_belongs_to_its_session_alone_and_goes_with_it() -> None:
    page = bring(visit(), CLASS)
    assert "Yours: class.csv" not in visit().selectbox(key="dataset").options
    upload = weakref.ref(page.session_state["_state"].upload)
    dataset = weakref.ref(upload().dataset)  # type: ignore[union-attr]
    assert dataset() is not None
    del page
    gc.collect()
    assert (upload(), dataset()) == (None, None)


def test_another_reading_is_tried_on_the_same_file_and_a_wrong_one_loses_nothing() -> None:
    page = choose(bring(visit(), CLASS), learning_rate=0.001)
    choose(page, encoding="cp1252")
    assert held(page, "dataset") == "Yours: class.csv"
    assert "Read as **cp1252**" in texts(page)
    choose(page, delimiter="|")
    assert page.error
    assert (held(page, "dataset"), held(page, "target")) == ("Yours: class.csv", "score")
    choose(page, delimiter=";", decimal=",")
    assert not page.error
    assert "delimiter **semicolon**, decimal mark **comma**" in texts(page)
    assert held(page, "learning_rate") == 0.001


def test_a_file_without_names_is_read_with_and_without() -> None:
    page = bring(visit(), b"1.5,2\n2,4\n3,6.5\n4,8\n5,9.5\n")
    assert "no line of names" in texts(page)
    assert message(page)["total"] > 0
    choose(page, header="yes")
    assert "names in line 1" in texts(page)
    assert "4 rows" in texts(page)


def compared(page: AppTest) -> list[dict[str, list[str]]]:
    """Open “Read it otherwise”; the first rows read with and without a header."""
    page.session_state["ways"] = True
    page.run()
    tables = [found.value for found in page.dataframe if "first rows" in found.proto.alt]
    return [{str(name): list(table[name]) for name in table} for table in tables]


def test_the_switch_for_names_shows_both_readings() -> None:
    page = bring(visit(), b"written by Ada;;\n\n" + CLASS)
    assert not [found for found in page.dataframe if "first rows" in found.proto.alt]
    named = {"hours": ["1,5", "2", "3", "4"], "score": ["62", "65", "70,5", "71"], "group": list("ABAB")}
    bare = {f"column {i}": [name, *cells[:3]] for i, (name, cells) in enumerate(named.items(), 1)}
    assert compared(page) == [named, bare]
    assert "**With names**, as now" in texts(page)
    choose(page, header="no")
    assert compared(page) == [named, bare]
    assert "**Without names**, as now" in texts(page)
    assert page.session_state["_state"].upload.dataset.n_rows == 9


def test_the_readings_that_are_compared_are_those_of_the_file_as_it_is_written() -> None:
    page = bring(visit(), 'sep=|\n# Länge\nx|y\n1|2\n# and\n\n"2"|4|\n3|7\n4|8\n5|9\n'.encode("utf-16"))
    named, bare = compared(page)
    assert named == {"x": ["1", "2", "3", "4"], "y": ["2", "4", "7", "8"]}
    assert list(bare.values()) == [["x", "1", "2", "3"], ["y", "2", "4", "7"]]
    page = bring(page, b"# x y\n1 2\n2 4\n3 7\n")
    assert [list(found) for found in compared(page)] == [["x", "y"], ["column 1", "column 2"]]


def test_a_file_without_names_opens_its_readings_by_itself() -> None:
    page = bring(visit(), b"1.5,2\n2,4\n3,6.5\n4,8\n5,9.5\n")
    assert [found.proto.expanded for found in page.expander if found.label == "Read it otherwise"] == [True]


def test_powers_products_and_categories_are_terms_of_the_descent() -> None:
    page = choose(bring(visit(), CLASS), degrees=["hours³"], precision="float64", scaling="standardize")
    assert [row[0] for row in message(page)["table"]["rows"][1:-1]] == [
        "weight of hours", "weight of hours²", "weight of hours³",
    ]  # fmt: skip
    best = least_squares(HOURS, HOURS**2, HOURS**3)
    assert [row[2] for row in message(page)["table"]["rows"][1:]] == pytest.approx(best.tolist(), rel=1e-6)
    (line,) = (mark for mark in chart(page, "fit")["marks"] if mark["name"] == "fit line")
    assert len(line["x"]["bdata"]) > 500  # a curve, not a straight line
    choose(page, degrees=[], features=["hours", "group"])
    assert message(page)["table"]["rows"][2][0] == "weight of group = A"
    choose(page, features=["group"])
    assert chart(page, "fit")["figure"]["layout"]["xaxis"]["ticktext"] == ["A", "B"]


def test_missing_values_are_left_out_or_filled_as_chosen() -> None:
    content = b"x,z,y\n1,1,2\n2,,4\n3,5,6.5\n4,2,8\n5,9,9\n"
    page = choose(bring(visit(), content), features=["x", "z"])
    assert "5 rows read, 4 used, 1 left out" in texts(page)
    choose(page, missing="mean")
    assert "In “z” 1 missing value (line 3) became 4.25, the mean." in texts(page)


def test_one_button_standardizes_and_sets_a_rate_that_suits() -> None:
    rows = "".join(f"{30_000 + 1700 * i + 900 * (i * 7919 % 13)},{20 + i},{3 * i + i * 31 % 7}\n" for i in range(60))
    page = choose(bring(visit(), b"salary,age,y\n" + rows.encode()), features=["salary", "age"], scaling="none")
    for unknown, usual in (({"batch_size": 10}, {"batch_size": 0}), ({"loss": "mae"}, {"loss": "mse"})):
        choose(page, **unknown)
        assert "Standardize" not in [found.label for found in page.button], "it sets a rate too"
        choose(page, **usual)
    button = next(found for found in page.button if found.label == "Standardize")
    assert "plain descent needs" in texts(page).lower()
    done(checked(button.click().run()))
    assert held(page, "scaling") == "standardize"
    assert message(page)["outcome"] in ("finished", "converged")
    assert "Standardize" not in [found.label for found in page.button]


def test_a_small_table_travels_in_the_address() -> None:
    page = choose(bring(visit(), CLASS), learning_rate=0.015, target="hours", features=["score"])
    link = address(page)
    assert unpacked(link["data"][0]) == CLASS
    # A browser writes there what the user chooses.
    other = visit(**link | {"learning_rate": "0.015", "target": "hours", "features": "score"})
    assert (held(other, "target"), held(other, "features"), held(other, "learning_rate")) == ("hours", ["score"], 0.015)
    assert message(other)["table"] == message(page)["table"]
    assert frames(other)["loss"].tolist() == frames(page)["loss"].tolist()


def test_a_sample_has_no_table_in_the_address() -> None:
    page = bring(visit(), CLASS)
    assert "data" in address(page)
    choose(page, dataset="The expanding universe (Hubble 1929)")
    assert "data" not in address(page)
    choose(page, dataset="Yours: class.csv")
    assert unpacked(address(page)["data"][0]) == CLASS


def test_a_large_table_is_asked_for_by_name_and_fingerprint() -> None:
    content = b"x,y\n" + b"".join(b"%d,%d\n" % (i, 2 * i + i * 37 % 11) for i in range(300))
    page = choose(bring(visit(), content, "big.csv"), learning_rate=0.25, scaling="standardize")
    link = address(page) | {"learning_rate": "0.25", "scaling": "standardize"}
    assert "data" not in link
    assert link["fingerprint"] == [fingerprint(content)]
    other = arrive(**link)
    (asked,) = other.info
    assert "big" in asked.value
    assert fingerprint(content) in asked.value
    bring(other, content, "big.csv")
    assert (held(other, "learning_rate"), held(other, "scaling")) == (0.25, "standardize")
    assert not other.warning
    another = bring(arrive(**link), content + b"1,1\n", "big.csv")
    assert "fingerprint" in another.warning[0].value


def zipped(content: bytes) -> str:
    """As a link has it, however much that is."""
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


@pytest.mark.parametrize("letters", ["", "x", "%%%", "eNrT0qrQ", packed(b"not a table") or ""])
def test_a_broken_link_is_no_crash(letters: str) -> None:
    page = arrive(dataset="Yours: class.csv", data=letters)
    assert page.info or page.error


def test_a_table_unpacks_to_what_was_packed_and_a_bomb_does_not() -> None:
    assert unpacked(packed(CLASS) or "") == CLASS
    assert packed(np.random.default_rng(0).bytes(20_000)) is None
    assert packed(b"1\n" * 400) is None
    for much in (bytes(10_000_000), b"1\n" * 400, b"1\r" * 400_000):
        with pytest.raises(ValueError, match="more than the 200 rows that may travel"):
            unpacked(zipped(much))
    with pytest.raises(ValueError, match="The end of this link is missing"):
        unpacked((packed(CLASS) or "")[:40])


@pytest.mark.parametrize(
    ("text", "said"), [("%%%", "damaged"), (zipped(b"x,y\n" + b"1,2\n" * 400_000), "more than the 200 rows")]
)
def test_a_link_that_unpacks_to_no_table_says_why(text: str, said: str) -> None:
    page = arrive(dataset="Yours: class.csv", data=text)
    assert said in page.error[0].value
    bring(page, CLASS)
    assert not page.error


def test_names_from_a_file_are_shown_as_they_are() -> None:
    page = bring(visit(), b"**x** $a$,y<b>%{z}\n1,2\n2,\n3,6\n4,9\n5,11\n", "<i>[a](b).csv")
    assert message(page)["equation"][0] == "y<b>%{z} = "
    assert axis(page, "fit", "y") == "y&lt;b>%&#123;z}"
    assert any(r"y\<b\>%\{z\}" in found.value for found in page.caption)


def test_a_copy_can_be_edited() -> None:
    page = visit()
    copy = next(found for found in page.button if found.label == "Edit a copy")
    done(checked(copy.click().run()))
    assert held(page, "dataset") == "Yours: my table.csv"
    assert held(page, "target") == "test score"
    assert message(page)["table"]["rows"][1][2] == pytest.approx(3.0)


def test_rows_can_be_pasted_from_a_spreadsheet() -> None:
    page = visit()
    page.text_area(key="pasted").set_value("x\ty\n1\t2,5\n2\t4,5\n3\t6,5\n4\t8,5\n")
    done(checked(page.run()))
    assert held(page, "dataset") == "Yours: pasted table.csv"
    assert message(page)["table"]["rows"][1][2] == pytest.approx(2.0)


def test_the_choice_of_columns_is_in_the_url() -> None:
    page = visit(dataset="students_sleep", degrees=["hours slept²"], interactions="true", missing="mean")
    names = [row[0] for row in message(page)["table"]["rows"][1:-1]]
    assert names[2:] == ["weight of hours slept²", "weight of hours studied × hours slept"]


def test_thousands_of_columns_stay_usable() -> None:
    values = np.random.default_rng(0).normal(size=(40, 3000)).round(3)
    rows = "\n".join(",".join(map(str, row)) for row in values)
    page = bring(visit(), (",".join(f"gene {i}" for i in range(3000)) + "\n" + rows).encode(), "genes.csv")
    assert held(page, "target") == "gene 2999"
    choose(page, features=[f"gene {i}" for i in range(300)], epochs=50)
    sent = message(page)
    assert len(sent["frames"]) == 302
    assert sent["table"]["rows"][-2][0] == "… 270 more weights, see History"
    assert "only 40 rows for 300 weights" in texts(page)


def test_rows_that_are_left_out_are_told_once_in_a_line_that_unfolds() -> None:
    page = bring(visit(), b"x,z,y\n1,1,2\n2,,4\n3,5,6.5\n4,2,8\n5,9,9\n")
    choose(page, features=["x", "z"])
    assert [found.label for found in page.expander if "left out" in found.label] == ["1 of 5 rows left out"]
    assert texts(page).count("5 rows read, 4 used, 1 left out") == 1
    fill = next(found for found in page.button if found.label == "Fill with the mean")
    done(checked(fill.click().run()))
    assert held(page, "missing") == "mean"
    assert not [found for found in page.expander if "left out" in found.label]


MIXED = b"town,rain,sun\n" + b"".join(
    b"T%d,%s,%d\n" % (i, b"dry%d" % i if i % 5 < 2 else b"%d" % (3 * i), i * i) for i in range(20)
)
"""A column of numbers in three cells of five, beside words that do not repeat; a file that is refused for that."""


def test_what_is_said_of_a_column_mends_a_refusal_is_in_the_link_and_survives_a_copy() -> None:
    page = checked(bring(visit(), MIXED).run())
    assert "“rain” is text" in page.error[0].value.replace("\\", "")
    next(box for box in page.selectbox if box.label == "Read “rain” as").set_value("number")
    page = checked(page.run())
    assert (held(page, "target"), held(page, "features")) == ("sun", ["rain"])
    wishes = address(page)["columns"]
    assert wishes == ['[["rain","number",{},0]]']
    again = visit(**{key: texts[0] for key, texts in address(page).items() if key in ("dataset", "data", "columns")})
    assert held(again, "features") == ["rain"]
    next(button for button in page.button if button.label == "Edit a copy").click()
    copied = checked(page.run())
    assert held(copied, "dataset") == "Yours: my table.csv"
    assert address(copied)["columns"] == wishes
    assert held(copied, "features") == ["rain"]


def test_a_choice_that_leaves_nothing_to_fit_is_refused_and_taken_back() -> None:
    page = bring(visit(), b"x,y\n1,2\n2,4\n3,7\n4,8\n")
    next(button for button in page.button if button.key == "ledger").click()
    page = checked(page.run())
    next(box for box in page.selectbox if box.label == "Read “y” as").set_value("out")
    page = checked(checked(page.run()).run())
    assert "one column of numbers, “x”" in page.error[0].value.replace("\\", "")
    next(button for button in page.button if button.key == "close").click()
    page = checked(page.run())
    assert not page.error
    assert "columns" not in address(page)
    assert held(page, "target") == "y"


@pytest.mark.parametrize(
    ("words", "names", "rows"),
    [
        ({"header": "lines 1 and 2"}, ["run (s)", "way (m)"], 4),
        ({"header": "line 2", "first_line": "4", "last_line": "5"}, ["(s)", "(m)"], 2),
        ({"header": "line x", "first_line": "-3", "sides": "?", "rows": "?", "columns": "["}, ["run", "way"], 4),
    ],
)
def test_words_of_a_link_say_which_lines_hold_names_and_rows(
    words: dict[str, str], names: list[str], rows: int
) -> None:
    upload = Upload("class.csv", b"run,way\n(s),(m)\n0,1\n1,3\n2,6\n3,8\n")
    upload.read(words)
    assert upload.dataset is not None
    assert (upload.dataset.numeric_columns, upload.dataset.n_rows) == (names, rows)
    assert upload.first_lines[2] == "(s),(m)"


def test_rows_that_were_left_out_come_back_from_the_ledger() -> None:
    page = bring(visit(), b"who,n,exam\nPoints Possible,9,50\nAnn,1,40\nBo,5,30\nCy,3,45\n")
    (line,) = (button for button in page.button if button.key == "ledger")
    assert line.label == "“who” left out; 1 row left out"
    line.click()
    page = checked(page.run())
    next(button for button in page.button if button.key == "bring_rows_back").click()
    page = checked(checked(page.run()).run())
    assert (held(page, "rows"), address(page)["rows"]) == ("all, with totals", ["all, with totals"])
    assert "4 rows and 3 columns" in texts(page)
