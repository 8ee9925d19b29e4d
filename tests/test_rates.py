"""The limit is where a descent begins to diverge, no rate is faster than the fastest, and a better one is better."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from app.dataset import load_sample
from app.engine import Problem, Settings, rates, run
from app.engine.modes import factor
from app.engine.objective import Objective
from app.engine.rates import (
    asymptotic_learning_rate,
    better_learning_rate,
    epochs_needed,
    epochs_of_slowest_mode,
    epochs_taken,
    fastest_learning_rate,
    growth,
    max_learning_rate,
    rates_are_known,
    safe_learning_rate,
)
from tests.problems import table

LIMITED = ["gradient_descent", "momentum", "nesterov"]
OTHERS: list[Any] = ["adagrad", "rmsprop", "adam", "adamw"]


def limit(problem: Problem, settings: Settings) -> float | None:
    return max_learning_rate(Objective(problem, settings), settings)


def diverges(problem: Problem, settings: Settings, rate: float) -> bool:
    losses = run(problem, dataclasses.replace(settings, learning_rate=rate)).losses
    return len(losses) < 2001 or bool(losses[-1] > 1.001 * losses[1000])


@pytest.mark.parametrize("l2", [0.0, 0.3, 20.0])
@pytest.mark.parametrize(
    ("optimizer", "momentum"),
    [("gradient_descent", 0.0), *((optimizer, momentum) for optimizer in LIMITED[1:] for momentum in (0.3, 0.9))],
)
def test_a_descent_diverges_beyond_the_limit_and_not_below(optimizer: Any, momentum: float, l2: float) -> None:
    problem = Problem(*table(20, 3, seed=4))
    found = Objective(problem, Settings(l2=l2)).optimum.parameters
    settings = Settings(optimizer=optimizer, momentum=momentum, l2=l2, start=tuple((found + 1).tolist()))
    rate = limit(problem, settings)
    assert rate
    assert [diverges(problem, settings, share * rate) for share in (0.5, 0.99, 1.01, 2)] == [False, False, True, True]


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


@pytest.mark.parametrize("change", [{"batch_size": 5}, {"loss": "mae"}, {"loss": "quantile"}], ids=str)
@pytest.mark.parametrize("optimizer", [*LIMITED, *OTHERS])
def test_no_rate_is_known_for_small_batches_and_kinks(optimizer: Any, change: Any) -> None:
    settings = Settings(optimizer=optimizer, **change)
    objective = Objective(Problem(*table(20, 2)), settings)
    assert not rates_are_known(objective, settings)
    assert max_learning_rate(objective, settings) is None
    assert safe_learning_rate(objective, settings) is None
    assert fastest_learning_rate(objective, settings) is None
    assert better_learning_rate(objective, settings) is None


def test_half_the_limit_of_all_rows_would_throw_single_rows_out() -> None:
    """Why no rate is recommended for small batches: with all rows in each batch it would arrive."""
    distance, noise = np.linspace(1, 25, 40), np.random.default_rng(0).normal(size=40)
    problem = Problem(distance[:, None], 5 * distance + 4 * noise, scaling="standardize")
    whole = Settings(epochs=200)
    rate = safe_learning_rate(Objective(problem, whole), whole)
    assert rate == 0.5
    ends = {size: run(problem, Settings(learning_rate=rate, batch_size=size, epochs=200)).losses[-50:].mean().item()
            for size in (0, 40, 1)}  # fmt: skip
    assert ends[0] == ends[40] == pytest.approx(problem.optimum.loss)
    calm = run(problem, Settings(learning_rate=0.1, batch_size=1, epochs=200)).losses[-50:].mean()
    assert ends[1] > 100 * calm


def slowest(objective: Objective, settings: Settings, rate: float) -> float:
    """The largest factor per step over all directions."""
    assert objective.modes
    return max(factor(rate * curvature, settings) for curvature in objective.modes.curvatures.tolist())


@trials(deadline=None, max_examples=40)
@given(st.integers(2, 30), st.integers(1, 4), st.integers(0, 99), st.sampled_from(LIMITED), st.floats(0, 0.99))
def test_no_other_rate_is_finally_quicker_than_the_asymptotic_one(
    n: int, d: int, seed: int, optimizer: Any, momentum: float
) -> None:
    settings = Settings(optimizer=optimizer, momentum=momentum)
    objective = Objective(Problem(*table(n, d, seed=seed)), settings)
    best, limit = asymptotic_learning_rate(objective, settings), max_learning_rate(objective, settings)
    assert best
    assert limit
    assert 0 < best < limit
    rates = limit * np.linspace(0.001, 1.2, 600)
    # Where two roots coincide, the larger one depends on rounding.
    assert slowest(objective, settings, best) <= min(slowest(objective, settings, rate) for rate in rates) + 1e-7


@pytest.mark.parametrize("optimizer", LIMITED)
def test_a_run_is_finally_quickest_at_the_asymptotic_rate(optimizer: Any) -> None:
    """Of gradient descent the rate is searched for, of the others it is compared with its neighbours."""
    problem = Problem(*table(20, 2, seed=4))
    settings = Settings(optimizer=optimizer, momentum=0.02, epochs=400)  # with more, many rates are equally good
    objective = Objective(problem, settings)

    def measured(rate: float) -> float:
        history = run(problem, dataclasses.replace(settings, learning_rate=rate))
        left = (history.parameters - objective.optimum.parameters).norm(dim=1)
        until = int((left > 1e-11 * left[0]).nonzero()[-1])
        return float((left[until] / left[until // 2]) ** (1 / (until - until // 2)))

    best = asymptotic_learning_rate(objective, settings)
    assert best
    assert measured(best) == pytest.approx(slowest(objective, settings, best), rel=0.02)
    if optimizer == "gradient_descent":
        low, high = 0.2 * best, 1.05 * best
        for _ in range(40):
            third = (high - low) / 3
            low, high = (low + third, high) if measured(low + third) > measured(high - third) else (low, high - third)
        assert best == pytest.approx(low, rel=0.01)
    else:
        assert measured(best) < min(measured(0.9 * best), measured(1.05 * best))


@trials(deadline=None, max_examples=30)
@given(
    st.integers(2, 30),
    st.integers(1, 4),
    st.integers(0, 99),
    st.sampled_from(LIMITED),
    st.floats(0, 0.9),
    st.floats(0.02, 0.999),
    st.sampled_from([0.0, 0.3]),
)
def test_the_epochs_needed_are_those_of_a_real_run(
    n: int, d: int, seed: int, optimizer: Any, momentum: float, share: float, l2: float
) -> None:
    problem = Problem(*table(n, d, seed=seed))
    settings = Settings(optimizer=optimizer, momentum=momentum, l2=l2, seed=seed, epochs=1000)
    objective = Objective(problem, settings)
    settings = dataclasses.replace(settings, learning_rate=share * (limit(problem, settings) or 0))
    needed, history = epochs_needed(objective, settings), run(problem, settings)
    left = objective.distance_left(history.parameters, history.parameters[0])
    far = (left > 0.01).nonzero()
    at = int(far[-1]) + 1 if len(far) else 0
    assert needed is not None
    if at <= 900:
        # From epoch 512 on a swing may go beyond unseen; the start's rounding may count as one epoch.
        assert abs(needed - at) <= (1 if at < 512 else 0.03 * at)
    else:  # After its last epoch the run may still swing beyond.
        assert needed > 870


def test_the_epochs_taken_are_looked_for_in_all_of_a_long_run() -> None:
    problem = Problem(*table(20, 2))
    settings = Settings(optimizer="adam", learning_rate=1e-4, epochs=40_000)
    objective, parameters = Objective(problem, settings), run(problem, settings).parameters
    left = objective.distance_left(parameters, parameters[0])
    taken = epochs_taken(objective, parameters)
    assert taken is not None
    assert taken > 10_000
    assert left[taken:].max() <= 0.01 < left[taken - 1]
    assert epochs_taken(objective, parameters[:taken]) is None


def test_a_ball_that_swings_past_the_optimum_has_not_arrived() -> None:
    problem = Problem(*table(20, 1), scaling="standardize")
    settings = Settings(optimizer="momentum", momentum=0.95, learning_rate=0.05, epochs=400)
    objective, history = Objective(problem, settings), run(problem, settings)
    left = objective.distance_left(history.parameters, history.parameters[0])
    first, arrived = int((left <= 0.01).nonzero()[0]), int((left > 0.01).nonzero()[-1]) + 1
    assert first < arrived
    assert epochs_needed(objective, settings) == epochs_taken(objective, history.parameters) == arrived


def problems() -> st.SearchStrategy[Problem]:
    """Of few rows and features, standardized or not."""
    scalings: list[Any] = ["none", "standardize"]
    return st.builds(
        lambda n, d, seed, scaling: Problem(*table(n, d, seed=seed), scaling=scaling),
        st.integers(3, 30), st.integers(1, 4), st.integers(0, 99), st.sampled_from(scalings),
    )  # fmt: skip


@trials(deadline=None, max_examples=30)
@given(problems(), st.sampled_from(LIMITED), st.floats(0, 0.97), st.floats(0.001, 0.999), st.integers(1, 1000))
def test_no_rate_arrives_sooner_than_the_fastest(
    problem: Problem, optimizer: Any, momentum: float, share: float, seed: int
) -> None:
    settings = Settings(optimizer=optimizer, momentum=momentum, seed=seed)
    objective, limited = Objective(problem, settings), limit(problem, settings)
    fastest = fastest_learning_rate(objective, settings)
    assert fastest
    assert limited

    def needed(rate: float) -> float:
        return epochs_needed(objective, dataclasses.replace(settings, learning_rate=rate)) or 0

    # Between two rates that were tried another may be a little faster.
    assert needed(fastest) <= 1.15 * needed(share * limited) + 2


def test_the_fastest_rate_is_found_once_for_all_rates_and_epochs() -> None:
    problem = Problem(*table(20, 2))
    objective = Objective(problem, Settings())

    def searches() -> int:
        return sum(function == "_fastest" for function, _ in objective.remembered)

    for epochs, rate in ((10, 0.1), (2000, 0.01)):
        fastest_learning_rate(objective, Settings(epochs=epochs, learning_rate=rate))
    assert searches() == 1
    fastest_learning_rate(objective, Settings(optimizer="momentum"))
    assert searches() == 2


def test_an_objective_does_not_remember_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MAX_REMEMBERED", 3)
    problem = Problem(*table(20, 2))
    objective = Objective(problem, Settings())
    for k in range(1, 9):
        settings = Settings(learning_rate=0.01 * k)
        assert epochs_needed(objective, settings) == epochs_needed(Objective(problem, settings), settings)
        assert len(objective.remembered) <= 3


@trials(deadline=None, max_examples=40)
@given(problems(), st.sampled_from(LIMITED), st.floats(0, 0.97), st.floats(-3, 0.3), st.integers(1, 500))
def test_a_better_rate_is_better_in_a_real_run(
    problem: Problem, optimizer: Any, momentum: float, power: float, epochs: int
) -> None:
    settings = Settings(optimizer=optimizer, momentum=momentum, epochs=epochs)
    settings = dataclasses.replace(settings, learning_rate=10**power * (limit(problem, settings) or 0))
    objective = Objective(problem, settings)
    better = better_learning_rate(objective, settings)
    assume(better is not None)
    assert better
    own, other = (run(problem, each) for each in (settings, dataclasses.replace(settings, learning_rate=better)))
    assert other.outcome == "finished"
    assert own.outcome == "diverged" or other.losses[-1] <= own.losses[-1] * (1 + 1e-9)


def test_many_epochs_to_arrive_are_computed_without_training() -> None:
    sample = load_sample("students_sleep")
    problem = sample.problem(features=["hours studied", "hours slept"], target="test score", scaling="none")
    settings = Settings(learning_rate=0.9 * problem.max_learning_rate, epochs=100_000)
    objective = Objective(problem, settings)
    history = run(problem, settings)
    far = (objective.distance_left(history.parameters, history.parameters[0]) > 0.01).nonzero()
    assert epochs_needed(objective, settings) == int(far[-1]) + 1 > 50_000
    longley = load_sample("longley").problem(features=["year", "gross national product (million USD)"],
                                             target="employed (thousands)", scaling="none")  # fmt: skip
    settings = Settings(learning_rate=longley.best_learning_rate)
    assert epochs_needed(Objective(longley, settings), settings) == math.inf


def test_a_start_at_the_optimum_needs_no_epoch_and_a_rate_at_the_limit_never_arrives() -> None:
    problem = Problem(*table(20, 2))
    there = Settings(start=tuple(problem.optimum.parameters.tolist()))
    assert epochs_needed(Objective(problem, there), there) == 0
    wild = Settings(learning_rate=problem.max_learning_rate)
    assert epochs_needed(Objective(problem, wild), wild) == math.inf


@pytest.mark.parametrize(
    "change",
    [{"optimizer": "adam"}, {"loss": "huber"}, {"loss": "mae"}, {"l1": 0.1}, {"batch_size": 5}, {"schedule": "cosine"}],
    ids=str,
)
def test_no_epochs_are_estimated_where_steps_are_not_alike(change: Any) -> None:
    settings = Settings(**change)
    assert epochs_needed(Objective(Problem(*table(20, 2)), settings), settings) is None


@pytest.mark.parametrize("optimizer", LIMITED)
def test_a_diverging_error_grows_by_the_factor_that_is_said(optimizer: Any) -> None:
    problem = Problem(*table(20, 2, seed=4))
    settings = Settings(optimizer=optimizer, momentum=0.6)
    settings = dataclasses.replace(settings, learning_rate=1.5 * (limit(problem, settings) or 0))
    objective, history = Objective(problem, settings), run(problem, settings)
    assert history.outcome == "diverged"
    deviation = history.parameters - objective.optimum.parameters
    grown = growth(objective, settings)
    assert grown
    assert (deviation[-1].norm() / deviation[-2].norm()).item() == pytest.approx(grown, rel=1e-3)
    assert (deviation[-1] @ deviation[-2]).item() < 0, "it lands on the other side"
    adam = Settings(optimizer="adam")
    assert growth(Objective(problem, adam), adam) is None


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 1.2, 1.9])
def test_the_slowest_mode_takes_as_many_epochs_as_a_run_that_starts_along_it(share: float) -> None:
    x = np.random.default_rng(1).normal(size=(40, 2)) * [1, 4]
    problem = Problem(x, np.zeros(40))
    rate = share * problem.max_learning_rate / 2
    z = np.column_stack([x, np.ones(40)])
    eigenvalues, vectors = np.linalg.eigh(2 * z.T @ z / 40)
    slowest = vectors[:, np.abs(1 - rate * eigenvalues).argmax()]
    history = run(problem, Settings(learning_rate=rate, epochs=3000, start=tuple(slowest)))
    left = np.linalg.norm(history.parameters.numpy(), axis=1)
    for allowed in (0.01, 0.001):
        assert epochs_of_slowest_mode(problem, rate, allowed) == int((left <= allowed).argmax())


def test_no_number_of_epochs_suffices_beyond_the_limit_or_at_rate_0() -> None:
    problem = Problem(*table(20, 2))
    for rate in (0.0, 1.0001 * problem.max_learning_rate):
        assert epochs_of_slowest_mode(problem, rate) == math.inf


def test_a_direction_that_the_files_units_hide_in_rounding_is_never_arrived_at() -> None:
    x, y = table(20, 1)
    hidden = Problem(1e9 + x, y)
    assert len(hidden.curvatures) == 1
    for problem in (hidden, Problem(1e9 + x, y, scaling="standardize").rescaled("none")):
        assert epochs_of_slowest_mode(problem, problem.best_learning_rate) == math.inf
    standardized = hidden.rescaled("standardize")
    assert epochs_of_slowest_mode(standardized, standardized.best_learning_rate) == 1
