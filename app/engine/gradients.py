"""The steps themselves: what a learner reads here is what runs.

Each function walks `path` [m + 1, d + 1], whose row k holds the weights and, last, the
bias after k epochs. Row 0 is given; the function fills in the others.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor


@torch.inference_mode()
def by_hand(x: Tensor, y: Tensor, learning_rate: Tensor, path: Tensor) -> None:
    """Gradient descent with the derivatives of the mean squared error written out."""
    n, d = x.shape
    z = torch.cat([x, torch.ones_like(y)[:, None]], dim=1)   # the features, and 1 for the bias
    columns = z.T.contiguous()
    two_over_n = torch.full_like(path[0], 2 / n)             # as long as the gradient: quicker than a lone number
    rate = learning_rate.repeat(d + 1)
    for now, then in pairwise(path):
        error = z.mv(now).sub_(y)                            # error = prediction − y, prediction = x w + b
        gradient = (columns * error).sum(1).mul_(two_over_n)   # dL/dw = 2/n Σ error · x, dL/db = 2/n Σ error
        torch.sub(now, gradient.mul_(rate), out=then)        # then = now − learning rate · gradient


@torch.inference_mode()
def by_hand_row_by_row(x: Tensor, y: Tensor, learning_rate: Tensor, path: Tensor) -> None:
    """The same in the order in which the notebook's machine added, for several features in float32."""
    n, d = x.shape
    columns = x.T.to_sparse()                              # its product fuses and adds row by row
    two_over_n = torch.tensor(2 / n, dtype=x.dtype)
    for now, weights, bias, then in zip(path, path[:, :d], path[:, d:], path[1:], strict=False):
        error = (x * weights).sum(dim=1) + bias - y        # prediction − y
        error *= two_over_n
        dw = torch.sparse.mm(columns, error[:, None])      # dL/dw = Σ 2/n error · x
        db = error.sum()                                   # dL/db = Σ 2/n error
        torch.sub(now, learning_rate * torch.cat([dw[:, 0], db[None]]), out=then)


@torch.inference_mode()
def by_hand_on_gram(gram: Tensor, learning_rate: Tensor, path: Tensor) -> None:
    """The same descent when the rows are many: they are needed only once, for A = ZᵀZ/n.

    Z is the features and a column of ones, and `path` is measured from the optimum,
    where 2/n Zᵀ(Zθ − y) is 2A(θ − θ*).
    """
    hessian = 2 * gram
    rate = learning_rate.repeat(len(gram))
    for now, then in pairwise(path):
        gradient = hessian.mv(now)                           # gradient = 2 A (θ − θ*)
        torch.sub(now, gradient.mul_(rate), out=then)


def autograd(loss: Callable[[Tensor, Tensor], Tensor], learning_rate: Tensor, path: Tensor) -> None:
    """Gradient descent with the derivatives left to PyTorch: build the loss, call backward()."""
    parameters, gradient = path[0].clone(), torch.zeros_like(path[0])
    w, b = parameters[:-1].detach().requires_grad_(), parameters[-1:].detach().requires_grad_()
    w.grad, b.grad = gradient[:-1], gradient[-1:]
    for then in path[1:]:
        loss(w, b).backward()                                # adds dL/dw and dL/db to the gradient
        parameters.sub_(gradient.mul_(learning_rate))        # w and b are parts of the parameters
        gradient.zero_()
        then.copy_(parameters)


def mean_squared_error(x: Tensor, y: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of weights [d] and bias [1] on these rows."""
    multiply = x[:, 0].mul if x.shape[1] == 1 else RowByRow(x) if row_by_row_shows(x) else x.matmul

    def loss(w: Tensor, b: Tensor) -> Tensor:
        error = multiply(w) + b - y
        return torch.mean(error * error)

    return loss


def quadratic(gram: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss above its lowest value, of weights and bias measured from the optimum."""

    def loss(w: Tensor, b: Tensor) -> Tensor:
        away = torch.cat([w, b])
        return away @ gram @ away

    return loss


def row_by_row_shows(x: Tensor) -> bool:
    """Whether the order in which rows are added shows in the digits that the notebook prints.

    Its machine added them one after another, each product fused with its sum. Other
    machines' `x @ w` add in another order, and in float32 with several features that
    changes the last printed digit of the two-feature table.
    """
    return x.dtype == torch.float32 and x.shape[1] > 1


class RowByRow:
    """x @ w whose derivative adds the rows one after another."""

    def __init__(self, x: Tensor) -> None:
        self.x, self.columns = x, x.T.to_sparse()

    def __call__(self, w: Tensor) -> Tensor:
        product: Tensor = _RowByRow.apply(w, self.x, self.columns)
        return product


class _RowByRow(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, w: Tensor, x: Tensor, columns: Tensor) -> Tensor:
        ctx.columns = columns
        return (x * w).sum(dim=1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = gradients
        return torch.sparse.mm(ctx.columns, gradient[:, None])[:, 0], None, None
