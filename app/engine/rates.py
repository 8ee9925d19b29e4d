"""Learning rates and arrival: the largest stable rate, the best one, and after how many epochs a descent arrives."""

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from functools import wraps
from typing import TypeVar

import torch
from torch import Tensor

from app.engine.batches import updates_per_epoch
from app.engine.descent import start
from app.engine.modes import LINEAR_OPTIMIZERS, factor
from app.engine.objective import Objective
from app.engine.problem import Problem
from app.engine.settings import Settings

ARRIVED_SHARE = 0.01
"""A descent arrives at the epoch from which on at most this share of the distance from start to optimum is left.

Of the distance of the weights and of the bias. A ball that only swings past the optimum has not arrived.
"""

FASTEST_SHARES_TRIED = torch.logspace(-3, 0, 40, dtype=torch.float64)
"""Of the limit, to find the fastest rate."""

PROBED_EPOCHS: Tensor = torch.cat([torch.arange(512.0), torch.logspace(9, 30, 22 * 8, base=2.0).floor()]).double()
"""Epochs at which `epochs_needed` first computes the distance left, up to a billion."""

EPOCHS_PER_BLOCK = 10_000
"""Epochs whose distance is computed at a time, from the last one back."""

MAX_REMEMBERED = 1_000
"""Results that an objective remembers; then it begins anew."""

Result = TypeVar("Result")


def _remembered(
    function: Callable[[Objective, Settings], Result],
) -> Callable[[Objective, Settings], Result]:
    """Computed once for an objective and settings: several places of the page ask the same."""

    @wraps(function)
    def once(objective: Objective, settings: Settings) -> Result:
        known, key = objective.remembered, (function.__name__, settings)
        found: Result
        try:  # not "if key in known": another session may clear it meanwhile
            found = known[key]
        except KeyError:
            found = function(objective, settings)
            if len(known) >= MAX_REMEMBERED:
                known.clear()
            known[key] = found
        return found

    return once


def rates_are_known(objective: Objective, settings: Settings) -> bool:
    """Whether theory says which learning rates are good; only then does the page offer or mark any.

    A small batch may be far steeper than all rows, at a kink steps do not become smaller, and gradients that add up
    swing without end.
    """
    return _sees_all_rows(objective, settings) and objective.loss.smooth and not settings.accumulates


def max_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """The learning rate beyond which the optimizer is unstable; None if there is none or it is unknown."""
    return limit_with_all_rows(objective, settings) if rates_are_known(objective, settings) else None


def limit_with_all_rows(objective: Objective, settings: Settings) -> float | None:
    """The learning rate beyond which the optimizer is unstable with all rows in each batch; None if there is none.

    With λ the largest curvature: 2/λ for gradient descent, 2(1 + μ)/λ for momentum, 2(1 + μ)/((1 + 2μ)λ) for
    Nesterov's. Beyond, an eigenvalue of the update is below −1. Huber's loss and log-cosh then do not diverge, but
    oscillate about the optimum.
    """
    curvature, momentum = objective.largest_curvature, settings.momentum
    factors = {
        "gradient_descent": 2.0,
        "momentum": 2 * (1 + momentum),
        "nesterov": 2 * (1 + momentum) / (1 + 2 * momentum),
    }
    if curvature is None or settings.optimizer not in factors:
        return None
    return factors[settings.optimizer] / curvature


def asymptotic_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """The learning rate at which the slowest mode is finally fastest; None if unknown.

    2(1 + μ)/(smallest + largest curvature), with μ = 0 for gradient descent (Polyak 1964). For Nesterov's it has no
    closed form: a mode is fastest at αλ = 1, so bisection finds the rate at which the flattest and the steepest mode
    are equally fast.
    """
    if (
        objective.modes is None
        or settings.optimizer not in LINEAR_OPTIMIZERS
        or not rates_are_known(objective, settings)
    ):
        return None
    largest, smallest = objective.modes.curvatures[0].item(), objective.modes.curvatures[-1].item()
    momentum = settings.momentum if settings.optimizer == "momentum" else 0.0
    if settings.optimizer != "nesterov":
        return 2 * (1 + momentum) / (smallest + largest)
    low, high = 1.0, 2.0
    for _ in range(50):
        middle = (low + high) / 2
        flat_is_slower = factor(middle * smallest / largest, settings) > factor(middle, settings)
        low, high = (middle, high) if flat_is_slower else (low, middle)
    return low / largest


def growth(objective: Objective, settings: Settings) -> float | None:
    """What each step finally multiplies the largest error by, above 1 if it diverges; None if steps are not linear."""
    if not (objective.is_quadratic and objective.largest_curvature and steps_are_linear(objective, settings)):
        return None
    return factor(settings.learning_rate * objective.largest_curvature, settings)


@_remembered
def epochs_needed(objective: Objective, settings: Settings) -> float | None:
    """The epoch of arrival, predicted from curvatures and start; infinite beyond a billion epochs.

    Exact up to epoch 512, later only if nothing oscillates. None unless `is_predictable`, or if no limit is known.
    """
    modes, limit = objective.modes, max_learning_rate(objective, settings)
    if modes is None or limit is None or not is_predictable(objective, settings):
        return None
    if settings.learning_rate >= limit:
        return math.inf
    first, optimum = start(objective.problem, settings), objective.optimum.parameters
    epochs = PROBED_EPOCHS
    while True:
        deviation = modes.errors_after(epochs, first - optimum, settings) @ modes.directions.T
        far = (~(objective.distance_left(optimum + deviation, first) <= ARRIVED_SHARE)).nonzero()
        if not len(far):
            return int(epochs[0])
        if int(far[-1]) == len(epochs) - 1:
            return math.inf
        after, until = int(epochs[far[-1]]), int(epochs[int(far[-1]) + 1])
        if until - after <= 1:
            return until
        epochs = torch.linspace(after, until, min(64, until - after + 1), dtype=torch.float64).round()


def epochs_taken(objective: Objective, parameters: Tensor) -> int | None:
    """The epoch of arrival among the states [m, d + 1] of a run; None if it does not arrive."""
    for end in range(len(parameters), 0, -EPOCHS_PER_BLOCK):
        first = max(end - EPOCHS_PER_BLOCK, 0)
        left = objective.problem.distance_left(
            parameters[first:end], parameters[0], objective.optimum_so_far.parameters
        )
        far = (~(left <= ARRIVED_SHARE)).nonzero()  # a state that is not finite is far
        if len(far):
            arrived = first + int(far[-1]) + 1
            return None if arrived == len(parameters) else arrived
    return 0


def epochs_of_slowest_mode(problem: Problem, learning_rate: float, left: float = ARRIVED_SHARE) -> float:
    """Epochs of plain descent that reduce the error along the slowest mode to the share `left`, whatever the start.

    An epoch multiplies the error along a curvature λ by 1 − αλ. Infinite if it does not shrink, and if rounding hides a
    direction that standardizing shows.
    """
    if len(problem.rescaled("standardize").curvatures) > len(problem.curvatures):
        return math.inf
    steps = [learning_rate * curvature for curvature in problem.curvatures[[0, -1]].tolist()]
    if not 0 < min(steps) <= max(steps) < 2:
        return math.inf
    slowest = max(-math.inf if step == 1 else math.log1p(-step) if step < 1 else math.log(step - 1) for step in steps)
    return max(1, math.ceil(math.log(left) / slowest))


def is_predictable(objective: Objective, settings: Settings) -> bool:
    """Whether curvatures and start determine every state of the descent."""
    return objective.modes is not None and steps_are_linear(objective, settings)


def steps_are_linear(objective: Objective, settings: Settings) -> bool:
    """Whether every step is the same linear function of the distance from the optimum."""
    linear = settings.optimizer in LINEAR_OPTIMIZERS and settings.schedule == "constant" and not settings.accumulates
    return linear and _sees_all_rows(objective, settings)


def _sees_all_rows(objective: Objective, settings: Settings) -> bool:
    """Whether each update reads all rows."""
    return updates_per_epoch(objective.problem.n_rows, settings.batch_size) == 1


def safe_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """Half the limit, to two digits: in a long valley the fastest rate is close to the limit, its path all zigzag."""
    limit = max_learning_rate(objective, settings)
    return None if limit is None else _two_digits(limit / 2)


def fastest_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """The rate, to three digits, at which the descent arrives first from its start; None unless `is_predictable`.

    The asymptotic rate is the best only of those that are far from arrival after the first epochs. So the epochs of
    arrival decide, of it and of rates on a log scale below the limit.
    """
    return _fastest(objective, replace(settings, learning_rate=0.0, epochs=1, tolerance=0.0))


@_remembered
def _fastest(objective: Objective, settings: Settings) -> float | None:
    asymptotic, limit = asymptotic_learning_rate(objective, settings), max_learning_rate(objective, settings)
    if asymptotic is None or limit is None or not is_predictable(objective, settings):
        return None
    stable = 0.999 * limit  # In a long valley rounding can make the asymptotic rate equal the limit.
    tried = {rounded_down(min(rate, stable)) for rate in [asymptotic, *(limit * FASTEST_SHARES_TRIED).tolist()]}

    def slowness(rate: float) -> tuple[float, float]:
        needed = epochs_needed(objective, replace(settings, learning_rate=rate))
        return math.inf if needed is None else needed, abs(math.log(rate / asymptotic))

    return min(tried, key=slowness)


def edge_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """A rate just beyond the limit, where the error grows slowly enough to be watched; None if no limit is known."""
    limit = max_learning_rate(objective, settings)
    return None if limit is None else rounded_down(1.02 * limit)


def better_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """The safe rate if it is better than the settings' own, else the fastest if that is; None if neither or unknown.

    Better is to arrive sooner without ending higher: after few epochs the two need not be the same.
    """
    needed = epochs_needed(objective, settings)
    if needed is None:
        return None
    for rate in (safe_learning_rate(objective, settings), fastest_learning_rate(objective, settings)):
        if rate is None:
            continue
        other = replace(settings, learning_rate=rate)
        sooner = (epochs_needed(objective, other) or 0) < needed
        if sooner and last_loss(objective, other) <= last_loss(objective, settings):
            return rate
    return None


@_remembered
def last_loss(objective: Objective, settings: Settings) -> float:
    """The predicted loss after all epochs; ValueError unless `is_predictable`."""
    if objective.modes is None:
        raise ValueError("Only a loss whose modes are known can be predicted.")
    deviation = start(objective.problem, settings) - objective.optimum.parameters
    last = torch.tensor([settings.epochs], dtype=torch.float64)
    errors = objective.modes.errors_after(last, deviation, settings)[0]
    return objective.optimum.loss + (objective.modes.curvatures * errors.square()).sum().item() / 2


def rounded_down(rate: float) -> float:
    """To three digits, never up: a rate just below a limit stays there."""
    exact = Decimal(rate * (1 + 1e-9))  # a computed 0.5 may be slightly less
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_DOWN))


def _two_digits(rate: float) -> float:
    return float(f"{rate:.1e}")
