"""What a descent has recorded so far."""

import math
import time
from copy import deepcopy
from typing import Literal

import torch
from torch import Tensor

from app.engine.optimizers import Rule

Outcome = Literal["running", "finished", "converged", "diverged"]

MAX_UPDATES_IN_PATH = 5000
"""Updates of a run up to which each is kept, not only the last of every epoch."""

CHECKPOINT_INTERVAL_SECONDS = 0.25
"""Seconds of training after which another run may have to begin from here."""


class History:
    """Every epoch of one run; index k is the state after k epochs.

    A run that diverges keeps everything up to the first loss beyond its bounds;
    a loss that is not a finite number is never recorded, except as the only one.
    `updates_per_epoch` is 1 unless the rows come in batches. `seconds` is what the training took.
    """

    def __init__(self, epochs: int, start: Tensor, updates_per_epoch: int = 1, *, held_out: bool = False) -> None:
        self.epochs = 0
        self.outcome: Outcome = "running"
        self.reason = ""
        self.seconds = 0.0
        self.updates_per_epoch = updates_per_epoch
        # Pages that no epoch has reached yet cost no memory.
        self._losses = torch.empty(epochs + 1, dtype=start.dtype)
        self._held_out = torch.empty(epochs + 1 if held_out else 0, dtype=start.dtype)
        self._parameters = torch.empty(epochs + 1, len(start), dtype=start.dtype)
        self._parameters[0] = start
        few = 1 < updates_per_epoch and epochs * updates_per_epoch <= MAX_UPDATES_IN_PATH
        self._path = torch.empty(epochs * updates_per_epoch + 1, len(start), dtype=start.dtype) if few else None
        self.record_path(0, start[None])
        self._checkpoints: list[tuple[int, Rule, Tensor]] = []
        self._checkpoint_time = -math.inf

    @property
    def losses(self) -> Tensor:
        """[epochs + 1], in the unit of the loss: loss and penalty on all rows that are descended on."""
        return self._losses[: self.epochs + 1]

    @property
    def held_out_losses(self) -> Tensor:
        """[epochs + 1]: the loss alone, on the rows that are held out; [0] where there are none."""
        return self._held_out[: self.epochs + 1]

    @property
    def parameters(self) -> Tensor:
        """[epochs + 1, d + 1]: the weights and, last, the bias."""
        return self._parameters[: self.epochs + 1]

    @property
    def path(self) -> Tensor:
        """[updates + 1, d + 1] while updates are few, so that row k · updates_per_epoch is epoch k; else [0, d + 1]."""
        if self._path is None:
            return self._parameters[:0]
        return self._path[: self.epochs * self.updates_per_epoch + 1]

    @property
    def weights(self) -> Tensor:
        """[epochs + 1, d], target units per unit of the problem's features."""
        return self.parameters[:, :-1]

    @property
    def biases(self) -> Tensor:
        """[epochs + 1], in the target's unit."""
        return self.parameters[:, -1]

    def record(self, first: int, parameters: Tensor, losses: Tensor, held_out: Tensor | None) -> None:
        """Write the states from epoch `first` on: [m, d + 1], [m] and, where rows are held out, [m]."""
        last = first + len(losses)
        self._parameters[first:last] = parameters
        self._losses[first:last] = losses
        if held_out is not None and len(self._held_out):
            self._held_out[first:last] = held_out
        self.epochs = last - 1

    def record_path(self, first: int, parameters: Tensor) -> None:
        """Write the states from update `first` on [m, d + 1], while updates are few."""
        if self._path is not None:
            self._path[first : first + len(parameters)] = parameters

    def checkpoint(self, rule: Rule, state: Tensor) -> None:
        """Keep the update rule with all it remembers, and the state as it steps, unless that was done a moment ago."""
        if time.monotonic() - self._checkpoint_time >= CHECKPOINT_INTERVAL_SECONDS:
            self._checkpoints.append((self.epochs, deepcopy(rule), state.clone()))
            self._checkpoint_time = time.monotonic()

    def last_checkpoint(self, epoch: int) -> tuple[int, Rule, Tensor]:
        """The last epoch up to this one at which rule and state were kept, and copies of them."""
        return deepcopy(next(kept for kept in reversed(self._checkpoints) if kept[0] <= epoch))

    def copy_until(self, other: "History", until: int) -> None:
        """Take over everything of another run up to an epoch."""
        first = slice(until + 1)
        self.record(0, other.parameters[first], other.losses[first], other.held_out_losses[first])
        self.record_path(0, other.path[: until * self.updates_per_epoch + 1])
        self._checkpoints = [kept for kept in other._checkpoints if kept[0] <= until]
        self.seconds = other.seconds * until / max(other.epochs, 1)

    def end(self, epoch: int, outcome: Outcome, reason: str) -> None:
        """Close the run at `epoch`; what was recorded after it is forgotten."""
        self.epochs, self.outcome, self.reason = epoch, outcome, reason
