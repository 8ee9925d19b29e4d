"""A descent on the Gram matrix is the same descent as one on the rows."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.engine import History, Problem, Settings, arithmetic, run
from tests.problems import GRADIENTS, random_problem


def both(problem: Problem, settings: Settings) -> tuple[History, History]:
    """The same run on rows and on the Gram matrix."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arithmetic, "SMALL_TABLE_VALUES", 10**12)
        rows = run(problem, settings)
        patch.setattr(arithmetic, "SMALL_TABLE_VALUES", -1)
        return rows, run(problem, settings)


def worst(rows: History, gram: History, lowest: float = 1e-12, size: float = 0.0) -> float:
    """Largest relative difference between the losses of an epoch, of those above `lowest` times the first, or
    `size`."""
    assert rows.epochs == gram.epochs
    shown = rows.losses >= lowest * max(rows.losses[0].item(), size)
    return ((rows.losses - gram.losses).abs() / rows.losses)[shown].max().item()


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize(("n", "d"), [(1, 1), (2, 1), (5, 1), (4, 6), (60, 3), (500, 10)])
def test_rows_and_gram_matrix_agree_in_every_loss(n: int, d: int, gradient: Any) -> None:
    problem = random_problem(n, d, seed=n)
    settings = Settings(learning_rate=0.4 * problem.best_learning_rate, epochs=150, gradient=gradient)
    assert worst(*both(problem, settings)) < 1e-9


@settings(deadline=None)
@example(n=1, d=5, seed=1970, noise=0.1, fraction=0.875)
@given(
    n=st.integers(1, 60),
    d=st.integers(1, 5),
    seed=st.integers(0, 10_000),
    noise=st.sampled_from([0.0, 1e-6, 1e-3, 0.1, 1.0, 10.0]),
    fraction=st.floats(0.05, 0.99),
)
def test_rows_and_gram_matrix_agree_on_any_problem(n: int, d: int, seed: int, noise: float, fraction: float) -> None:
    problem = random_problem(n, d, seed, noise)
    rows, gram = both(problem, Settings(learning_rate=fraction * problem.max_learning_rate, epochs=500))
    # Along flat directions the parameters and their rounding errors stay, while the loss falls to 0; and a start in
    # the valley has a loss that is tiny beside the target's.
    flat = n <= d
    assert worst(rows, gram, 1e-9 if flat else 1e-12, problem.target.square().mean().item() if flat else 0.0) < 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_rows_and_gram_matrix_agree_down_to_a_millionth_of_a_millionth_of_the_first_loss(seed: int) -> None:
    problem = random_problem(40, 2, seed, noise=0.0)
    rows, gram = both(problem, Settings(learning_rate=problem.best_learning_rate, epochs=1000))
    assert gram.losses[-1] <= 1e-12 * gram.losses[0]
    assert worst(rows, gram) < 1e-9


def test_many_rows_end_at_the_closed_form() -> None:
    problem = random_problem(200_000, 10)
    history = run(problem, Settings(learning_rate=problem.best_learning_rate, epochs=400))
    assert (history.parameters[-1] - problem.optimum.parameters).abs().max() < 1e-12
    assert history.losses[-1].item() == pytest.approx(problem.optimum.loss, rel=1e-14)
