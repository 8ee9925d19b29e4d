"""From chosen columns to the rows and numbers of the descent, and the first choice for an unknown file."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from app.dataset import (
    PRESETS,
    ColumnChoice,
    Dataset,
    DatasetError,
    first_choice,
    load_sample,
    select,
    suggested_settings,
)
from app.engine import Settings, run

NAN = np.nan


def dataset(**columns: Any) -> Dataset:
    """A data set of these columns, its header in line 1."""
    return Dataset("class.csv", pd.DataFrame(columns))


STUDENTS = dataset(hours=[2.0, 4, 6, 8, 10], sleep=[6.0, 7, NAN, 7.5, 8], score=[75.0, 80, 90, 94, 98])
PAINTS = dataset(
    colour=["red", "blue", "green", "blue", "red", "blue", None, "blue"],
    day=pd.to_datetime([f"2020-02-{day:02}" for day in (3, 1, 4, 2, 9, 8, 7, 6)]),
    price=[3.0, 1, 4, 1, 5, 9, 2, 6],
)


def test_complete_columns_are_used_as_they_are_and_nothing_is_noted() -> None:
    selection = select(STUDENTS, ColumnChoice("score", ("hours",)))
    assert selection.design.tolist() == [[2], [4], [6], [8], [10]]
    assert selection.target.tolist() == [75, 80, 90, 94, 98]
    assert selection.rows.tolist() == [0, 1, 2, 3, 4]
    assert selection.left_out.tolist() == []
    assert selection.notes == []
    assert [term.name for term in selection.terms] == ["hours"]


def test_numbers_as_they_are_make_one_matrix_for_source_term_and_problem() -> None:
    selection = select(STUDENTS, ColumnChoice("score", ("hours",)))
    assert selection.feature_values is selection.design
    assert np.shares_memory(selection.problem.features.numpy(), selection.design)


def test_a_row_that_lacks_a_feature_is_left_out_and_named_by_its_line() -> None:
    selection = select(STUDENTS, ColumnChoice("score", ("hours", "sleep")))
    assert selection.rows.tolist() == [0, 1, 3, 4]
    assert selection.left_out.tolist() == [2]
    assert selection.notes == ["5 rows read, 4 used, 1 left out: 1 with no value in “sleep” (line 4)."]


@pytest.mark.parametrize(("missing", "value"), [("mean", 7.125), ("median", 7.25)])
def test_a_missing_feature_becomes_the_mean_or_the_median_where_that_is_chosen(missing: Any, value: float) -> None:
    selection = select(STUDENTS, ColumnChoice("score", ("sleep",), missing=missing))
    assert selection.design[:, 0].tolist() == [6, 7, value, 7.5, 8]
    assert selection.notes == [f"In “sleep” 1 missing value (line 4) became {value:g}, the {missing}."]


@pytest.mark.parametrize("missing", ["leave_out", "mean", "median"])
def test_a_row_without_a_finite_target_or_with_an_infinite_feature_is_always_left_out(missing: Any) -> None:
    data = dataset(x=[1.0, 2, 3, np.inf, 5, 6], y=[1.0, NAN, np.inf, 4, 5, 6])
    selection = select(data, ColumnChoice("y", ("x",), missing=missing))
    assert selection.rows.tolist() == [0, 4, 5]
    assert selection.notes == [
        "6 rows read, 3 used, 3 left out: 1 with no value in “y” (line 3), 1 with an infinite value in “y” (line 4) "
        "and 1 with an infinite value in “x” (line 5)."
    ]


def test_lines_are_the_files_own_and_long_lists_of_them_are_cut() -> None:
    frame = pd.DataFrame({"x": [1.0, 2] + 20 * [NAN], "y": np.arange(22.0)})
    selection = select(Dataset("class.csv", frame, lines=np.arange(100, 144, 2)), ColumnChoice("y", ("x",)))
    assert selection.notes[0].endswith("20 with no value in “x” (lines 104, 106, 108, 110, 112, 114 and 14 more).")


def test_powers_and_products_are_terms_with_names_for_people() -> None:
    columns = ColumnChoice("score", ("hours", "sleep"), degrees=(("hours", 3),), interactions=True)
    selection = select(STUDENTS, columns)
    assert [term.name for term in selection.terms] == ["hours", "hours²", "hours³", "sleep", "hours × sleep"]
    assert selection.design[1].tolist() == [4, 16, 64, 7, 28]


def test_a_category_gives_a_term_for_each_level_but_the_commonest() -> None:
    selection = select(PAINTS, ColumnChoice("price", ("colour",)))
    assert [term.name for term in selection.terms] == ["colour = green", "colour = red"]
    assert selection.features[0].levels == ("blue", "green", "red")
    assert selection.feature_values[:, 0].tolist() == [2, 0, 1, 0, 2, 0, 0]
    assert selection.design.tolist() == [[0, 1], [0, 0], [1, 0], [0, 0], [0, 1], [0, 0], [0, 0]]
    assert selection.notes[1] == (
        "“colour” is a category: “green” and “red” each get a weight of their own, measured from “blue”, the commonest."
    )


def test_a_missing_category_becomes_the_commonest_level_where_values_are_filled() -> None:
    selection = select(PAINTS, ColumnChoice("price", ("colour",), missing="mean"))
    assert selection.feature_values[6, 0] == 0
    assert selection.notes[0] == "In “colour” 1 missing value (line 8) became “blue”, the commonest."


def test_a_level_that_no_row_used_has_gives_no_term() -> None:
    data = dataset(kind=["a", "a", "b", "b", "c", "c"], y=[1.0, 2, NAN, NAN, 3, 4])
    selection = select(data, ColumnChoice("y", ("kind",)))
    assert selection.features[0].levels == ("a", "c")
    assert [term.name for term in selection.terms] == ["kind = c"]


def test_dates_count_days_from_the_first_one_used() -> None:
    selection = select(PAINTS, ColumnChoice("price", ("day",)))
    assert [term.name for term in selection.terms] == ["day (days since 2020-02-01)"]
    assert selection.design[:, 0].tolist() == [2, 0, 3, 1, 8, 7, 6, 5]
    assert selection.notes == ["“day” counts the days since 2020-02-01."]


def test_hours_are_parts_of_a_day_and_a_missing_date_is_missing() -> None:
    data = dataset(at=np.array(["1931-05-06T12", "NaT", "1931-05-07", "1931-05-09"], "datetime64[s]"), y=[1.0, 2, 3, 4])
    assert select(data, ColumnChoice("y", ("at",))).design[:, 0].tolist() == [0.5, 1, 3]
    filled = select(data, ColumnChoice("y", ("at",), missing="median"))
    assert filled.design[:, 0].tolist() == [0.5, 1, 1, 3]
    assert filled.notes[0] == "In “at” 1 missing value (line 3) became 1931-05-07, the median."


def test_new_values_become_raw_numbers_and_terms() -> None:
    selection = select(PAINTS, ColumnChoice("price", ("colour", "day", "price"), degrees=(("price", 2),)))
    colour, day, price = selection.features
    raw = [colour.number("red"), day.number(date(2020, 2, 11)), price.number(3)]
    assert raw == [2, 10, 3]
    assert day.number(datetime(2020, 1, 31, 18)) == -0.25
    assert selection.evaluate(np.array([raw])).tolist() == [[0, 1, 10, 3, 9]]
    with pytest.raises(ValueError, match="pink"):
        colour.number("pink")


def test_the_degree_of_a_category_is_noted_and_not_used() -> None:
    selection = select(PAINTS, ColumnChoice("price", ("colour",), degrees=(("colour", 2),)))
    assert selection.notes[-1] == "“colour” is a category and has no powers, so its degree is not used."


@pytest.mark.parametrize("degree", [0, 6, -1])
def test_a_degree_is_1_to_5(degree: int) -> None:
    with pytest.raises(ValueError, match=r"^The degree of “x” is -?\d; it can be 1 to 5\.$"):
        ColumnChoice("y", ("x",), degrees=(("x", degree),))


X = ColumnChoice("y", ("x",))


@pytest.mark.parametrize(
    ("table", "columns", "reason", "says"),
    [
        (
            {"x": [1.0, 2], "y": [1.0, 2]},
            ColumnChoice("z", ("x",)),
            "need_two_numeric_columns",
            "of numbers “z” to predict",
        ),
        ({"x": [1.0, 2], "y": [1.0, 2]}, ColumnChoice("y", ("z",)), "need_two_numeric_columns", "no column “z”"),
        ({"x": [1.0, 2], "y": [1.0, 2]}, ColumnChoice("y", ()), "need_two_numeric_columns", "no feature"),
        ({"x": np.zeros(0), "y": np.zeros(0)}, X, "no_rows", "has no rows"),
        ({"x": [1.0, 2], "y": [NAN, NAN]}, X, "no_usable_rows", "“y” has no value in any row"),
        ({"x": [NAN, NAN], "y": [1.0, 2]}, replace(X, missing="mean"), "no_usable_rows", "“x” has no value in any row"),
        ({"x": [1.0, NAN], "y": [NAN, 2]}, replace(X, missing="mean"), "no_usable_rows", "“x” has no value in any of"),
        ({"x": [1.0, NAN], "y": [NAN, 2]}, X, "no_usable_rows", "all of “y” and “x”"),
        ({"x": [1.0, 2, NAN], "y": [NAN, 2, 3]}, X, "too_few_rows", "(line 3)"),
        ({"x": [1.0, 2, -1e200], "y": [1.0, 2, 3]}, X, "non_finite_values", "“x” is −1e+200 in line 4"),
        ({"x": [1.0, 2, 3], "y": [1.0, 2e180, 3]}, X, "non_finite_values", "“y” is 2e+180 in line 3"),
        ({"x": [1.0, 1e40], "y": [1.0, 2]}, replace(X, degrees=(("x", 5),)), "non_finite_values", "“x⁴” is 1e+160"),
        ({"x": ["a", "a", "b", "b"], "y": [1.0, 2, NAN, NAN]}, X, "need_two_numeric_columns", "“x” is the same in"),
    ],
)
def test_a_choice_of_columns_without_a_problem_is_refused_in_a_sentence(
    table: dict[str, Any], columns: ColumnChoice, reason: str, says: str
) -> None:
    with pytest.raises(DatasetError) as caught:
        select(dataset(**table), columns)
    assert caught.value.reason == reason
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


def test_more_products_than_anyone_can_descend_on_are_refused_before_they_are_made() -> None:
    names = [str(i) for i in range(3000)]
    data = Dataset("wide.csv", pd.DataFrame(np.ones((2, 3000)), columns=names))
    with pytest.raises(DatasetError, match="more than 1,000 columns") as caught:
        select(data, ColumnChoice("0", tuple(names[1:]), interactions=True))
    assert caught.value.reason == "too_wide"


def test_a_large_file_is_copied_once() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(1000, 11)), columns=[f"x{i}" for i in range(11)])
    selection = select(Dataset("big.csv", frame), ColumnChoice("x10", tuple(f"x{i}" for i in range(10))))
    assert selection.design.base is None
    assert np.array_equal(selection.design, frame.to_numpy()[:, :10])


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(*3 * [st.floats(-1e6, 1e6) | st.sampled_from([NAN, np.inf])]), min_size=2, max_size=30),
    st.sampled_from(["leave_out", "mean", "median"]),
    st.sampled_from(["none", "standardize"]),
)
def test_any_table_gives_finite_numbers_or_a_dataset_error(rows: Any, missing: Any, scaling: Any) -> None:
    data = Dataset("class.csv", pd.DataFrame(rows, columns=["a", "b", "y"], dtype=float))
    columns = ColumnChoice("y", ("a", "b"), (("b", 3),), interactions=True, missing=missing, scaling=scaling)
    try:
        selection = select(data, columns)
    except DatasetError:
        reject()
    assert np.isfinite(selection.design).all()
    assert sorted([*selection.rows, *selection.left_out]) == list(range(len(rows)))
    assert np.isfinite(selection.problem.optimum.loss)
    assert suggested_settings(selection)["learning_rate"] > 0


def test_the_problem_of_a_dataset_is_its_selections_problem() -> None:
    problem = STUDENTS.problem(features=["hours", "sleep"], target="score", scaling="standardize")
    assert problem.n_rows == 4
    assert problem.scaling == "standardize"


@pytest.mark.parametrize(
    ("columns", "target", "feature"),
    [
        ({"x": [1.0, 2, 4, 8], "noise": [1.0, -1, 1, -1], "y": [2.0, 4, 8, 17]}, "y", "x"),
        ({"x": [1.0, 2, 4, 8], "y": [2.0, 4, 8, 17], "constant": 4 * [5.0], "empty": 4 * [NAN]}, "y", "x"),
        ({"id": [12.0, 15, 19, 22], "x": [1.0, 3, 2, 8], "y": [12.0, 15, 19, 22.5]}, "y", "x"),
        ({"row": [1.0, 2, 3, 4], "n": [1.0, 2, 3, 4], "x": [1.0, 3, 2, 8], "y": [1.0, 2, 3, 4.5]}, "y", "x"),
        ({"day": [1.0, 2, 3, 4], "y": [2.0, 4, 5, 9]}, "y", "day"),
        ({"x": [1.0, 3, 2, 8], "y": [2.0, 4, 8, 1], "StudentID": [9.0, 3, 2, 1]}, "y", "x"),
        ({"x": [1.0, 3, 2, 8], "y": [2.0, 4, 8, 1], "again": [2.0, 4, 8, 1]}, "y", "x"),
        ({"x": [1.0, 3, 2, 8], "y": [2.0, 4, 8, 1], "sparse": [2.0, NAN, NAN, NAN]}, "y", "x"),
        ({"x": 1e15 + 8 * np.arange(4.0), "y": [2.0, 4, 8, 17]}, "y", "x"),
        ({"kind": ["a", "a", "b", "b"], "y": [2.0, 4, 8, 1]}, "y", "kind"),
        ({"when": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01"]), "y": [2.0, 4, 8]}, "y", "when"),
        ({"constant": 3 * [1.0], "id": [3.0, 4, 5], "y": [2.0, 4, 8]}, "y", "id"),
    ],
)
def test_the_first_choice_is_the_last_good_column_and_what_goes_most_with_it(
    columns: dict[str, Any], target: str, feature: str
) -> None:
    chosen = first_choice(dataset(**columns))
    assert (chosen.target, chosen.features) == (target, (feature,))


@pytest.mark.parametrize(
    "columns", [{"x": [1.0, 1, 1], "y": [1.0, 2, 3]}, {"name": ["a", "b", "c"]}, {"y": [NAN, NAN]}]
)
def test_a_file_without_two_usable_columns_has_no_first_choice(columns: dict[str, Any]) -> None:
    with pytest.raises(DatasetError) as caught:
        first_choice(dataset(**columns))
    assert caught.value.reason == "need_two_numeric_columns"


def test_a_first_choice_among_thousands_of_columns_takes_no_second() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(3000, 3000)), columns=[f"c{i}" for i in range(3000)])
    frame["c2999"] = frame["c1234"] + 0.1 * frame["c2999"]
    chosen = first_choice(Dataset("wide.csv", frame))
    assert (chosen.target, chosen.features) == ("c2999", ("c1234",))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_the_first_picture_of_every_sample_arrives(preset: Any) -> None:
    dataset = load_sample(preset.key)
    columns = first_choice(dataset)
    suggested = suggested_settings(select(dataset, columns))
    assert suggested["scaling"] == columns.scaling
    problem = select(dataset, columns).problem
    history = run(problem, Settings(learning_rate=suggested["learning_rate"], epochs=suggested["epochs"]))
    assert history.outcome == "finished"
    assert history.losses[-1] <= 1.001 * problem.optimum.loss


def test_an_offset_that_hides_the_spread_is_standardized() -> None:
    offset = dataset(x=1e9 + np.arange(9.0), y=np.arange(9.0) ** 2)
    assert first_choice(offset).scaling == "standardize"


def test_the_students_get_the_notebooks_own_settings() -> None:
    suggested = suggested_settings(select(STUDENTS, ColumnChoice("score", ("hours",))))
    assert suggested == {"learning_rate": 0.01, "epochs": 2000, "scaling": "none"}
