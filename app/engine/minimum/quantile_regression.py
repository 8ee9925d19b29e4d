"""Quantile regression: the optimum of the absolute and quantile losses, with any penalty."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from app.engine.minimum.standardized import Standardized

Array = NDArray[np.float64]

MAX_ROWS_AT_ONCE = 2000
"""With more rows a random third is solved first."""


def minimize_quantile_loss(rows: Standardized, under: float, over: float) -> tuple[torch.Tensor, str]:
    """The optimum [d + 1] where a unit of error costs `under` below the target and `over` above it, and the method."""
    program = Program(rows, under, over)
    found = torch.from_numpy(program.basis @ program.solve(program.z, program.y))
    rounding = (rows.l1 > 0) & (found.abs() <= 1e-13 * rows.target_size)
    found[rounding] = 0.0
    return found, "quadratic program, Clarabel" if program.p.any() else "linear program, HiGHS"


class Program:
    """The objective × n: Σ ρ(Zφ − y) + n φᵀPφ + n Σ |Lφ|."""

    def __init__(self, rows: Standardized, under: float, over: float) -> None:
        self.under, self.over = under, over
        l1 = rows.l1.numpy()
        self.basis = np.eye(len(l1)) if l1.any() else rows.whitening()[0].numpy()
        parts = list(rows.blocks(torch.from_numpy(self.basis)))
        self.z = torch.cat([z for z, _ in parts]).numpy()
        self.y = torch.cat([y for _, y in parts]).numpy()
        self.l1, self.pseudo_rows = l1[l1 > 0], self.basis[l1 > 0]
        self.p = self.basis.T @ (rows.l2.numpy()[:, None] * self.basis)

    def solve(self, z: Array, y: Array) -> Array:
        """φ [r] on some of the rows. Portnoy & Koenker, The Gaussian hare and the Laplacian tortoise, 1997, §5.

        First fits a random third. Rows clearly above (below) that fit keep their sign, so they collapse into one summed
        row. Rows whose sign turns out wrong are put back and the rest is solved again: the result is exact.
        """
        n, r = z.shape
        if n <= MAX_ROWS_AT_ONCE:
            return self.exact(z, y, np.ones(n), n, np.zeros(r))
        some = np.sort(np.random.default_rng(0).choice(n, n // 3, replace=False))
        about = self.solve(z[some], y[some])
        error = z @ about - y
        distance = np.abs(error) / np.linalg.norm(z, axis=1)
        nearest = min(n - 1, int(2 * math.sqrt(3 * r * n)))
        unsure = distance <= np.partition(distance, nearest)[nearest]
        while True:
            sides = np.array([~unsure & (error < 0), ~unsure & (error >= 0)])
            counts = sides.sum(1).clip(min=1.0)
            kept = np.vstack([z[unsure], sides @ z / counts[:, None]])
            wanted = np.append(y[unsure], sides @ y / counts)
            found = self.exact(kept, wanted, np.append(np.ones(len(kept) - 2), counts), n, about)
            now = z @ found - y
            wrong = (sides[0] & (now > 0)) | (sides[1] & (now < 0))
            if not wrong.any():
                return found
            unsure |= wrong

    def exact(self, z: Array, y: Array, counts: Array, n: int, about: Array) -> Array:
        """φ [r] for row weights `counts`, from the dual: uᵢ in [lowᵢ, highᵢ] is row i's subgradient.

        Each λ₁ |w| is one more row.
        """
        z, y = np.vstack([z, self.pseudo_rows]), np.append(y, 0 * self.l1)
        low, high = np.append(-self.under * counts, -n * self.l1), np.append(self.over * counts, n * self.l1)
        error, p = z @ about - y, n * self.p
        sizes = np.abs(error)
        sizes = sizes[sizes > 1e-12 * sizes.max()]  # most may be mere rounding, or belong to zero weights
        unit = float(np.median(sizes)) if len(sizes) else 1.0
        solver = solve_quadratic if p.any() else solve_linear
        found, dual = solver(z, error / unit, low, high, p * unit, 2 * p @ about)
        return about + unit * polished(z, error / unit, low, high, p * unit, 2 * p @ about, found, dual)


def solve_linear(z: Array, error: Array, low: Array, high: Array, p: Array, tilt: Array) -> tuple[Array, Array]:
    """max eᵀu with Zᵀu + tilt = 0, low ≤ u ≤ high; φ [r] are the multipliers of the equations. Returns φ and u."""
    from scipy.optimize import linprog  # type: ignore[import-untyped]  # half a second

    options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    bounds = np.column_stack([low, high])
    result = linprog(-error, A_eq=z.T, b_eq=-tilt, bounds=bounds, method="highs-ds", options=options)
    return result.eqlin.marginals, result.x


def solve_quadratic(z: Array, error: Array, low: Array, high: Array, p: Array, tilt: Array) -> tuple[Array, Array]:
    """max eᵀu − φᵀPφ with Zᵀu + 2Pφ + tilt = 0, low ≤ u ≤ high. Returns φ and u."""
    import clarabel  # type: ignore[import-untyped]
    from scipy import sparse  # type: ignore[import-untyped]

    n, r = z.shape
    eye, none = sparse.eye(n), sparse.csc_matrix((n, r))
    rows = sparse.bmat([[z.T, 2 * p], [eye, none], [-eye, none]], format="csc")
    cones = [clarabel.ZeroConeT(r), clarabel.NonnegativeConeT(2 * n)]
    options: Any = clarabel.DefaultSettings()
    options.verbose = False
    options.tol_gap_abs = options.tol_gap_rel = options.tol_feas = 1e-11
    cost = sparse.block_diag([sparse.csc_matrix((n, n)), 2 * np.triu(p)], format="csc")
    right = np.concatenate([-tilt, high, -low])
    result = clarabel.DefaultSolver(cost, np.append(-error, np.zeros(r)), rows, right, cones, options).solve()
    return -np.array(result.z[:r]), np.array(result.x[:n])


def polished(
    z: Array, error: Array, low: Array, high: Array, p: Array, tilt: Array, found: Array, dual: Array
) -> Array:
    """φ to the last digit: solves the linear system of the exactly fitted rows, unless that increases the loss."""
    left = z @ found + error
    fitted = np.abs(left) <= np.maximum(np.minimum(dual - low, high - dual) / (high - low), 1e-9)
    _, singular, vt = np.linalg.svd(z[fitted])
    rank = int((singular > 1e-12 * singular.max(initial=0.0)).sum())
    better = found - np.linalg.pinv(z[fitted], rcond=1e-12) @ left[fitted]
    along = vt[rank:].T
    slope = z[~fitted].T @ np.where(left > 0, high, low)[~fitted] + tilt + 2 * p @ better
    better = better - along @ np.linalg.lstsq(2 * along.T @ p @ along, along.T @ slope, rcond=None)[0]

    def value(phi: Array) -> float:
        left = z @ phi + error
        return float(np.maximum(low * left, high * left).sum() + phi @ (p @ phi + tilt))

    before = value(found)
    return better if value(better) <= before + 1e-12 * abs(before) else found
