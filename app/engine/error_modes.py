"""The way to the optimum, split into the directions of curvature: as a run went it, and as another scaling would."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from app.engine.descent import start
from app.engine.history import History
from app.engine.modes import LINEAR_OPTIMIZERS, Modes
from app.engine.objective import Objective
from app.engine.problem import Scaling
from app.engine.rates import rates_to_set, steps_are_linear
from app.engine.settings import Settings

EVEN_EPOCHS = 160
"""Epochs that a split looks at, and a quarter more at its start."""


@dataclass(frozen=True, eq=False)
class ErrorByMode:
    """Components of the distance from the optimum: `errors` [m, r] at `epochs` [m] along each of the modes.

    They are shares of the first distance. `theory` [m, r] are the first errors times the powers of 1 − αλ, where these
    hold: for gradient descent whose steps are all alike.
    """

    objective: Objective
    settings: Settings
    modes: Modes
    epochs: Tensor
    errors: Tensor
    theory: Tensor | None


def errors_of_run(
    objective: Objective, settings: Settings, history: History, *, alike: bool = True
) -> ErrorByMode | None:
    """The split of a run, whose steps are `alike` if its settings never changed; None where there are no modes."""
    modes = objective.modes
    if modes is None:
        return None
    epochs = sampled_epochs(history.epochs)
    path = history.parameters[epochs.long()].double() - objective.optimum.parameters
    theory = None
    if settings.optimizer == "gradient_descent" and steps_are_linear(objective, settings) and alike:
        theory = _shares(modes, modes.errors_after(epochs, path[0], settings), path[0])
    return ErrorByMode(objective, settings, modes, epochs, _shares(modes, modes.errors(path), path[0]), theory)


def errors_if_rescaled(objective: Objective, settings: Settings, until: int) -> ErrorByMode | None:
    """What the same optimizer, or gradient descent, would do under the other scaling at its best rate, in three digits.

    Worked out, not walked. None where there are no modes, and for values whose squares are not finite.
    """
    optimizer = settings.optimizer if settings.optimizer in LINEAR_OPTIMIZERS else "gradient_descent"
    settings = replace(settings, optimizer=optimizer, schedule="constant", batch_size=0)
    other: Scaling = "none" if objective.problem.scaling == "standardize" else "standardize"
    try:
        objective = Objective(objective.problem.rescaled(other), settings)
    except ValueError:
        return None
    modes, (rate, _) = objective.modes, rates_to_set(objective, settings)
    if modes is None or rate is None:
        return None
    settings, epochs = replace(settings, learning_rate=rate), sampled_epochs(until)
    deviation = start(objective.problem, settings) - objective.optimum.parameters
    errors = _shares(modes, modes.errors_after(epochs, deviation, settings), deviation)
    return ErrorByMode(objective, settings, modes, epochs, errors, errors if optimizer == "gradient_descent" else None)


def sampled_epochs(last: int) -> Tensor:
    """The first epochs [m], where most falls, and some of the others."""
    first = torch.arange(min(last, EVEN_EPOCHS // 4) + 1, dtype=torch.float64)
    later = torch.linspace(0, last, EVEN_EPOCHS, dtype=torch.float64).round()
    return torch.cat([first, later[later > first[-1]]]).unique_consecutive()  # type: ignore[no-any-return, no-untyped-call]


def _shares(modes: Modes, errors: Tensor, first: Tensor) -> Tensor:
    shares: Tensor = errors / modes.errors(first).norm().clamp(min=torch.finfo(torch.float64).tiny)
    return shares
