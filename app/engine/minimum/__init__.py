"""The lowest point of an objective.

Each way of finding it works on centred features of unit variance, in which nothing is wildly
scaled, and ends at the same point: where no direction leads down.
"""

from __future__ import annotations

from app.engine.losses import Absolute, Quantile
from app.engine.minimum.newton import minimize_smooth
from app.engine.minimum.quantile_regression import minimize_quantile_loss
from app.engine.minimum.standardized import Standardized
from app.engine.penalized import PenalizedLoss
from app.engine.problem import Optimum

MAX_UNSCALED_CONDITION = 1e8
"""Condition number of squared errors up to which their features need no other scale."""


def find_optimum(objective: PenalizedLoss) -> Optimum:
    """Weights, bias and loss where the objective is least; of several such points one, if no kink is near the
    nearest to zero."""
    loss = objective.loss
    if objective.is_quadratic and not objective.l1 and not objective.l2:
        if objective.problem.condition_number <= MAX_UNSCALED_CONDITION:
            return objective.problem.optimum
    rows = Standardized(objective)
    if objective.is_quadratic:
        found, method = rows.least_squares(), "active set method" if objective.l1 else "closed form"
    elif isinstance(loss, Absolute | Quantile):
        under, over = (1.0, 1.0) if isinstance(loss, Absolute) else (loss.quantile, 1 - loss.quantile)
        found, method = minimize_quantile_loss(rows, under, over)
    else:
        found, method = minimize_smooth(rows), "Newton's method"
    return rows.optimum(found, method)
