"""A rate that a trial finds better makes the run better, whatever the settings."""

import dataclasses
import gc
import math
import weakref
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.dataset import PRESETS, Preset, load_sample
from app.engine import Objective, Problem, Settings, run
from app.engine.settings import CHOICES
from app.engine.trials import Trial
from tests.problems import table

OPTIMIZERS = CHOICES["optimizer"]


def tried(problem: Problem, settings: Settings) -> Trial:
    trial = Trial(Objective(problem, settings), settings)
    for _ in trial.turns():
        pass
    return trial


def comes_to(problem: Problem, settings: Settings) -> float:
    """The mean loss of the last tenth of the epochs of a real run."""
    history = run(problem, settings)
    last = max(1, round(0.1 * settings.epochs))
    return math.inf if history.outcome == "diverged" else float(history.losses[-last:].double().mean())


@examples(deadline=None, max_examples=25)
@given(
    st.integers(3, 30),
    st.integers(1, 3),
    st.sampled_from(OPTIMIZERS),
    st.sampled_from(["mse", "mae", "huber", "log_cosh", "quantile"]),
    st.sampled_from(["constant", "cosine", "step", "inverse", "warm_up"]),
    st.sampled_from([0, 1, 4]),
    st.floats(-4, 1),
    st.integers(2, 60),
)
def test_what_a_trial_offers_is_better_in_a_real_run(
    n: int, d: int, optimizer: Any, loss: Any, schedule: Any, batch_size: int, power: float, epochs: int
) -> None:
    problem = Problem(*table(n, d, seed=n), scaling="standardize")
    settings = Settings(
        optimizer=optimizer, loss=loss, schedule=schedule, batch_size=batch_size, learning_rate=10**power, epochs=epochs
    )
    trial = tried(problem, settings)
    own = comes_to(problem, settings)
    assert trial.losses[0] == own
    if trial.better is not None:
        other = comes_to(problem, dataclasses.replace(settings, learning_rate=trial.better))
        assert other == trial.losses[1]
        assert other < own


def test_a_run_that_jumps_about_is_compared_as_the_page_runs_it() -> None:
    """RMSProp at rate 1 multiplies rounding errors a billionfold within 19 epochs."""
    problem = Problem(*table(19, 3, seed=19), scaling="standardize")
    settings = Settings(optimizer="rmsprop", loss="huber", batch_size=4, learning_rate=1.0, epochs=19)
    assert tried(problem, settings).losses[0] == comes_to(problem, settings)


def test_two_losses_that_differ_by_rounding_are_no_gain() -> None:
    problem = Problem(*table(3, 1, seed=3), scaling="standardize")
    assert tried(problem, Settings(optimizer="adagrad", learning_rate=10.0, epochs=16)).better is None


def test_a_run_that_diverges_is_offered_one_that_does_not() -> None:
    trial = tried(Problem(*table(20, 2), scaling="standardize"), Settings(learning_rate=5.0, batch_size=1, epochs=300))
    assert trial.losses[0] == math.inf
    assert trial.better is not None
    assert trial.losses[1] < math.inf


def test_single_rows_in_a_batch_want_a_smaller_rate() -> None:
    """With all rows in each batch 0.5 would be good; here it throws the run out."""
    distance, noise = np.linspace(1, 25, 40), np.random.default_rng(0).normal(size=40)
    problem = Problem(distance[:, None], 5 * distance + 4 * noise, scaling="standardize")
    trial = tried(problem, Settings(learning_rate=0.1, batch_size=1, epochs=200))
    assert trial.better is not None
    assert trial.better < 0.05
    assert trial.losses[1] < 1.01 * problem.optimum.loss < trial.losses[0]


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.key != "longley"], ids=lambda preset: preset.key)
@pytest.mark.parametrize("optimizer", OPTIMIZERS[3:])
def test_a_trial_finds_a_rate_that_arrives_on_every_sample_but_the_ill_conditioned_one(
    preset: Preset, optimizer: Any
) -> None:
    problem = load_sample(preset.key).problem(features=preset.features, target=preset.target, scaling="standardize")
    settings = Settings(optimizer=optimizer, weight_decay=0.0, learning_rate=1e-5)
    trial = tried(problem, settings)
    assert trial.better is not None
    history = run(problem, dataclasses.replace(settings, learning_rate=trial.better))
    # RMSProp circles the optimum by half a rate, whatever the epochs.
    near = 0.05 if optimizer == "rmsprop" else 0.01
    left = trial.objective.distance_left(history.parameters[-1], history.parameters[0]).item()
    assert left < near


def test_where_no_rate_is_better_none_is_offered() -> None:
    problem = Problem(*table(20, 2), scaling="standardize")
    settings = Settings(optimizer="adam", learning_rate=0.3, epochs=2000)
    assert tried(problem, settings).better is None


def test_trials_that_would_take_long_are_not_possible() -> None:
    problem = Problem(*table(200, 2))
    settings = Settings(batch_size=1, epochs=100_000)
    assert not Trial(Objective(problem, settings), settings).is_possible
    assert Trial(Objective(problem, settings), Settings(batch_size=1, epochs=100)).is_possible


@pytest.mark.parametrize("turns_taken", [0, 1])
def test_a_trial_that_is_given_up_is_freed_without_a_collection(turns_taken: int) -> None:
    problem, settings = Problem(*table(20, 2)), Settings(optimizer="adam", epochs=50)
    trial = Trial(Objective(problem, settings), settings)
    turns, freed = trial.turns(), weakref.ref(trial)
    for _ in range(turns_taken):
        next(turns)
    gc.disable()
    try:
        del trial, turns
        assert freed() is None
    finally:
        gc.enable()
