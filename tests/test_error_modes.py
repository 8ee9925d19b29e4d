"""The error by mode, against a run's own distances and against the rows under the other scaling."""

import numpy as np
import pytest
import torch

from app.engine import Objective, Problem, Settings, run
from app.engine.error_modes import errors_if_rescaled, errors_of_run
from app.engine.problem import Scaling
from app.engine.rates import fastest_learning_rate
from tests.problems import CASES, table, with_ones


def other(problem: Problem, scaling: Scaling) -> Problem:
    x = problem.features.numpy() * problem.scales.numpy() + problem.means.numpy()
    return Problem(np.array(x), problem.target.clone(), scaling=scaling)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
@pytest.mark.parametrize("case", CASES)
def test_a_few_rows_have_the_loss_of_all_under_another_scaling(case: str, scaling: Scaling) -> None:
    first: Scaling = "standardize" if scaling == "none" else "none"
    problem = Problem(*CASES[case], scaling=first)
    few, all_rows = problem.rescaled(scaling), other(problem, scaling)
    assert few.n_rows <= problem.n_features + 2
    points = torch.tensor(np.random.default_rng(1).normal(size=(6, problem.n_features + 1)))
    assert few.loss(points).numpy() == pytest.approx(all_rows.loss(points).numpy(), rel=1e-9, abs=1e-12)
    assert few.curvatures.numpy() == pytest.approx(all_rows.curvatures.numpy(), rel=1e-8)
    assert few.scales.numpy() == pytest.approx(all_rows.scales.numpy(), rel=1e-9)
    assert few.optimum.loss == pytest.approx(all_rows.optimum.loss, rel=1e-9, abs=1e-12)


def test_a_runs_split_is_its_distance_along_numpys_eigenvectors() -> None:
    problem, settings = Problem(*table(30, 3)), Settings(learning_rate=0.05, epochs=1000)
    history = run(problem, settings)
    split = errors_of_run(Objective(problem, settings), settings, history)
    assert split
    z = with_ones(problem.features.numpy())
    eigenvalues, vectors = np.linalg.eigh(2 * z.T @ z / 30)
    deviation = (history.parameters - problem.optimum.parameters).numpy()
    epochs = split.epochs.long().numpy()
    assert (epochs[0], epochs[40], epochs[-1]) == (0, 40, 1000)
    theirs = np.abs(deviation @ vectors)[epochs][:, ::-1] / np.linalg.norm(deviation[0])
    assert split.errors.abs().numpy() == pytest.approx(theirs, rel=1e-6, abs=1e-13)
    assert split.theory is not None
    powers = theirs[0] * np.abs(1 - 0.05 * eigenvalues[::-1]) ** epochs[:, None]
    assert split.theory.abs().numpy() == pytest.approx(powers, rel=1e-6, abs=1e-13)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "nesterov", "adam"])
def test_the_other_scaling_is_what_its_run_would_be(optimizer: str) -> None:
    problem = Problem(10 + 3 * table(30, 3)[0], table(30, 3)[1])
    settings = Settings(optimizer=optimizer, epochs=300)  # type: ignore[arg-type]
    split = errors_if_rescaled(Objective(problem, settings), settings, 300)
    assert split
    standardized = other(problem, "standardize")
    objective = Objective(standardized, split.settings)
    assert split.settings.learning_rate == fastest_learning_rate(objective, split.settings)
    history = run(standardized, split.settings)
    walked = errors_of_run(objective, split.settings, history)
    assert walked
    assert split.errors.abs().numpy() == pytest.approx(walked.errors.abs().numpy(), rel=1e-4, abs=1e-9)
    assert (split.theory is None) == (optimizer in ("momentum", "nesterov"))


def test_an_error_mode_names_a_factor_only_where_all_steps_are_alike() -> None:
    problem = Problem(*table(30, 2))
    for settings, alike in ((Settings(batch_size=5, epochs=5), True), (Settings(schedule="cosine", epochs=5), True),
                            (Settings(optimizer="adam", epochs=5), True), (Settings(epochs=5), False)):  # fmt: skip
        split = errors_of_run(Objective(problem, settings), settings, run(problem, settings), same_settings=alike)
        assert split
        assert split.theory is None


def test_losses_other_than_squared_errors_have_no_error_modes() -> None:
    problem, settings = Problem(*table(30, 2)), Settings(loss="mae", epochs=5)
    assert errors_of_run(Objective(problem, settings), settings, run(problem, settings)) is None
    assert errors_if_rescaled(Objective(problem, settings), settings, 5) is None
