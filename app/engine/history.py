"""The record of a descent."""

import math
import time
from copy import deepcopy
from typing import Literal

import torch
from torch import Tensor

from app.engine.optimizers import Rule

Outcome = Literal["running", "finished", "converged", "diverged"]

MAX_UPDATES_IN_PATH = 5000
"""Runs of up to this many updates record each of them, not only the last of every epoch."""

CHECKPOINT_INTERVAL_SECONDS = 0.25
"""Seconds between two checkpoints: what another run that begins between them must train again, at most."""


class History:
    """Every epoch of one run; index k is the state after k epochs.

    A run that diverges keeps everything up to the first loss that is too large. A loss that is not a finite number is
    recorded only if it is the first one.
    """

    def __init__(self, epochs: int, start: Tensor, updates_per_epoch: int = 1, *, held_out: bool = False) -> None:
        self.epochs = 0
        """Epochs done so far."""

        self.outcome: Outcome = "running"
        self.reason = ""
        """Why the run has ended, in a sentence."""

        self.seconds = 0.0
        """What the training took."""

        self.updates_per_epoch = updates_per_epoch
        # Memory that no epoch has written to yet costs nothing.
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
        """[epochs + 1], in the unit of the loss: loss and penalty on all training rows."""
        return self._losses[: self.epochs + 1]

    @property
    def held_out_losses(self) -> Tensor:
        """[epochs + 1]: the loss without penalty on the held-out rows; [0] if there are none."""
        return self._held_out[: self.epochs + 1]

    @property
    def parameters(self) -> Tensor:
        """[epochs + 1, d + 1]: the weights and then the bias."""
        return self._parameters[: self.epochs + 1]

    @property
    def path(self) -> Tensor:
        """[updates + 1, d + 1], epoch k in row k · updates_per_epoch; [0, d + 1] if the updates are too many."""
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
        """Write epochs from `first` on: parameters [m, d + 1], losses [m] and those of held-out rows [m] or None."""
        last = first + len(losses)
        self._parameters[first:last] = parameters
        self._losses[first:last] = losses
        if held_out is not None and len(self._held_out):
            self._held_out[first:last] = held_out
        self.epochs = last - 1

    def record_path(self, first: int, parameters: Tensor) -> None:
        """Write the parameters [m, d + 1] after updates from `first` on, unless updates are too many."""
        if self._path is not None:
            self._path[first : first + len(parameters)] = parameters

    def checkpoint(self, rule: Rule, state: Tensor) -> None:
        """Save the update rule with its memory and the state, unless the last checkpoint is recent."""
        if time.monotonic() - self._checkpoint_time >= CHECKPOINT_INTERVAL_SECONDS:
            self._checkpoints.append((self.epochs, deepcopy(rule), state.clone()))
            self._checkpoint_time = time.monotonic()

    def last_checkpoint(self, epoch: int) -> tuple[int, Rule, Tensor]:
        """The last checkpoint up to an epoch: its epoch and copies of rule and state."""
        return deepcopy(next(kept for kept in reversed(self._checkpoints) if kept[0] <= epoch))

    def copy_until(self, other: "History", until: int) -> None:
        """Copy everything of another run up to an epoch."""
        first = slice(until + 1)
        self.record(0, other.parameters[first], other.losses[first], other.held_out_losses[first])
        self.record_path(0, other.path[: until * self.updates_per_epoch + 1])
        self._checkpoints = [kept for kept in other._checkpoints if kept[0] <= until]
        self.seconds = other.seconds * until / max(other.epochs, 1)

    def end(self, epoch: int, outcome: Outcome, reason: str) -> None:
        """End the run at `epoch` and forget what was recorded after it."""
        self.epochs, self.outcome, self.reason = epoch, outcome, reason
