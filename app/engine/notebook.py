"""The float32 arithmetic that prints the notebook's figures, to the last digit on any machine.

Libraries add in whatever order suits the processor, which shows in the last printed digits of float32. Here every sum
has a fixed order: it consists of elementwise operations, which IEEE 754 rounds alike everywhere, and of `index_add_`,
which adds in the order of its index. For the notebook's five rows the orders are those of the machine that printed it,
found by trying those that libraries use: a plain sum adds rows 0, 4, 8, …, then rows 1, 5, 9, …; a matrix product adds
row after row, each product fused with the sum.

It is used in full-batch descents on squared errors of a small table in float32. `gradients` has the same formulas in
their plain form, which is the one to read.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from app.engine.gradients import Gradient, Rows

LANES = 4
"""A plain sum adds rows 0, 4, 8, … first, then rows 1, 5, 9, … and so on."""

CHAIN_ROWS = 8
"""Rows that a matrix product adds one after another; of more rows it adds several such chains in their order."""

MAX_ERRORS = 100_000
"""Errors that `losses` holds at a time."""


def by_hand(rows: Rows) -> Gradient:
    """dL/dw = 2/n Σ error · x, dL/db = 2/n Σ error; 2/n is outside the sum for one feature, inside for several."""
    rows = in_order(rows)
    target, predict, sums = rows.y[:, None], Predictions(rows), sums_of(rows)
    two_over_n = torch.full_like(rows.z[0], 2 / len(rows.y))  # as long as the gradient: faster than a number

    def gradient(now: Tensor, _: Any) -> Tensor:
        return sums(predict(now).sub_(target)).mul_(two_over_n)

    def gradient_of_several(now: Tensor, _: Any) -> Tensor:
        return sums(predict(now).sub_(target).mul_(two_over_n[0]))

    return gradient if rows.features.shape[1] == 1 else gradient_of_several


def mean_loss(rows: Rows) -> Callable[[Tensor, Tensor, Any], Tensor]:
    """The mean squared error of weights [d] and bias [1], for autograd."""
    rows = in_order(rows)
    x, every = rows.features[:, 0].contiguous(), torch.zeros(len(rows.y), dtype=torch.long)

    def value(w: Tensor, b: Tensor, _: Any) -> Tensor:
        # The backward pass of index_select is index_add_: each row has its own w and b, whose slopes add in order.
        return mse_loss(x * w.index_select(0, every) + b.index_select(0, every), rows.y)

    predict, sums = Predictions(rows), sums_of(rows)

    def value_of_several(w: Tensor, b: Tensor, _: Any) -> Tensor:
        prediction: Tensor = _Prediction.apply(w, b, predict, sums)
        return mse_loss(prediction, rows.y)

    return value if rows.features.shape[1] == 1 else value_of_several


def losses(rows: Rows, path: Tensor) -> Tensor:
    """Mean squared errors [m] of parameters [m, d + 1]."""
    rows, found = in_order(rows), []
    for states in path.split(max(1, MAX_ERRORS // len(rows.y))):
        errors = rows.z[:, :1] * states[:, 0]
        for column, parameter in zip(rows.z.T[1:], states.T[1:], strict=True):
            errors.add_(column[:, None] * parameter)
        errors.sub_(rows.y[:, None])
        found.append(plain_sums(errors.mul_(errors)) / len(rows.y))
    return torch.cat(found)


def in_order(rows: Rows) -> Rows:
    """The rows in the order of a plain sum."""
    return rows.take(order(len(rows.y)))


def order(n: int) -> Tensor:
    return torch.tensor(sorted(range(n), key=lambda row: (row % LANES, row)))


def plain_sums(terms: Tensor) -> Tensor:
    """Sums [m] of the columns of terms [n, m], row after row."""
    index = torch.arange(terms.shape[1]).repeat(len(terms))
    return terms.new_zeros(terms.shape[1]).index_add_(0, index, terms.reshape(-1))


class Predictions:
    """x w + b [n, 1], each product rounded, then added from left to right. A call overwrites the last result."""

    def __init__(self, rows: Rows) -> None:
        self.z, self.products = rows.z, torch.empty_like(rows.z)
        self.column, *self.others = self.products.split(1, dim=1)

    def __call__(self, parameters: Tensor) -> Tensor:
        torch.mul(self.z, parameters, out=self.products)
        for other in self.others:
            self.column.add_(other)
        return self.column


class PlainSums:
    """Zᵀ column [d + 1] of rows in order: products rounded, then plain sums. A call overwrites the last result."""

    def __init__(self, rows: Rows) -> None:
        n, self.parameters = rows.z.shape
        self.z, self.terms, self.total = rows.z, torch.empty_like(rows.z), torch.empty_like(rows.z[0])
        self.flat, self.index = self.terms.view(-1), torch.arange(self.parameters).repeat(n)

    def __call__(self, column: Tensor) -> Tensor:
        torch.mul(self.z, column, out=self.terms)
        return self.total.zero_().index_add_(0, self.index, self.flat)


class FusedSums:
    """Zᵀ column [d + 1] of rows in order: for the weights fused, row after row; for the bias a plain sum.

    A product of two float32 numbers is exact in float64; there it is added to the sum, which is then rounded to
    float32. A call overwrites the last result.
    """

    def __init__(self, rows: Rows) -> None:
        n, d = rows.features.shape
        length = min(n, CHAIN_ROWS)
        chains = -(-n // length)
        self.places = order(n).argsort()
        features = torch.zeros(chains * length, d, dtype=torch.float64)
        features[:n] = rows.features[self.places]
        column = torch.zeros(chains * length, 1, dtype=torch.float64)
        self.given = column[:n]
        steps = features.view(chains, length, d).unbind(1), column.view(chains, length, 1).unbind(1)
        self.steps = list(zip(*steps, strict=True))
        self.total, self.rounded = torch.empty(chains, d, dtype=torch.float64), rows.z.new_empty(chains, d)
        self.found = torch.empty_like(rows.z[0])
        self.weights, self.bias = self.found[:-1], self.found[-1:]
        self.chains, self.to_bias = torch.arange(d).repeat(chains), torch.zeros(n, dtype=torch.long)

    def __call__(self, column: Tensor) -> Tensor:
        self.given.copy_(column[self.places])
        self.total.zero_()
        for x, slope in self.steps:
            self.total.addcmul_(x, slope)
            self.rounded.copy_(self.total)
            self.total.copy_(self.rounded)
        self.found.zero_()
        self.weights.index_add_(0, self.chains, self.rounded.view(-1))
        self.bias.index_add_(0, self.to_bias, column.reshape(-1))
        return self.found


def sums_of(rows: Rows) -> PlainSums | FusedSums:
    return PlainSums(rows) if rows.features.shape[1] == 1 else FusedSums(rows)


class _Prediction(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, w: Tensor, b: Tensor, predict: Predictions, sums: FusedSums) -> Tensor:
        ctx.sums = sums
        return predict(torch.cat([w, b]))[:, 0].clone()

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, Tensor, None, None]:
        found = ctx.sums(slopes[0][:, None])
        return found[:-1], found[-1:], None, None
