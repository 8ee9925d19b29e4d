"""The notebook's printed figures, torch.optim, and the limits of the learning rate."""

import inspect
from itertools import repeat
from typing import Any, Literal

import numpy as np
import pytest
import torch
from torch import Tensor

from app.engine import Problem, Settings, arithmetic, compiled, gradients, run, source, train
from app.engine.descent import Descent, descend
from tests.notebook import FIGURES, HOURS, SCORES, notebook_autograd, notebook_by_hand, printed
from tests.problems import GRADIENTS, random_problem, students


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_one_feature_gives_every_figure_that_the_notebook_prints(gradient: Any) -> None:
    figures = FIGURES["one_feature"]
    history = run(students(), Settings(gradient=gradient, precision="float32"))
    assert printed(history, figures[f"losses_{gradient}"]) == figures[f"losses_{gradient}"]
    assert f"{history.weights[0].item():.4f}" == str(figures["initial"]["weight"])
    assert f"{history.biases[0].item():.4f}" == str(figures["initial"]["bias"])
    assert history.weights[-1].item() == figures["weight"] == 3.007255792617798
    assert f"{history.biases[-1].item():.4f}" == "69.3470"
    for hours, score in figures["predictions"].items():
        assert f"{(float(hours) * history.weights[-1] + history.biases[-1]).item():.4f}" == str(score)


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_the_scrambled_table_gives_every_figure_that_the_notebook_prints(gradient: Any) -> None:
    figures = FIGURES["two_features_as_the_notebook_ran_it"]
    problem = Problem(figures["rows"], figures["test_score"])
    history = run(problem, Settings(gradient=gradient, precision="float32", epochs=figures["epochs"]))
    assert printed(history, figures["losses_autograd"]) == figures["losses_autograd"]
    assert [round(value, 4) for value in history.weights[0].tolist()] == figures["initial"]["weights"]
    assert round(history.biases[0].item(), 4) == figures["initial"]["bias"]
    assert [round(value, 4) for value in history.weights[-1].tolist()] == figures["weights"]
    assert round(history.biases[-1].item(), 4) == figures["bias"]


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_the_table_as_it_was_meant_gives_the_losses_on_record(gradient: Any) -> None:
    figures = FIGURES["two_features_as_the_table_says"]
    problem = Problem(figures["rows"], figures["test_score"])
    history = run(problem, Settings(gradient=gradient, precision="float32", epochs=figures["epochs"]))
    assert printed(history, figures["losses"]) == figures["losses"]
    assert history.weights[-1].tolist() == pytest.approx(figures["weights"], abs=2e-4)
    assert history.biases[-1].item() == pytest.approx(figures["bias"], abs=2e-4)
    assert problem.optimum.weights.tolist() == pytest.approx(figures["closed_form"]["weights"], abs=5e-8)
    assert problem.optimum.bias == pytest.approx(figures["closed_form"]["bias"], abs=5e-8)
    assert problem.max_learning_rate == pytest.approx(figures["max_learning_rate"], abs=5e-9)


@pytest.mark.parametrize(("gradient", "loop"), [("by_hand", notebook_by_hand), ("autograd", notebook_autograd)])
def test_every_loss_is_the_one_of_the_notebooks_own_loop(gradient: Any, loop: Any) -> None:
    history = run(students(), Settings(gradient=gradient, precision="float32"))
    losses = loop(torch.tensor(HOURS, dtype=torch.float32), torch.tensor(SCORES, dtype=torch.float32), 2000)
    assert torch.equal(history.losses[:-1], torch.tensor(losses))


@pytest.mark.parametrize(("gradient", "loop"), [("by_hand", notebook_by_hand), ("autograd", notebook_autograd)])
@pytest.mark.parametrize("n", [1, 2, 7, 8, 33, 150])
def test_other_single_features_walk_as_the_notebooks_loop_does_but_for_the_order_of_its_sums(
    n: int, gradient: Any, loop: Any
) -> None:
    generator = torch.Generator().manual_seed(n)
    x, y = torch.randn(n, generator=generator), 5 * torch.randn(n, generator=generator)
    history = run(Problem(x[:, None], y), Settings(gradient=gradient, precision="float32", epochs=200))
    # torch.sum adds in an order that depends on the machine. Two sums of n products differ by at most twice (n + 4)
    # roundings of the sum of their absolute values, and a descent below its limit does not amplify a difference.
    rounding = torch.finfo(torch.float32).eps / 2
    z = torch.stack([x, torch.ones(n)]).double()
    errors = (history.parameters.double() @ z - y).abs()
    sizes = (2 / n) * errors @ z.abs().T
    apart = 200 * 2 * rounding * (0.01 * (n + 4) * sizes.amax() + 2 * history.parameters.abs().amax())
    bound = 2 * apart * sizes.amax() + 2 * (n + 4) * rounding * (errors**2).mean(1).amax()
    assert (history.losses[:-1] - torch.tensor(loop(x, y, 200))).abs().amax() <= bound
    assert bound < 1e-2 * history.losses[0]


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize(("n", "d"), [(5, 1), (20, 2), (50, 3), (7, 9), (200, 10), (3000, 4)])
def test_five_hundred_steps_are_those_of_torch_sgd(n: int, d: int, gradient: Any) -> None:
    problem = random_problem(n, d, seed=d)
    rate = 0.5 * problem.max_learning_rate
    history = run(problem, Settings(gradient=gradient, learning_rate=rate, epochs=500))
    w = history.weights[0].clone().requires_grad_()
    b = history.biases[0].clone().requires_grad_()
    sgd = torch.optim.SGD([w, b], lr=rate)
    for epoch in range(500):
        loss = torch.mean((problem.features @ w + b - problem.target) ** 2)
        assert history.losses[epoch].item() == pytest.approx(loss.item(), rel=1e-10)
        sgd.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        sgd.step()
    theirs = torch.cat([w.detach(), b.detach()[None]])
    assert (history.parameters[-1] - theirs).norm() <= 1e-10 * theirs.norm()


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("n", [12, 4000])
def test_the_first_step_follows_the_slope_measured_by_finite_differences(n: int, gradient: Any) -> None:
    problem = random_problem(n, 3, seed=4)
    history = run(problem, Settings(gradient=gradient, learning_rate=0.01, epochs=1))
    start, h = history.parameters[0], 1e-5

    def loss(parameters: Tensor) -> float:
        return torch.mean((problem.features @ parameters[:-1] + parameters[-1] - problem.target) ** 2).item()

    slope = [(loss(start + h * axis) - loss(start - h * axis)) / (2 * h) for axis in torch.eye(4, dtype=torch.float64)]
    step = (history.parameters[0] - history.parameters[1]) / 0.01
    assert step.tolist() == pytest.approx(slope, rel=1e-7)


PROBLEMS = [students(), random_problem(30, 3, 1), random_problem(4, 6, 2), random_problem(5000, 5, 3)]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_rate_just_below_the_limit_converges(problem: Problem) -> None:
    history = run(problem, Settings(learning_rate=0.99 * problem.max_learning_rate, epochs=4000))
    assert history.outcome == "finished"
    assert history.losses[-1] - problem.optimum.loss <= 1e-3 * (history.losses[0] - problem.optimum.loss)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("gradient", GRADIENTS)
def test_a_rate_just_above_the_limit_diverges(problem: Problem, gradient: Any) -> None:
    rate = 1.01 * problem.max_learning_rate
    history = run(problem, Settings(learning_rate=rate, epochs=4000, gradient=gradient))
    assert history.outcome == "diverged"
    assert "1e12" in history.reason


@pytest.mark.parametrize("problem", [students(), random_problem(30, 3, 1), random_problem(5000, 2, 3)])
def test_no_rate_contracts_faster_than_the_best_one(problem: Problem) -> None:
    factors = torch.linspace(0.5, 1.0, 26, dtype=torch.float64)
    rates = [problem.best_learning_rate, *(factors * problem.max_learning_rate).tolist()]

    z = torch.cat([problem.features, torch.ones_like(problem.target)[:, None]], dim=1)
    directions = np.linalg.eigh((z.T @ z).numpy())[1].T

    def contraction(rate: float) -> float:
        """The factor by which an epoch shrinks the distance to the optimum along the slowest direction."""
        slowest = 0.0
        for direction in directions:
            start = tuple((problem.optimum.parameters + torch.tensor(direction)).tolist())
            history = run(problem, Settings(learning_rate=rate, epochs=1, start=start))
            slowest = max(slowest, (history.parameters[1] - problem.optimum.parameters).norm().item())
        return slowest

    best, *others = map(contraction, rates)
    assert best <= min(others) + 1e-12
    expected = (problem.condition_number - 1) / (problem.condition_number + 1)
    assert best == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("n", "d", "settings", "function"),
    [
        (5, 1, Settings(loss="mae"), gradients.by_hand),
        (5, 2, Settings(optimizer="momentum"), gradients.by_hand),
        (6000, 1, Settings(), gradients.by_hand_on_gram),
        (5, 1, Settings(gradient="autograd"), gradients.autograd),
        (6000, 1, Settings(gradient="autograd"), gradients.autograd),
    ],
)
def test_the_source_shown_is_that_of_the_function_that_runs(
    n: int, d: int, settings: Settings, function: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = random_problem(n, d)
    assert inspect.getsource(function) in source(problem, settings)
    calls = []

    def spy(*arguments: Any) -> Any:
        calls.append(arguments)
        return function(*arguments)

    monkeypatch.setattr(gradients, function.__name__, spy)
    run(problem, settings)
    assert calls


def test_the_source_shown_of_plain_descent_on_a_small_table_is_that_of_the_compiled_loops() -> None:
    assert inspect.getsource(compiled.descend) in source(students(), Settings())


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("d", [1, 3])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_the_compiled_loops_do_what_gradient_and_rule_do(
    d: int, precision: Literal["float32", "float64"], schedule: Literal["constant", "cosine"]
) -> None:
    problem = random_problem(29, d)
    settings = Settings(epochs=200, learning_rate=0.1, precision=precision, schedule=schedule)
    quick, plain = Descent(problem, settings), Descent(problem, settings)
    assert quick.is_compiled
    quick.begin()
    plain.begin()
    path, expected = quick.path(200), plain.path(200)
    quick.descend(path)
    rates = plain.rates(0, 200)[:, None].repeat(1, d + 1)
    descend(gradients.by_hand(plain.objective.loss), plain.rule, expected, rates, repeat(plain.arithmetic.rows))
    eps = torch.finfo(path.dtype).eps
    # Each of the 200 steps rounds a sum of 29 products; the steps' matrix shrinks what came before.
    assert (path - expected).abs().max() <= 200 * 29 * eps * expected.abs().max()


@pytest.mark.parametrize("n", [5, 6000])
def test_the_source_of_autograd_shows_its_loss_too(n: int) -> None:
    loss = gradients.mean_loss if n == 5 else gradients.quadratic
    assert inspect.getsource(loss) in source(random_problem(n, 1), Settings(gradient="autograd"))


def test_many_rows_step_on_the_gram_matrix_and_few_on_the_rows() -> None:
    assert arithmetic.SMALL_TABLE_VALUES < 6000 * 2
    assert "gram" not in source(students(), Settings())


def test_training_leaves_the_global_random_numbers_alone() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    run(students(), Settings(epochs=3))
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("start", [(1.0,), (1.0, 2.0, 3.0)])
def test_a_start_of_the_wrong_length_is_refused_in_a_sentence(start: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=rf"^The starting point has {len(start)} values; .* are 2\.$"):
        next(train(students(), Settings(start=start)))


@pytest.mark.parametrize("n", [5, 6000])
def test_a_start_that_is_given_is_where_the_descent_begins(n: int) -> None:
    problem = random_problem(n, 2)
    problem = Problem(problem.features, 1e6 * problem.target + 1e9)
    history = run(problem, Settings(start=(0.1, 0.2, 0.3), epochs=20))
    assert history.parameters[0].tolist() == [0.1, 0.2, 0.3]


def test_one_seed_gives_one_run_and_another_seed_another() -> None:
    first, again, other = (run(students(), Settings(seed=seed, epochs=20)) for seed in (3, 3, 4))
    assert torch.equal(first.losses, again.losses)
    assert not torch.equal(first.losses, other.losses)


def ravine() -> Problem:
    """Two features that hardly differ, under noise that hides their difference: the loss soon stops changing."""
    generator = torch.Generator().manual_seed(0)
    x, difference, noise = torch.randn(3, 300, generator=generator, dtype=torch.float64)
    return Problem(torch.stack([x, x + 1e-3 * difference], dim=1), 20 * x + difference + 10 * noise)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6])
def test_a_loss_that_stands_still_far_from_the_optimum_is_not_converged(tolerance: float) -> None:
    problem = ravine()
    history = run(problem, Settings(learning_rate=problem.max_learning_rate / 2, epochs=3000, tolerance=tolerance))
    losses = history.losses
    assert (losses[-11] - losses[-1]).abs() <= tolerance * losses[-11]
    assert history.outcome == "finished"
    left = problem.distance_left(history.parameters[-1], history.parameters[0]).item()
    assert left > 0.5
    assert history.reason == f"All 3,000 epochs are done. {left:.0%} of the way to the lowest point is left."


def test_identical_features_converge_though_the_loss_is_flat_between_them() -> None:
    x = random_problem(30, 1).features
    problem = Problem(torch.cat([x, x], dim=1), 3 * x[:, 0] + 1)
    history = run(problem, Settings(learning_rate=problem.max_learning_rate / 2, epochs=3000, tolerance=1e-6))
    assert history.outcome == "converged"


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_loss_of_zero_converges_though_its_rounding_never_stands_still(precision: Any) -> None:
    x = random_problem(30, 1).features
    problem = Problem(x, 3 * x[:, 0] + 1)
    # So small that no loss meets it, not even one whose rounding repeats every ten epochs.
    rate = problem.max_learning_rate / 2
    settings = Settings(learning_rate=rate, epochs=3000, tolerance=1e-300, precision=precision)
    history = run(problem, settings)
    assert history.outcome == "converged"
    assert history.losses[-1] < 1e-9 * history.losses[0]
    assert history.reason == "The loss changed by no more than its rounding over 10 epochs."
