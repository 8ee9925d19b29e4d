"""The loss along one weight: its notes and positions. That the curve is the loss is in browser/test_modules.py."""

import pytest

from app.charts import charts
from app.charts.cross_section import STEEPEST
from app.charts.scene import ONE_WEIGHT, Scene, View
from app.dataset import ColumnChoice, load_sample
from app.engine import Settings
from app.runs.frames import BIAS
from components.player import Chart, Curve
from tests.scenes import ON_SLEEP, STANDARDIZED, at, finished, sleep, students, title


def drawn(scene: Scene) -> Chart:
    return charts(scene)[-1]


def mark(scene: Scene, name: str) -> Curve:
    (found,) = (mark for mark in drawn(scene).marks if mark.name == name)
    assert isinstance(found, Curve)
    return found


@pytest.mark.parametrize("rate", [0.005, 0.02, 0.0225])
def test_along_the_steepest_direction_each_step_multiplies_the_distance_by_the_factor_named(rate: float) -> None:
    view = View(surface=ONE_WEIGHT, along=STEEPEST)
    scene = students(Settings(learning_rate=rate, epochs=20), view)
    place = mark(scene, "loss along it").place
    places = [place @ at(scene, epoch) for epoch in range(6)]
    note = drawn(scene).note
    named = float(note.split("×")[1].split()[0].replace("−", "-"))
    for before, after in zip(places, places[1:], strict=False):
        assert after / before == pytest.approx(named, rel=5e-3)


def test_the_cross_section_of_very_many_rows_is_a_random_samples_and_says_so() -> None:
    dataset = load_sample("galton")
    target, feature = dataset.numeric_columns[-1], dataset.numeric_columns[0]
    run = finished(dataset, ColumnChoice(target, (feature,)), Settings(loss="mae", epochs=5))
    scene = Scene(run, View(surface=ONE_WEIGHT, along=BIAS))
    (slopes,) = mark(scene, "loss along it").piecewise
    assert len(slopes.rows) == 500 < scene.run.problem.n_rows
    assert drawn(scene).note.endswith("shape from 500 rows, drawn at random")


@pytest.mark.parametrize(
    ("columns", "along", "axis", "line"),
    [
        (ON_SLEEP, BIAS, "bias", "along the bias"),
        (ON_SLEEP, "hours slept", "weight of hours slept", "along the weight of hours slept"),
        (STANDARDIZED, BIAS, "bias (standardized)", "along the bias (standardized)"),
        (STANDARDIZED, STEEPEST, f"along the {STEEPEST}", f"along the {STEEPEST}"),
    ],
)
def test_the_axis_and_the_description_name_the_line(columns: ColumnChoice, along: str, axis: str, line: str) -> None:
    found = drawn(sleep(columns, View(surface=ONE_WEIGHT, along=along), epochs=5))
    assert title(found, "x") == axis
    assert found.alt.startswith(f"The loss {line}, with")
