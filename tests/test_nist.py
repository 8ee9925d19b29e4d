"""The descent reaches NIST's certified coefficients where it can, and is never called converged where it cannot."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.dataset import PRESETS, ColumnChoice, Dataset, load_sample, read_csv, select
from app.engine import Problem, Settings, run

FOLDER = Path(__file__).parent / "nist"


def certified(name: str) -> Any:
    """Certified weights, then the bias [d + 1]."""
    with (FOLDER / "certified.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == name]
    bias, *weights = [float(row["certified_estimate"]) for row in rows]
    return np.array([*weights, bias])


def nist(name: str) -> Dataset:
    return read_csv((FOLDER / f"{name}.csv").read_bytes(), f"{name}.csv")


def assert_the_descent_arrives(problem: Problem, at: Any, epochs: int) -> None:
    """After an odd and an even number of epochs, as the steepest direction oscillates at the best rate.

    A tolerance of 1e-12 is well above rounding, which changes a mean of so few squares by about 1e-15 of itself.
    """
    settings = Settings(learning_rate=problem.best_learning_rate, epochs=epochs)
    for parameters in run(problem, settings).parameters[-2:]:
        assert problem.in_file_units(parameters).numpy() == pytest.approx(at, rel=1e-6)
    assert run(problem, replace(settings, tolerance=1e-12)).outcome == "converged"


@pytest.mark.parametrize(("name", "degrees"), [("Norris", ()), ("Pontius", (("x", 2),))])
def test_the_descent_arrives_at_the_certified_coefficients(name: str, degrees: Any) -> None:
    problem = select(nist(name), ColumnChoice("y", ("x",), degrees, scaling="standardize")).problem
    assert_the_descent_arrives(problem, certified(name), epochs=5_000)


def test_the_descent_arrives_at_the_certified_coefficients_of_longley() -> None:
    preset = next(preset for preset in PRESETS if preset.key == "longley")
    columns = ColumnChoice(preset.target, preset.features, scaling="standardize")
    problem = select(load_sample("longley"), columns).problem
    assert_the_descent_arrives(problem, certified("Longley"), epochs=130_000)


def polynomial(name: str, degree: int) -> Problem:
    """The columns are powers of x up to a degree that a selection does not allow."""
    dataset = nist(name)
    x = dataset.values("x")
    return Problem(np.column_stack([x**i for i in range(1, degree + 1)]), dataset.values("y"), scaling="standardize")


@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
@pytest.mark.parametrize(
    ("name", "digits"),
    [("Wampler1", 8), ("Wampler2", 8), ("Wampler3", 8), ("Wampler4", 7), ("Wampler5", 5), ("Filip", 6)],
)
def test_an_optimum_out_of_reach_is_never_called_converged(name: str, digits: int, share: float) -> None:
    problem = polynomial(name, degree=10 if name == "Filip" else 5)
    weights, bias = certified(name)[:-1], certified(name)[-1]
    best = problem.in_file_units(problem.optimum.parameters).numpy()
    assert best == pytest.approx([*weights, bias], rel=10.0**-digits)
    rate = share * problem.best_learning_rate
    history = run(problem, Settings(learning_rate=rate, epochs=5_000, tolerance=1e-6))
    assert history.outcome == "finished"

    # the distance from the optimum, by the certified values and the rows alone
    x, y = problem.features.numpy(), problem.target.numpy()
    scaled = np.array([*weights * problem.scales.numpy(), bias + weights @ problem.means.numpy()])
    start, end = history.parameters[0].numpy(), history.parameters[-1].numpy()
    left = np.linalg.norm((end - scaled)[:-1]) / max(np.linalg.norm((start - scaled)[:-1]), np.linalg.norm(scaled[:-1]))
    assert left > 0.02
    assert problem.distance_left(history.parameters[-1], history.parameters[0]).item() == pytest.approx(left, rel=1e-4)
    assert history.reason.endswith(f" {left:.0%} of the way to the lowest point is left.")
    assert history.losses[-1].item() == pytest.approx(np.mean((x @ end[:-1] + end[-1] - y) ** 2), rel=1e-6)
    assert history.losses[-1].item() > problem.optimum.loss
