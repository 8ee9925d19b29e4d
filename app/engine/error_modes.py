"""The error along each mode: that of a run, and what it would be under the other scaling."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from app.engine.descent import start
from app.engine.history import History
from app.engine.modes import LINEAR_OPTIMIZERS, Modes
from app.engine.objective import Objective
from app.engine.problem import Scaling
from app.engine.rates import fastest_learning_rate, steps_are_linear
from app.engine.settings import Settings

EVEN_EPOCHS = 160
"""Evenly spaced epochs at which errors are shown; a quarter as many come first, one after another."""


@dataclass(frozen=True, eq=False)
class ErrorByMode:
    """Components of the deviation from the optimum along each mode, as shares of the first distance."""

    objective: Objective
    settings: Settings
    modes: Modes
    epochs: Tensor
    """[m]"""

    errors: Tensor
    """[m, r]"""

    theory: Tensor | None
    """First error × (1 − αλ)ᵏ [m, r]; None unless every step is the same plain gradient descent."""


def errors_of_run(
    objective: Objective, settings: Settings, history: History, *, same_settings: bool = True
) -> ErrorByMode | None:
    """The errors of a run; `same_settings` if its settings never changed. None if there are no modes."""
    modes = objective.modes
    if modes is None:
        return None
    epochs = sampled_epochs(history.epochs)
    path = history.parameters[epochs.long()].double() - objective.optimum.parameters
    theory = None
    if settings.optimizer == "gradient_descent" and steps_are_linear(objective, settings) and same_settings:
        theory = _shares(modes, modes.errors_after(epochs, path[0], settings), path[0])
    return ErrorByMode(objective, settings, modes, epochs, _shares(modes, modes.errors(path), path[0]), theory)


def errors_if_rescaled(objective: Objective, settings: Settings, until: int) -> ErrorByMode | None:
    """The errors under the other scaling at its fastest rate, by the same optimizer if linear, else by plain descent.

    Computed without a run. None if there are no modes, or if squares are not finite in those units.
    """
    optimizer = settings.optimizer if settings.optimizer in LINEAR_OPTIMIZERS else "gradient_descent"
    settings = replace(settings, optimizer=optimizer, schedule="constant", batch_size=0)
    other: Scaling = "none" if objective.problem.scaling == "standardize" else "standardize"
    try:
        objective = Objective(objective.problem.rescaled(other), settings)
    except ValueError:
        return None
    modes, rate = objective.modes, fastest_learning_rate(objective, settings)
    if modes is None or rate is None:
        return None
    settings, epochs = replace(settings, learning_rate=rate), sampled_epochs(until)
    deviation = start(objective.problem, settings) - objective.optimum.parameters
    errors = _shares(modes, modes.errors_after(epochs, deviation, settings), deviation)
    return ErrorByMode(objective, settings, modes, epochs, errors, errors if optimizer == "gradient_descent" else None)


def sampled_epochs(last: int) -> Tensor:
    """All of the first epochs and some of the others [m]."""
    first = torch.arange(min(last, EVEN_EPOCHS // 4) + 1, dtype=torch.float64)
    later = torch.linspace(0, last, EVEN_EPOCHS, dtype=torch.float64).round()
    return torch.cat([first, later[later > first[-1]]]).unique_consecutive()  # type: ignore[no-any-return, no-untyped-call]


def _shares(modes: Modes, errors: Tensor, first: Tensor) -> Tensor:
    shares: Tensor = errors / modes.errors(first).norm().clamp(min=torch.finfo(torch.float64).tiny)
    return shares
