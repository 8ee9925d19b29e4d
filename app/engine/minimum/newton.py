"""Where a loss without kinks is least, whatever the penalty."""

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
"""By how much the bowl of a loss narrows from stage to stage."""

INITIAL_DAMPING, MIN_DAMPING = 1e-2, 1e-8
"""Curvature, as a share of that of a parabola above the loss, to begin with and at the least."""

LAST_STEP_DESCENT = 1e-22
"""Promised descent, as a share of the loss, at which the step is the last: it is the square of the distance left."""

ROUNDING_DESCENT = 1e-13
"""Promised descent, as a share of the loss, below which rounding hides whether there was any."""

MAX_ROWS_WITHOUT_SAMPLE = 200_000
"""Rows beyond which a tenth as many say where to begin."""

WIDE_BOWL = 1e5
"""Widest bowl beyond which the loss is all but an absolute error, and rounding may hide the way through the bowls."""

MAX_STEPS_PER_STAGE = 200
"""Steps of a stage; a dozen is much."""


class Point(NamedTuple):
    """Whitened parameters φ [r], the parameters themselves, and the loss around them without λ₁.

    `curved` is the rows' mean second derivative, `steep` that of the parabola that touches the loss there and at −e.
    """

    phi: Tensor
    parameters: Tensor
    value: Tensor
    gradient: Tensor
    hessian: Tensor
    curved: float
    steep: float


def minimize_smooth(rows: Standardized) -> Tensor:
    """The lowest point, by Newton's method with steps that are halved until they lead down.

    It begins at the least squares and goes through bowls that narrow from stage to stage, s² ρ(e / s) with s down
    to 1, so that there is curvature to step by; with s large, Huber's loss and log cosh are half the squared error
    (Madsen & Nielsen, A finite smoothing algorithm for linear ℓ₁ estimation, 1993).
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
    # With fewer rows in the bowl than parameters the loss is all but an absolute error too.
    if far or valley.point(found, width).curved * len(rows.target) < len(valley.round):
        steepest = rows.objective.loss.slope(found.new_tensor(math.inf)).item()
        other = valley.descend(minimize_quantile_loss(rows, steepest, steepest)[0], width, 0.0)
        found = min(found, other, key=lambda ends: valley.total(valley.point(ends, width)))
    return valley.polished(found)


class Valley:
    """The landscape of a smooth objective in whitened parameters φ, where squared errors are a round bowl."""

    def __init__(self, rows: Standardized) -> None:
        self.rows, self.loss, self.l1 = rows, rows.objective.loss, rows.l1
        self.basis, self.inverse = rows.whitening()
        self.round = 2 * self.basis.T @ (rows.l2[:, None] * self.basis)

    def point(self, parameters: Tensor, width: float, phi: Tensor | None = None) -> Point:
        """One reading of the rows."""
        phi = self.inverse @ parameters if phi is None else phi
        value, sizes = phi.new_zeros(()), phi.new_zeros(2)
        gradient, hessian = torch.zeros_like(phi), torch.zeros_like(self.round)
        for z, y in self.rows.blocks(self.basis):
            error = (z @ phi - y) / width
            slope, curvature = self.loss.slope(error), self.loss.curvature(error)
            value += self.loss.of(error).sum() * width**2
            gradient += z.T @ slope * width
            hessian += z.T @ (z * curvature[:, None])
            sizes[0] += curvature.sum()
            sizes[1] += (slope / error).where(error != 0, curvature).sum()
        n, penalty_slope = len(self.rows.target), self.round @ phi
        curved, steep = (sizes / n).tolist()
        value, gradient = value / n + phi @ penalty_slope / 2, gradient / n + penalty_slope
        return Point(phi, parameters, value, gradient, hessian / n + self.round, curved, steep)

    def descend(self, parameters: Tensor, width: float, enough: float) -> Tensor:
        """Newton's steps until one promises to lower the loss by at most `enough`, or no less than the one before."""
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
        """Where the parabola at a point is least, itself and whitened, and how far below the point that is.

        No direction counts as straighter than `damping` times `steep`. Levenberg 1944.
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
        """All of a step, or a half, a quarter … of it, whatever is first to lead down. Armijo 1966.

        A convex function that still falls at the end of a step has fallen all along it, also where rounding hides it.
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
        """Newton's steps that keep every weight's sign, as long as each at least halves the slopes that are left.

        Near the lowest point rounding hides whether the loss still falls, but not how steep it is: a slope is known to
        the rounding of its own terms.
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
        """How steep the last of the way from a point to a new one is."""
        way = new.parameters - point.parameters
        signs = new.parameters.sign() - way.sign() * (new.parameters == 0)
        return (new.gradient @ (new.phi - point.phi) + (self.l1 * signs) @ way).item()

    def total(self, point: Point) -> float:
        """Loss and both penalties."""
        return (point.value + (self.l1 * point.parameters.abs()).sum()).item()
