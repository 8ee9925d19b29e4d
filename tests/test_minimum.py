"""The lowest point of every loss and penalty, against scikit-learn, NumPy and the points around it."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import ElasticNet, Lasso, QuantileRegressor, Ridge  # type: ignore[import-untyped]

from app.engine import Problem, Settings
from app.engine.losses import loss_of
from app.engine.objective import MAX_ROWS_WITH_EXACT_OPTIMUM, Objective
from app.engine.problem import Optimum
from app.engine.settings import CHOICES
from tests.problems import CASES, Array, table, with_ones

LOSSES = CHOICES["loss"]
SMOOTH = [name for name in LOSSES if loss_of(Settings(loss=name)).smooth]  # type: ignore[arg-type]
PENALTIES = [(0.0, 0.0), (0.0, 0.1), (0.05, 0.0), (0.05, 0.1), (1e-9, 0.0), (0.0, 1e-9), (1e3, 0.0)]


def objective(x: Array, y: Array, **chosen: Any) -> Objective:
    return Objective(Problem(x, y), Settings(**{"quantile": 0.3, **chosen}))


def values(objective: Objective, parameters: Any) -> Array:
    """Loss and penalty [...] at parameters [..., d + 1], computed from the rows."""
    x, y = objective.problem.features.numpy(), objective.problem.target.numpy()
    weights, bias = parameters[..., :-1], parameters[..., -1:]
    losses = objective.loss.of(torch.tensor(weights @ x.T + bias - y)).mean(-1).numpy()
    found: Array = losses + objective.l2 * np.square(weights).sum(-1) + objective.l1 * np.abs(weights).sum(-1)
    return found


def steepness(objective: Objective, optimum: Optimum) -> float:
    """The smallest subgradient of λ₁ and a smooth loss, in features of unit length."""
    z = torch.tensor(with_ones(objective.problem.features.numpy()))
    weights = torch.cat([optimum.weights, torch.zeros(1, dtype=torch.float64)])
    error = z @ optimum.parameters - objective.problem.target
    gradient = z.T @ objective.loss.slope(error) / len(error) + 2 * objective.l2 * weights
    limits = torch.full_like(weights, objective.l1)
    limits[-1] = 0
    left = torch.where(weights == 0, gradient.abs() - limits, (gradient + objective.l1 * weights.sign()).abs())
    lengths = z.square().mean(0).sqrt()
    return (left / lengths.where(lengths > 0, torch.ones_like(lengths))).max().item()


def assert_nothing_beside_is_lower(objective: Objective, seed: int = 0) -> None:
    found, generator = objective.optimum.parameters.numpy(), np.random.default_rng(seed)
    x, y = objective.problem.features.numpy(), objective.problem.target.numpy()
    spread = x.std(0)
    spread = np.where(spread <= 1e-12 * np.abs(x).max(0), 1.0, spread)
    lowest, unit = float(values(objective, found)), max(float(y.std()), 1e-3 * float(np.abs(y).max()), 1e-12)
    assert np.isfinite(found).all()
    assert objective.optimum.loss == pytest.approx(lowest, rel=1e-9, abs=1e-12 * unit)
    for size in (1e-1, 1e-3, 1e-5):
        for few in (0.3, 1.0):
            steps = size * unit * generator.normal(size=(20, len(found)))
            steps[:, :-1] *= generator.random((20, len(found) - 1)) < few
            steps[:, :-1] /= spread
            steps[:, -1] -= steps[:, :-1] @ x.mean(0)
            lower = values(objective, found + steps).min()
            assert lower >= lowest * (1 - 1e-11) - 1e-13 * min(unit, 1)


# A table of many rows takes seconds, so it is tried with one pair of penalties only.
FEW_ROWS, MANY_ROWS = ([case for case in CASES if (len(CASES[case][1]) > 1000) == many] for many in (False, True))


@pytest.mark.parametrize(
    ("case", "l1", "l2"),
    [*((case, *penalties) for case in FEW_ROWS for penalties in PENALTIES), *((case, 0.05, 0.1) for case in MANY_ROWS)],
)
@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_beside_the_optimum_is_lower(case: str, loss: Any, l1: float, l2: float) -> None:
    assert_nothing_beside_is_lower(objective(*CASES[case], loss=loss, l1=l1, l2=l2))


@settings(deadline=None, max_examples=60)
@given(
    n=st.integers(1, 40),
    d=st.integers(1, 6),
    seed=st.integers(0, 1000),
    whole=st.booleans(),
    loss=st.sampled_from(LOSSES),
    l1=st.sampled_from([0.0, 0.01, 0.3, 3.0]),
    l2=st.sampled_from([0.0, 0.01, 0.3, 3.0]),
)
def test_nothing_beside_the_optimum_is_lower_on_random_tables(
    n: int, d: int, seed: int, whole: bool, loss: Any, l1: float, l2: float
) -> None:
    x, y = table(n, d, seed)
    x, y = (x.round(), y.round()) if whole else (x, y)
    assert_nothing_beside_is_lower(objective(x, y, loss=loss, l1=l1, l2=l2), seed)


@pytest.mark.parametrize(("l1", "l2"), PENALTIES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("offset", [0.0, 1e3])
def test_nothing_beside_the_optimum_is_lower_on_wildly_scaled_features(
    loss: Any, l1: float, l2: float, offset: float
) -> None:
    x, y = table(40, 3)
    wild = objective((x + offset) * [1e-6, 1.0, 1e9], y, loss=loss, l1=l1, l2=l2)
    assert_nothing_beside_is_lower(wild)


@pytest.mark.parametrize(("l1", "l2"), PENALTIES)
@pytest.mark.parametrize("loss", SMOOTH)
@pytest.mark.parametrize("unit", [1.0, 1e3, 1e5])
@pytest.mark.parametrize("order", [0, 3, 7, 9])
def test_no_slope_is_left_where_the_loss_is_smooth(loss: Any, l1: float, l2: float, unit: float, order: int) -> None:
    x, y = table(200, 4)
    rows = np.random.default_rng(order).permutation(200)  # in another order all sums round differently
    x, y = x[rows], y[rows]
    minimized = objective(x, y * unit, loss=loss, l1=l1, l2=l2)
    assert steepness(minimized, minimized.optimum) < 1e-9 * (unit if loss == "mse" else 1)


@pytest.mark.parametrize("loss", ["huber", "log_cosh"])
@pytest.mark.parametrize("unit", [1e7, 1e9])
@pytest.mark.parametrize("l1", [0.0, 0.05, 0.5])
def test_errors_far_beyond_the_bowl_are_lower_than_where_absolute_errors_are(loss: Any, unit: float, l1: float) -> None:
    x, y = table(200, 4)
    minimized = objective(x, y * unit, loss=loss, l1=l1)
    assert steepness(minimized, minimized.optimum) < 1e-7
    absolute = objective(x, y * unit, loss="mae", l1=l1).optimum.parameters.numpy()
    assert minimized.optimum.loss < values(minimized, absolute)


@pytest.mark.parametrize(("n", "l1"), [(800, 0.02), (250, 0.02), (800, 0.5)])
def test_a_lasso_of_hundreds_of_features_leaves_no_slope(n: int, l1: float) -> None:
    x, y = table(n, 400)
    minimized = objective(x, y, l1=l1)
    assert steepness(minimized, minimized.optimum) < 1e-10
    assert 0 < int((minimized.optimum.weights == 0).sum()) < 400


@pytest.mark.parametrize("l2", [1e-6, 0.1, 10.0])
def test_squared_errors_with_l2_are_scikit_learns_ridge(l2: float) -> None:
    x, y = table(50, 4)
    theirs = Ridge(alpha=50 * l2, tol=1e-14, solver="svd").fit(x, y)
    ours = objective(x, y, l2=l2).optimum
    assert ours.parameters.numpy() == pytest.approx([*theirs.coef_, theirs.intercept_], rel=1e-10)
    assert ours.method == "closed form"


@pytest.mark.parametrize("l1", [1e-3, 0.5, 2.0])
@pytest.mark.parametrize("l2", [0.0, 0.2])
def test_squared_errors_with_l1_are_scikit_learns_lasso_and_elastic_net(l1: float, l2: float) -> None:
    x, y = table(60, 8)
    y = y + 5 * x[:, 0]
    # Theirs is half the squared error, plus alpha · ratio · |w| + ½ · alpha · (1 − ratio) · w².
    alpha = l1 / 2 + l2
    elastic_net = ElasticNet(alpha=alpha, l1_ratio=l1 / 2 / alpha, tol=1e-13, max_iter=100_000)
    lasso = Lasso(alpha=alpha, tol=1e-13, max_iter=100_000)
    theirs = (elastic_net if l2 else lasso).fit(x, y)
    ours = objective(x, y, l1=l1, l2=l2).optimum
    assert ours.parameters.numpy() == pytest.approx([*theirs.coef_, theirs.intercept_], rel=1e-6, abs=1e-8)
    assert ((ours.weights == 0).numpy() == (theirs.coef_ == 0)).all()


@pytest.mark.parametrize("quantile", [0.05, 0.5, 0.8])
@pytest.mark.parametrize("l1", [0.0, 0.05, 0.3])
def test_the_quantile_loss_is_scikit_learns(quantile: float, l1: float) -> None:
    x, y = table(61, 3)
    theirs = QuantileRegressor(quantile=quantile, alpha=l1).fit(x, y)
    ours = objective(x, y, loss="quantile", quantile=quantile, l1=l1)
    assert ours.optimum.loss == pytest.approx(values(ours, np.array([*theirs.coef_, theirs.intercept_])), rel=1e-9)
    assert ours.optimum.method == "linear program, HiGHS"


def test_absolute_errors_go_exactly_through_as_many_rows_as_there_are_parameters() -> None:
    x, y = table(301, 4)
    optimum = objective(x, y, loss="mae").optimum
    errors = np.abs(with_ones(x) @ optimum.parameters.numpy() - y)
    assert (errors < 1e-13).sum() == 5


@pytest.mark.parametrize("loss", ["mae", "quantile"])
@pytest.mark.parametrize(("n", "d", "seed", "l1", "l2"), [(5, 5, 1, 0.01, 0.01), (2, 3, 3, 3.0, 0.3)])
def test_errors_that_are_mostly_rounding_or_none_set_no_scale(
    loss: Any, n: int, d: int, seed: int, l1: float, l2: float
) -> None:
    x, y = table(n, d, seed)
    assert_nothing_beside_is_lower(objective(x.round(), y.round(), loss=loss, l1=l1, l2=l2))


def test_with_zero_features_the_bias_is_the_median_or_the_quantile() -> None:
    y = np.array([5.0, 1.0, 2.0, 9.0, 40.0, 7.0, 3.0])
    assert objective(np.zeros((7, 1)), y, loss="mae").optimum.bias == 5.0
    assert objective(np.zeros((7, 1)), y, loss="quantile", quantile=0.8).optimum.bias == 9.0


def test_a_wide_huber_loss_is_half_the_squared_error() -> None:
    x, y = table(50, 3)
    wide, squared = objective(x, y, loss="huber", delta=1e6, l2=0.05).optimum, objective(x, y, l2=0.1).optimum
    assert wide.parameters.numpy() == pytest.approx(squared.parameters.numpy(), rel=1e-12)
    assert wide.loss == pytest.approx(squared.loss / 2, rel=1e-12)


def test_a_strong_l1_leaves_exact_zeros_and_the_bias_alone() -> None:
    x, y = table(50, 3)
    optimum = objective(x, y, loss="log_cosh", l1=1e3).optimum
    assert optimum.weights.tolist() == [0, 0, 0]
    assert torch.tensor(optimum.bias - y).tanh().mean().abs() < 1e-14


@pytest.mark.parametrize("loss", SMOOTH)
def test_a_smooth_losss_optimum_is_the_lowest_point_nearest_to_zero(loss: Any) -> None:
    x, y = table(12, 2)
    twice = objective(np.column_stack([x, x[:, 0], np.full(12, 5.0)]), y, loss=loss).optimum
    once = objective(x, y, loss=loss).optimum
    assert twice.weights[0].item() == pytest.approx(once.weights[0].item() / 2, rel=1e-9)
    assert twice.weights[2].item() == pytest.approx(once.weights[0].item() / 2, rel=1e-9)
    assert twice.weights[3].item() == pytest.approx(5 * twice.bias, rel=1e-9)


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.02, 0.0), (0.0, 0.05), (0.02, 0.05)])
@pytest.mark.parametrize("loss", ["mae", "huber", "log_cosh", "quantile"])
def test_many_rows_have_the_lowest_point_that_they_have_four_times_over(loss: Any, l1: float, l2: float) -> None:
    x, y = table(1500, 3)
    few, order = objective(x, y, loss=loss, l1=l1, l2=l2).optimum, np.random.default_rng(0).permutation(210_000)
    many = objective(np.tile(x, (140, 1))[order], np.tile(y, 140)[order], loss=loss, l1=l1, l2=l2).optimum
    assert many.loss == pytest.approx(few.loss, rel=1e-12)
    assert many.parameters.numpy() == pytest.approx(few.parameters.numpy(), rel=1e-8, abs=1e-10)


def test_two_hundred_thousand_absolute_errors_leave_no_direction_down() -> None:
    x, y = table(200_000, 3)
    minimized = objective(x, y, loss="mae")
    z, found = with_ones(x), minimized.optimum.parameters.numpy()
    error = z @ found - y
    on = np.abs(error) < 1e-10
    assert on.sum() == 4
    # Fitted rows balance all the others with subgradients between −1 and 1: Koenker 2005, theorem 2.1.
    subgradients = np.linalg.solve(z[on].T, -z[~on].T @ np.sign(error[~on]))
    assert np.abs(subgradients).max() <= 1


@pytest.mark.parametrize("loss", ["mae", "huber"])
@pytest.mark.parametrize("l1", [0.0, 0.02])
def test_until_the_optimum_is_known_a_random_sample_says_about_where_it_is(loss: Any, l1: float) -> None:
    minimized = objective(*table(MAX_ROWS_WITH_EXACT_OPTIMUM + 1, 3), loss=loss, l1=l1)
    about = minimized.optimum_so_far
    assert not minimized.optimum_is_known
    assert about.method.endswith("on 20,000 rows so far")
    assert about.loss == pytest.approx(values(minimized, about.parameters.numpy()), rel=1e-12)
    exact = minimized.optimum
    assert minimized.optimum_is_known
    assert minimized.optimum_so_far is exact
    assert exact.loss < about.loss < exact.loss * 1.001
    assert about.parameters.numpy() == pytest.approx(exact.parameters.numpy(), abs=0.05)


@pytest.mark.parametrize("chosen", [{"loss": "mae"}, {}], ids=["few rows", "squared errors"])
def test_an_optimum_that_is_found_quickly_needs_no_sample(chosen: dict[str, Any]) -> None:
    rows = MAX_ROWS_WITH_EXACT_OPTIMUM if chosen else MAX_ROWS_WITH_EXACT_OPTIMUM + 1
    x, y = np.linspace(0, 1, rows)[:, None], np.linspace(1, 2, rows)
    assert objective(x, y, **chosen).optimum_is_known


@pytest.mark.parametrize("loss", LOSSES)
def test_curvatures_are_the_derivatives_of_slopes_and_stay_below_their_bound(loss: Any) -> None:
    ours = objective(*table(5, 1), loss=loss).loss
    error = torch.tensor([-3.0, -0.7, 0.2, 0.9, 1.4], dtype=torch.float64)
    numeric = (ours.slope(error + 1e-6) - ours.slope(error - 1e-6)) / 2e-6
    assert ours.curvature(error).numpy() == pytest.approx(numeric.numpy(), abs=1e-9)
    assert (ours.curvature(error) <= ours.max_curvature).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_between_its_breakpoints_a_slope_is_straight_to_the_eye(loss: Any) -> None:
    ours = objective(*table(5, 1), loss=loss).loss
    places = ours.breakpoints()
    error = torch.linspace(-1, 1, 5000, dtype=torch.float64) * (1 if loss == "mse" else 20)  # none is 0, a kink
    straight = np.interp(error.numpy(), places.numpy(), ours.slope(places).numpy())
    assert ours.slope(error).numpy() == pytest.approx(straight, abs=1e-3)


def test_a_perfect_fit_costs_nothing() -> None:
    x, _ = table(30, 3)
    for loss in LOSSES:
        optimum = objective(x, x @ np.ones(3) + 2, loss=loss).optimum
        assert optimum.parameters.numpy() == pytest.approx([1, 1, 1, 2], rel=1e-12)
        assert 0 <= optimum.loss < 1e-12
        assert math.isfinite(optimum.loss)
