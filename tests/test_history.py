"""What a run records, and when it ends."""

from typing import Any

import pytest
import torch

from app.engine import History, Problem, Settings, run, train, training
from tests.problems import GRADIENTS, random_problem, students


def loss_of(problem: Problem, history: History) -> torch.Tensor:
    """Losses [epochs + 1] from the recorded weights and biases and the rows."""
    predictions = history.weights.double() @ problem.features.T + history.biases.double()[:, None]
    return ((predictions - problem.target) ** 2).mean(1)


@pytest.mark.parametrize("n", [5, 6000])
@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_losses_are_those_of_the_recorded_weights(n: int, gradient: Any, precision: Any) -> None:
    problem = random_problem(n, 2)
    history = run(problem, Settings(gradient=gradient, precision=precision, epochs=300))
    tolerance = 1e-10 if precision == "float64" else 1e-4
    assert torch.allclose(history.losses.double(), loss_of(problem, history), rtol=tolerance, atol=0)


def test_index_k_is_the_state_after_k_epochs() -> None:
    history = run(students(), Settings(epochs=300))
    for k in (0, 1, 127, 128, 129, 300):
        shorter = run(students(), Settings(epochs=k))
        assert shorter.epochs == k
        assert len(shorter.losses) == len(shorter.weights) == len(shorter.biases) == k + 1
        assert torch.equal(shorter.parameters, history.parameters[: k + 1])
        assert torch.equal(shorter.losses, history.losses[: k + 1])


def test_train_yields_one_history_that_grows() -> None:
    seen, lengths = set(), []
    for history in train(students(), Settings(epochs=10_000)):
        seen.add(id(history))
        lengths.append(history.epochs)
        assert history.outcome == ("finished" if history.epochs == 10_000 else "running")
    assert len(seen) == 1
    assert lengths == sorted(set(lengths))
    assert len(lengths) > 1
    assert lengths[-1] == 10_000


@pytest.mark.parametrize("n", [5, 6000])
@pytest.mark.parametrize("gradient", GRADIENTS)
def test_a_run_from_where_another_stands_goes_on_as_that_one_did(n: int, gradient: Any) -> None:
    problem = random_problem(n, 2)
    whole = run(problem, Settings(gradient=gradient, epochs=400))
    state = tuple(whole.parameters[0].tolist())
    for epoch in range(1, 40):
        state = tuple(run(problem, Settings(gradient=gradient, epochs=1, start=state)).parameters[-1].tolist())
        assert state == pytest.approx(whole.parameters[epoch].tolist(), rel=1e-13)
    branch = run(problem, Settings(gradient=gradient, epochs=200, start=tuple(whole.parameters[200].tolist())))
    assert torch.allclose(branch.parameters, whole.parameters[200:], rtol=1e-12, atol=0)


@pytest.mark.parametrize(("precision", "rtol"), [("float64", 1e-12), ("float32", 0.0)])
@pytest.mark.parametrize("gradient", GRADIENTS)
def test_runs_of_one_epoch_each_make_the_same_descent_on_rows(gradient: Any, precision: Any, rtol: float) -> None:
    """In float32 bit for bit; in float64 the state is the difference from the optimum, so a start is rounded once
    more."""
    problem = students()
    whole = run(problem, Settings(gradient=gradient, precision=precision, epochs=100))
    state = tuple(whole.parameters[0].tolist())
    for epoch in range(1, 101):
        one = Settings(gradient=gradient, precision=precision, epochs=1, start=state)
        state = tuple(run(problem, one).parameters[-1].tolist())
        assert state == pytest.approx(tuple(whole.parameters[epoch].tolist()), rel=rtol, abs=0)


def test_a_run_with_all_its_epochs_done_is_finished() -> None:
    history = run(students(), Settings(epochs=1234))
    assert (history.outcome, history.epochs) == ("finished", 1234)
    assert history.reason == "All 1,234 epochs are done."


def test_no_epochs_leave_the_start_alone() -> None:
    history = run(students(), Settings(epochs=0))
    assert (history.outcome, history.epochs, len(history.losses)) == ("finished", 0, 1)


def test_tolerance_zero_runs_every_epoch_even_when_nothing_moves() -> None:
    history = run(students(), Settings(learning_rate=0.0, epochs=700))
    assert (history.outcome, history.epochs) == ("finished", 700)


@pytest.mark.parametrize("n", [5, 6000])
@pytest.mark.parametrize("tolerance", [1e-1, 1e-3, 1e-6])
def test_convergence_is_the_first_epoch_near_the_optimum_whose_loss_stood_still_over_ten(
    n: int, tolerance: float
) -> None:
    problem = students() if n == 5 else random_problem(n, 2)
    whole = run(problem, Settings(epochs=5000))
    losses, way = whole.losses, whole.parameters - problem.optimum.parameters
    still = (losses[:-10] - losses[10:]).abs() <= tolerance * losses[:-10]
    best = problem.optimum.parameters.abs()
    near = way[:, -1].abs() <= 0.01 * max(way[0, -1].abs(), best[-1])
    near &= way[:, :-1].norm(dim=1) <= 0.01 * max(way[0, :-1].norm(), best[:-1].norm())
    history = run(problem, Settings(epochs=5000, tolerance=tolerance))
    assert history.outcome == "converged"
    assert history.epochs == int((still & near[10:]).nonzero()[0]) + training.STILL_EPOCHS
    assert history.reason.endswith(".")
    assert torch.equal(history.losses, losses[: history.epochs + 1])


def test_a_start_at_the_optimum_converges_after_the_window() -> None:
    problem = students()
    start = tuple(problem.optimum.parameters.tolist())
    history = run(problem, Settings(start=start, tolerance=1e-9))
    assert (history.outcome, history.epochs) == ("converged", 10)


@pytest.mark.parametrize("n", [5, 6000])
@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("learning_rate", [0.6, 3.0, 1e10, 1e30, 1e300])
def test_divergence_ends_with_a_reason_and_no_infinite_number(
    n: int, gradient: Any, precision: Any, learning_rate: float
) -> None:
    problem = students() if n == 5 else Problem(3 * random_problem(n, 2).features, random_problem(n, 2).target)
    settings = Settings(gradient=gradient, precision=precision, learning_rate=learning_rate, epochs=3000)
    history = run(problem, settings)
    assert history.outcome == "diverged"
    assert history.reason.endswith(".")
    assert history.epochs < 3000
    assert torch.isfinite(history.losses).all()
    assert torch.isfinite(history.parameters).all()
    assert (history.losses[:-1] <= training.DIVERGED_RATIO * history.losses[0]).all()


@pytest.mark.parametrize("start", [(1e30, 0.0), (1e38, 1e38), (1e300, 0.0)])
def test_a_start_whose_loss_overflows_has_diverged_at_once(start: tuple[float, ...]) -> None:
    history = run(students(), Settings(precision="float32", start=start))
    assert (history.outcome, history.epochs) == ("diverged", 0)


def test_a_perfect_start_is_not_taken_for_divergence() -> None:
    history = run(Problem([[1.0], [2.0]], [1.0, 2.0]), Settings(start=(1.0, 0.0), epochs=50))
    assert history.outcome == "finished"
    assert history.losses.max().item() < 1e-30
