"""A sweep's runs equal those trained one by one, and a sweep that is too large is refused."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.engine import Problem, Settings, hold_out, run
from app.engine.settings import CHOICES
from app.engine.sweep import Sweep, sweep, sweeping
from tests.problems import table

SWEEPS: dict[str, list[Any]] = {
    "learning_rate": [1e-5, 0.003, 0.02],
    "batch_size": [0, 7, 1, 40, 7, 39],
    "seed": [0, 3, 42],
    "l2": [0.0, 0.01, 1.0],
    "l1": [0.0, 0.01, 1.0],
}


def worst_difference(problem: Problem, settings: Settings, found: Sweep) -> float:
    """Largest relative difference between a sweep's losses and last parameters and those of single runs."""
    worst = 0.0
    for i, value in enumerate(found.values):
        change: dict[str, Any] = {found.name: value}
        history = run(problem, replace(settings, **change))
        single, ours = history.losses.double(), found.losses[i]
        assert bool(found.diverged[i]) == (history.outcome == "diverged")
        assert (ours[len(single) :] == ours[len(single) - 1]).all()
        worst = max(worst, ((ours[: len(single)] - single).abs() / single).max().item())
        away = (found.parameters[i] - history.parameters[-1]).norm() / history.parameters[-1].norm()
        worst = max(worst, away.item())
    return worst


def assert_same(problem: Problem, settings: Settings, name: str, values: list[Any]) -> None:
    assert worst_difference(problem, settings, sweep(problem, settings, name, values)) <= 1e-9


@pytest.mark.parametrize("batch_size", [0, 9])
@pytest.mark.parametrize("name", SWEEPS)
@pytest.mark.parametrize("optimizer", CHOICES["optimizer"])
def test_a_sweeps_runs_are_the_single_runs_for_every_optimizer(optimizer: Any, name: str, batch_size: int) -> None:
    epochs = 15 if batch_size else 60  # of five updates or of one
    settings = Settings(epochs=epochs, optimizer=optimizer, batch_size=batch_size, l2=0.02)
    assert_same(Problem(*table(40, 3)), settings, name, SWEEPS[name])


@pytest.mark.parametrize("name", SWEEPS)
@pytest.mark.parametrize("loss", CHOICES["loss"])
@pytest.mark.parametrize("penalty", [{}, {"l1": 0.05, "l2": 0.1}])
def test_a_sweeps_runs_are_the_single_runs_for_every_loss_and_penalty(
    loss: Any, penalty: dict[str, Any], name: str
) -> None:
    assert_same(Problem(*table(40, 3)), Settings(epochs=60, loss=loss, **penalty), name, SWEEPS[name])


@pytest.mark.parametrize("schedule", CHOICES["schedule"])
@pytest.mark.parametrize("batch_size", [0, 9])
def test_a_sweeps_runs_are_the_single_runs_for_every_schedule(schedule: Any, batch_size: int) -> None:
    settings = Settings(epochs=40, schedule=schedule, period=15, batch_size=batch_size)
    assert_same(Problem(*table(40, 3)), settings, "learning_rate", SWEEPS["learning_rate"])


@pytest.mark.parametrize("name", SWEEPS)
@pytest.mark.parametrize("batch_size", [0, 900])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam", "adamw"])
def test_a_sweeps_runs_are_the_single_runs_on_many_rows(optimizer: Any, batch_size: int, name: str) -> None:
    values = [0, 900, 2000] if name == "batch_size" else SWEEPS[name]
    assert_same(Problem(*table(4000, 3)), Settings(epochs=30, optimizer=optimizer, batch_size=batch_size), name, values)


@hypothesis_settings(max_examples=40, deadline=None)
@given(
    n=st.integers(2, 30),
    d=st.integers(1, 4),
    optimizer=st.sampled_from(["gradient_descent", "momentum", "nesterov"]),
    loss=st.sampled_from(["mse", "huber", "log_cosh"]),
    batch_size=st.integers(0, 31),
    rates=st.lists(st.floats(1e-6, 0.05), min_size=1, max_size=5),
    seed=st.integers(0, 100),
)
def test_a_sweeps_runs_are_the_single_runs_on_any_problem(
    n: int, d: int, optimizer: Any, loss: Any, batch_size: int, rates: list[float], seed: int
) -> None:
    settings = Settings(epochs=25, optimizer=optimizer, loss=loss, batch_size=batch_size, seed=seed)
    assert_same(Problem(*table(n, d, seed)), settings, "learning_rate", rates)


@pytest.mark.parametrize("n", [40, 4000])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum"])
def test_a_run_that_diverges_keeps_its_last_finite_loss(optimizer: Any, n: int) -> None:
    problem = Problem(*table(n, 2))
    rates = [problem.max_learning_rate * factor for factor in (0.5, 3, 1e3, 1e150, 1e300)]
    settings = Settings(epochs=300, optimizer=optimizer)
    found = sweep(problem, settings, "learning_rate", rates)
    assert found.diverged.tolist() == [False, True, True, True, True]
    assert found.losses.isfinite().all()
    assert found.parameters.isfinite().all()
    assert worst_difference(problem, settings, found) <= 1e-9
    assert found.best == 0


def test_a_sweep_of_runs_that_all_diverge_has_no_best() -> None:
    problem = Problem(*table(20, 2))
    found = sweep(problem, Settings(epochs=500), "learning_rate", [5.0, 10.0])
    assert found.diverged.all()
    assert found.best is None
    assert found.losses.isfinite().all()


def test_single_precision_is_the_same_to_its_digits() -> None:
    problem, settings = Problem(*table(20, 2)), Settings(epochs=100, precision="float32")
    for name in ("learning_rate", "l2", "l1", "seed"):
        assert worst_difference(problem, settings, sweep(problem, settings, name, SWEEPS[name])) <= 1e-4


def test_the_best_is_judged_on_the_rows_held_out() -> None:
    problem = hold_out(Problem(*table(40, 12)), 0.6, seed=1)
    assert problem.held_out
    settings = Settings(epochs=2000, learning_rate=0.05)
    found = sweep(problem, settings, "l2", [0.0, 0.03, 0.3, 30.0])
    expected = [problem.held_out.loss(parameters).item() for parameters in found.parameters]
    assert found.held_out_losses.tolist() == pytest.approx(expected, rel=1e-12)
    assert found.best == expected.index(min(expected)) > 0


def test_no_epochs_are_a_sweep_too() -> None:
    found = sweep(Problem(*table(20, 2)), Settings(epochs=0), "seed", [1, 2])
    assert found.losses.shape == (2, 1)
    assert not found.diverged.any()


def test_the_progress_of_a_sweep_rises_to_its_end() -> None:
    parts = sweeping(Problem(*table(40, 2)), Settings(epochs=500), "batch_size", [0, 3, 10])
    shares = [found.done for found in parts]
    assert shares == sorted(set(shares) | {1.0})
    assert (shares[0], shares[-1]) == (0, 1)


@pytest.mark.parametrize(
    ("n", "settings", "name", "values", "complaint"),
    [
        (20, {}, "learning_rate", [0.1] * 65, "1 to 64 values"),
        (20, {}, "learning_rate", [], "1 to 64 values"),
        (20, {}, "momentum", [0.1], "1 to 64 values"),
        (20, {}, "learning_rate", [-1.0], "learning rate is -1.0"),
        (20, {"epochs": 1_000_000}, "learning_rate", [0.1] * 64, "64 runs of 1,000,000 epochs .* Choose fewer"),
        (2000, {"batch_size": 1}, "learning_rate", [0.1] * 64, "times as much as a sweep can do"),
        (200_000, {"loss": "huber", "epochs": 1}, "learning_rate", [0.1] * 64, "times as much as a sweep can do"),
        (200_000, {"batch_size": 99, "epochs": 1}, "seed", list(range(64)), "times as much as a sweep can do"),
        (20, {"start": (1e200, 0.0, 0.0)}, "learning_rate", [0.1], "too large for float64"),
    ],
)
def test_an_invalid_or_too_long_sweep_is_refused(
    n: int, settings: dict[str, Any], name: str, values: list[Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        sweep(Problem(*table(n, 2)), Settings(**settings), name, values)


def test_a_sweep_of_seeds_with_held_out_rows_is_refused() -> None:
    problem = hold_out(Problem(*table(40, 2)), 0.5, seed=1)
    with pytest.raises(ValueError, match="hold no rows out"):
        sweep(problem, Settings(held_out=0.5, seed=1), "seed", [1, 2])


def test_a_million_rows_are_swept_without_reading_them() -> None:
    x = torch.randn(1_000_000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    problem = Problem(x, x.sum(1))
    found = sweep(problem, Settings(epochs=100), "learning_rate", [0.1, 0.2])
    assert found.last_losses.max() < 1e-6
