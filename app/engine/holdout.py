"""Rows that the descent never sees, to show how well it predicts what it has not learnt from."""

import torch
from torch import Tensor

from app.engine.batches import permutation
from app.engine.problem import Problem


def hold_out(problem: Problem, share: float, seed: int) -> Problem:
    """The same problem on some of its rows, with the others in `held_out`; the problem itself where none are.

    A share of the rows, drawn by the seed, is held out, but never so many that fewer than two are left. Means
    and scales are those of the rows that the descent sees.
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
    """Positions of the rows to descend on and of those held out, each in order."""
    many = min(round(share * n), max(n - 2, 0))
    if many == 0:  # An order of a million rows takes a while to draw.
        return torch.arange(n), torch.arange(0)
    order = permutation(n, seed)
    return order[many:].sort().values, order[:many].sort().values
