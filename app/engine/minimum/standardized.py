"""The rows of an objective as all solvers read them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

import torch
from torch import Tensor

from app.engine.batches import permutation
from app.engine.minimum.lasso import solve_lasso
from app.engine.penalized import PenalizedLoss
from app.engine.problem import ROWS_PER_BLOCK, Optimum


class Standardized:
    """An objective with centred features of unit variance and a centred target.

    Its parameters [d + 1] are the weights × `scales` and the prediction at the means − `middle`; a constant feature has
    weight 0. `l1` and `l2` [d + 1] are the penalties on them, 0 for the bias. `root` and `root_target` stand for all
    rows where errors are squared.
    """

    def __init__(self, objective: PenalizedLoss) -> None:
        self.objective, problem = objective, objective.problem
        self.features, self.target = problem.features, problem.target
        d = problem.n_features
        root = problem.root
        ones_first = torch.linalg.qr(torch.cat([root[:, d : d + 1], root[:, :d], root[:, d + 1 :]], 1), mode="r").R
        means, covariance_root = ones_first[0] / ones_first[0, 0], ones_first[1:, 1:]
        self.means, self.middle = means[1:-1], means[-1].item()
        lengths = covariance_root[:, :d].norm(dim=0)
        # As in Problem; besides, the square of a scale must not underflow.
        self.constant = (lengths <= 1e-12 * (lengths + self.means.abs())) | (lengths < 1e-100)
        self.scales = lengths.where(~self.constant, torch.ones_like(lengths))
        self._penalties()
        features = (covariance_root[:, :d] / self.scales).where(~self.constant, covariance_root.new_zeros(()))
        bias = root.new_zeros(1, d + 1)
        bias[0, -1] = 1.0
        self.root = torch.cat([torch.nn.functional.pad(features, (0, 1)), bias])
        self.root_target = torch.cat([covariance_root[:, d], covariance_root.new_zeros(1)])
        offsets = (self.means / self.scales).abs().where(~self.constant, root.new_zeros(()))
        self.rounding = 100 * (d + 2) * torch.finfo(root.dtype).eps * (1 + offsets.amax().item() if d else 1)

    def _penalties(self) -> None:
        free = self.scales.new_zeros(1)
        self.l1 = torch.cat([self.objective.l1 / self.scales, free])
        self.l2 = torch.cat([self.objective.l2 / self.scales**2, free])

    @property
    def target_size(self) -> float:
        """Root mean square of the centred target."""
        return float(self.root_target.norm())

    def with_l2(self) -> tuple[Tensor, Tensor]:
        """K and t with |Kθ − t|² = mean squared error + λ₂ Σ w²: a row √λ₂ for each weight. Hoerl & Kennard 1970."""
        more = self.l2.sqrt().diag()[self.l2 > 0]
        return torch.cat([self.root, more]), torch.cat([self.root_target, more.new_zeros(len(more))])

    def whitening(self) -> tuple[Tensor, Tensor]:
        """W [d + 1, r] and its inverse S [r, d + 1]: in φ = Sθ the squared error with λ₂ is |φ − φ*|² + constant."""
        _, singular, vt = torch.linalg.svd(self.with_l2()[0], full_matrices=False)
        kept = singular > self.rounding * singular[0]
        return vt[kept].T / singular[kept], singular[kept, None] * vt[kept]

    def least_squares(self) -> Tensor:
        """The optimum [d + 1] of the mean squared error with both penalties."""
        k, target = self.with_l2()
        if self.objective.l1:
            return solve_lasso(k, target, self.l1 / 2)
        u, singular, vt = torch.linalg.svd(k, full_matrices=False)
        kept = singular > self.rounding * singular[0]
        found: Tensor = vt[kept].T @ (u[:, kept].T @ target / singular[kept])
        return found

    def blocks(self, basis: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Blocks of the rows times a basis [d + 1, r], and of the centred target: [m, r] and [m]."""
        across = (basis[:-1] / self.scales[:, None]).where(~self.constant[:, None], basis.new_zeros(()))
        blocks = torch.split(self.features, ROWS_PER_BLOCK), torch.split(self.target, ROWS_PER_BLOCK)
        for x, y in zip(*blocks, strict=True):
            yield torch.addmm(basis[-1], x - self.means, across), y - self.middle

    def sample(self, most: int) -> Standardized:
        """The same on a random sample of at most `most` rows."""
        some = permutation(len(self.target), 0)[:most].sort().values
        sample = copy(self)
        sample.features, sample.target = self.features[some], self.target[some]
        return sample

    def optimum(self, found: Tensor, method: str) -> Optimum:
        """A point [d + 1] in the problem's units, with its loss."""
        own = self._in_problem_units(found[:, None])[:, 0]
        own[-1] += self.middle
        if not self.objective.l1 and not self.objective.l2 and self.objective.loss.smooth:
            own = self._nearest_to_zero(own)
        value = self.loss(found) + self.objective.penalty(own)
        return Optimum(own[:-1], own[-1].item(), value.item(), method)

    def loss(self, found: Tensor) -> Tensor:
        """The mean loss without penalties."""
        if self.objective.is_quadratic:
            return (self.root @ found - self.root_target).square().sum()
        eye = torch.eye(len(found), dtype=found.dtype)
        parts = [self.objective.loss.of(z @ found - y).sum() for z, y in self.blocks(eye)]
        return torch.stack(parts).sum() / len(self.target)

    def _in_problem_units(self, columns: Tensor) -> Tensor:
        weights = columns[:-1] / self.scales[:, None]
        return torch.cat([weights, columns[-1:] - self.means[None] @ weights])

    def _nearest_to_zero(self, own: Tensor) -> Tensor:
        """Minus the part that changes no prediction."""
        _, singular, vt = torch.linalg.svd(self.root)
        flat = vt[int((singular > self.rounding * singular[0]).sum()) :].T
        if not flat.shape[1]:
            return own
        basis = torch.linalg.qr(self._in_problem_units(flat.where(flat.abs() > self.rounding, flat.new_zeros(())))).Q
        nearest: Tensor = own - basis @ (basis.T @ own)
        return nearest
