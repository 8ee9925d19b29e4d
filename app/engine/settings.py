"""What a user chooses about a descent."""

import math
from dataclasses import dataclass
from typing import Literal

Gradient = Literal["by_hand", "autograd"]
Precision = Literal["float64", "float32"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one run.

    `tolerance` ends the descent when the loss has changed by no more than that
    fraction over ten epochs; 0 lets all epochs run. `start` holds the weights and
    then the bias to begin from, in the units that the descent steps in; empty
    draws them from `seed`, as the notebook does. `batch_size` 0 is all rows.

    Raises ValueError, in one sentence, for a value that no run can have.
    """

    learning_rate: float = 0.01
    epochs: int = 2000
    optimizer: str = "gradient_descent"
    gradient: Gradient = "by_hand"
    loss: str = "mse"
    batch_size: int = 0
    l2: float = 0.0
    tolerance: float = 0.0
    seed: int = 42
    precision: Precision = "float64"
    start: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not (math.isfinite(self.learning_rate) and self.learning_rate >= 0):
            raise ValueError(f"The learning rate is {self.learning_rate}; it must be 0 or more, and finite.")
        if self.epochs < 0:
            raise ValueError(f"The number of epochs is {self.epochs}; it must be 0 or more.")
        if not (math.isfinite(self.tolerance) and self.tolerance >= 0):
            raise ValueError(f"The tolerance is {self.tolerance}; it must be 0 or more, and finite.")
        if not all(math.isfinite(value) for value in self.start):
            raise ValueError(f"The starting point {self.start} holds a value that is not a finite number.")
        for name, value, known in (
            ("optimizer", self.optimizer, ("gradient_descent",)),
            ("gradient", self.gradient, ("by_hand", "autograd")),
            ("loss", self.loss, ("mse",)),
            ("batch size", self.batch_size, (0,)),
            ("l2", self.l2, (0.0,)),
            ("precision", self.precision, ("float64", "float32")),
        ):
            if value not in known:
                raise ValueError(f"The {name} is {value!r}; it can be {' or '.join(map(repr, known))}.")
