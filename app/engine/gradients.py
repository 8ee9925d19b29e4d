"""Gradients of a loss: written out by hand, or left to PyTorch.

Each function prepares a `Gradient`: of the parameters, the weights and last the bias [d + 1],
on some rows. What a learner reads here is what runs.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from app.engine.losses import Loss
from app.engine.problem import ROWS_PER_BLOCK


class Rows(NamedTuple):
    """Some rows: the features with a column of ones for the bias z [m, d + 1], and the target y [m]."""

    z: Tensor
    y: Tensor

    @property
    def features(self) -> Tensor:
        return self.z[:, :-1]

    def take(self, some: Any) -> "Rows":
        """Those at some positions, [...] or a slice."""
        return Rows(self.z[some], self.y[some])


class Table(NamedTuple):
    """Many rows, as the problem holds them: `features` [n, d] and target y [n]. Only those in use get their ones."""

    features: Tensor
    y: Tensor

    def take(self, some: Any) -> Rows:
        """Those at some positions, [...] or a slice."""
        x = self.features[some]
        return Rows(torch.cat([x, torch.ones_like(x[..., :1])], dim=-1), self.y[some])


Gradient = Callable[[Tensor, Any], Tensor]
"""Of the parameters and `Rows`; one that reads a whole `Table` is made by `in_blocks`."""


def by_hand(loss: Loss) -> Gradient:
    """dL/dθ = 1/m Zᵀ slope(error): each row adds its slope times its features."""

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        error = rows.z.mv(now).sub_(rows.y)  # error = prediction − y, prediction = x w + b
        slope, m = loss.slope(error), error.numel()
        return now.addmv(rows.z.T, slope, beta=0, alpha=1 / m)  # dL/dw = 1/m Σ slope · x, dL/db = 1/m Σ slope

    return gradient


def in_blocks(gradient: Gradient) -> Gradient:
    """The same of a whole table: each block's gradient counts by its share of the rows."""

    def mean(now: Tensor, table: Table) -> Tensor:
        total = torch.zeros_like(now)
        for first in range(0, len(table.y), ROWS_PER_BLOCK):
            rows = table.take(slice(first, first + ROWS_PER_BLOCK))
            total += gradient(now, rows) * (len(rows.y) / len(table.y))
        return total

    return mean


def by_hand_on_gram(gram: Tensor, best: Tensor) -> Gradient:
    """The mean squared error's when the rows are many: they are needed only once, for A = ZᵀZ/n.

    2/n Zᵀ(Zθ − y) is 2A(θ − θ*), with θ* the `best`: zero where parameters are measured from there.
    """
    hessian, offset = 2 * gram, 2 * gram.mv(best)

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        return hessian.mv(now)  # gradient = 2 A (θ − θ*), and θ* is 0

    def gradient_elsewhere(now: Tensor, rows: Rows) -> Tensor:
        return hessian.mv(now).sub_(offset)  # gradient = 2 A θ − 2 A θ*

    return gradient_elsewhere if best.any() else gradient


def with_penalty(gradient: Gradient, l1: float | Tensor, l2: float | Tensor, origin: Tensor) -> Gradient:
    """The gradient of L + λ₂ Σ w² + λ₁ Σ |w|, with the parameters measured from `origin`; the bias is free.

    Of many runs [R, d + 1] each may have its own λ₁ and λ₂ [R, 1].
    """
    weights = torch.ones_like(origin)
    weights[-1] = 0.0

    def penalized(now: Tensor, rows: Rows) -> Tensor:
        w = (now + origin) * weights
        return gradient(now, rows) + 2 * l2 * w + l1 * w.sign()

    return penalized


def autograd(loss: Callable[[Tensor, Tensor, Rows], Tensor], like: Tensor) -> Gradient:
    """The derivatives left to PyTorch: build the loss of weights and bias, call backward()."""
    parameters, found = torch.zeros_like(like), torch.zeros_like(like)
    w, b = parameters[:-1].detach().requires_grad_(), parameters[-1:].detach().requires_grad_()
    w.grad, b.grad = found[:-1], found[-1:]  # backward() adds to these parts of what is found

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        parameters.copy_(now)  # w and b are parts of the parameters
        found.zero_()
        loss(w, b, rows).backward()  # adds dL/dw and dL/db
        return found

    return gradient


def mean_loss(loss: Loss) -> Callable[[Tensor, Tensor, Rows], Tensor]:
    """The loss of weights [d] and bias [1] on some rows."""

    def value(w: Tensor, b: Tensor, rows: Rows) -> Tensor:
        prediction = rows.features.matmul(w) + b
        return torch.mean(loss.of(prediction - rows.y))

    return value


def quadratic(gram: Tensor, best: Tensor) -> Callable[[Tensor, Tensor, Rows], Tensor]:
    """The mean squared error above its lowest value, which it has at the `best` parameters."""

    def value(w: Tensor, b: Tensor, rows: Rows) -> Tensor:
        deviation = torch.cat([w, b]) - best
        return deviation @ gram @ deviation

    return value


def penalized_loss(
    loss: Callable[[Tensor, Tensor, Rows], Tensor], l1: float, l2: float, origin: Tensor
) -> Callable[[Tensor, Tensor, Rows], Tensor]:
    """L + λ₂ Σ w² + λ₁ Σ |w|, with the parameters measured from `origin`; the bias is free."""

    def value(w: Tensor, b: Tensor, rows: Rows) -> Tensor:
        weights = w + origin[:-1]
        return loss(w, b, rows) + l2 * (weights * weights).sum() + l1 * weights.abs().sum()

    return value
