"""The modes of a quadratic loss: directions along which the error shrinks independently, each by its own factor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from app.engine.penalized import PenalizedLoss
from app.engine.settings import Settings

Number = TypeVar("Number", float, Tensor)

LINEAR_OPTIMIZERS = ("gradient_descent", "momentum", "nesterov")
"""The optimizers whose steps are linear in the distance from the optimum."""


@dataclass(frozen=True, eq=False)
class Modes:
    """The Hessian's eigenvalues above rounding [r], largest first, and their eigenvectors [d + 1, r]."""

    curvatures: Tensor
    directions: Tensor

    @property
    def flat(self) -> int:
        """The number of directions in which the loss is flat."""
        return len(self.directions) - len(self.curvatures)

    @property
    def condition_number(self) -> float:
        """Largest / smallest curvature of those above rounding."""
        return (self.curvatures[0] / self.curvatures[-1]).item()

    def errors(self, deviation: Tensor) -> Tensor:
        """Components [..., r] of deviations from the optimum [..., d + 1]."""
        return deviation.double() @ self.directions

    def errors_after(self, epochs: Tensor, deviation: Tensor, settings: Settings) -> Tensor:
        """Components [m, r] after `epochs` [m] steps from a deviation [d + 1], by one of LINEAR_OPTIMIZERS.

        A combination of the powers of both roots z of z² = trace z − determinant that fits the first two errors.
        """
        begin = self.errors(deviation)
        first, trace, determinant = recurrence(settings.learning_rate * self.curvatures, settings)
        if settings.optimizer == "gradient_descent":
            return begin * first ** epochs[:, None]
        gap = (trace.square() - 4 * determinant).to(torch.complex128).sqrt()
        gap = gap.where(gap.abs() > 1e-7, gap.new_tensor(1e-7))  # double roots: the error is too small to see
        one, other = (trace + gap) / 2, (trace - gap) / 2
        one_k, other_k = _powers(one, epochs), _powers(other, epochs)
        found: Tensor = (begin * (one_k + (first - one) * (one_k - other_k) / gap)).real
        return found


def _powers(z: Tensor, k: Tensor) -> Tensor:
    """zᵏ [m, r] of complex numbers [r]; torch's own complex power does not have 0⁰ = 1."""
    return torch.polar(z.abs() ** k[:, None], z.angle() * k[:, None])


def modes_of(objective: PenalizedLoss) -> Modes:
    """The modes of the mean squared error with λ₂: singular vectors of the rows' R and of d more rows, √λ₂ I."""
    root = objective.problem.root[:, :-1]
    width = root.shape[1]
    if objective.l2:
        root = torch.cat([root, objective.l2**0.5 * torch.eye(width - 1, width, dtype=root.dtype)])
    _, singular, vt = torch.linalg.svd(root, full_matrices=False)
    kept = singular > singular[0] * objective.problem.rounding
    return Modes(2 * singular[kept].square(), vt[kept].T)


def recurrence(x: Number, settings: Settings) -> tuple[Number, Number, Number]:
    """What a step does to the error e along a curvature λ, with x = αλ.

    Returns `first`, `trace` and `determinant`: e₁ = first · e₀, then eₖ₊₁ = trace · eₖ − determinant · eₖ₋₁.
    """
    μ = settings.momentum
    if settings.optimizer == "gradient_descent":
        return 1 - x, 1 - x, 0 * x
    if settings.optimizer == "momentum":
        return 1 - x, 1 + μ - x, μ + 0 * x
    return 1 - (1 + μ) * x, (1 + μ) * (1 - x), μ * (1 - x)


def factor(x: float, settings: Settings) -> float:
    """What each step multiplies the error along a curvature λ by in the long run, x = αλ: the spectral radius."""
    _, trace, determinant = recurrence(x, settings)
    inside = trace * trace - 4 * determinant
    return math.sqrt(determinant) if inside < 0 else (abs(trace) + math.sqrt(inside)) / 2
