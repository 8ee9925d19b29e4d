"""Gradients of a loss: written out by hand, or by PyTorch's autograd.

Each function returns a `Gradient` with respect to the parameters [d + 1], the weights and then the bias. The page shows
this source to learners, and it is what runs.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from app.engine.losses import Loss
from app.engine.problem import ROWS_PER_BLOCK


class Rows(NamedTuple):
    """Rows as an update reads them: z [m, d + 1], the features and a column of ones for the bias, and target y [m]."""

    z: Tensor
    y: Tensor

    @property
    def features(self) -> Tensor:
        return self.z[:, :-1]

    def take(self, some: Any) -> "Rows":
        """The rows at some positions, a tensor or a slice."""
        return Rows(self.z[some], self.y[some])


class Table(NamedTuple):
    """Many rows as the problem holds them: `features` [n, d] and target y [n]; `take` adds the column of ones."""

    features: Tensor
    y: Tensor

    def take(self, some: Any) -> Rows:
        """The rows at some positions, a tensor or a slice."""
        x = self.features[some]
        return Rows(torch.cat([x, torch.ones_like(x[..., :1])], dim=-1), self.y[some])


Gradient = Callable[[Tensor, Any], Tensor]
"""A function of parameters and `Rows`; `in_blocks` makes one of parameters and a whole `Table`."""


def by_hand(loss: Loss) -> Gradient:
    """dL/dθ = 1/m Zᵀ slope(error): each row adds its slope times its features."""

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        error = rows.z.mv(now).sub_(rows.y)  # error = prediction − y, prediction = x w + b
        slope, m = loss.slope(error), error.numel()
        return now.addmv(rows.z.T, slope, beta=0, alpha=1 / m)  # dL/dw = 1/m Σ slope · x, dL/db = 1/m Σ slope

    return gradient


def in_blocks(gradient: Gradient) -> Gradient:
    """The same for a whole table, block by block: each block's gradient is weighted by its share of the rows."""

    def mean(now: Tensor, table: Table) -> Tensor:
        total = torch.zeros_like(now)
        for first in range(0, len(table.y), ROWS_PER_BLOCK):
            rows = table.take(slice(first, first + ROWS_PER_BLOCK))
            total += gradient(now, rows) * (len(rows.y) / len(table.y))
        return total

    return mean


def by_hand_on_gram(gram: Tensor, optimum: Tensor) -> Gradient:
    """The mean squared error's gradient for many rows, which are read only once, to compute A = ZᵀZ/n.

    2/n Zᵀ(Zθ − y) = 2A(θ − θ*), with θ* the `optimum`; it is 0 if that is where parameters are measured from.
    """
    hessian, offset = 2 * gram, 2 * gram.mv(optimum)

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        return hessian.mv(now)  # gradient = 2 A (θ − θ*), and θ* is 0

    def gradient_elsewhere(now: Tensor, rows: Rows) -> Tensor:
        return hessian.mv(now).sub_(offset)  # gradient = 2 A θ − 2 A θ*

    return gradient_elsewhere if optimum.any() else gradient


def with_penalty(gradient: Gradient, l1: float | Tensor, l2: float | Tensor, origin: Tensor) -> Gradient:
    """The gradient of L + λ₂ Σ w² + λ₁ Σ |w|, parameters being relative to `origin`; the bias is not penalized.

    Of several runs [R, d + 1] each may have its own λ₁ and λ₂ [R, 1].
    """
    weights = torch.ones_like(origin)
    weights[-1] = 0.0

    def penalized(now: Tensor, rows: Rows) -> Tensor:
        w = (now + origin) * weights
        return gradient(now, rows) + 2 * l2 * w + l1 * w.sign()

    return penalized


def autograd(loss: Callable[[Tensor, Tensor, Rows], Tensor], like: Tensor) -> Gradient:
    """Derivatives by PyTorch: compute the loss of weights and bias, then call backward()."""
    parameters, found = torch.zeros_like(like), torch.zeros_like(like)
    w, b = parameters[:-1].detach().requires_grad_(), parameters[-1:].detach().requires_grad_()
    w.grad, b.grad = found[:-1], found[-1:]  # backward() adds to these views of `found`

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        parameters.copy_(now)  # w and b are views of these
        found.zero_()
        loss(w, b, rows).backward()  # adds dL/dw and dL/db
        return found

    return gradient


def mean_loss(loss: Loss) -> Callable[[Tensor, Tensor, Rows], Tensor]:
    """The mean loss as a function of weights [d], bias [1] and rows."""

    def value(w: Tensor, b: Tensor, rows: Rows) -> Tensor:
        prediction = rows.features.matmul(w) + b
        return torch.mean(loss.of(prediction - rows.y))

    return value


def quadratic(gram: Tensor, optimum: Tensor) -> Callable[[Tensor, Tensor, Rows], Tensor]:
    """The mean squared error above its minimum, which is at the `optimum`."""

    def value(w: Tensor, b: Tensor, rows: Rows) -> Tensor:
        deviation = torch.cat([w, b]) - optimum
        return deviation @ gram @ deviation

    return value


def penalized_loss(
    loss: Callable[[Tensor, Tensor, Rows], Tensor], l1: float, l2: float, origin: Tensor
) -> Callable[[Tensor, Tensor, Rows], Tensor]:
    """L + λ₂ Σ w² + λ₁ Σ |w|, parameters being relative to `origin`; the bias is not penalized."""

    def value(w: Tensor, b: Tensor, rows: Rows) -> Tensor:
        weights = w + origin[:-1]
        return loss(w, b, rows) + l2 * (weights * weights).sum() + l1 * weights.abs().sum()

    return value
