"""Runs, and finished ones in the form that the charts take."""

import math
from typing import Any

import numpy as np

from app.charts.scene import Scene, View
from app.dataset import ColumnChoice, Dataset, Selection, load_sample, read_csv, select
from app.engine import Objective, Settings, hold_out
from app.engine.problem import Scaling
from app.runs.run import Run
from app.runs.segments import Segment, replay
from app.runs.training import Training
from components.player import Chart
from tests.problems import Array

AS_IN_THE_NOTEBOOK = Settings(precision="float32")
ON_SLEEP = ColumnChoice("test score", ("hours studied", "hours slept"))
STANDARDIZED = ColumnChoice("test score", ("hours studied", "hours slept"), scaling="standardize")


def begun(selection: Selection, settings: Settings, *, run_id: str = "1", segments: tuple[Segment, ...] = ()) -> Run:
    """A run of which the first part is trained."""
    objective = Objective(hold_out(selection.problem, settings.held_out, settings.seed), settings)
    return Run(
        id=run_id,
        group="1",
        selection=selection,
        objective=objective,
        settings=settings,
        segments=segments,
        training=Training(replay(objective.problem, segments, settings)),
    )


def finished(dataset: Dataset, columns: ColumnChoice, settings: Settings, *segments: Segment) -> Run:
    """A run with all its segments trained."""
    run = begun(select(dataset, columns), settings, segments=segments)
    run.advance(math.inf)
    return run


def students(settings: Settings = AS_IN_THE_NOTEBOOK, view: View | None = None, scaling: Scaling = "none") -> Scene:
    columns = ColumnChoice("test score", ("hours studied",), scaling=scaling)
    return Scene(finished(load_sample("students"), columns, settings), view or View())


def sleep(columns: ColumnChoice = ON_SLEEP, view: View | None = None, **settings: Any) -> Scene:
    chosen = Settings(**{"learning_rate": 0.005, "epochs": 200, **settings})
    return Scene(finished(load_sample("students_sleep"), columns, chosen), view or View())


def large(n: int, features: int) -> Scene:
    """A run on a table of n rows, in which y is 2 x0 + 1 and a little noise."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(n, features))
    y = 2 * x[:, 0] + 1 + 0.1 * rng.normal(size=n)
    names = [f"x{i}" for i in range(features)]
    lines = [",".join([*names, "y"]), *(",".join(f"{v:.6f}" for v in row) for row in np.column_stack([x, y]))]
    dataset = read_csv("\n".join(lines).encode(), "large.csv")
    view = View(residuals=True)
    return Scene(finished(dataset, ColumnChoice("y", tuple(names)), Settings(learning_rate=0.1, epochs=20)), view)


def at(scene: Scene, epoch: int) -> Array:
    """The columns of one frame and a 1: what the browser multiplies rows by."""
    return np.array([*(column[epoch] for column in scene.frames.values()), 1.0])


def title(found: Chart, which: str) -> str:
    return str(found.figure["layout"][f"{which}axis"]["title"]["text"])
