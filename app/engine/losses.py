"""Loss functions of an error, which is prediction − target. The loss of a run is the mean over the rows.

`of` is the loss [...] of errors [...], `slope` its derivative: at a kink the mean of both sides, as autograd has it.
`curvature` is the derivative of `slope`, and `max_curvature` its largest value, infinite if there is a kink. Between
two `breakpoints` [k] the slope is linear, or looks so; a close pair of them stands for a kink. `title` names the loss
of a run; a loss without kinks is `smooth`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from app.engine.settings import Settings

KINK_DISTANCE = 1e-300
"""Distance from a kink at which the slope on either side is evaluated."""


@dataclass(frozen=True)
class Squared:
    """e², slope 2e. Legendre 1805; torch.nn.MSELoss."""

    title: ClassVar[str] = "mean squared error"
    smooth: ClassVar[bool] = True
    max_curvature: ClassVar[float] = 2.0

    def of(self, error: Tensor) -> Tensor:
        return error * error

    def slope(self, error: Tensor) -> Tensor:
        return error + error  # 2e, three times as fast as the product with a number

    def curvature(self, error: Tensor) -> Tensor:
        return torch.full_like(error, 2.0)

    def breakpoints(self) -> Tensor:
        return torch.linspace(-1, 1, 2, dtype=torch.float64)


@dataclass(frozen=True)
class Absolute:
    """|e|, slope sign e. Boscovich 1757; torch.nn.L1Loss."""

    title: ClassVar[str] = "mean absolute error"
    smooth: ClassVar[bool] = False
    max_curvature: ClassVar[float] = math.inf

    def of(self, error: Tensor) -> Tensor:
        return error.abs()

    def slope(self, error: Tensor) -> Tensor:
        return error.sign()

    def curvature(self, error: Tensor) -> Tensor:
        return torch.zeros_like(error)

    def breakpoints(self) -> Tensor:
        return torch.tensor([-KINK_DISTANCE, KINK_DISTANCE], dtype=torch.float64)


@dataclass(frozen=True)
class Huber:
    """½e² up to δ and δ(|e| − ½δ) beyond, slope e cut off at ±δ. Huber 1964; torch.nn.HuberLoss."""

    delta: float
    title: ClassVar[str] = "mean Huber loss"
    smooth: ClassVar[bool] = True
    max_curvature: ClassVar[float] = 1.0

    def of(self, error: Tensor) -> Tensor:
        near = error.clamp(-self.delta, self.delta)
        return near * (error - near / 2)

    def slope(self, error: Tensor) -> Tensor:
        return error.clamp(-self.delta, self.delta)

    def curvature(self, error: Tensor) -> Tensor:
        return (error.abs() <= self.delta).to(error.dtype)

    def breakpoints(self) -> Tensor:
        return torch.tensor([-self.delta, self.delta], dtype=torch.float64)


@dataclass(frozen=True)
class LogCosh:
    """log cosh e, slope tanh e: ½e² when small, |e| − log 2 when large."""

    title: ClassVar[str] = "mean log-cosh loss"
    smooth: ClassVar[bool] = True
    max_curvature: ClassVar[float] = 1.0

    def of(self, error: Tensor) -> Tensor:
        size = error.abs()
        return size + (-2 * size).exp().log1p() - math.log(2)  # cosh itself would overflow

    def slope(self, error: Tensor) -> Tensor:
        return error.tanh()

    def curvature(self, error: Tensor) -> Tensor:
        return 1 - error.tanh().square()

    def breakpoints(self) -> Tensor:
        return torch.linspace(-12, 12, 481, dtype=torch.float64)


@dataclass(frozen=True)
class Quantile:
    """q·|e| below the target, (1 − q)·|e| above it, slope −q and 1 − q. Koenker & Bassett 1978."""

    quantile: float
    title: ClassVar[str] = "mean quantile loss"
    smooth: ClassVar[bool] = False
    max_curvature: ClassVar[float] = math.inf

    def of(self, error: Tensor) -> Tensor:
        return error.abs() / 2 + (0.5 - self.quantile) * error

    def slope(self, error: Tensor) -> Tensor:
        return error.sign() / 2 + (0.5 - self.quantile)

    def curvature(self, error: Tensor) -> Tensor:
        return torch.zeros_like(error)

    def breakpoints(self) -> Tensor:
        return torch.tensor([-KINK_DISTANCE, KINK_DISTANCE], dtype=torch.float64)


Loss = Squared | Absolute | Huber | LogCosh | Quantile

LOSSES: dict[str, Callable[[Settings], Loss]] = {
    "mse": lambda settings: Squared(),
    "mae": lambda settings: Absolute(),
    "huber": lambda settings: Huber(settings.delta),
    "log_cosh": lambda settings: LogCosh(),
    "quantile": lambda settings: Quantile(settings.quantile),
}


def loss_of(settings: Settings) -> Loss:
    return LOSSES[settings.loss](settings)
