"""Least squares: the closed-form optimum, the curvatures and the edge cases."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.engine import Problem, Settings, run
from tests.problems import CASES, X, Y, table, with_ones


@pytest.mark.parametrize("case", CASES)
def test_the_optimum_is_the_least_squares_of_least_norm(case: str) -> None:
    x, y = CASES[case]
    optimum = Problem(x, y).optimum
    theirs = np.linalg.lstsq(with_ones(x), y, rcond=None)[0]
    assert optimum.parameters.numpy() == pytest.approx(theirs, rel=1e-10, abs=1e-12)
    assert optimum.weights.numpy() == pytest.approx(theirs[:-1], rel=1e-10, abs=1e-12)
    assert optimum.bias == pytest.approx(theirs[-1], rel=1e-10, abs=1e-12)
    assert optimum.loss == pytest.approx(np.mean((with_ones(x) @ theirs - y) ** 2), rel=1e-10, abs=1e-24)


@pytest.mark.parametrize("case", CASES)
def test_curvatures_are_the_non_zero_eigenvalues_of_the_hessian(case: str) -> None:
    x, y = CASES[case]
    problem = Problem(x, y)
    hessian = 2 * with_ones(x).T @ with_ones(x) / len(y)
    eigenvalues = np.linalg.eigvalsh(hessian)[::-1]
    eigenvalues = eigenvalues[eigenvalues > 1e-12 * eigenvalues[0]]
    assert problem.curvatures.numpy() == pytest.approx(eigenvalues, rel=1e-10)
    assert (2 * problem.gram).numpy() == pytest.approx(hessian, rel=1e-10, abs=1e-13)
    assert problem.max_learning_rate == pytest.approx(2 / eigenvalues[0], rel=1e-10)
    assert problem.best_learning_rate == pytest.approx(2 / (eigenvalues[0] + eigenvalues[-1]), rel=1e-10)
    flat = len(eigenvalues) < x.shape[1] + 1
    expected = math.inf if flat else eigenvalues[0] / eigenvalues[-1]
    assert problem.condition_number == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_the_loss_of_any_parameters_is_that_of_the_rows(case: str) -> None:
    x, y = CASES[case]
    parameters = np.random.default_rng(1).normal(size=(6, 5, x.shape[1] + 1))
    theirs = ((parameters @ with_ones(x).T - y) ** 2).mean(-1)
    assert Problem(x, y).loss(torch.tensor(parameters)).numpy() == pytest.approx(theirs, rel=1e-11)


@pytest.mark.parametrize("case", CASES)
def test_every_edge_case_descends_to_its_optimum(case: str) -> None:
    problem = Problem(*CASES[case])
    history = run(problem, Settings(learning_rate=problem.best_learning_rate, epochs=3000))
    assert history.outcome == "finished"
    assert history.losses[-1].item() == pytest.approx(problem.optimum.loss, rel=1e-9, abs=1e-15)


@settings(deadline=None)
@given(n=st.integers(1, 30), d=st.integers(1, 6), seed=st.integers(0, 1000), scale=st.floats(1e-3, 1e3))
def test_random_tables_have_the_optimum_of_lstsq(n: int, d: int, seed: int, scale: float) -> None:
    x, y = table(n, d, seed)
    x = x * scale
    design = with_ones(x)
    singular = np.linalg.svd(design, compute_uv=False)
    assume(singular[-1] >= 1e-5 * singular[0])
    theirs = np.linalg.lstsq(design, y, rcond=None)[0]
    ours = Problem(x, y).optimum.parameters.numpy()
    assert np.linalg.norm(ours - theirs) <= 1e-8 * np.linalg.norm(theirs)


def test_columns_around_a_million_keep_their_digits() -> None:
    generator = np.random.default_rng(5)
    x = 1e6 + generator.normal(size=(50, 2))
    y = x @ np.array([2.0, -1.0]) + 4 + generator.normal(size=50)
    centred = x - 1e6
    theirs = np.linalg.lstsq(with_ones(centred), y, rcond=None)[0]
    optimum = Problem(x, y).optimum
    assert optimum.weights.numpy() == pytest.approx(theirs[:-1], rel=1e-7)
    assert optimum.loss == pytest.approx(np.mean((with_ones(centred) @ theirs - y) ** 2), rel=1e-7)
    scaled = Problem(x, y, scaling="standardize")
    history = run(scaled, Settings(learning_rate=scaled.best_learning_rate, epochs=300))
    weights = scaled.in_file_units(history.parameters[-1])[:-1]
    assert weights.numpy() == pytest.approx(theirs[:-1], rel=1e-8)


@pytest.mark.parametrize("case", ["plain", "two rows", "many rows in several blocks"])
def test_standardized_parameters_lead_back_to_the_files_units(case: str) -> None:
    x, y = CASES[case]
    x = x * np.geomspace(1, 1e4, x.shape[1]) + 17
    problem = Problem(x, y, scaling="standardize")
    assert problem.features.mean(0).numpy() == pytest.approx(0, abs=1e-12)
    assert problem.features.std(0, correction=0).numpy() == pytest.approx(1, rel=1e-12)
    theirs = np.linalg.lstsq(with_ones(x), y, rcond=None)[0]
    ours = problem.in_file_units(problem.optimum.parameters).numpy()
    assert ours == pytest.approx(theirs, rel=1e-9)
    predictions = problem.features.numpy() @ problem.optimum.weights.numpy() + problem.optimum.bias
    assert with_ones(x) @ ours == pytest.approx(predictions, rel=1e-9)


def test_a_whole_history_is_converted_to_the_files_units() -> None:
    problem = Problem(X * 30 + 100, Y, scaling="standardize")
    history = run(problem, Settings(epochs=50))
    back = problem.in_file_units(history.parameters)
    assert back.shape == history.parameters.shape
    theirs = back[:, :-1] @ torch.tensor(X * 30 + 100).T + back[:, -1:]
    ours = history.weights @ problem.features.T + history.biases[:, None]
    assert torch.allclose(theirs, ours, rtol=1e-10, atol=1e-10)


def test_without_scaling_the_file_units_are_the_descents() -> None:
    parameters = torch.tensor([1.0, 2.0, 3.0])
    assert Problem(X, Y).in_file_units(parameters).tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("value", [5.0, 0.1, -1e7 / 3, 0.0])
def test_a_constant_feature_is_standardized_to_zeros(value: float) -> None:
    problem = Problem(np.column_stack([X, np.full(12, value)]), Y, scaling="standardize")
    assert problem.features[:, 2].tolist() == [0.0] * 12
    assert problem.optimum.weights[2].item() == pytest.approx(0.0, abs=1e-12)
    history = run(problem, Settings(learning_rate=problem.best_learning_rate, epochs=500))
    assert history.losses[-1].item() == pytest.approx(Problem(X, Y).optimum.loss, rel=1e-10)


def test_standardizing_leaves_the_callers_tensors_alone() -> None:
    x, y = torch.tensor(X), torch.tensor(Y)
    before = x.clone()
    Problem(x, y, scaling="standardize")
    assert torch.equal(x, before)


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor, np.ndarray.tolist])
def test_arrays_tensors_and_lists_make_the_same_problem(convert: Any) -> None:
    assert torch.equal(Problem(convert(X), convert(Y)).optimum.parameters, Problem(X, Y).optimum.parameters)


def test_read_only_arrays_are_welcome() -> None:
    x, y = X.copy(), Y.copy()
    x.flags.writeable = y.flags.writeable = False
    assert Problem(x, y).n_rows == 12


def test_float32_and_integer_tensors_become_float64() -> None:
    problem = Problem(torch.tensor([[1], [2], [4]]), torch.tensor([1.0, 2.0, 3.0]))
    assert problem.features.dtype == problem.target.dtype == torch.float64


@pytest.mark.parametrize(
    ("features", "target"),
    [
        ([1.0, 2.0], [1.0, 2.0]),
        ([[1.0], [2.0]], [1.0, 2.0, 3.0]),
        ([[1.0], [2.0]], [[1.0], [2.0]]),
        ([[[1.0]]], [1.0]),
        (np.zeros((0, 2)), np.zeros(0)),
        (1.0, 2.0),
    ],
)
def test_shapes_that_do_not_fit_are_refused_in_a_sentence(features: Any, target: Any) -> None:
    with pytest.raises(ValueError, match=r"^Features must be \[n, d\] and target \[n\], .*\.$"):
        Problem(features, target)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e200])
@pytest.mark.parametrize("in_target", [False, True])
def test_values_without_a_finite_square_are_refused_in_a_sentence(value: float, in_target: bool, scaling: Any) -> None:
    x, y = X.copy(), Y.copy()
    if in_target:
        y[3] = value
    else:
        x[3, 1] = value
    with pytest.raises(ValueError, match=r"^Features and target must be finite, .*\.$"):
        Problem(x, y, scaling=scaling)


@pytest.mark.parametrize("before", ["none", "standardize"])
@pytest.mark.parametrize("after", ["none", "standardize"])
@pytest.mark.parametrize("case", CASES)
def test_curvatures_under_another_scaling_need_no_rows(case: str, before: Any, after: Any) -> None:
    x, y = CASES[case]
    x = x * 10.0 ** np.arange(x.shape[1]) + 50
    theirs = Problem(x, y, scaling=after).curvatures.numpy()
    assert Problem(x, y, scaling=before).rescaled(after).curvatures.numpy() == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(("before", "after"), [("none", "standardize"), ("standardize", "none")])
def test_features_that_repeat_each_other_do_so_under_another_scaling_too(before: Any, after: Any) -> None:
    x = np.random.default_rng(2).normal(3, 5, 100_000)
    problem = Problem(np.column_stack([x, 7 * x + 2, x**2]), x, scaling=before)
    assert len(problem.curvatures) == len(problem.rescaled(after).curvatures) == 3


@pytest.mark.parametrize("case", CASES)
def test_the_covariance_root_is_a_root_of_the_covariance(case: str) -> None:
    x, y = CASES[case]
    root = Problem(x + 1e4, y).covariance_root.numpy()
    assert root.T @ root == pytest.approx(np.cov(x.T, bias=True).reshape(x.shape[1], -1), abs=1e-10)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
@pytest.mark.parametrize("case", CASES)
def test_leverages_are_the_diagonal_of_the_hat_matrix(case: str, scaling: Any) -> None:
    x, y = CASES[case]
    z = with_ones(x)
    u, singular, _ = np.linalg.svd(z, full_matrices=False)
    theirs = (u[:, singular > 1e-12 * singular[0]] ** 2).sum(axis=1)
    leverages = Problem(x, y, scaling=scaling).leverages
    assert leverages.numpy() == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
@pytest.mark.parametrize("row", [0, 7])
def test_the_optimum_without_a_row_is_that_of_the_others(row: int, scaling: Any) -> None:
    problem = Problem(X, Y, scaling=scaling)
    others = np.arange(12) != row
    theirs = np.linalg.lstsq(with_ones(X[others]), Y[others], rcond=None)[0]
    assert problem.in_file_units(problem.optimum_without(row)).numpy() == pytest.approx(theirs, rel=1e-10)


def test_the_distance_left_is_that_of_the_weights_or_the_bias() -> None:
    problem = Problem(X, Y)
    best, start = problem.optimum.parameters, torch.tensor([40.0, 30.0, 1000.0], dtype=torch.float64)
    assert problem.distance_left(best + 0.1 * (start - best), start).item() == pytest.approx(0.1)
    half_the_bias = torch.tensor([0.0, 0.0, 0.5])
    assert problem.distance_left(best + half_the_bias * (start - best), start).item() == pytest.approx(0.5)
    assert problem.distance_left(torch.stack([start, best]), start).tolist() == pytest.approx([1, 0])


def test_a_short_distance_counts_as_long_as_the_optimums_distance_from_zero() -> None:
    problem = Problem(X, Y)
    best = problem.optimum.parameters
    assert problem.distance_left(1.001 * best, 1.001 * best).item() == pytest.approx(0.001)


def test_no_distance_is_left_along_a_direction_in_which_the_loss_is_flat() -> None:
    problem = Problem(np.column_stack([X, X[:, 0]]), Y)
    best = problem.optimum.parameters
    flat = torch.tensor([1.0, 0.0, -1.0, 0.0], dtype=torch.float64)
    assert problem.distance_left(best + 100 * flat, best + 1e3 * flat).item() == pytest.approx(0, abs=1e-10)


def test_an_array_that_can_be_written_to_is_used_as_it_is() -> None:
    x, frozen = X.copy(), X.copy()
    frozen.flags.writeable = False
    assert np.shares_memory(Problem(x, Y).features.numpy(), x)
    assert not np.shares_memory(Problem(frozen, Y).features.numpy(), frozen)
    standardized = Problem(x, Y, scaling="standardize").features.numpy()
    assert not np.shares_memory(standardized, x)
    assert np.array_equal(x, X)
