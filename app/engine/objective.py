"""What a descent makes small: the mean loss of the rows, and a penalty on the weights."""

from dataclasses import replace
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

NEAR = 0.01
"""Share of the way to the optimum, or of the way down to its loss, that may be left on arrival."""

AT_A_TIME, BLOCK = 100_000, 100_000
"""Predictions that are held, and rows that are read, at a time; more would not stay in a core's cache."""

MANY, SOME = 100_000, 20_000
"""Rows of which the lowest point of another loss than squared takes long to find, and a fair sample of them."""


class Objective:
    """Loss and penalty of these settings on a problem's rows, of weights and bias in the problem's units."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem, self.settings, self.loss = problem, settings, loss_of(settings)
        self.l1, self.l2 = settings.l1, settings.l2
        self._optimum: Optimum | None = None

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

    def gradient(self, parameters: Any) -> Tensor:
        """Derivatives [m, d + 1] of loss and penalty at parameters [m, d + 1]; at a kink the middle of both sides."""
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

        None of a loss that is not quadratic, whose curvature changes from place to place.
        """
        return self.steady_hessian if self.is_quadratic else None

    @cached_property
    def steady_hessian(self) -> Tensor:
        """What of the second derivatives [d + 1, d + 1] is the same everywhere: of squared errors, and of λ₂."""
        gram, free = self.problem.gram, self.problem.gram.new_zeros(1)
        penalty = torch.diag(torch.cat([2 * self.l2 + free.expand(self.problem.n_features), free]))
        return 2 * gram + penalty if self.is_quadratic else penalty

    @property
    def optimum(self) -> Optimum:
        """The lowest point, and how it was found; a second or two for very many rows and a loss that is not squared."""
        if self._optimum is None:  # cached_property would keep all other objectives waiting: its lock is the class's
            self._optimum = minimum(self)
        return self._optimum

    @property
    def is_settled(self) -> bool:
        """Whether the lowest point is known, or soon found."""
        return self._optimum is not None or self.is_quadratic or self.problem.n_rows <= MANY

    @property
    def lowest(self) -> Optimum:
        """The lowest point as far as it is known: a fair sample's until it is settled, with its loss on all rows."""
        return self.optimum if self.is_settled else self._sampled

    @cached_property
    def _sampled(self) -> Optimum:
        found = self.of_few_rows(SOME)[0].optimum
        loss = self.of(found.parameters).item()
        return replace(found, loss=loss, method=f"{found.method}, on {SOME:,} rows so far")

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

    def arrival(self, losses: Tensor) -> int | None:
        """The first of losses [m] that has at most 1 % of the way down to the lowest one left; None if none has."""
        left = losses.double() - self.lowest.loss
        arrived = (left <= NEAR * left[0]).nonzero()
        return int(arrived[0]) if len(arrived) else None


def mean_losses(loss: Loss, x: Tensor, y: Tensor, parameters: Tensor) -> Tensor:
    """Loss [m] of parameters [m, d + 1] on rows x [n, d] and y [n], some of both at a time."""
    total = parameters.new_zeros(len(parameters))
    for some_x, some_y in zip(torch.split(x, BLOCK), torch.split(y, BLOCK), strict=True):
        parts = torch.split(parameters, max(1, AT_A_TIME // len(some_y)))
        errors = ((part[:, :-1] @ some_x.T).add_(part[:, -1:]).sub_(some_y) for part in parts)
        found = torch.cat([loss.of(error).mean(dim=1) for error in errors])
        total += found * (len(some_y) / len(y))
    return total


def mean_slopes(loss: Loss, x: Tensor, y: Tensor, parameters: Tensor) -> Tensor:
    """The derivatives [m, d + 1] of `mean_losses`: 1/n Zᵀ slope(error)."""
    total = torch.zeros_like(parameters)
    for some_x, some_y in zip(torch.split(x, BLOCK), torch.split(y, BLOCK), strict=True):
        z = torch.cat([some_x, torch.ones_like(some_y)[:, None]], dim=1)
        parts = torch.split(parameters, max(1, AT_A_TIME // len(some_y)))
        total += torch.cat([loss.slope(part @ z.T - some_y) @ z for part in parts]) / len(y)
    return total
