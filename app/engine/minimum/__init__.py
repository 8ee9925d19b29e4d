"""The optimum of an objective: the point at which no direction leads down.

All solvers work on standardized features. They are our own, on top of torch, HiGHS and Clarabel, since the page shows
the distance left to a descent, which needs all digits, and since an L1 penalty may be added to any of the losses:
scipy's second-order minimizers take no corners, and scikit-learn's solvers stop at a tolerance.
"""

from __future__ import annotations

from app.engine.losses import Absolute, Quantile
from app.engine.minimum.newton import minimize_smooth
from app.engine.minimum.quantile_regression import minimize_quantile_loss
from app.engine.minimum.standardized import Standardized
from app.engine.penalized import PenalizedLoss
from app.engine.problem import Optimum

MAX_UNSCALED_CONDITION = 1e8
"""Condition number of squared errors up to which the problem's closed form is accurate without standardizing."""


def find_optimum(objective: PenalizedLoss) -> Optimum:
    """Weights, bias and loss at the minimum.

    Of several optima it returns the one of minimum norm if the objective is smooth, else any.
    """
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
