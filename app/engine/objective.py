"""What a descent makes small, and where that is smallest."""

from dataclasses import replace
from functools import cached_property

import torch
from torch import Tensor

from app.engine.batches import permutation
from app.engine.minimum import find_optimum
from app.engine.modes import Modes, modes_of
from app.engine.penalized import PenalizedLoss
from app.engine.problem import Optimum, Problem
from app.engine.settings import Settings

MAX_ROWS_WITH_EXACT_OPTIMUM, OPTIMUM_SAMPLE_ROWS = 100_000, 20_000
"""Rows of which the lowest point of another loss than squared takes long to find, and a fair sample of them."""


class Objective(PenalizedLoss):
    """A penalized loss with its lowest point, its modes, and how far a descent has come."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        super().__init__(problem, settings)
        self._optimum: Optimum | None = None

    @property
    def title(self) -> str:
        """Such as "mean squared error + penalty"."""
        return self.loss.title + (" + penalty" if self.is_penalized else "")

    @property
    def optimum(self) -> Optimum:
        """The lowest point, and how it was found; a second or two for very many rows and a loss that is not squared."""
        if self._optimum is None:  # cached_property would keep all other objectives waiting: its lock is the class's
            self._optimum = find_optimum(self)
        return self._optimum

    @property
    def optimum_is_known(self) -> bool:
        """Whether the lowest point is known, or soon found."""
        return self._optimum is not None or self.is_quadratic or self.problem.n_rows <= MAX_ROWS_WITH_EXACT_OPTIMUM

    @property
    def optimum_so_far(self) -> Optimum:
        """The lowest point as far as it is known: a fair sample's until it is settled, with its loss on all rows."""
        return self.optimum if self.optimum_is_known else self._sampled

    @cached_property
    def _sampled(self) -> Optimum:
        found = self.of_few_rows(OPTIMUM_SAMPLE_ROWS)[0].optimum
        loss = self.of(found.parameters).item()
        return replace(found, loss=loss, method=f"{found.method}, on {OPTIMUM_SAMPLE_ROWS:,} rows so far")

    @cached_property
    def modes(self) -> Modes | None:
        """The directions of squared errors, with or without λ₂; of other losses the curvature is not the same all
        over."""
        return modes_of(self) if self.is_quadratic and not self.l1 else None

    @cached_property
    def largest_curvature(self) -> float | None:
        """Largest eigenvalue of the Hessian of loss and λ₂; None for a loss with a kink.

        For Huber's loss and log cosh a bound, reached where all rows lie in the bowl. A penalty λ₁ has no curvature.
        """
        if not self.loss.smooth:
            return None
        root = self.problem.root[:, :-1]
        penalty = (2 * self.l2) ** 0.5 * torch.eye(root.shape[1] - 1, root.shape[1], dtype=root.dtype)
        largest: float = torch.linalg.svdvals(torch.cat([self.loss.max_curvature**0.5 * root, penalty]))[0].item()
        return largest**2

    def of_few_rows(self, most: int) -> tuple["Objective", int]:
        """This objective and the number of rows it needs: of a quadratic one none, of others a fair sample's rows."""
        n = self.problem.n_rows
        if self.is_quadratic or n <= most:
            return self, n
        rows = permutation(n, 0)[:most]
        return Objective(Problem(self.problem.features[rows], self.problem.target[rows]), self.settings), most

    def distance_left(self, parameters: Tensor, start: Tensor) -> Tensor:
        """Share [...] of the way from `start` to the optimum that parameters [..., d + 1] have before them."""
        return self.problem.distance_left(parameters, start, self.optimum.parameters)
