"""The numbers a descent computes with: rows or their Gram matrix, the origin of the parameters, the precision."""

from typing import Any

import torch
from torch import Tensor

from app.engine import gradients
from app.engine.batches import updates_per_epoch
from app.engine.compiled import SquaredErrors
from app.engine.gradients import Gradient, Rows, Table
from app.engine.objective import Objective
from app.engine.penalized import mean_losses
from app.engine.settings import Settings

SMALL_TABLE_VALUES = 5_000
"""Values in [X 1] up to which a full-batch descent steps on the rows, not on their Gram matrix.

Beyond, reading the rows takes longer than the calls into PyTorch.
"""

GradientAndSource = tuple[Gradient, list[Any]]
"""A gradient, and the functions and classes whose source explains it."""


class Arithmetic:
    """What one update reads: the `gradient` of the objective on `rows`, at parameters relative to `origin`.

    With squared errors in float64 the origin is the least squares solution and the target its residuals. The descent
    is the same, but the remaining distance keeps all its digits however small it gets. In float32 it is the notebook's
    arithmetic, on the target itself, digit for digit.
    """

    def __init__(self, objective: Objective, settings: Settings) -> None:
        problem = objective.problem
        self.objective, self.problem, self.settings = objective, problem, settings
        self.dtype: torch.dtype = getattr(torch, settings.precision)
        self.is_full_batch = updates_per_epoch(problem.n_rows, settings.batch_size) == 1
        self.is_large = problem.n_rows * (problem.n_features + 1) > SMALL_TABLE_VALUES
        self.on_gram = self.is_large and objective.is_quadratic and self.is_full_batch
        exact = objective.is_quadratic and not self.is_large and settings.precision == "float64"
        decays_to_zero = settings.optimizer == "adamw" and settings.weight_decay > 0
        self.origin = torch.zeros(problem.n_features + 1, dtype=self.dtype)
        target = problem.target
        if (exact or self.on_gram) and not decays_to_zero:
            self.origin = problem.optimum.parameters.to(self.dtype)
            target = problem.residuals if exact else target
        self.rows: Rows | Table = self._no_rows if self.on_gram else self._read(target)
        squared = objective.is_quadratic and self.is_full_batch and not self.on_gram
        self.squared_errors = SquaredErrors(self.rows) if squared and isinstance(self.rows, Rows) else None
        """The loss in compiled form, where there is one."""

        self.gradient, self.shown_source = self._by_hand() if settings.gradient == "by_hand" else self._autograd()

    def losses(self, path: Tensor) -> Tensor:
        """Loss and penalty [m] of states [m, d + 1], which are relative to the origin."""
        if self.squared_errors:
            losses = self.squared_errors.losses(path)
        elif self.objective.is_quadratic and self.is_large:
            losses = (self.problem.optimum.loss + self.problem.excess(path - self._least_squares)).to(self.dtype)
        else:
            losses = mean_losses(self.objective.loss, self.rows.features, self.rows.y, path)
        if self.objective.is_penalized:
            losses += self.objective.penalty((path + self.origin).double()).to(self.dtype)
        return losses

    def _by_hand(self) -> GradientAndSource:
        """Derivatives written out by hand."""
        made: GradientAndSource
        if self.on_gram:
            made = gradients.by_hand_on_gram(self._gram, self._least_squares), [gradients.by_hand_on_gram]
        else:
            made = gradients.by_hand(self.objective.loss), [gradients.by_hand, type(self.objective.loss)]
            made = self._in_blocks(*made)
            if self.squared_errors:
                made = self.squared_errors.gradient, made[1]
        if self.objective.is_penalized:
            penalized = gradients.with_penalty(made[0], self.objective.l1, self.objective.l2, self.origin)
            made = penalized, [*made[1], gradients.with_penalty]
        return made

    def _autograd(self) -> GradientAndSource:
        """Derivatives by PyTorch."""
        parts: list[Any]
        if self.on_gram:
            value, parts = gradients.quadratic(self._gram, self._least_squares), [gradients.quadratic]
        else:
            value = gradients.mean_loss(self.objective.loss)
            if self.squared_errors and self.dtype == torch.float32:
                value = self.squared_errors.by_autograd()
            parts = [gradients.mean_loss, type(self.objective.loss)]
        if self.objective.is_penalized:
            value = gradients.penalized_loss(value, self.objective.l1, self.objective.l2, self.origin)
            parts.append(gradients.penalized_loss)
        return self._in_blocks(gradients.autograd(value, self.origin), [*parts, gradients.autograd])

    def _in_blocks(self, gradient: Gradient, parts: list[Any]) -> GradientAndSource:
        """Block by block if a step reads a whole table; else unchanged."""
        if self.is_full_batch and isinstance(self.rows, Table):
            return gradients.in_blocks(gradient), [*parts, gradients.in_blocks]
        return gradient, parts

    def _read(self, target: Tensor) -> Rows | Table:
        table = Table(self.problem.features.to(self.dtype), target.to(self.dtype))
        return table if self.is_large else table.take(slice(None))

    @property
    def _no_rows(self) -> Rows:
        return Rows(self.origin.new_empty(0, len(self.origin)), self.origin.new_empty(0))

    @property
    def _gram(self) -> Tensor:
        return self.problem.gram.to(self.dtype)

    @property
    def _least_squares(self) -> Tensor:
        """The least squares solution, relative to the origin."""
        return self.problem.optimum.parameters.to(self.dtype) - self.origin
