"""What a descent has recorded so far."""

from typing import Literal

import torch
from torch import Tensor

Outcome = Literal["running", "finished", "converged", "diverged"]


class History:
    """Every epoch of one run; index k is the state after k epochs.

    A run that diverges keeps everything up to the first loss beyond its bounds;
    a loss that is not a finite number is never recorded, except as the only one.
    """

    def __init__(self, epochs: int, start: Tensor) -> None:
        self.epochs = 0
        self.outcome: Outcome = "running"
        self.reason = ""
        # Pages that no epoch has reached yet cost no memory.
        self._losses = torch.empty(epochs + 1, dtype=start.dtype)
        self._parameters = torch.empty(epochs + 1, len(start), dtype=start.dtype)
        self._parameters[0] = start

    @property
    def losses(self) -> Tensor:
        """[epochs + 1], in the target's unit squared."""
        return self._losses[: self.epochs + 1]

    @property
    def parameters(self) -> Tensor:
        """[epochs + 1, d + 1]: the weights and, last, the bias."""
        return self._parameters[: self.epochs + 1]

    @property
    def weights(self) -> Tensor:
        """[epochs + 1, d], target units per unit of the problem's features."""
        return self.parameters[:, :-1]

    @property
    def biases(self) -> Tensor:
        """[epochs + 1], in the target's unit."""
        return self.parameters[:, -1]

    def record(self, first: int, parameters: Tensor, losses: Tensor) -> None:
        """Write the states from epoch `first` on: [m, d + 1] and [m]."""
        last = first + len(losses)
        self._parameters[first:last] = parameters
        self._losses[first:last] = losses
        self.epochs = last - 1

    def end(self, epoch: int, outcome: Outcome, reason: str) -> None:
        """Close the run at `epoch`; what was recorded after it is forgotten."""
        self.epochs, self.outcome, self.reason = epoch, outcome, reason
