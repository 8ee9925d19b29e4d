"""How large a learning rate may be, which one suits, and how long the way is with it."""

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
"""Share of the distance from start to optimum that may be left on arrival, for the weights and for the bias."""

RATE_PER_DISTANCE = {"adagrad": 0.1, "rmsprop": 0.001, "adam": 0.005, "adamw": 0.005}
"""Learning rate as a share of the longest way that a parameter has to go; 2,000 epochs are enough."""

PROBED_EPOCHS: Tensor = torch.cat([torch.arange(512.0), torch.logspace(9, 30, 22 * 8, base=2.0).floor()]).double()
"""Where the way that is left is looked at first, up to a billion epochs."""

EPOCHS_PER_BLOCK = 10_000
"""Epochs whose distance is computed at a time, until one has arrived."""


def rates_are_known(objective: Objective, settings: Settings) -> bool:
    """Whether it is known which learning rates are good ones; no other rate is recommended, by a button or a mark.

    A batch of few rows may be far steeper than all of them, and a loss with a kink lets no step become small.
    """
    return _sees_all_rows(objective, settings) and objective.loss.smooth


def max_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """The learning rate beyond which the optimizer is unstable; None if there is none, or none is known."""
    return limit_with_all_rows(objective, settings) if rates_are_known(objective, settings) else None


def limit_with_all_rows(objective: Objective, settings: Settings) -> float | None:
    """The learning rate beyond which the optimizer is unstable with all rows in each batch; None if there is none.

    With λ the largest curvature: 2/λ for gradient descent, 2(1 + μ)/λ for momentum, 2(1 + μ)/((1 + 2μ)λ) for
    Nesterov's: beyond, an eigenvalue of the update falls below −1. At such a rate Huber's loss and log cosh
    cannot diverge, but swing about the lowest point once the rows lie in the bowl.
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
    """The learning rate whose slowest direction is the quickest; None if none is known.

    2(1 + μ)/(smallest + largest curvature), with μ 0 for gradient descent (Polyak 1964). For Nesterov's, the rate
    at which the flattest and the steepest direction are equally slow: each is quicker before and slower after its λ
    times the rate is 1.
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
    """By which each step multiplies the largest error in the end, above 1 if it diverges; None if steps differ."""
    if not (objective.is_quadratic and objective.largest_curvature and steps_are_linear(objective, settings)):
        return None
    return factor(settings.learning_rate * objective.largest_curvature, settings)


def epochs_needed(objective: Objective, settings: Settings) -> float | None:
    """The first epoch with at most ARRIVED_SHARE of the distance to the optimum left; infinite beyond a billion.

    Worked out from curvatures and start, with no descent: exactly up to epoch 512, and later where nothing swings.
    None where steps are not alike and linear: for other losses, optimizers, schedules and batches.
    """
    modes, limit = objective.modes, max_learning_rate(objective, settings)
    if modes is None or limit is None or not is_predictable(objective, settings):
        return None
    if settings.learning_rate >= limit:
        return math.inf
    first, best = start(objective.problem, settings), objective.optimum.parameters
    epochs = PROBED_EPOCHS
    while True:
        deviation = modes.errors_after(epochs, first - best, settings) @ modes.directions.T
        near = (objective.distance_left(best + deviation, first) <= ARRIVED_SHARE).nonzero()
        if not len(near):
            return math.inf
        after, until = int(epochs[max(int(near[0]) - 1, 0)]), int(epochs[near[0]])
        if until - after <= 1:
            return until
        epochs = torch.linspace(after, until, min(64, until - after + 1), dtype=torch.float64).round()


def epochs_taken(objective: Objective, parameters: Tensor) -> int | None:
    """The first of states [m, d + 1] with at most ARRIVED_SHARE of the distance to the optimum left; None if none."""
    for first in range(0, len(parameters), EPOCHS_PER_BLOCK):
        some = parameters[first : first + EPOCHS_PER_BLOCK]
        left = objective.problem.distance_left(some, parameters[0], objective.optimum_so_far.parameters)
        near = (left <= ARRIVED_SHARE).nonzero()
        if len(near):
            return first + int(near[0])
    return None


def epochs_of_slowest_mode(problem: Problem, learning_rate: float, left: float = ARRIVED_SHARE) -> float:
    """Epochs of plain descent until this share of the error along the slowest mode is left, whatever the start.

    An epoch multiplies the error along a curvature λ by 1 − αλ. Infinite where it never comes so near, and where a
    direction that standardizing shows is hidden in rounding.
    """
    if len(problem.rescaled("standardize").curvatures) > len(problem.curvatures):
        return math.inf
    steps = [learning_rate * curvature for curvature in problem.curvatures[[0, -1]].tolist()]
    if not 0 < min(steps) <= max(steps) < 2:
        return math.inf
    slowest = max(-math.inf if step == 1 else math.log1p(-step) if step < 1 else math.log(step - 1) for step in steps)
    return max(1, math.ceil(math.log(left) / slowest))


def is_predictable(objective: Objective, settings: Settings) -> bool:
    """Whether curvatures and start tell the whole descent."""
    return objective.modes is not None and steps_are_linear(objective, settings)


def steps_are_linear(objective: Objective, settings: Settings) -> bool:
    """Whether every step does the same, in proportion to the distance from the optimum."""
    linear = settings.optimizer in LINEAR_OPTIMIZERS and settings.schedule == "constant"
    return linear and _sees_all_rows(objective, settings)


def _sees_all_rows(objective: Objective, settings: Settings) -> bool:
    """Whether every update does."""
    return updates_per_epoch(objective.problem.n_rows, settings.batch_size) == 1


def good_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """A learning rate to two digits that suits the optimizer; None if none is known.

    Half the limit where there is one: in a long valley the best rate is at the edge, where the path is all zigzag.
    Without: RMSProp, Adam and AdamW move by about one rate an update, AdaGrad by less and less.
    """
    if not rates_are_known(objective, settings):
        return None
    limit = max_learning_rate(objective, settings)
    if limit is not None:
        return _two_digits(limit / 2)
    way = (objective.optimum_so_far.parameters - start(objective.problem, settings).double()).abs()
    share = 1.0 if settings.optimizer == "adagrad" else 2000 / max(settings.epochs, 100)
    return _two_digits(RATE_PER_DISTANCE[settings.optimizer] * share * (way.amax().item() or 1.0))


def rates_to_set(objective: Objective, settings: Settings) -> tuple[float | None, float | None]:
    """The best learning rate, and the edge just below the limit, in three digits, where there are such: both converge.

    In a long valley the best is no less than the limit, but for rounding.
    """
    best, limit = best_learning_rate(objective, settings), max_learning_rate(objective, settings)
    edge = None if limit is None else rounded_down(0.999 * limit)
    return best and edge and min(rounded_down(best), edge), edge


def rounded_down(rate: float) -> float:
    """To three digits, never up: what is just below a limit stays there."""
    exact = Decimal(rate * (1 + 1e-9))  # 0.5 may be a hair less
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_DOWN))


def _two_digits(rate: float) -> float:
    return float(f"{rate:.1e}")
