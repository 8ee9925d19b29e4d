"""The update rules: from parameters θ (`now`) and their gradient g to the next parameters (`then`).

α is the learning rate, of the shape of θ. What a rule remembers between updates has that shape too and starts at zero.
Everything is elementwise, so that a rule steps one run or many at once. Each is PyTorch's rule of the same name.
"""

from typing import ClassVar

import torch
from torch import Tensor

from app.engine.gradients import Gradient
from app.engine.settings import Settings


class Rule:
    """What every update rule has."""

    title: ClassVar[str]

    def __init__(self, like: Tensor, settings: Settings) -> None:
        self.settings, self.gradients = settings, torch.zeros_like(like)

    def seen(self, gradient: Gradient) -> Gradient:
        """The gradient that updates see: without zero_() the sum of all `gradients` so far, as in PyTorch."""
        if not self.settings.accumulates:
            return gradient
        return lambda now, rows: self.gradients.add_(gradient(now, rows)).clone()

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        """Write the next parameters to `then`; `gradient` may be overwritten."""
        raise NotImplementedError


class GradientDescent(Rule):
    """θ ← θ − α g.  Cauchy 1847; torch.optim.SGD."""

    title = "Gradient descent"

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        torch.sub(now, gradient.mul_(rate), out=then)


class Momentum(Rule):
    """v ← μ v + g,  θ ← θ − α v.  Polyak 1964; torch.optim.SGD with momentum μ."""

    title = "Momentum"

    def __init__(self, like: Tensor, settings: Settings) -> None:
        super().__init__(like, settings)
        self.velocity = torch.zeros_like(like)

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        self.velocity.mul_(self.settings.momentum).add_(gradient)
        torch.addcmul(now, rate, self.velocity, value=-1, out=then)


class Nesterov(Momentum):
    """v ← μ v + g,  θ ← θ − α (g + μ v).  Nesterov 1983, Sutskever 2013; torch.optim.SGD with nesterov."""

    title = "Nesterov"

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        self.velocity.mul_(self.settings.momentum).add_(gradient)
        ahead = gradient.add_(self.velocity, alpha=self.settings.momentum)
        torch.addcmul(now, rate, ahead, value=-1, out=then)


class AdaGrad(Rule):
    """s ← s + g²,  θ ← θ − α g / (√s + ε).  Duchi, Hazan & Singer 2011; torch.optim.Adagrad."""

    title = "AdaGrad"

    def __init__(self, like: Tensor, settings: Settings) -> None:
        super().__init__(like, settings)
        self.squares = torch.zeros_like(like)

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        self.squares.addcmul_(gradient, gradient)
        size = self.squares.sqrt().add_(self.settings.epsilon or 1e-10)
        torch.addcdiv(now, rate * gradient, size, value=-1, out=then)


class RMSProp(Rule):
    """s ← ρ s + (1 − ρ) g²,  θ ← θ − α g / (√s + ε).  Tieleman & Hinton 2012; torch.optim.RMSprop with alpha ρ."""

    title = "RMSProp"

    def __init__(self, like: Tensor, settings: Settings) -> None:
        super().__init__(like, settings)
        self.squares = torch.zeros_like(like)

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        smoothing = self.settings.smoothing
        self.squares.mul_(smoothing).addcmul_(gradient, gradient, value=1 - smoothing)
        size = self.squares.sqrt().add_(self.settings.epsilon or 1e-8)
        torch.addcdiv(now, rate * gradient, size, value=-1, out=then)


class Adam(Rule):
    """m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  θ ← θ − α m̂ / (√ŝ + ε).

    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) undo the start at zero; t counts the updates.
    Kingma & Ba 2015; torch.optim.Adam.
    """

    title = "Adam"

    def __init__(self, like: Tensor, settings: Settings) -> None:
        super().__init__(like, settings)
        self.updates = 0
        self.mean, self.squares = torch.zeros_like(like), torch.zeros_like(like)

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        beta1, beta2 = self.settings.beta1, self.settings.beta2
        self.updates += 1
        self.mean.lerp_(gradient, 1 - beta1)
        self.squares.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        size = (self.squares / (1 - beta2**self.updates)).sqrt_().add_(self.settings.epsilon or 1e-8)
        torch.addcdiv(now, rate * self.mean, size, value=-1 / (1 - beta1**self.updates), out=then)


class AdamW(Adam):
    """θ ← θ − α λ θ, then as Adam: the decay λ bypasses m and s.  Loshchilov & Hutter 2019; torch.optim.AdamW."""

    title = "AdamW"

    def step(self, now: Tensor, gradient: Tensor, rate: Tensor, then: Tensor) -> None:
        super().step(torch.addcmul(now, rate, now, value=-self.settings.weight_decay), gradient, rate, then)


OPTIMIZERS: dict[str, type[Rule]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}
