"""A run as the player is sent it, against the rows and the notebook."""

import json
import math
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from app.charts import charts
from app.charts.fit import MAX_MOVING_POINTS, MAX_POINTS
from app.charts.scene import ONE_WEIGHT, Scene, View
from app.dataset import PRESETS, ColumnChoice, Preset, load_sample, read_csv, select
from app.engine import Settings
from app.engine.problem import Scaling
from app.runs import frames
from app.runs.frames import BIAS
from components.player import Chart, Curve, Moving, Predictions, Segments, Squares
from tests.notebook import FIGURES
from tests.problems import Array
from tests.scenes import AS_IN_THE_NOTEBOOK, ON_SLEEP, STANDARDIZED, at, finished, large, sleep, students, title


def first_look(preset: Preset) -> Scene:
    names = {field.name for field in fields(Settings)} - {"start"}
    settings = {key: value for key, value in preset.settings.items() if key in names}
    columns = ColumnChoice(preset.target, preset.features, scaling=preset.settings["scaling"])
    return Scene(finished(load_sample(preset.key), columns, Settings(**settings)), View())


def test_a_loss_axis_of_few_decades_writes_its_numbers_short() -> None:
    dataset = read_csv(b"x,y\n1,2000\n2,5000\n3,2500\n4,6000\n", "few.csv")
    run = finished(dataset, ColumnChoice("y", ("x",)), Settings(learning_rate=0.05, epochs=50))
    assert chart(Scene(run, View()), "loss").figure["layout"]["yaxis"]["tickformat"] == "~s"


def test_losses_of_many_digits_are_written_as_powers() -> None:
    exact = read_csv(b"x,y\n1,2\n2,4\n3,6\n4,8\n", "exact.csv")
    run = finished(exact, ColumnChoice("y", ("x",)), Settings(learning_rate=0.05, epochs=2000))
    assert chart(Scene(run, View()), "loss").figure["layout"]["yaxis"]["exponentformat"] == "power"
    assert chart(students(), "loss").figure["layout"]["yaxis"]["exponentformat"] == "none"


def test_a_run_of_very_many_numbers_sends_only_some_frames_and_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frames, "MAX_NUMBERS_SENT", 900)
    scene = students(Settings(epochs=2000))
    epochs = scene.frames["epoch"]
    assert (epochs[0], epochs[-1], len(epochs)) == (0, 2000, len(scene.frames["loss"]))
    assert 100 < len(epochs) <= 300
    assert scene.frames["loss"].tolist() == scene.losses[epochs.astype(int)].tolist()
    assert chart(scene, "loss").note.endswith(f"; {len(epochs)} of 2,001 are shown")
    assert "epoch" not in students(Settings(epochs=200)).frames


def test_the_step_to_the_next_epoch_is_not_drawn_to_a_frame_beyond_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MAX_NUMBERS_SENT", 900)
    for view in (View(arrows=True), View(surface=ONE_WEIGHT, along=BIAS)):
        names = {mark.name for mark in chart(students(Settings(epochs=2000), view), "surface").marks}
        assert not names & {"step taken", "step"}


def chart(scene: Scene, name: str) -> Chart:
    (found,) = (chart for chart in charts(scene) if chart.name == name)
    return found


def mark(scene: Scene, name: str, of: str = "fit") -> Any:
    (found,) = (mark for mark in chart(scene, of).marks if mark.name == name)
    return found


def cells_at(cells: list[Any], scene: Scene, epoch: int) -> list[Any]:
    """What an equation or a row of the table shows at an epoch."""
    return [float(cell.row @ at(scene, epoch)) if isinstance(cell, Moving) else cell for cell in cells]


def design(scene: Scene) -> Array:
    """The design matrix [n, d + 1] in the file's units."""
    dataset = scene.selection.dataset
    return np.column_stack([*(dataset.values(name) for name in scene.terms), np.ones(dataset.n_rows)])


def numpy_scalars(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [found for item in value.values() for found in numpy_scalars(item)]
    if isinstance(value, list | tuple):
        return [found for item in value for found in numpy_scalars(item)]
    return [value] if isinstance(value, np.generic) else []


def test_the_sentence_is_the_models_equation_at_the_epoch_shown() -> None:
    scene = students()
    assert cells_at(scene.equation, scene, 2000) == [
        "test score = ", FIGURES["one_feature"]["weight"], " × hours studied ",
        pytest.approx(FIGURES["one_feature"]["bias"], abs=5e-5),
    ]  # fmt: skip
    assert cells_at(scene.equation, scene, 0)[1] == pytest.approx(FIGURES["one_feature"]["initial"]["weight"], abs=5e-5)
    signs = [part.sign for part in scene.equation if isinstance(part, Moving)]
    assert signs == [False, True]


def test_the_sentence_names_at_most_four_of_many_features() -> None:
    scene = first_look(next(preset for preset in PRESETS if preset.key == "longley"))
    texts = [part for part in scene.equation if isinstance(part, str)]
    assert len(texts) == 6
    assert texts[-1] == "+ … 2 more … "
    assert cells_at(scene.equation, scene, 10)[-1] == pytest.approx(scene.parameters[10, -1])


@pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED], ids=lambda columns: columns.scaling)
def test_the_table_shows_now_the_least_squares_and_the_difference(columns: ColumnChoice) -> None:
    scene = sleep(columns)
    best = np.linalg.lstsq(design(scene), scene.selection.dataset.values("test score"), rcond=None)[0]
    lowest = float(np.mean((design(scene) @ best - scene.selection.dataset.values("test score")) ** 2))
    rows = [cells_at(cells, scene, 150) for cells in scene.rows]
    assert [row[0] for row in rows] == ["loss", "weight of hours studied", "weight of hours slept", "bias"]
    assert [row[1] for row in rows] == pytest.approx([scene.losses[150], *scene.parameters[150]])
    assert [row[2] for row in rows] == pytest.approx([lowest, *best])
    assert [row[3] for row in rows] == pytest.approx([row[1] - row[2] for row in rows])


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_plotly_accepts_every_datasets_figures_and_the_message_holds_plain_numbers(preset: Preset) -> None:
    scene = first_look(preset)
    other = View(fit=preset.features[0], loss_axis="linear", residuals=True, surface="3D", surface_x=BIAS, arrows=True)
    for view in (View(), View(surface=ONE_WEIGHT, along=BIAS), other):
        for found in charts(Scene(scene.run, view)):
            go.Figure(found.figure)
            sent = found.message()
            json.dumps(sent, allow_nan=False)
            assert numpy_scalars(sent) == []
            assert found.alt.endswith(".")
            rows = [mark.place if isinstance(mark, Curve) else mark.y for mark in found.marks]
            assert all(row.ndim <= 2 and row.shape[-1] == len(scene.frames) + 1 for row in rows)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
@pytest.mark.parametrize("epoch", [0, 7, 50])
def test_the_fit_line_ends_where_the_engine_predicts_in_the_files_units(scaling: Scaling, epoch: int) -> None:
    scene = students(Settings(epochs=50), scaling=scaling)
    line = mark(scene, "fit line")
    history, problem = scene.run.history, scene.run.problem
    scaled = (line.x - problem.means.item()) / problem.scales.item()
    theirs = scaled * history.weights[epoch].item() + history.biases[epoch].item()
    assert line.y @ at(scene, epoch) == pytest.approx(theirs, rel=1e-12)
    assert line.x[0] < 2 < 10 < line.x[-1]


def test_the_line_along_one_feature_holds_the_others_at_their_mean() -> None:
    scene = sleep(STANDARDIZED, View(fit="hours slept"))
    found, line = chart(scene, "fit"), mark(scene, "fit line")
    w_studied, w_slept, bias = scene.parameters[40]
    mean = scene.selection.dataset.values("hours studied").mean()
    assert line.y @ at(scene, 40) == pytest.approx(w_studied * mean + w_slept * line.x + bias)
    assert (title(found, "x"), title(found, "y")) == ("hours slept", "test score")
    assert found.note == "other features at their mean"
    assert found.figure["data"][0]["x"].tolist() == scene.selection.dataset.values("hours slept").tolist()


def test_the_prediction_of_every_row_is_marked_on_the_line_and_named_by_its_own_numbers() -> None:
    scene = students()
    dots = mark(scene, "predictions")
    data = scene.selection.dataset
    assert dots.x.tolist() == data.values("hours studied").tolist()
    assert dots.actual.tolist() == data.values("test score").tolist()
    assert dots.y @ at(scene, 300) == pytest.approx(design(scene) @ scene.parameters[300])
    assert dots.labels[2] == "hours studied 6<br>test score 90"
    assert dots.radius > 0


def test_many_rows_or_other_features_leave_the_line_without_dots() -> None:
    assert mark(large(100, 1), "predictions").radius == 0
    assert mark(sleep(view=View(fit="hours slept")), "predictions").radius == 0


def test_what_a_hover_says_of_a_row_keeps_every_digit_and_the_words_of_the_file() -> None:
    rows = "".join(f"{1_700_000_000_000 + 1000 * i},{'ab'[i % 2]},{-2.5 * i}\n" for i in range(24))
    dataset = read_csv(f"ms,group,y\n{rows}".encode(), "log.csv")
    run = finished(dataset, ColumnChoice("y", ("ms", "group"), scaling="standardize"), Settings(epochs=5))
    labels = mark(Scene(run, View()), "prediction").labels
    assert labels[3] == "ms 1700000003000<br>group b<br>y −7.5"


@pytest.mark.parametrize("columns", [ON_SLEEP, STANDARDIZED], ids=lambda columns: columns.scaling)
def test_several_features_show_predicted_against_actual(columns: ColumnChoice) -> None:
    scene = sleep(columns)
    found, dots = chart(scene, "fit"), mark(scene, "prediction")
    assert isinstance(dots, Predictions)
    assert dots.x.tolist() == [75, 80, 90, 94, 98]
    assert dots.y @ at(scene, 200) == pytest.approx(design(scene) @ scene.parameters[200])
    assert (title(found, "x"), title(found, "y")) == ("actual test score", "predicted test score")
    diagonal = found.figure["data"][0]
    assert diagonal["x"] == diagonal["y"]
    assert diagonal["x"][0] < 75 < 98 < diagonal["x"][1]


WITH_ERRORS = View(residuals=True, squares=True)


@pytest.mark.parametrize(("name", "kind"), [("residuals", Segments), ("squared errors", Squares)])
@pytest.mark.parametrize("scene", [students(view=WITH_ERRORS), sleep(view=WITH_ERRORS)],
                         ids=["one feature", "two features"])  # fmt: skip
def test_errors_reach_from_the_data_to_the_prediction_or_from_the_diagonal(scene: Scene, name: str, kind: Any) -> None:
    segments = mark(scene, name)
    assert type(segments) is kind
    assert isinstance(segments, Segments)
    assert segments.origin is not None
    lengths = segments.y @ at(scene, 100) - segments.origin
    assert segments.origin.tolist() == [75, 80, 90, 94, 98]
    assert float(np.mean(lengths**2)) == pytest.approx(scene.losses[100], rel=1e-5)


def test_without_the_switches_there_are_no_residuals_and_no_squares() -> None:
    for scene in (students(), sleep()):
        assert {"residuals", "squared errors"}.isdisjoint(mark.name for mark in chart(scene, "fit").marks)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_the_ends_of_a_straight_line_are_its_start(scaling: Any) -> None:
    scene = students(replace(AS_IN_THE_NOTEBOOK, precision="float64", start=(1.5, 60.0)), scaling=scaling)
    ends = chart(scene, "fit").ends
    assert ends is not None
    assert ends.x.tolist() == [2, 10]
    heights = ends.y @ at(scene, 0)
    weight, bias = scene.parameters[0]
    assert heights == pytest.approx([2 * weight + bias, 10 * weight + bias])
    assert ends.start @ [*heights, 1.0] == pytest.approx([1.5, 60.0])


def test_a_line_that_two_points_do_not_determine_has_no_ends() -> None:
    curved = ColumnChoice("test score", ("hours studied",), degrees=(("hours studied", 2),))
    run = finished(load_sample("students"), curved, replace(AS_IN_THE_NOTEBOOK, learning_rate=1e-4, epochs=3))
    assert chart(Scene(run, View()), "fit").ends is None
    assert chart(sleep(), "fit").ends is None
    assert chart(sleep(view=View(fit="hours slept")), "fit").ends is None


def test_the_loss_trail_is_the_loss_of_every_epoch() -> None:
    scene = students()
    trail = mark(scene, "loss", of="loss")
    assert trail.x == "epoch"
    assert [float(trail.y @ at(scene, k)) for k in (0, 1, 2000)] == scene.run.history.losses[[0, 1, 2000]].tolist()


def test_the_loss_axis_holds_every_loss_and_the_least_squares() -> None:
    scene = students()
    lowest = scene.run.problem.optimum.loss
    for axis in ("log", "linear"):
        found = chart(Scene(scene.run, View(loss_axis=axis)), "loss").figure
        low, high = found["layout"]["yaxis"]["range"]
        ends = np.array([lowest, scene.losses.min(), scene.losses.max()])
        ends = np.log10(ends) if axis == "log" else ends
        assert low < ends.min() < ends.max() < high
        left, right = found["layout"]["xaxis"]["range"]
        assert -100 < left < 0
        assert 2000 < right < 2100
        assert found["data"][0]["y"] == [lowest, lowest]


@pytest.mark.parametrize("gradient", ["by_hand", "autograd"])
def test_the_printout_is_the_notebooks(gradient: Any) -> None:
    table = students(Settings(precision="float32", gradient=gradient)).printout(100)
    printed = dict(zip(table["epoch"], table["loss before this step"], strict=True))
    assert printed.pop(0) is None
    theirs = FIGURES["one_feature"][f"losses_{gradient}"]
    assert {str(epoch): round(loss or 0.0, 4) for epoch, loss in printed.items()} == theirs


def test_the_printout_of_two_features_is_the_notebooks() -> None:
    figures = FIGURES["two_features_as_the_notebook_ran_it"]
    preset = next(preset for preset in PRESETS if preset.key == "students_scrambled")
    table = first_look(preset).printout(100)
    printed = dict(zip(table["epoch"], table["loss before this step"], strict=True))
    for epoch, loss in figures["losses_autograd"].items():
        assert round(printed[int(epoch)] or 0.0, 4) == loss
    ends = [column[-1] for column in table.values()][2:5]
    assert ends == pytest.approx([*figures["weights"], figures["bias"]], abs=5e-5)


def test_the_printout_has_one_row_every_n_epochs_in_the_files_units() -> None:
    scene = sleep(STANDARDIZED)
    table = scene.printout(60)
    assert table["epoch"] == [0, 60, 120, 180]
    assert table["loss"] == [float(scene.losses[k]) for k in (0, 60, 120, 180)]
    assert table["weight of hours slept"] == [float(scene.parameters[k, 1]) for k in (0, 60, 120, 180)]
    assert table["loss before this step"] == [None, *(float(scene.losses[k - 1]) for k in (60, 120, 180))]


def test_the_predictions_are_the_notebooks_and_say_where_they_extrapolate() -> None:
    scene = students()
    rows = [cells_at(cells, scene, 2000) for cells in scene.predictions(["5", "7", "9", "10", "10,5", "1"])]
    assert [round(row[1], 4) for row in rows[:3]] == [84.3833, 90.3978, 96.4123]
    assert [row[0] for row in rows] == ["5", "7", "9", "10", "10.5", "1"]
    outside = "extrapolation: hours studied is 2 to 10 in the data"
    assert [row[2] for row in rows] == ["", "", "", "", outside, outside]
    assert scene.prediction_head == ["hours studied", "predicted test score", ""]


def test_what_cannot_be_predicted_from_is_refused_beside_it() -> None:
    scene = sleep(STANDARDIZED)
    table = scene.predictions(["6; tall", "6", "6,5; 7"])
    assert [row[0] for row in table] == ["6; tall", "6", "6.5, 7"]
    assert [row[2] for row in table] == [
        "“tall” is not a number.",
        "A line needs 2 values: hours studied; hours slept.",
        "",
    ]


def test_predictions_from_dates_and_categories_are_called_by_them() -> None:
    rows = "".join(f"2024-03-{day:02d},{'ab'[day % 2]},{day}\n" for day in range(1, 29))
    dataset = read_csv(f"day,group,y\n{rows}".encode(), "days.csv")
    scene = Scene(finished(dataset, ColumnChoice("y", ("day", "group")), Settings(learning_rate=1e-3)), View())
    inside, outside = scene.predictions(["2024-03-04; a", "2024-04-01 06:30\tB"])
    assert scene.prediction_head[0] == "day, group"
    assert [inside[0], inside[2]] == ["2024-03-04, a", ""]
    assert outside[0] == "2024-04-01 06:30, b"
    assert outside[2] == "extrapolation: day is 2024-03-01 to 2024-03-28 in the data"


@pytest.mark.parametrize(("hours", "first"), [(1, "2024-03-01 07:00"), (24, "2024-03-08")])
def test_typical_moments_have_an_hour_where_it_matters(hours: int, first: str) -> None:
    start = datetime(2024, 3, 1)
    rows = "".join(f"{start + timedelta(hours=hours * i)},{i}\n" for i in range(29))
    selection = select(read_csv(f"at,y\n{rows}".encode(), "log.csv"), ColumnChoice("y", ("at",)))
    feature = selection.features[0]
    assert feature.written(feature.number(feature.typical(selection.feature_values[:, 0])[0])) == first


def test_a_standardized_model_predicts_from_the_files_units() -> None:
    scene = sleep(STANDARDIZED)
    (row,) = [cells_at(cells, scene, 200) for cells in scene.predictions(["5, 7"])]
    problem, history = scene.run.problem, scene.run.history
    scaled = (np.array([5.0, 7.0]) - problem.means.numpy()) / problem.scales.numpy()
    assert row[1] == pytest.approx(float(scaled @ history.weights[200].numpy() + history.biases[200].item()))


def test_a_run_that_diverges_shows_finite_frames_alone() -> None:
    for precision in ("float32", "float64"):
        scene = students(Settings(learning_rate=1e6, precision=precision))
        assert scene.message["outcome"] == "diverged"
        assert scene.last_epoch == scene.length - 1 == len(scene.frames["loss"]) - 1
        assert all(np.isfinite(column).all() for column in scene.frames.values())
        for found in charts(scene):
            json.dumps(found.message(), allow_nan=False)


def test_many_rows_are_shown_as_a_sample_that_says_so() -> None:
    scene = large(5001, 1)
    found = chart(scene, "fit")
    assert len(found.figure["data"][0]["x"]) == MAX_POINTS <= 5000
    assert found.note == f"{MAX_POINTS:,} of 5,001 rows, drawn at random"
    assert len(mark(scene, "residuals").x) == MAX_MOVING_POINTS
    kept = set(zip(found.figure["data"][0]["x"], found.figure["data"][0]["y"], strict=True))
    assert kept < set(zip(scene.selection.dataset.values("x0"), scene.selection.dataset.values("y"), strict=True))


def test_many_predictions_move_as_a_sample_that_says_so() -> None:
    scene = large(2000, 2)
    assert chart(scene, "fit").note == "500 of 2,000 rows, drawn at random"
    assert len(mark(scene, "prediction").x) == 500


def test_as_many_rows_as_fit_are_all_shown_and_nothing_is_said() -> None:
    found = chart(large(MAX_POINTS, 1), "fit")
    assert len(found.figure["data"][0]["x"]) == MAX_POINTS
    assert found.note == ""


@pytest.mark.parametrize(
    "content",
    [
        b"x,y\n3,1\n3,2\n3,4\n",
        b"x,y\n1,5\n2,5\n3,5\n",
        b"x,y\n1,1\n2,2\n3,3\n",
        b"x,y\n4,7\n",
        b"x,y\n1e140,1\n2e140,3\n",
        b"x,y\n1e-140,1e-140\n2e-140,3e-140\n",
    ],
    ids=["constant feature", "constant target", "perfect line", "one row", "huge", "tiny"],
)
@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_a_strange_table_still_gives_finite_charts(content: bytes, scaling: Scaling) -> None:
    dataset = read_csv(content, "strange.csv")
    for axis in ("log", "linear"):
        run = finished(dataset, ColumnChoice("y", ("x",), scaling=scaling), Settings(learning_rate=0.1, epochs=100))
        scene = Scene(run, View(loss_axis=axis, residuals=True))
        for found in charts(scene):
            json.dumps(found.message(), allow_nan=False)
            ends = [found.figure["layout"][f"{which}axis"]["range"] for which in "xy"]
            assert all(math.isfinite(low) and math.isfinite(high) and low < high for low, high in ends)
