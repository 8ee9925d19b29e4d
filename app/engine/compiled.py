"""Full-batch descents on the squared errors of a small table, compiled: a few hundred times as fast as torch's calls.

Libraries add in whatever order suits the processor, which shows in the last digits. Here every sum has a fixed order,
which no compiler may change, and IEEE 754 rounds each operation alike everywhere: so the digits are the same on any
machine. For the notebook's five rows in float32 the orders are those of the machine that printed it, found by trying
those that libraries use: a plain sum adds rows 0, 4, 8, …, then rows 1, 5, 9, …; a matrix product adds row after row,
each product fused with the sum.

`gradients` and `optimizers` have the same formulas in their plain form, which is the one to read.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import mse_loss

from app.engine.gradients import Rows

LANES = 4
"""A plain sum adds rows 0, 4, 8, … first, then rows 1, 5, 9, … and so on."""

CHAIN_ROWS = 8
"""Rows that a fused sum adds one after another; of more rows it adds several such chains in their order."""

Array = NDArray[Any]
"""Rows z [n, d + 1], parameters and gradients [d + 1], targets, errors and slopes [n]; all float32 or all float64."""

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compiled at the first call, or as it was kept beside the source if that can be written; without Python's lock."""
    try:
        return cast(Function, njit(nogil=True, cache=True)(function))
    except RuntimeError:  # a read-only file system
        return cast(Function, njit(nogil=True)(function))


class SquaredErrors:
    """The mean squared error of some rows, and the descents on it."""

    def __init__(self, rows: Rows) -> None:
        self.z, self.y = np.ascontiguousarray(rows.z), np.ascontiguousarray(rows.y)
        n, parameters = self.z.shape
        self.two_over_n = self.y.dtype.type(2 / n)
        self.fused = self.y.dtype == np.float32 and parameters > 2
        """Whether the gradient of the weights is the notebook's matrix product."""

    def gradient(self, now: Tensor, _: Any = None) -> Tensor:
        """dL/dw = 2/n Σ error · x, dL/db = 2/n Σ error [d + 1] at these parameters [d + 1]."""
        found = torch.empty_like(now)
        gradient_at(self.z, self.y, now.numpy(), self.two_over_n, self.fused, np.empty_like(self.y), found.numpy())
        return found

    def descend(self, path: Tensor, rates: Tensor) -> None:
        """Fill `path` [m + 1, d + 1] from its row 0 on, by θ ← θ − α g with the learning rates [m]."""
        descend(self.z, self.y, rates.numpy(), self.two_over_n, self.fused, path.numpy())

    def losses(self, path: Tensor) -> Tensor:
        """Mean squared errors [m] of parameters [m, d + 1]."""
        found = path.new_empty(len(path))
        losses_of(self.z, self.y, np.ascontiguousarray(path), found.numpy())
        return found

    def predict(self, parameters: Tensor) -> Tensor:
        """Predictions [n]."""
        found = parameters.new_empty(len(self.y))
        errors_of(self.z, np.zeros_like(self.y), parameters.numpy(), found.numpy())
        return found

    def sums(self, slopes: Tensor) -> Tensor:
        """Σ slope · x and Σ slope [d + 1] of slopes [n]."""
        found = slopes.new_empty(self.z.shape[1])
        sums_of(self.z, slopes.numpy(), self.fused, found.numpy())
        return found

    def by_autograd(self) -> Callable[[Tensor, Tensor, Any], Tensor]:
        """The mean squared error of weights [d] and bias [1], for autograd."""
        target = torch.from_numpy(self.y)

        def value(w: Tensor, b: Tensor, _: Any) -> Tensor:
            prediction: Tensor = _Prediction.apply(w, b, self)  # type: ignore[no-untyped-call]
            return mse_loss(prediction, target)

        return value


class _Prediction(torch.autograd.Function):
    """x w + b, whose derivatives are sums in the order above."""

    @staticmethod
    def forward(ctx: Any, w: Tensor, b: Tensor, of: SquaredErrors) -> Tensor:
        ctx.of = of
        return of.predict(torch.cat([w, b]))

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, Tensor, None]:
        found = ctx.of.sums(slopes[0])
        return found[:-1], found[-1:], None


@compiled
def descend(z: Array, y: Array, rates: Array, two_over_n: Any, fused: bool, path: Array) -> None:
    errors, found = np.empty_like(y), np.empty_like(path[0])
    for k in range(len(rates)):
        gradient_at(z, y, path[k], two_over_n, fused, errors, found)
        for i in range(len(found)):
            path[k + 1, i] = path[k, i] - found[i] * rates[k]


@compiled
def gradient_at(z: Array, y: Array, now: Array, two_over_n: Any, fused: bool, errors: Array, found: Array) -> None:
    errors_of(z, y, now, errors)
    if fused:  # The notebook multiplies each error by 2/n, with one feature the sum.
        for row in range(len(y)):
            errors[row] *= two_over_n
        sums_of(z, errors, fused, found)
    else:
        sums_of(z, errors, fused, found)
        for i in range(len(found)):
            found[i] *= two_over_n


@compiled
def errors_of(z: Array, y: Array, now: Array, errors: Array) -> None:
    """x w + b − y: each product rounded, then added from left to right."""
    for row in range(len(y)):
        prediction = z[row, 0] * now[0]
        for i in range(1, len(now)):
            prediction += z[row, i] * now[i]
        errors[row] = prediction - y[row]


@compiled
def sums_of(z: Array, slopes: Array, fused: bool, found: Array) -> None:
    last = len(found) - 1
    for i in range(len(found)):
        found[i] = fused_sum(z[:, i], slopes) if fused and i < last else plain_sum(z[:, i], slopes)


@compiled
def plain_sum(x: Array, slopes: Array) -> Any:
    """Σ x · slope: products rounded, then added lane after lane."""
    total = x.dtype.type(0)
    for lane in range(LANES):
        for row in range(lane, len(x), LANES):
            total += x[row] * slopes[row]
    return total


@compiled
def fused_sum(x: Array, slopes: Array) -> Any:
    """Σ x · slope in float32, each product added before it is rounded.

    A product of two float32 numbers is exact in float64; there it is added to the sum, which is then rounded.
    """
    total = np.float32(0)
    for first in range(0, len(x), CHAIN_ROWS):
        chain = np.float32(0)
        for row in range(first, min(first + CHAIN_ROWS, len(x))):
            chain = np.float32(np.float64(chain) + np.float64(x[row]) * np.float64(slopes[row]))
        total += chain
    return total


@compiled
def losses_of(z: Array, y: Array, path: Array, found: Array) -> None:
    errors = np.empty_like(y)
    for k in range(len(path)):
        errors_of(z, y, path[k], errors)
        found[k] = plain_sum(errors, errors) / y.dtype.type(len(y))


LOOPS = (descend, gradient_at, errors_of, sums_of, plain_sum, fused_sum)
"""What a descent runs, to be read."""
