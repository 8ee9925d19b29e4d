"""What a descent makes small: the mean loss of the rows, and a penalty on the weights."""

from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from app.engine.batches import permutation
from app.engine.losses import Loss, Squared, loss_of
from app.engine.minimum import minimum
from app.engine.modes import Modes, modes
from app.engine.problem import Optimum, Problem
from app.engine.settings import Settings

AT_A_TIME, BLOCK = 500_000, 100_000
"""Predictions that are held, and rows that are read, at a time."""


class Objective:
    """Loss and penalty of these settings on a problem's rows, of weights and bias in the problem's units."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem, self.settings, self.loss = problem, settings, loss_of(settings)
        self.l1, self.l2 = settings.l1, settings.l2

    @property
    def is_quadratic(self) -> bool:
        """Whether the loss is the mean squared error, of which the rows' triangle knows everything."""
        return isinstance(self.loss, Squared)

    @property
    def is_penalized(self) -> bool:
        return self.l1 > 0 or self.l2 > 0

    @property
    def title(self) -> str:
        """Such as "mean squared error + penalty"."""
        return self.loss.title + (" + penalty" if self.is_penalized else "")

    def of(self, parameters: Any) -> Tensor:
        """Loss and penalty [...] of any weights and bias [..., d + 1]."""
        parameters = torch.as_tensor(parameters, dtype=torch.float64)
        return self.mean_loss(self.problem, parameters) + self.penalty(parameters)

    def mean_loss(self, problem: Problem, parameters: Tensor) -> Tensor:
        """The loss alone [...] of parameters [..., d + 1], on this or other rows."""
        if self.is_quadratic:
            return problem.loss(parameters)
        flat = parameters.reshape(-1, parameters.shape[-1])
        return mean_losses(self.loss, problem.features, problem.target, flat).reshape(parameters.shape[:-1])

    def penalty(self, parameters: Tensor) -> Tensor:
        """λ₂ Σ w² + λ₁ Σ |w| [...] of parameters [..., d + 1]; the bias is free."""
        weights = parameters[..., :-1]
        return self.l2 * weights.square().sum(-1) + self.l1 * weights.abs().sum(-1)

    @cached_property
    def optimum(self) -> Optimum:
        """The lowest point, and how it was found."""
        return minimum(self)

    @cached_property
    def modes(self) -> Modes | None:
        """The directions of squared errors, with or without λ₂; of other losses the curvature is not the same all
        over."""
        return modes(self) if self.is_quadratic and not self.l1 else None

    @cached_property
    def largest_curvature(self) -> float | None:
        """Largest eigenvalue of the Hessian of loss and λ₂; None for a loss with a kink.

        For Huber's loss and log cosh a bound, reached where all rows lie in the bowl: their second derivative
        is at most 1, half of the squared error's. A penalty λ₁ has no curvature.
        """
        if not self.loss.smooth:
            return None
        root = self.problem.root[:, :-1]
        second = 2.0 if self.is_quadratic else 1.0
        penalty = (2 * self.l2) ** 0.5 * torch.eye(root.shape[1] - 1, root.shape[1], dtype=root.dtype)
        largest: float = torch.linalg.svdvals(torch.cat([second**0.5 * root, penalty]))[0].item()
        return largest**2

    def of_few_rows(self, most: int) -> tuple["Objective", int]:
        """This objective and the number of rows it needs: of a quadratic one none, of others a fair sample's rows."""
        n = self.problem.n_rows
        if self.is_quadratic or n <= most:
            return self, n
        rows = permutation(n, 0)[:most]
        return Objective(Problem(self.problem.features[rows], self.problem.target[rows]), self.settings), most

    def way_left(self, parameters: Tensor, start: Tensor) -> Tensor:
        """Share [...] of the way from `start` to the optimum that parameters [..., d + 1] have before them."""
        return self.problem.way_left(parameters, start, self.optimum.parameters)


def mean_losses(loss: Loss, x: Tensor, y: Tensor, parameters: Tensor) -> Tensor:
    """Loss [m] of parameters [m, d + 1] on rows x [n, d] and y [n], some of both at a time."""
    total = parameters.new_zeros(len(parameters))
    for some_x, some_y in zip(torch.split(x, BLOCK), torch.split(y, BLOCK), strict=True):
        parts = torch.split(parameters, max(1, AT_A_TIME // len(some_y)))
        found = torch.cat([loss.of(part[:, :-1] @ some_x.T + part[:, -1:] - some_y).mean(dim=1) for part in parts])
        total += found * (len(some_y) / len(y))
    return total
