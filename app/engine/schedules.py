"""Learning rate schedules: the rate at epoch k, as a factor of the chosen rate α."""

from collections.abc import Callable

import torch
from torch import Tensor

from app.engine.settings import Settings


def constant(epoch: Tensor, settings: Settings) -> Tensor:
    """α"""
    return torch.ones_like(epoch)


def step(epoch: Tensor, settings: Settings) -> Tensor:
    """α γ^⌊k/s⌋: multiplied by γ, the drop, every s epochs. torch's StepLR."""
    return settings.drop ** (epoch // settings.period)


def exponential(epoch: Tensor, settings: Settings) -> Tensor:
    """α γ^(k/s): multiplied by γ, the drop, gradually over every s epochs. torch's ExponentialLR."""
    return settings.drop ** (epoch / settings.period)


def cosine(epoch: Tensor, settings: Settings) -> Tensor:
    """½ α (1 + cos πk/K): down to zero over all K epochs. torch's CosineAnnealingLR."""
    return (1 + torch.cos(torch.pi * epoch / max(settings.epochs, 1))) / 2


def inverse(epoch: Tensor, settings: Settings) -> Tensor:
    """α / (1 + k/s): half after s epochs, a third after 2s. Robbins & Monro 1951."""
    return 1 / (1 + epoch / settings.period)


def warm_up(epoch: Tensor, settings: Settings) -> Tensor:
    """α min(1, (k + 1)/s): up to α over the first s epochs. torch's LinearLR."""
    return ((epoch + 1) / settings.period).clamp(max=1.0)


SCHEDULES: dict[str, Callable[[Tensor, Settings], Tensor]] = {
    "constant": constant,
    "step": step,
    "exponential": exponential,
    "cosine": cosine,
    "inverse": inverse,
    "warm_up": warm_up,
}


def learning_rates(settings: Settings, epochs: range) -> Tensor:
    """Learning rates [len(epochs)] in float64; a run's first epoch is 0."""
    epoch = torch.arange(epochs.start, epochs.stop, dtype=torch.float64)
    return settings.learning_rate * SCHEDULES[settings.schedule](epoch, settings)
