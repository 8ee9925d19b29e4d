"""The optimum of Huber's and log-cosh losses, with any penalty: Newton's method with damping and continuation."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from app.engine.minimum.lasso import solve_lasso
from app.engine.minimum.quantile_regression import minimize_quantile_loss
from app.engine.minimum.standardized import Standardized

EPS = torch.finfo(torch.float64).eps

WIDTH_RATIO = 4.0
"""Ratio of the widths of two stages: see `minimize_smooth`."""

INITIAL_DAMPING = 1e-2
"""The least curvature of a direction, as a share of `Point.steep`, at the first step."""

MIN_DAMPING = 1e-8
"""The same, at most reduced to this."""

LAST_STEP_DESCENT = 1e-22
"""If a step promises to reduce the loss by less than this share, it is the last: the share is a squared distance."""

ROUNDING_DESCENT = 1e-13
"""If a step promises to reduce the loss by less than this share, rounding hides whether it did."""

MAX_ROWS_WITHOUT_SAMPLE = 200_000
"""With more rows the optimum of a random sample, a tenth of this many rows, is the starting point."""

WIDE_BOWL = 1e5
"""If the first stage is wider, the loss is nearly the absolute error, and rounding may spoil the later stages."""

MAX_STEPS_PER_STAGE = 200
"""Steps in a stage; few need more than a dozen."""


class Point(NamedTuple):
    """The loss with λ₂, but without λ₁, near some parameters."""

    phi: Tensor
    """Whitened parameters [r]."""

    parameters: Tensor
    """[d + 1]"""

    value: Tensor
    """[]"""

    gradient: Tensor
    """With respect to φ [r]."""

    hessian: Tensor
    """With respect to φ [r, r]."""

    curved: float
    """Mean second derivative of the loss over the rows."""

    steep: float
    """Mean second derivative of the parabolas that touch the loss at e and −e, which lie above it."""


def minimize_smooth(rows: Standardized) -> Tensor:
    """The optimum, by Newton's method with step halving.

    It minimizes s² ρ(e / s) in stages, with the width s falling to 1 (Madsen & Nielsen, A finite smoothing algorithm
    for linear ℓ₁ estimation, 1993). For large s Huber's loss and log-cosh are half the squared error, so the first
    stage starts at least squares, and in every stage there is curvature at its start.
    """
    valley = Valley(rows)
    if len(rows.target) > MAX_ROWS_WITHOUT_SAMPLE:
        return valley.descend(minimize_smooth(rows.sample(MAX_ROWS_WITHOUT_SAMPLE // 10)), 1.0, 0.0)
    width, found = 1.0, rows.least_squares()
    while valley.point(found, width).curved < 0.5:
        width *= WIDTH_RATIO
    far = width > WIDE_BOWL
    while width > 1:
        found = valley.descend(found, width, 0.01 * width**2 / len(rows.target))
        width /= WIDTH_RATIO
    found = valley.descend(found, width, 0.0)
    # With fewer small errors than parameters the loss is nearly the absolute error, too.
    if far or valley.point(found, width).curved * len(rows.target) < len(valley.penalty_hessian):
        steepest = rows.objective.loss.slope(found.new_tensor(math.inf)).item()
        other = valley.descend(minimize_quantile_loss(rows, steepest, steepest)[0], width, 0.0)
        found = min(found, other, key=lambda ends: valley.total(valley.point(ends, width)))
    return valley.polished(found)


class Valley:
    """A smooth objective as a function of whitened parameters φ, in which squared errors are a round bowl."""

    def __init__(self, rows: Standardized) -> None:
        self.rows, self.loss, self.l1 = rows, rows.objective.loss, rows.l1
        self.basis, self.inverse = rows.whitening()
        self.penalty_hessian = 2 * self.basis.T @ (rows.l2[:, None] * self.basis)

    def point(self, parameters: Tensor, width: float, phi: Tensor | None = None) -> Point:
        """The loss, gradient and Hessian at some parameters; reads all rows once."""
        phi = self.inverse @ parameters if phi is None else phi
        value, sizes = phi.new_zeros(()), phi.new_zeros(2)
        gradient, hessian = torch.zeros_like(phi), torch.zeros_like(self.penalty_hessian)
        for z, y in self.rows.blocks(self.basis):
            error = (z @ phi - y) / width
            slope, curvature = self.loss.slope(error), self.loss.curvature(error)
            value += self.loss.of(error).sum() * width**2
            gradient += z.T @ slope * width
            hessian += z.T @ (z * curvature[:, None])
            sizes[0] += curvature.sum()
            sizes[1] += (slope / error).where(error != 0, curvature).sum()
        n, penalty_slope = len(self.rows.target), self.penalty_hessian @ phi
        curved, steep = (sizes / n).tolist()
        value, gradient = value / n + phi @ penalty_slope / 2, gradient / n + penalty_slope
        return Point(phi, parameters, value, gradient, hessian / n + self.penalty_hessian, curved, steep)

    def descend(self, parameters: Tensor, width: float, enough: float) -> Tensor:
        """Newton steps until one promises to reduce the loss by at most `enough`, or no less than the step before."""
        point, before, damping = self.point(parameters, width), float("inf"), INITIAL_DAMPING
        for _ in range(MAX_STEPS_PER_STAGE):
            target, phi, promise = self.step(point, damping)
            size = self.total(point) + EPS * width**2 + 1e-10 * point.steep * phi.square().sum().item()
            if promise <= max(enough, LAST_STEP_DESCENT * size):
                return target
            if promise <= ROUNDING_DESCENT * size and promise >= before / 4:
                break
            before = promise
            point, share = self.walk(point, target, phi, promise, width)
            damping = max(MIN_DAMPING, damping / 8) if share == 1 else min(1.0, damping * 8)
        return point.parameters

    def step(self, point: Point, damping: float) -> tuple[Tensor, Tensor, float]:
        """The minimum of the parabola at a point: parameters, the same whitened, and how far the loss falls to it.

        Every direction counts as curved by at least `damping` × `steep`. Levenberg 1944.
        """
        curvatures, directions = torch.linalg.eigh(point.hessian)
        curvatures = curvatures.clamp(min=damping * point.steep)
        slopes = directions.T @ point.gradient
        if not self.rows.objective.l1:
            phi = point.phi - directions @ (slopes / curvatures)
            return self.basis @ phi, phi, (slopes.square() / curvatures).sum().item()
        roots = curvatures.sqrt()
        k = (directions * roots).T @ self.inverse
        target = solve_lasso(k, roots * (directions.T @ point.phi) - slopes / roots, self.l1, point.parameters)
        phi = self.inverse @ target
        return target, phi, (roots * (directions.T @ (phi - point.phi))).square().sum().item()

    def walk(self, point: Point, target: Tensor, phi: Tensor, promise: float, width: float) -> tuple[Point, float]:
        """The first of the whole step, its half, its quarter … that reduces the loss. Armijo 1966.

        A convex function that still falls at the end of a step has fallen all along it, even if rounding hides that.
        """
        share, value = 1.0, self.total(point)
        while True:
            new = self.point(target, width, phi)
            fallen = self.total(new) <= value - 1e-4 * share * promise
            if (
                fallen
                or self.slope(point, new) <= share * min(1e-3 * promise, ROUNDING_DESCENT * value)
                or share < 1e-12
            ):
                return new, share
            share /= 2
            target, phi = (target + point.parameters) / 2, (phi + point.phi) / 2

    def polished(self, parameters: Tensor) -> Tensor:
        """Newton steps that keep every weight's sign, as long as each at least halves the remaining slopes.

        Near the optimum rounding hides whether the loss still falls, but not its slope, which is accurate to the
        rounding of its own terms.
        """
        active = (parameters != 0) | (self.l1 == 0)
        signs, s = parameters.sign(), self.inverse[:, active]
        point, before = self.point(parameters, 1.0), float("inf")
        while True:
            slopes = s.T @ point.gradient + (self.l1 * signs)[active]
            left = slopes.norm().item()
            if left > before / 2:
                return parameters
            before, parameters = left, point.parameters
            moved = parameters.clone()
            moved[active] -= torch.linalg.pinv(s.T @ point.hessian @ s, hermitian=True) @ slopes
            if left == 0 or not torch.equal((moved.sign() * self.l1), signs * self.l1):
                return parameters
            point = self.point(moved, 1.0)

    def slope(self, point: Point, new: Point) -> float:
        """The slope at the end of the step from a point to a new one."""
        way = new.parameters - point.parameters
        signs = new.parameters.sign() - way.sign() * (new.parameters == 0)
        return (new.gradient @ (new.phi - point.phi) + (self.l1 * signs) @ way).item()

    def total(self, point: Point) -> float:
        """Loss and both penalties."""
        return (point.value + (self.l1 * point.parameters.abs()).sum()).item()
