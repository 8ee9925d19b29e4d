"""The mean loss over the rows, plus a penalty on the weights."""

from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from app.engine.losses import Loss, Squared, loss_of
from app.engine.problem import Problem
from app.engine.settings import Settings

MAX_PREDICTIONS = 100_000
"""Predictions held at a time; more would not stay in a core's cache."""

ROWS_PER_LOSS_BLOCK = 100_000
"""Rows read at a time, for the same reason."""


class PenalizedLoss:
    """Loss and penalty on a problem's rows, as a function of weights and bias in the problem's units."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem, self.settings, self.loss = problem, settings, loss_of(settings)
        self.l1, self.l2 = settings.l1, settings.l2

    @property
    def is_quadratic(self) -> bool:
        """Whether the loss is the mean squared error, for which the problem's R stands for all rows."""
        return isinstance(self.loss, Squared)

    @property
    def is_penalized(self) -> bool:
        return self.l1 > 0 or self.l2 > 0

    def of(self, parameters: Any) -> Tensor:
        """Loss and penalty [...] of any weights and bias [..., d + 1]."""
        parameters = torch.as_tensor(parameters, dtype=torch.float64)
        return self.mean_loss(self.problem, parameters) + self.penalty(parameters)

    def mean_loss(self, problem: Problem, parameters: Tensor) -> Tensor:
        """The loss without penalty [...] of parameters [..., d + 1], on the rows of any problem."""
        if self.is_quadratic:
            return problem.loss(parameters)
        flat = parameters.reshape(-1, parameters.shape[-1])
        return mean_losses(self.loss, problem.features, problem.target, flat).reshape(parameters.shape[:-1])

    def penalty(self, parameters: Tensor) -> Tensor:
        """λ₂ Σ w² + λ₁ Σ |w| [...] of parameters [..., d + 1]; the bias is not penalized."""
        weights = parameters[..., :-1]
        return self.l2 * weights.square().sum(-1) + self.l1 * weights.abs().sum(-1)

    def gradient(self, parameters: Any) -> Tensor:
        """Derivatives [m, d + 1] of loss and penalty at parameters [m, d + 1]; at a kink the mean of both sides."""
        parameters = torch.as_tensor(parameters, dtype=torch.float64)
        found: Tensor
        if self.is_quadratic:
            found = 2 * (parameters - self.problem.optimum.parameters) @ self.problem.gram
        else:
            found = mean_slopes(self.loss, self.problem.features, self.problem.target, parameters)
        weights: Tensor = parameters[:, :-1]
        found[:, :-1] += 2 * self.l2 * weights + self.l1 * weights.sign()
        return found

    @property
    def hessian(self) -> Tensor | None:
        """Second derivatives [d + 1, d + 1] of loss and penalty, the same everywhere but at λ₁'s kinks.

        None for a loss that is not quadratic, whose curvature changes from place to place.
        """
        return self.constant_hessian if self.is_quadratic else None

    @cached_property
    def constant_hessian(self) -> Tensor:
        """The part of the second derivatives [d + 1, d + 1] that is the same everywhere: squared errors and λ₂."""
        gram, free = self.problem.gram, self.problem.gram.new_zeros(1)
        penalty = torch.diag(torch.cat([2 * self.l2 + free.expand(self.problem.n_features), free]))
        return 2 * gram + penalty if self.is_quadratic else penalty


def mean_losses(loss: Loss, x: Tensor, y: Tensor, parameters: Tensor) -> Tensor:
    """Mean loss [m] of parameters [m, d + 1] on rows x [n, d] and y [n]."""
    total = parameters.new_zeros(len(parameters))
    for some_x, some_y in zip(torch.split(x, ROWS_PER_LOSS_BLOCK), torch.split(y, ROWS_PER_LOSS_BLOCK), strict=True):
        parts = torch.split(parameters, max(1, MAX_PREDICTIONS // len(some_y)))
        errors = ((part[:, :-1] @ some_x.T).add_(part[:, -1:]).sub_(some_y) for part in parts)
        found = torch.cat([loss.of(error).mean(dim=1) for error in errors])
        total += found * (len(some_y) / len(y))
    return total


def mean_slopes(loss: Loss, x: Tensor, y: Tensor, parameters: Tensor) -> Tensor:
    """The derivatives [m, d + 1] of `mean_losses`: 1/n Zᵀ slope(error)."""
    total = torch.zeros_like(parameters)
    for some_x, some_y in zip(torch.split(x, ROWS_PER_LOSS_BLOCK), torch.split(y, ROWS_PER_LOSS_BLOCK), strict=True):
        z = torch.cat([some_x, torch.ones_like(some_y)[:, None]], dim=1)
        parts = torch.split(parameters, max(1, MAX_PREDICTIONS // len(some_y)))
        total += torch.cat([loss.slope(part @ z.T - some_y) @ z for part in parts]) / len(y)
    return total
