"""Learning rates and arrival: the largest stable rate, the best one, and after how many epochs a descent arrives."""

import math
from decimal import ROUND_DOWN, Decimal

import torch
from torch import Tensor

from app.engine.batches import updates_per_epoch
from app.engine.descent import start
from app.engine.modes import LINEAR_OPTIMIZERS, factor
from app.engine.objective import Objective
from app.engine.problem import Problem
from app.engine.settings import Settings

ARRIVED_SHARE = 0.01
"""A descent has arrived when this share of the distance from start to optimum is left, of the weights and the bias."""

RATE_PER_DISTANCE = {"adagrad": 0.1, "rmsprop": 0.001, "adam": 0.005, "adamw": 0.005}
"""A good learning rate, as a share of the longest distance of a parameter: it arrives within 2,000 epochs."""

PROBED_EPOCHS: Tensor = torch.cat([torch.arange(512.0), torch.logspace(9, 30, 22 * 8, base=2.0).floor()]).double()
"""Epochs at which `epochs_needed` first computes the distance left, up to a billion."""

EPOCHS_PER_BLOCK = 10_000
"""Epochs whose distance is computed at a time, until one has arrived."""


def rates_are_known(objective: Objective, settings: Settings) -> bool:
    """Whether theory says which learning rates are good; only then does the page offer or mark any.

    A small batch may be far steeper than all rows, and at a kink steps do not become smaller.
    """
    return _sees_all_rows(objective, settings) and objective.loss.smooth


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


def best_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """The learning rate at which the slowest mode is fastest; None if unknown.

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
        near = (objective.distance_left(optimum + deviation, first) <= ARRIVED_SHARE).nonzero()
        if not len(near):
            return math.inf
        after, until = int(epochs[max(int(near[0]) - 1, 0)]), int(epochs[near[0]])
        if until - after <= 1:
            return until
        epochs = torch.linspace(after, until, min(64, until - after + 1), dtype=torch.float64).round()


def epochs_taken(objective: Objective, parameters: Tensor) -> int | None:
    """The epoch of arrival among the states [m, d + 1] of a run; None if it does not arrive."""
    for first in range(0, len(parameters), EPOCHS_PER_BLOCK):
        some = parameters[first : first + EPOCHS_PER_BLOCK]
        left = objective.problem.distance_left(some, parameters[0], objective.optimum_so_far.parameters)
        near = (left <= ARRIVED_SHARE).nonzero()
        if len(near):
            return first + int(near[0])
    return None


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
    linear = settings.optimizer in LINEAR_OPTIMIZERS and settings.schedule == "constant"
    return linear and _sees_all_rows(objective, settings)


def _sees_all_rows(objective: Objective, settings: Settings) -> bool:
    """Whether each update reads all rows."""
    return updates_per_epoch(objective.problem.n_rows, settings.batch_size) == 1


def good_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """A good learning rate, to two digits; None if unknown.

    Half the limit if there is one: in a long valley the best rate is close to the limit, where the path is all zigzag.
    Otherwise by the distance: RMSProp, Adam and AdamW move by about one rate per update, AdaGrad by less and less.
    """
    if not rates_are_known(objective, settings):
        return None
    limit = max_learning_rate(objective, settings)
    if limit is not None:
        return _two_digits(limit / 2)
    distance = (objective.optimum_so_far.parameters - start(objective.problem, settings).double()).abs()
    share = 1.0 if settings.optimizer == "adagrad" else 2000 / max(settings.epochs, 100)
    return _two_digits(RATE_PER_DISTANCE[settings.optimizer] * share * (distance.amax().item() or 1.0))


def rates_to_set(objective: Objective, settings: Settings) -> tuple[float | None, float | None]:
    """The best learning rate and one just below the limit, to three digits; each None if unknown. Both converge.

    In a long valley rounding can make the best rate equal the limit.
    """
    best, limit = best_learning_rate(objective, settings), max_learning_rate(objective, settings)
    edge = None if limit is None else rounded_down(0.999 * limit)
    return best and edge and min(rounded_down(best), edge), edge


def rounded_down(rate: float) -> float:
    """To three digits, never up: a rate just below a limit stays there."""
    exact = Decimal(rate * (1 + 1e-9))  # a computed 0.5 may be slightly less
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_DOWN))


def _two_digits(rate: float) -> float:
    return float(f"{rate:.1e}")
