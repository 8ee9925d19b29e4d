"""How large a learning rate may be, and which one suits."""

import torch

from app.engine.descent import start
from app.engine.losses import Squared
from app.engine.objective import Objective
from app.engine.settings import Settings

SHARE = {"adagrad": 0.1, "rmsprop": 0.001, "adam": 0.005, "adamw": 0.005}
"""Learning rate as a share of the longest way that a parameter has to go; 2,000 epochs are enough."""


def largest_curvature(objective: Objective) -> float | None:
    """Largest eigenvalue of the Hessian of loss and λ₂; None for a loss with a kink.

    For Huber's loss and log cosh a bound, reached where all rows lie in the bowl: their second derivative
    is at most 1, half of the squared error's. A penalty λ₁ has no curvature.
    """
    if not objective.loss.smooth:
        return None
    root = objective.problem.root[:, :-1]
    second = 2.0 if isinstance(objective.loss, Squared) else 1.0
    penalty = (2 * objective.l2) ** 0.5 * torch.eye(root.shape[1] - 1, root.shape[1], dtype=root.dtype)
    largest: float = torch.linalg.svdvals(torch.cat([second**0.5 * root, penalty]))[0].item()
    return largest**2


def max_learning_rate(objective: Objective, settings: Settings) -> float | None:
    """The learning rate beyond which the optimizer is unstable with all rows in each batch; None if there is none.

    With λ the largest curvature: 2/λ for gradient descent, 2(1 + μ)/λ for momentum, 2(1 + μ)/((1 + 2μ)λ) for
    Nesterov's: beyond, an eigenvalue of the update falls below −1. At such a rate Huber's loss and log cosh
    cannot diverge, but swing about the lowest point once the rows lie in the bowl.
    """
    curvature, momentum = largest_curvature(objective), settings.momentum
    factors = {
        "gradient_descent": 2.0,
        "momentum": 2 * (1 + momentum),
        "nesterov": 2 * (1 + momentum) / (1 + 2 * momentum),
    }
    if curvature is None or settings.optimizer not in factors:
        return None
    return factors[settings.optimizer] / curvature


def good_learning_rate(objective: Objective, settings: Settings) -> float:
    """A learning rate to two digits that suits the optimizer.

    Half the limit where there is one. Without: RMSProp, Adam and AdamW move by about one rate an update, AdaGrad by
    less and less. Of a loss with a kink the gradient is about as long as the features' root mean square, wherever one
    is, so that the rate decides how fast the way is gone and how closely the lowest point is circled.
    """
    limit = max_learning_rate(objective, settings)
    if limit is not None:
        return _two_digits(limit / 2)
    way = (objective.optimum.parameters - start(objective.problem, settings).double()).abs()
    longest = way.amax().item() or 1.0
    share = 2000 / max(settings.epochs, 100)
    if settings.optimizer in SHARE:
        return _two_digits(SHARE[settings.optimizer] * longest * (1 if settings.optimizer == "adagrad" else share))
    length = objective.problem.gram.diagonal().sum().sqrt().item()
    momentum = 1.0 if settings.optimizer == "gradient_descent" else 1 - settings.momentum
    return _two_digits(0.004 * share * longest * momentum / length)


def _two_digits(rate: float) -> float:
    return float(f"{rate:.1e}")
