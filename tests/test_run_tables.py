"""The numbers that a visitor takes home are those of the run, and no text among them is a formula."""

import io
import json
import math
from pathlib import PureWindowsPath
from typing import Any
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest

from app.dataset import ColumnChoice, Dataset, load_sample
from app.dataset.export import table_csv
from app.engine import Settings
from app.explain.plain_data import file_stem
from app.explain.run_tables import numbers_json, numbers_zip
from app.runs.pins import Pin, pin
from app.runs.run import Run
from app.runs.segments import Segment
from tests.scenes import finished

SLEEP = ColumnChoice("test score", ("hours studied", "hours slept"), scaling="standardize")
TEXTS = ["=1+1", "-2", "+1,234.5", "-5 %", "@SUM(A1)", "-cmd|' /C calc'!A0", "\t=1", "＝1", "plain", "-", "+49 170/1"]


def unpacked(run: Run, *pins: Pin) -> dict[str, pd.DataFrame]:
    """The tables as a spreadsheet would read them, by the name of their file."""
    with ZipFile(io.BytesIO(numbers_zip(run, pins))) as archive:
        return {name: pd.read_csv(archive.open(name)) for name in archive.namelist()}


def test_the_tables_hold_every_number_of_the_run_to_the_last_digit() -> None:
    run = finished(load_sample("students_sleep"), SLEEP, Settings(learning_rate=0.1, epochs=300, held_out=0.4))
    tables = unpacked(run)
    assert [*tables] == ["settings.csv", "history.csv", "parameters.csv", "predictions.csv", "errors.csv"]
    history = tables["history.csv"]
    assert history["epoch"].tolist() == list(range(301))
    assert history["loss"].tolist() == run.history.losses.tolist()
    assert history["held-out loss"].tolist() == run.history.held_out_losses.tolist()
    assert history["loss before this step"].tolist()[1:] == history["loss"].tolist()[:-1]

    weights = [history[f"weight of {name}"].iloc[-1] for name in SLEEP.features]
    table = pd.read_csv("sample_data/students.csv")
    predicted = table[[*SLEEP.features]].to_numpy() @ np.array(weights) + history["bias"].iloc[-1]
    predictions = tables["predictions.csv"]
    np.testing.assert_allclose(predictions["predicted"], predicted, rtol=1e-12)
    np.testing.assert_allclose(predictions["error"], predicted - table["test score"], atol=1e-11)
    assert predictions["line"].tolist() == [2, 3, 4, 5, 6]
    held = predictions["held out"]
    assert held.sum() == 2
    errors = tables["errors.csv"].set_index(["at", "rows"])
    for rows, chosen in (("3 descended on", ~held), ("2 held out", held)):
        rmse = math.sqrt((predictions["error"][chosen] ** 2).mean())
        assert errors.loc[("epoch 300", rows), "rmse"] == pytest.approx(rmse, rel=1e-9)
    assert history["loss"].iloc[-1] == pytest.approx((predictions["error"][~held] ** 2).mean(), rel=1e-9)
    assert tables["parameters.csv"]["epoch 300"].tolist() == [*weights, history["bias"].iloc[-1]]


def test_settings_are_those_that_each_part_of_the_run_read() -> None:
    first, last = Settings(epochs=60, optimizer="adam"), Settings(epochs=60, momentum=0.5, optimizer="momentum")
    run = finished(load_sample("students"), ColumnChoice("test score", ("hours studied",)), last, Segment(20, first))
    table: Any = unpacked(run)["settings.csv"].set_index("setting")
    assert table.loc["optimizer"].tolist() == ["adam", "momentum"]
    assert table.loc["momentum", "up to epoch 60"] == "0.5"
    assert math.isnan(table.loc["momentum", "up to epoch 20"])
    assert "quantile" not in table.index


def test_pinned_runs_come_along_with_their_settings_and_history() -> None:
    columns = ColumnChoice("test score", ("hours studied",))
    dataset = load_sample("students")
    pinned = pin(finished(dataset, columns, Settings(epochs=40)), 1, "=slow")
    other = pin(
        finished(
            load_sample("hubble"), ColumnChoice("recession velocity (km/s)", ("distance (Mpc)",)), Settings(epochs=3)
        ),
        2,
        "far",
    )
    run = finished(dataset, columns, Settings(epochs=50, optimizer="adam"))
    tables = unpacked(run, pinned, other)
    assert tables["pinned runs.csv"]["name"].tolist() == ["'=slow", "far"]
    assert tables["pinned runs.csv"]["last epoch"].tolist() == [40, 3]
    history = tables["history of pinned runs.csv"]
    mine = history[history["name"] == "'=slow"]
    assert mine["loss"].tolist() == pinned.losses.tolist()
    assert mine["bias"].tolist() == pinned.parameters[:, 1].tolist()
    assert history[history["name"] == "far"]["bias"].isna().all()


def test_the_json_holds_the_same_tables() -> None:
    run = finished(load_sample("students_sleep"), SLEEP, Settings(learning_rate=0.1, epochs=30))
    read = json.loads(numbers_json(run, []))
    for name, table in unpacked(run).items():
        for column in table:
            there = pd.Series(read[name.removesuffix(".csv")][column])
            if name != "settings.csv":
                assert table[column].fillna(-1).tolist() == there.fillna(-1).tolist(), column


@pytest.mark.parametrize("rate", [0.1, 1e160], ids=["diverges", "has no second loss"])
def test_a_run_that_diverges_has_numbers_too(rate: float) -> None:
    settings = Settings(learning_rate=rate, epochs=500)
    run = finished(load_sample("students"), ColumnChoice("test score", ("hours studied",)), settings)
    assert run.outcome == "diverged"
    assert unpacked(run)["history.csv"]["loss"].tolist() == run.history.losses.tolist()
    json.loads(numbers_json(run, []))


def test_no_text_becomes_a_formula_and_no_number_is_touched() -> None:
    read = pd.read_csv(
        io.BytesIO(table_csv({"=name": TEXTS, "n": np.arange(11) - 5.5, "few": [7] + [None] * 10})), dtype=str
    )
    assert [*read] == ["'=name", "n", "few"]
    expected = [
        "'=1+1",
        "-2",
        "+1,234.5",
        "-5 %",
        "'@SUM(A1)",
        "'-cmd|' /C calc'!A0",
        "'\t=1",
        "'＝1",
        "plain",
        "'-",
        "'+49 170/1",
    ]
    assert read["'=name"].tolist() == expected
    assert read["n"].tolist()[0] == "-5.5"
    assert read["few"].tolist()[0] == "7"


def test_a_table_with_formulas_for_names_is_taken_home_safely() -> None:
    words, numbers = ["=x", "-3", "=x", "-3"], [1.0, 2.0, 4.0, 4.5]
    own = Dataset("=own.csv", pd.DataFrame({"=a": [-1.0, -2, 3, 4], "kind": words, "predicted": numbers}))
    run = finished(own, ColumnChoice("predicted", ("=a", "kind")), Settings(epochs=5))
    predictions = unpacked(run)["predictions.csv"]
    assert [*predictions][:4] == ["line", "'=a", "kind", "predicted"]
    assert "predicted (run)" in predictions
    assert predictions["'=a"].tolist() == [-1, -2, 3, 4]
    assert predictions["kind"].tolist() == ["'=x", "-3", "'=x", "-3"]


@pytest.mark.parametrize(
    "name",
    [
        "con.csv",
        "NUL",
        "a/b\\c.csv",
        "..",
        ".hidden",
        "x. ",
        "a:b*?.csv",
        "",
        "𠀀" * 300 + ".csv",
        "é" * 300,
        "\u202ecsv.exe",
    ],
)
def test_a_files_name_is_safe_on_every_system(name: str) -> None:
    made: Any = f"{file_stem(name)}_tables.zip"
    assert len(made.encode()) <= 255
    assert not PureWindowsPath(made).is_reserved()
    assert not set(made) & set('/\\:*?"<>|\u202e')
    assert made.isprintable()
    assert made[0] not in ". "
