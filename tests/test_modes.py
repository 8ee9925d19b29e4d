"""Eigenmodes against numpy's eigenvectors, against the powers of 1 − αλ, and against real runs."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import Objective, Problem, Settings, run
from app.engine.modes import LINEAR_OPTIMIZERS, factor, recurrence
from tests.problems import table, with_ones


def quadratic(n: int, d: int, seed: int, l2: float = 0.0) -> Objective:
    return Objective(Problem(*table(n, d, seed=seed)), Settings(l2=l2))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 99), st.sampled_from([0.0, 0.2, 7.0]))
def test_modes_are_numpys_eigenvectors_of_the_hessian(n: int, d: int, seed: int, l2: float) -> None:
    objective = quadratic(n, d, seed, l2)
    z = with_ones(objective.problem.features.numpy())
    hessian = 2 * z.T @ z / n + np.diag([2 * l2] * d + [0.0])
    eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    kept = eigenvalues > 1e-12 * eigenvalues[-1]
    modes = objective.modes
    assert modes is not None
    assert modes.flat == (~kept).sum()
    assert modes.curvatures.numpy() == pytest.approx(eigenvalues[kept][::-1], rel=1e-9)
    assert modes.condition_number == pytest.approx(eigenvalues[-1] / eigenvalues[kept][0], rel=1e-9)
    ours, theirs = modes.directions.numpy(), eigenvectors[:, kept][:, ::-1]
    assert (hessian @ ours) == pytest.approx(ours * modes.curvatures.numpy(), abs=1e-10 * eigenvalues[-1])
    apart = kept.sum() == 1 or (np.diff(eigenvalues[kept]) / eigenvalues[-1]).min() > 1e-3
    if apart:
        assert np.abs((ours * theirs).sum(0)) == pytest.approx(1, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.floats(1e-6, 5), st.floats(0, 0.999), st.sampled_from(LINEAR_OPTIMIZERS))
def test_the_factor_is_the_spectral_radius_of_the_updates_own_matrix(x: float, momentum: float, name: Any) -> None:
    chosen = Settings(optimizer=name, momentum=momentum)
    kept = 0.0 if name == "gradient_descent" else momentum
    ahead = kept if name == "nesterov" else 0.0
    # How a step changes the error and the rate times the velocity, by app/engine/optimizers.py.
    after = np.array([x, kept])
    moved = ahead * after + np.array([x, 0.0]) if name == "nesterov" else after
    update = np.array([np.array([1.0, 0.0]) - moved, after])
    assert factor(x, chosen) == pytest.approx(np.abs(np.linalg.eigvals(update)).max(), abs=1e-6)
    first, trace, determinant = recurrence(x, chosen)
    assert first == pytest.approx(update[0, 0])
    if name != "gradient_descent":
        assert (trace, determinant) == pytest.approx((np.trace(update), np.linalg.det(update)), abs=1e-12)


@pytest.mark.parametrize("share", [0.2, 0.9, 1.02])
def test_a_descents_errors_are_powers_of_one_minus_rate_times_curvature(share: float) -> None:
    objective = quadratic(30, 3, seed=3)
    rate = share * objective.problem.max_learning_rate
    history = run(objective.problem, Settings(learning_rate=rate, epochs=60))
    assert objective.modes
    found = objective.modes.errors(history.parameters - objective.optimum.parameters).numpy()
    powers = (1 - rate * objective.modes.curvatures.numpy()) ** np.arange(61)[:, None]
    assert found == pytest.approx(found[0] * powers, abs=1e-11)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(0, 99),
    st.floats(0.01, 1.1),
    st.floats(0, 0.99),
    st.sampled_from(LINEAR_OPTIMIZERS),
    st.sampled_from([0, 0.5]),
)
def test_errors_after_many_steps_are_those_of_a_run(
    seed: int, share: float, momentum: float, optimizer: Any, l2: float
) -> None:
    objective = quadratic(20, 3, seed, l2)
    assert objective.modes
    rate = share * 2 / objective.modes.curvatures[0].item()
    chosen = Settings(learning_rate=rate, optimizer=optimizer, momentum=momentum, epochs=40, l2=l2)
    deviation = run(objective.problem, chosen).parameters - objective.optimum.parameters
    found = objective.modes.errors_after(torch.arange(len(deviation)).double(), deviation[0], chosen)
    assert found.numpy() == pytest.approx(
        objective.modes.errors(deviation).numpy(), rel=1e-5, abs=1e-7 * deviation[0].norm().item()
    )


@pytest.mark.parametrize("change", [{"loss": "mae"}, {"loss": "huber"}, {"l1": 0.1}], ids=str)
def test_only_squared_errors_have_modes(change: Any) -> None:
    assert Objective(Problem(*table(20, 2)), Settings(**change)).modes is None
