"""What a user can choose about a descent."""

import math
from dataclasses import dataclass, fields
from typing import Literal

Optimizer = Literal["gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Schedule = Literal["constant", "step", "exponential", "cosine", "inverse", "warm_up"]
LossName = Literal["mse", "mae", "huber", "log_cosh", "quantile"]
GradientMethod = Literal["by_hand", "autograd"]
Precision = Literal["float64", "float32"]

CHOICES: dict[str, tuple[str, ...]] = {
    "optimizer": Optimizer.__args__,  # type: ignore[attr-defined]
    "schedule": Schedule.__args__,  # type: ignore[attr-defined]
    "loss": LossName.__args__,  # type: ignore[attr-defined]
    "gradient": GradientMethod.__args__,  # type: ignore[attr-defined]
    "precision": Precision.__args__,  # type: ignore[attr-defined]
}
"""The possible values of each setting that is a word."""

HYPERPARAMETERS: dict[str, tuple[str, ...]] = {
    "momentum": ("momentum",),
    "nesterov": ("momentum",),
    "adagrad": ("epsilon",),
    "rmsprop": ("smoothing", "epsilon"),
    "adam": ("beta1", "beta2", "epsilon"),
    "adamw": ("beta1", "beta2", "epsilon", "weight_decay"),
    "step": ("period", "drop"),
    "exponential": ("period", "drop"),
    "inverse": ("period",),
    "warm_up": ("period",),
    "huber": ("delta",),
    "quantile": ("quantile",),
    "autograd": ("zero_grad",),
}
"""The settings that only some choices read, by choice."""

BOUNDS: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-12, 1e6),
    "epochs": (1, 100_000),
    "batch_size": (0, 10_000_000),
    "l2": (0.0, 1e6),
    "l1": (0.0, 1e6),
    "held_out": (0.0, 0.9),
    "tolerance": (0.0, 1.0),
    "seed": (0, 2**31 - 1),
    "momentum": (0.0, 0.9999),
    "smoothing": (0.0, 0.9999),
    "beta1": (0.0, 0.9999),
    "beta2": (0.0, 0.99999),
    "epsilon": (1e-16, 1.0),
    "weight_decay": (0.0, 10.0),
    "period": (1, 100_000),
    "drop": (0.01, 1.0),
    "delta": (1e-6, 1e9),
    "quantile": (0.01, 0.99),
}
"""The smallest and largest value that a user can choose for each setting that is a number."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one run, in the order in which Compare and links list them.

    HYPERPARAMETERS says which choices read which of the others. Raises ValueError, in one sentence, for a value that no
    run can have.
    """

    learning_rate: float = 0.01
    epochs: int = 2000
    gradient: GradientMethod = "by_hand"
    zero_grad: bool = True
    """Whether autograd's gradients are cleared at each step; else each update sees the sum of all so far."""

    precision: Precision = "float64"
    seed: int = 42
    start: tuple[float, ...] = ()
    """Initial weights and then bias, in the units that the descent steps in; empty draws them by `seed`."""

    tolerance: float = 0.0
    """Ends the descent when the loss has changed by at most this fraction over ten epochs; 0 never ends it early."""

    optimizer: Optimizer = "gradient_descent"
    momentum: float = 0.9
    """μ of momentum and Nesterov."""

    smoothing: float = 0.99
    """ρ of RMSProp."""

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float | None = None
    """Of the adaptive optimizers; None is PyTorch's default, 1e-10 for AdaGrad and 1e-8 for the others."""

    weight_decay: float = 0.01
    """λ of AdamW."""

    schedule: Schedule = "constant"
    period: int = 500
    """s of the schedules, in epochs."""

    drop: float = 0.5
    """γ of the schedules: what a period multiplies the learning rate by."""

    batch_size: int = 0
    """Rows in a batch; 0 is all."""

    loss: LossName = "mse"
    delta: float = 1.0
    """δ of Huber's loss: the error, in the target's unit, at which it becomes linear."""

    quantile: float = 0.5
    l2: float = 0.0
    """Multiplies the sum of the squared weights, in the units that the descent steps in."""

    l1: float = 0.0
    """Multiplies the sum of the absolute weights, in the same units."""

    held_out: float = 0.0
    """Share of the rows for `hold_out` to set aside."""

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            value = getattr(self, name)
            if value not in known:
                raise ValueError(f"The {name} is {value!r}; it can be {' or '.join(map(repr, known))}.")
        for name in ("learning_rate", "tolerance", "l2", "l1", "weight_decay"):
            self._check(name, 0 <= getattr(self, name) < math.inf, "0 or more, and finite")
        for name in ("epochs", "batch_size"):
            self._check(name, getattr(self, name) >= 0, "0 or more")
        for name in ("momentum", "smoothing", "beta1", "beta2"):
            self._check(name, 0 <= getattr(self, name) < 1, "0 or more and below 1")
        for name in ("epsilon", "delta"):
            value = getattr(self, name)
            self._check(name, value is None or 0 < value < math.inf, "above 0, and finite")
        self._check("held_out", 0 <= self.held_out <= 0.9, "0 to 0.9")
        self._check("drop", 0 < self.drop <= 1, "above 0 and at most 1")
        self._check("quantile", 0 < self.quantile < 1, "above 0 and below 1")
        self._check("period", self.period >= 1, "1 or more")
        if not all(math.isfinite(value) for value in self.start):
            raise ValueError(f"The starting point {self.start} holds a value that is not a finite number.")

    def _check(self, name: str, holds: bool, wanted: str) -> None:
        if not holds:
            title = "number of epochs" if name == "epochs" else name.replace("_", " ")
            raise ValueError(f"The {title} is {getattr(self, name)}; it must be {wanted}.")

    @property
    def accumulates(self) -> bool:
        """Whether gradients add up from update to update, as backward() leaves them without zero_()."""
        return self.gradient == "autograd" and not self.zero_grad

    @property
    def in_use(self) -> frozenset[str]:
        """The names of the settings that this run reads."""
        rare = {name for names in HYPERPARAMETERS.values() for name in names}
        chosen = (self.optimizer, self.schedule, self.loss, self.gradient)
        read = {name for choice in chosen for name in HYPERPARAMETERS.get(choice, ())}
        return frozenset({field.name for field in fields(self)} - rare | read)
