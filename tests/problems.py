"""Tables of numbers and the least-squares problems made of them."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.engine import Problem
from app.engine.problem import Scaling
from tests.notebook import HOURS, SCORES

Array = NDArray[np.float64]
GRADIENTS = ("by_hand", "autograd")


def with_ones(x: Array) -> Array:
    """The design matrix [n, d + 1]: features and a column of ones for the bias."""
    return np.column_stack([x, np.ones(len(x))])


def table(n: int, d: int, seed: int = 0) -> tuple[Array, Array]:
    """Features [n, d] and a target [n] that is linear in them plus noise of standard deviation 1."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n, d))
    return x, x @ generator.normal(size=d) + 3 + generator.normal(size=n)


def random_table(n: int, d: int, seed: int = 0, noise: float = 0.5) -> tuple[Tensor, Tensor]:
    """Features [n, d] and target [n] as tensors, from torch's generator."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, d, generator=generator, dtype=torch.float64)
    weights = torch.randn(d, generator=generator, dtype=torch.float64)
    return x, x @ weights + 2 + noise * torch.randn(n, generator=generator, dtype=torch.float64)


def random_problem(n: int, d: int, seed: int = 0, noise: float = 0.5) -> Problem:
    return Problem(*random_table(n, d, seed, noise))


def students(scaling: Scaling = "none") -> Problem:
    """The notebook's five students: the score from the hours studied."""
    return Problem([[hours] for hours in HOURS], SCORES, scaling=scaling)


X, Y = table(12, 2)
CASES: dict[str, tuple[Array, Array]] = {
    "plain": (X, Y),
    "many rows in several blocks": table(25_001, 4),
    "one row": table(1, 1),
    "two rows": table(2, 1),
    "fewer rows than features": table(4, 7),
    "identical features": (np.column_stack([X, X[:, 0]]), Y),
    "constant feature": (np.column_stack([X, np.full(12, 5.0)]), Y),
    "constant feature alone": (np.full((12, 1), 5.0), Y),
    "feature of zeros": (np.column_stack([X, np.zeros(12)]), Y),
    "constant target": (X, np.full(12, 7.0)),
}
"""An ordinary table and the edge cases of least squares."""
