"""The largest learning rate is where a descent begins to diverge, and the good one arrives."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from app.dataset import SAMPLES, Sample, load_sample
from app.engine import Problem, Settings, run
from app.engine.limits import good_learning_rate, max_learning_rate
from app.engine.objective import Objective
from tests.test_problem import table

LIMITED = ["gradient_descent", "momentum", "nesterov"]
OTHERS: list[Any] = ["adagrad", "rmsprop", "adam", "adamw"]


def limit(problem: Problem, settings: Settings) -> float | None:
    return max_learning_rate(Objective(problem, settings), settings)


def diverges(problem: Problem, settings: Settings, rate: float) -> bool:
    losses = run(problem, dataclasses.replace(settings, learning_rate=rate)).losses
    return len(losses) < 2001 or bool(losses[-1] > 1.001 * losses[1000])


@pytest.mark.parametrize("l2", [0.0, 0.3, 20.0])
@pytest.mark.parametrize("momentum", [0.3, 0.9])
@pytest.mark.parametrize("optimizer", LIMITED)
def test_bisection_finds_the_same_limit(optimizer: Any, momentum: float, l2: float) -> None:
    problem = Problem(*table(20, 3, seed=4))
    found = Objective(problem, Settings(l2=l2)).optimum.parameters
    settings = Settings(optimizer=optimizer, momentum=momentum, l2=l2, start=tuple((found + 1).tolist()))
    low, high = 1e-3, 10.0
    for _ in range(14):
        middle = (low * high) ** 0.5
        low, high = (low, middle) if diverges(problem, settings, middle) else (middle, high)
    assert limit(problem, settings) == pytest.approx(low, rel=0.01)


def test_the_limit_of_squared_errors_is_the_problems_own() -> None:
    problem = Problem(*table(30, 4))
    assert limit(problem, Settings()) == pytest.approx(problem.max_learning_rate, rel=1e-14)
    assert limit(problem, Settings(l1=0.5)) == pytest.approx(problem.max_learning_rate, rel=1e-14)


@pytest.mark.parametrize("loss", ["huber", "log_cosh"])
def test_the_limit_of_a_rounded_bowl_is_twice_that_of_squared_errors(loss: Any) -> None:
    problem = Problem(*table(30, 4))
    assert limit(problem, Settings(loss=loss)) == pytest.approx(2 * problem.max_learning_rate, rel=1e-14)


@pytest.mark.parametrize("settings", [*(Settings(optimizer=name) for name in OTHERS), Settings(loss="mae")])
def test_there_is_no_limit_for_adaptive_steps_and_kinks(settings: Settings) -> None:
    assert limit(Problem(*table(30, 4)), settings) is None


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.key != "longley"], ids=lambda sample: sample.key)
@pytest.mark.parametrize("optimizer", [*LIMITED, *OTHERS])
def test_the_good_rate_arrives_on_every_sample_but_the_ill_conditioned_one(sample: Sample, optimizer: Any) -> None:
    problem = load_sample(sample.key).problem(features=sample.features, target=sample.target, scaling="standardize")
    settings = Settings(optimizer=optimizer, weight_decay=0.0)
    objective = Objective(problem, settings)
    rate = good_learning_rate(objective, settings)
    assert rate == float(f"{rate:.1e}")
    history = run(problem, dataclasses.replace(settings, learning_rate=rate))
    # RMSProp circles the lowest point by half a rate, whatever the epochs.
    near = 0.05 if optimizer == "rmsprop" else 0.01
    assert objective.way_left(history.parameters[-1], history.parameters[0]).item() < near


@pytest.mark.parametrize("optimizer", [*LIMITED, *OTHERS])
def test_the_good_rate_ends_near_the_least_absolute_errors(optimizer: Any) -> None:
    x, y = table(100, 3)
    problem = Problem(x, 10 * y + 100)
    settings = Settings(optimizer=optimizer, loss="mae", weight_decay=0.0)
    objective = Objective(problem, settings)
    rate = good_learning_rate(objective, settings)
    history = run(problem, dataclasses.replace(settings, learning_rate=rate))
    assert objective.way_left(history.parameters[-1], history.parameters[0]).item() < 0.05


def test_a_start_at_the_lowest_point_has_a_good_rate_too() -> None:
    problem = Problem(np.zeros((3, 1)), torch.zeros(3))
    settings = Settings(optimizer="adam", start=(0.0, 0.0))
    assert good_learning_rate(Objective(problem, settings), settings) > 0
