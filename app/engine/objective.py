"""The function that a descent minimizes, and its optimum."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from app.engine.batches import permutation
from app.engine.minimum import find_optimum
from app.engine.modes import Modes, modes_of
from app.engine.penalized import PenalizedLoss
from app.engine.problem import Optimum, Problem
from app.engine.settings import Settings

MAX_ROWS_WITH_EXACT_OPTIMUM = 100_000
"""Beyond, the optimum of a loss that is not squared takes seconds to find."""

OPTIMUM_SAMPLE_ROWS = 20_000
"""Rows of the random sample whose optimum stands in until that of all rows is known."""


class Objective(PenalizedLoss):
    """A penalized loss with its optimum and modes, and with the distance that a descent has left."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        super().__init__(problem, settings)
        self._optimum: Optimum | None = None
        self.remembered: dict[tuple[str, Settings], Any] = {}
        """What `rates` has found out about it, by function and settings."""

    @property
    def title(self) -> str:
        """Such as "mean squared error + penalty"."""
        return self.loss.title + (" + penalty" if self.is_penalized else "")

    @property
    def optimum(self) -> Optimum:
        """The minimum; takes a second or two for many rows and a loss that is not squared."""
        if self._optimum is None:  # not a cached_property, whose lock is the class's: all other objectives would wait
            self._optimum = find_optimum(self)
        return self._optimum

    @property
    def optimum_is_known(self) -> bool:
        """Whether the optimum is known or quickly found."""
        return self._optimum is not None or self.is_quadratic or self.problem.n_rows <= MAX_ROWS_WITH_EXACT_OPTIMUM

    @property
    def optimum_so_far(self) -> Optimum:
        """The optimum if known, else that of a random sample, with its loss on all rows."""
        return self.optimum if self.optimum_is_known else self._sampled

    @cached_property
    def _sampled(self) -> Optimum:
        found = self.on_sample(OPTIMUM_SAMPLE_ROWS).optimum
        loss = self.of(found.parameters).item()
        return replace(found, loss=loss, method=f"{found.method}, on {OPTIMUM_SAMPLE_ROWS:,} rows so far")

    @cached_property
    def modes(self) -> Modes | None:
        """The modes of squared errors, with or without λ₂; other losses are not quadratic and have none."""
        return modes_of(self) if self.is_quadratic and not self.l1 else None

    @cached_property
    def largest_curvature(self) -> float | None:
        """Largest eigenvalue of the Hessian of loss and λ₂; None for a loss with a kink.

        For Huber's loss and log-cosh an upper bound, reached where all errors are small. A penalty λ₁ has no curvature.
        """
        if not self.loss.smooth:
            return None
        root = self.problem.root[:, :-1]
        penalty = (2 * self.l2) ** 0.5 * torch.eye(root.shape[1] - 1, root.shape[1], dtype=root.dtype)
        largest: float = torch.linalg.svdvals(torch.cat([self.loss.max_curvature**0.5 * root, penalty]))[0].item()
        return largest**2

    def on_sample(self, max_rows: int) -> "Objective":
        """This objective on a random sample of at most `max_rows` rows; a quadratic one reads no rows and stays."""
        n = self.problem.n_rows
        if self.is_quadratic or n <= max_rows:
            return self
        rows = permutation(n, 0)[:max_rows]
        return Objective(Problem(self.problem.features[rows], self.problem.target[rows]), self.settings)

    def distance_left(self, parameters: Tensor, start: Tensor) -> Tensor:
        """Share [...] of the distance from `start` [d + 1] to the optimum left at parameters [..., d + 1]."""
        return self.problem.distance_left(parameters, start, self.optimum.parameters)
