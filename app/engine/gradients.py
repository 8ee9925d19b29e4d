"""The steps themselves: what a learner reads here is what runs.

Each function walks `path` [m + 1, d + 1], whose row k holds the weights and, last, the
bias after k epochs. Row 0 is given; the function fills in the others.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


@torch.inference_mode()
def by_hand(x: Tensor, y: Tensor, learning_rate: Tensor, path: Tensor) -> None:
    """Gradient descent with the derivatives of the mean squared error written out."""
    n, d = x.shape
    rows = torch.cat([x.T, torch.ones_like(y)[None]])      # the features, and 1 for the bias
    two_over_n = torch.tensor(2 / n, dtype=x.dtype)
    error, products, gradient = torch.empty_like(y), torch.empty_like(rows), torch.empty_like(path[0])
    for now, weights, bias, then in zip(path, path[:, :d], path[:, d:], path[1:], strict=False):
        torch.addmv(bias, x, weights, out=error)           # prediction = x w + b
        error.sub_(y)                                      # error = prediction − y
        torch.mul(rows, error, out=products)
        torch.sum(products, dim=1, out=gradient)           # dL/dw = 2/n Σ error · x
        gradient.mul_(two_over_n)                          # dL/db = 2/n Σ error
        torch.sub(now, gradient.mul_(learning_rate), out=then)


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
    gradient = torch.empty_like(path[0])
    for now, then in zip(path, path[1:], strict=False):
        torch.mv(gram, now, out=gradient).mul_(2)          # gradient = 2 A (θ − θ*)
        torch.sub(now, gradient.mul_(learning_rate), out=then)


def autograd(loss: Callable[[Tensor, Tensor], Tensor], learning_rate: Tensor, path: Tensor) -> None:
    """Gradient descent with the derivatives left to PyTorch: build the loss, call backward()."""
    w = path[0, :-1].clone().requires_grad_()
    b = path[0, -1:].clone().requires_grad_()
    for weights, bias in zip(path[1:, :-1], path[1:, -1:], strict=True):
        loss(w, b).backward()                              # dL/dw and dL/db
        with torch.no_grad():
            w -= learning_rate * w.grad
            b -= learning_rate * b.grad
            weights.copy_(w)
            bias.copy_(b)
        w.grad = b.grad = None                             # backward() adds to what is there


def mean_squared_error(x: Tensor, y: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of weights [d] and bias [1] on these rows."""
    multiply = RowByRow(x) if row_by_row_shows(x) else x.matmul

    def loss(w: Tensor, b: Tensor) -> Tensor:
        prediction = multiply(w) + b
        return torch.mean((prediction - y) ** 2)

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
