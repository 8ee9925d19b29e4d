"""How well a model predicts."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from app.engine.problem import ROWS_PER_BLOCK, Problem


class Scores(NamedTuple):
    """R² (1 is perfect, 0 no better than the mean, NaN for a constant target); RMSE and MAE in the target's unit."""

    r_squared: float
    rmse: float
    mae: float


def scores(problem: Problem, parameters: Tensor) -> Scores:
    """Scores of weights and bias [d + 1], in the problem's units, on its rows."""
    squares = sizes = 0.0
    for x, y in zip(
        torch.split(problem.features, ROWS_PER_BLOCK), torch.split(problem.target, ROWS_PER_BLOCK), strict=True
    ):
        error = x @ parameters[:-1] + parameters[-1] - y
        squares += error.square().sum().item()
        sizes += error.abs().sum().item()
    n, total = problem.n_rows, (problem.target - problem.target.mean()).square().sum().item()
    return Scores(1 - squares / total if total else math.nan, math.sqrt(squares / n), sizes / n)
