"""Held-out rows, on which no descent trains: they show how well it predicts what it has not learnt from."""

import torch
from torch import Tensor

from app.engine.batches import permutation
from app.engine.problem import Problem


def hold_out(problem: Problem, share: float, seed: int) -> Problem:
    """The problem on its training rows, with the others as its `held_out`; the problem itself if there are none.

    The seed draws a share of the rows to hold out, but leaves at least two. Means and scales are those of the training
    rows.
    """
    training, held = split(problem.n_rows, share, seed)
    if len(held) == 0:
        return problem
    in_file_units = problem.features * problem.scales + problem.means
    seen = Problem(in_file_units[training], problem.target[training], scaling=problem.scaling)
    seen.held_out = Problem((in_file_units[held] - seen.means) / seen.scales, problem.target[held])
    seen.rows = training
    return seen


def split(n: int, share: float, seed: int) -> tuple[Tensor, Tensor]:
    """Positions of the training rows and of the held-out rows, each sorted."""
    count = held_out_rows(n, share)
    if count == 0:  # a random order of a million rows takes a while
        return torch.arange(n), torch.arange(0)
    order = permutation(n, seed)
    return order[count:].sort().values, order[:count].sort().values


def held_out_rows(n: int, share: float) -> int:
    """How many of n rows are held out."""
    return min(round(share * n), max(n - 2, 0))
