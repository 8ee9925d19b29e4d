"""Least squares: the data of a descent, with all that is known in closed form."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

Scaling = Literal["none", "standardize"]

ROWS_PER_BLOCK = 10_000
"""Rows read at a time; 10,000 × 10 values fit a core's cache."""


@dataclass(frozen=True)
class Optimum:
    """Weights [d], bias and loss at the minimum, and the method that found it."""

    weights: Tensor
    bias: float
    loss: float
    method: str = "closed form"

    @property
    def parameters(self) -> Tensor:
        """[d + 1]: the weights and then the bias."""
        return torch.cat([self.weights, self.weights.new_tensor([self.bias])])


class Problem:
    """Mean squared error of `features` [n, d] against `target` [n].

    With scaling "standardize" each feature becomes (x − mean) / standard deviation, and a constant one zeros. A float64
    tensor, or a writeable array, is used as it is, not copied. Raises ValueError for shapes that do not fit, and for
    values that are not finite or whose squares are not.

    Everything about the loss is read off one QR factorization of the rows, [X 1 y] = QR, computed block by block:
    n·loss(θ) = |R θ − q|² + rest. The eigenvalues of the Hessian 2ZᵀZ/n come from the singular values of that R,
    without squaring its condition number (Golub & Van Loan, Matrix Computations, §5.3).
    """

    def __init__(self, features: Any, target: Any, *, scaling: Scaling = "none") -> None:
        x, y = _matrix(features), _matrix(target)
        if x.ndim != 2 or y.shape != x.shape[:1] or len(y) == 0:
            raise ValueError(
                f"Features must be [n, d] and target [n], n at least 1, not {list(x.shape)} and {list(y.shape)}."
            )
        self.means = torch.zeros(x.shape[1], dtype=x.dtype)
        self.scales = torch.ones(x.shape[1], dtype=x.dtype)
        if scaling == "standardize":
            self.means = x.mean(0)
            std = x.std(0, correction=0)
            # The standard deviation of a constant column is not 0 but rounding errors.
            constant = std <= 1e-12 * torch.maximum(x.amax(0), -x.amin(0))
            self.scales = std.where(~constant, torch.ones_like(std))
            x = (x - self.means).div_(self.scales)
            x[:, constant] = 0.0
        self.scaling = scaling
        self.features, self.target = x, y
        self.rounding: float = max(len(y), x.shape[1] + 1) * torch.finfo(x.dtype).eps
        """Singular values of Z up to this share of the largest are rounding errors."""

        self.held_out: Problem | None = None
        """The held-out rows, if `hold_out` has set some aside."""

        self.rows: Tensor = torch.arange(len(y))
        """Positions [n] of the training rows in the table before `hold_out`."""

        # A standard deviation that overflows would turn its column into zeros.
        if not torch.isfinite(self._triangle.square().sum() + self.scales.sum()):
            raise ValueError("Features and target must be finite, and so must the squares of their values.")

    @property
    def n_rows(self) -> int:
        return self.features.shape[0]

    @property
    def n_features(self) -> int:
        return self.features.shape[1]

    @cached_property
    def _triangle(self) -> Tensor:
        """R of [X 1 y] = QR, at most [d + 2, d + 2]; reads all rows once."""
        blocks = []
        for x, y in zip(self.features.split(ROWS_PER_BLOCK), self.target.split(ROWS_PER_BLOCK), strict=True):
            rows = torch.cat([x, torch.ones_like(y)[:, None], y[:, None]], dim=1)
            blocks.append(torch.linalg.qr(rows, mode="r").R)
        return blocks[0] if len(blocks) == 1 else torch.linalg.qr(torch.cat(blocks), mode="r").R

    @property
    def root(self) -> Tensor:
        """R [·, d + 2] with RᵀR = [Z y]ᵀ[Z y]/n, which for squared errors stands for all rows."""
        return self._triangle / math.sqrt(self.n_rows)

    @property
    def _root(self) -> Tensor:
        """R [·, d + 1] with RᵀR = ZᵀZ/n."""
        return self.root[:, :-1]

    @cached_property
    def _decomposition(self) -> tuple[Tensor, Tensor, Tensor]:
        """Eigenvalues [r] and eigenvectors [d + 1, r] of ZᵀZ/n, and Uᵀq/√n [r]; r is the rank."""
        u, singular, vt = torch.linalg.svd(self._root, full_matrices=False)
        kept = singular > singular[0] * self.rounding
        projection = u[:, kept].T @ self._triangle[:, -1] / math.sqrt(self.n_rows)
        return singular[kept].square(), vt[kept].T, projection

    @cached_property
    def gram(self) -> Tensor:
        """ZᵀZ/n [d + 1, d + 1], with Z the features and a column of ones: half the Hessian."""
        root = self._triangle[:, :-1]
        return root.T @ root / self.n_rows

    @cached_property
    def optimum(self) -> Optimum:
        """The least squares solution in closed form; of several, the one of minimum norm."""
        eigenvalues, vectors, projection = self._decomposition
        parameters = vectors @ (projection / eigenvalues.sqrt())
        residuals = self._triangle @ torch.cat([parameters, -parameters.new_ones(1)])
        return Optimum(parameters[:-1], parameters[-1].item(), residuals.square().sum().item() / self.n_rows)

    @cached_property
    def residuals(self) -> Tensor:
        """Target − prediction at the optimum [n], orthogonal to all features to the last digit."""
        rows = torch.cat([self.features, torch.ones_like(self.target)[:, None]], dim=1)
        left = self.target - rows @ self.optimum.parameters
        basis = torch.linalg.svd(rows, full_matrices=False).U[:, : len(self.curvatures)]
        return left - basis @ (basis.T @ left)

    @cached_property
    def curvatures(self) -> Tensor:
        """Non-zero eigenvalues of the Hessian [r], largest first; r is at most d + 1."""
        return 2 * self._decomposition[0]

    @cached_property
    def covariance_root(self) -> Tensor:
        """R [·, d] with RᵀR the features' covariance: the length of a column is its standard deviation."""
        ones_first = self._root.roll(1, dims=1)
        return torch.linalg.qr(ones_first, mode="r").R[1:, 1:]

    def rescaled(self, scaling: Scaling) -> "Problem":
        """The same squared errors under another scaling, as at most d + 2 rows made from R: no row is read.

        Raises ValueError where squares in the other units are not finite.
        """
        if scaling == self.scaling:
            return self
        d = self.n_features
        ones_first = torch.linalg.qr(self.root[:, [d, *range(d), d + 1]], mode="r").R
        ones_first[0] *= ones_first[0, 0].sign()  # now 1, means, and below them the covariance's root
        features, means, scales = ones_first[:, 1:-1], torch.zeros_like(self.means), torch.ones_like(self.scales)
        if scaling == "standardize":
            means, stds = features[0].clone(), features[1:].norm(dim=0)
            constant = stds <= 1e-12 * (stds + means.abs())
            scales = stds.where(~constant, scales)
            features[0] = 0.0
            features /= scales
            features[:, constant] = 0.0
        else:
            features *= self.scales
            features[0] += self.means
        # Problem adds a column of ones, but here only the first row has its 1. A reflection spreads it over all rows.
        n = len(ones_first)
        across = -torch.full((n, 1), n**-0.5, dtype=ones_first.dtype)
        across[0] += 1
        rows = ones_first - 2 * across @ (across.T @ ones_first) / across.square().sum().clamp(min=1e-300)
        found = Problem(n**0.5 * rows[:, 1:-1], n**0.5 * rows[:, -1])
        found.scaling, found.means, found.scales, found.rounding = scaling, means, scales, self.rounding
        return found

    @cached_property
    def leverages(self) -> Tensor:
        """The share of each row's prediction that its own target decides [n], from 0 to 1; they add up to the rank."""
        weights, bias = self._whitening[:-1], self._whitening[-1]
        ones = weights.new_ones(len(bias))  # a product with ones sums a few columns several times faster than sum()
        blocks = [(x @ weights + bias).square_() @ ones for x in self.features.split(ROWS_PER_BLOCK)]
        return torch.cat(blocks).clamp_(max=1.0)

    @cached_property
    def _whitening(self) -> Tensor:
        """W [d + 1, r] with WWᵀ the inverse of ZᵀZ, so that the columns of ZW are orthonormal."""
        eigenvalues, vectors, _ = self._decomposition
        return vectors / (self.n_rows * eigenvalues).sqrt()

    def optimum_without(self, row: int) -> Tensor:
        """Least squares weights and bias [d + 1] of all rows but one, whose leverage must be below 1."""
        z = torch.cat([self.features[row], self.features.new_ones(1)])
        error = self.target[row] - z @ self.optimum.parameters
        direction = self._whitening @ (self._whitening.T @ z)
        return self.optimum.parameters - direction * error / (1 - self.leverages[row])

    @property
    def max_learning_rate(self) -> float:
        """2 / largest eigenvalue of the Hessian: beyond it plain descent diverges. `rates` knows other optimizers."""
        return 2 / self.curvatures[0].item()

    @property
    def best_learning_rate(self) -> float:
        """2 / (smallest + largest eigenvalue), of the directions in which the loss is curved."""
        return 2 / (self.curvatures[0] + self.curvatures[-1]).item()

    @property
    def condition_number(self) -> float:
        """Largest / smallest eigenvalue of the Hessian; infinite if the loss has a flat direction."""
        flat = len(self.curvatures) < self.n_features + 1
        return math.inf if flat else (self.curvatures[0] / self.curvatures[-1]).item()

    def project_on_curved(self, deviation: Tensor) -> Tensor:
        """The part of deviations [..., d + 1] along curved directions; along flat ones no descent moves."""
        vectors = self._decomposition[1]
        return deviation.double() @ vectors @ vectors.T

    def distance_left(self, parameters: Tensor, start: Tensor, optimum: Tensor | None = None) -> Tensor:
        """Share [...] of the distance from `start` to the optimum left at parameters [..., d + 1].

        That of the weights or of the bias, whichever is larger. A distance shorter than the optimum's own from zero
        counts as that long. Flat directions do not count. `optimum` [d + 1] is that of least squares unless given.
        """
        optimum = self.optimum.parameters if optimum is None else optimum
        left, distance = self.project_on_curved(parameters - optimum), self.project_on_curved(start - optimum)
        shares = []
        for part in (slice(-1), slice(-1, None)):
            length = torch.stack([distance[part].norm(), optimum[part].norm(), 1e-6 * optimum.norm()]).amax()
            shares.append(left[..., part].norm(dim=-1) / length.clamp(min=torch.finfo(length.dtype).tiny))
        return torch.maximum(*shares)

    def excess(self, deviation: Tensor) -> Tensor:
        """Loss above the minimum [...] at deviations [..., d + 1] from the optimum; no row is read."""
        return (deviation.double() @ self._triangle[:, :-1].T).square().sum(-1) / self.n_rows

    def loss(self, parameters: Any) -> Tensor:
        """Mean squared error [...] of any weights and bias [..., d + 1]; no row is read."""
        return self.optimum.loss + self.excess(_matrix(parameters) - self.optimum.parameters)

    def in_file_units(self, parameters: Tensor) -> Tensor:
        """Weights and bias [..., d + 1] that give the same predictions from unscaled features."""
        weights = parameters[..., :-1].double() / self.scales
        bias = parameters[..., -1:].double() - (weights * self.means).sum(-1, keepdim=True)
        return torch.cat([weights, bias], dim=-1)


def _matrix(values: Sequence[Any] | Any) -> Tensor:
    if isinstance(values, Tensor):
        return values.detach().to(torch.float64)
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and values.flags.writeable:
        return torch.from_numpy(values)
    return torch.tensor(values, dtype=torch.float64)
