"""From bytes to a Dataset, or one DatasetError."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dataset import PRESETS, Dataset, DatasetError, Preset, load_sample, read_csv

STUDENTS = b"hours,slept,score\n2,6,75\n4,7,80\n6,8,90\n8,7.5,94\n10,8,98\n"


def reason(content: bytes) -> str:
    """The reason of the DatasetError that reading these bytes raises."""
    with pytest.raises(DatasetError) as caught:
        read_csv(content, "class.csv")
    assert str(caught.value).startswith("“class.csv”")
    return caught.value.reason


def test_a_plain_table_keeps_its_columns_rows_and_numbers() -> None:
    dataset = read_csv(STUDENTS, "class.csv")
    assert dataset.numeric_columns == ["hours", "slept", "score"]
    assert dataset.n_rows == 5
    assert list(dataset.values("slept")) == [6, 7, 8, 7.5, 8]
    assert dataset.notes == []


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_byte_order_mark_is_not_part_of_the_first_name(newline: bytes) -> None:
    dataset = read_csv(b"\xef\xbb\xbf" + STUDENTS.replace(b"\n", newline), "class.csv")
    assert dataset.numeric_columns == ["hours", "slept", "score"]


def test_columns_of_text_are_not_offered_as_numbers() -> None:
    assert read_csv(b"name,x,y\nAda,1,2\nBob,2,3\nCy,3,5\n", "class.csv").numeric_columns == ["x", "y"]


@pytest.mark.parametrize("content", [b"", b" ", b"\n\n \n"])
def test_an_empty_file_is_called_empty(content: bytes) -> None:
    assert reason(content) == "empty_file"


def test_a_header_alone_has_no_rows() -> None:
    assert reason(b"hours,score\n") == "no_rows"


def test_one_column_of_numbers_is_not_enough() -> None:
    assert reason(b"name,score\nAda,1\nBob,2\nCy,4\n") == "need_two_numeric_columns"


def test_a_row_with_more_cells_than_the_header_is_ragged() -> None:
    assert reason(b"x,y\n1,2\n3,4,5\n6,7\n") == "ragged_rows"


def read(content: bytes) -> Dataset | DatasetError:
    """Read these bytes; only a DatasetError is caught."""
    try:
        return read_csv(content, "class.csv")
    except DatasetError as error:
        return error


def test_undecodable_bytes_never_pass_as_a_clean_table() -> None:
    result = read(b"hours,note,score\n1,caf\xe9,2\n2,tea,3\n3,tea,5\n")
    assert result.reason == "bad_encoding" if isinstance(result, DatasetError) else result.notes


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="0123456789.,;\t\n\r\"'-eExX ", max_size=200).map(str.encode))
def test_random_bytes_give_a_dataset_or_a_dataset_error(content: bytes) -> None:
    result = read(content)
    if isinstance(result, DatasetError):
        assert result.reason
        assert str(result)
    else:
        assert result.n_rows >= 1
        assert len(result.numeric_columns) >= 2


def test_a_problem_takes_the_columns_that_are_chosen_in_their_order() -> None:
    problem = read_csv(STUDENTS, "class.csv").problem(features=["slept", "hours"], target="score")
    assert problem.features[1].tolist() == [7, 4]
    assert problem.target.tolist() == [75, 80, 90, 94, 98]


def test_a_standardized_problem_leads_back_to_the_files_units() -> None:
    dataset = read_csv(STUDENTS, "class.csv")
    problem = dataset.problem(features=["hours", "slept"], target="score", scaling="standardize")
    design = np.column_stack([dataset.values("hours"), dataset.values("slept"), np.ones(5)])
    theirs = np.linalg.lstsq(design, np.asarray(dataset.values("score")), rcond=None)[0]
    assert problem.in_file_units(problem.optimum.parameters).numpy() == pytest.approx(theirs, rel=1e-9)


def test_values_too_large_to_square_are_refused_for_people() -> None:
    with pytest.raises(DatasetError) as caught:
        read_csv(b"x,y\n1,2\n1e200,3\n2,5\n", "class.csv").problem(features=["x"], target="y")
    assert caught.value.reason == "non_finite_values"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_every_sample_has_the_columns_that_it_names(preset: Preset) -> None:
    assert {preset.target, *preset.features} <= set(load_sample(preset.key).numeric_columns)


def test_an_unknown_sample_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_sample("../secrets")
