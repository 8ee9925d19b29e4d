"""Losses of an error, prediction − target: what each row costs, and how steeply that changes.

The loss of a run is the mean over the rows. `slope` is the derivative of `of`; where a loss
has a kink it is the middle of the slopes on both sides, as autograd has it. `title` names the loss
of a run, `unit` is "squared" where its unit is the target's squared, and `smooth` means no kink.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from app.engine.settings import Settings

KINK = 1e-300
"""So far from a kink, on both sides, its slopes are told."""


@dataclass(frozen=True)
class Squared:
    """e², slope 2e. Legendre 1805; torch.nn.MSELoss."""

    title: ClassVar[str] = "mean squared error"
    unit: ClassVar[str] = "squared"
    smooth: ClassVar[bool] = True

    def of(self, error: Tensor) -> Tensor:
        return error * error

    def slope(self, error: Tensor) -> Tensor:
        return error + error  # 2e, in a third of the time that a lone number's product takes


@dataclass(frozen=True)
class Absolute:
    """|e|, slope sign e. Boscovich 1757; torch.nn.L1Loss."""

    title: ClassVar[str] = "mean absolute error"
    unit: ClassVar[str] = ""
    smooth: ClassVar[bool] = False

    def of(self, error: Tensor) -> Tensor:
        return error.abs()

    def slope(self, error: Tensor) -> Tensor:
        return error.sign()


@dataclass(frozen=True)
class Huber:
    """½e² up to δ and δ(|e| − ½δ) beyond, slope e cut off at ±δ. Huber 1964; torch.nn.HuberLoss."""

    delta: float
    title: ClassVar[str] = "mean Huber loss"
    unit: ClassVar[str] = "squared"
    smooth: ClassVar[bool] = True

    def of(self, error: Tensor) -> Tensor:
        near = error.clamp(-self.delta, self.delta)
        return near * (error - near / 2)

    def slope(self, error: Tensor) -> Tensor:
        return error.clamp(-self.delta, self.delta)


@dataclass(frozen=True)
class LogCosh:
    """log cosh e, slope tanh e: ½e² when small, |e| − log 2 when large."""

    title: ClassVar[str] = "mean log-cosh loss"
    unit: ClassVar[str] = ""
    smooth: ClassVar[bool] = True

    def of(self, error: Tensor) -> Tensor:
        size = error.abs()
        return size + (-2 * size).exp().log1p() - math.log(2)  # cosh itself would overflow

    def slope(self, error: Tensor) -> Tensor:
        return error.tanh()


@dataclass(frozen=True)
class Quantile:
    """q·|e| below the target, (1 − q)·|e| above it, slope −q and 1 − q. Koenker & Bassett 1978."""

    quantile: float
    title: ClassVar[str] = "mean quantile loss"
    unit: ClassVar[str] = ""
    smooth: ClassVar[bool] = False

    def of(self, error: Tensor) -> Tensor:
        return error.abs() / 2 + (0.5 - self.quantile) * error

    def slope(self, error: Tensor) -> Tensor:
        return error.sign() / 2 + (0.5 - self.quantile)


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


def knots(loss: Loss) -> tuple[Tensor, Tensor]:
    """Errors between which the slope of a loss is straight, at the least to the eye, and the slopes there.

    Two that are next to each other stand for a kink.
    """
    if isinstance(loss, Huber):
        places = torch.tensor([-loss.delta, loss.delta], dtype=torch.float64)
    elif loss.smooth:
        places = torch.linspace(-12, 12, 481, dtype=torch.float64)
    else:
        places = torch.tensor([-KINK, KINK], dtype=torch.float64)
    return places, loss.slope(places)
