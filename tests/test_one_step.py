"""The numbers of one step are the run's, and each is computed a second way."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import Problem, Settings, run
from app.engine.one_step import one_step
from app.engine.optimizers import OPTIMIZERS
from app.engine.settings import CHOICES
from app.tabs.one_step import rounding
from app.wording import readable

STUDENTS = Problem([[2.0], [4.0], [6.0], [8.0], [10.0]], [75.0, 80.0, 90.0, 94.0, 98.0])
SMALL = Settings(epochs=40, learning_rate=0.004, tolerance=0)


def drawn(n: int = 30, d: int = 2, seed: int = 0) -> Problem:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, d, generator=generator, dtype=torch.float64)
    return Problem(x, x.sum(dim=1) + torch.randn(n, generator=generator, dtype=torch.float64))


def test_the_students_first_step_is_the_one_on_the_blackboard() -> None:
    chosen = replace(SMALL, start=(0.0, 0.0))
    step = one_step(STUDENTS, chosen, run(STUDENTS, chosen), 0)
    assert step.errors.tolist() == [-75.0, -80.0, -90.0, -94.0, -98.0]
    assert step.sums.tolist() == [-2742.0, -437.0]
    assert step.by_hand.tolist() == pytest.approx([-2 * 2742 / 5, -2 * 437 / 5])
    assert step.after.tolist() == pytest.approx([0.004 * 2 * 2742 / 5, 0.004 * 2 * 437 / 5])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_one_step_leads_to_the_runs_next_state(optimizer: Any, batch_size: int, schedule: Any) -> None:
    problem = drawn()
    chosen = replace(SMALL, optimizer=optimizer, batch_size=batch_size, schedule=schedule, learning_rate=0.01)
    history = run(problem, chosen)
    size = history.updates_per_epoch
    path = history.path if size > 1 else history.parameters
    for epoch, update in ((0, 0), (17, size - 1), (39, 0)):
        step = one_step(problem, chosen, history, epoch, update)
        assert torch.equal(step.before, path[epoch * size + update])
        assert torch.equal(step.after, path[epoch * size + update + 1])


def test_the_gradient_that_is_shown_leads_from_the_state_before_to_the_one_after() -> None:
    problem = drawn()
    history = run(problem, SMALL)
    for epoch in (0, 17, 39):
        step = one_step(problem, SMALL, history, epoch)
        # Both states are rounded sums of an optimum and a distance from it, and a gradient is a rounded sum of n terms.
        sizes = step.before.abs() + step.after.abs() + problem.optimum.parameters.abs()
        terms = 2 / step.n_rows * (problem.features.abs().T @ (problem.target.abs() + 1)).amax() + 1
        bound = torch.finfo(torch.float64).eps * (2 * sizes + step.rate * (problem.n_rows + 2) * terms)
        assert ((step.before - step.rate * step.gradient - step.after).abs() <= bound).all()


@pytest.mark.parametrize(("problem", "chosen"), [
    (STUDENTS, replace(SMALL, precision="float32")),
    (drawn(d=3), replace(SMALL, precision="float32")),
    (drawn(6000, 2), SMALL),
    (drawn(), replace(SMALL, gradient="autograd")),
])  # fmt: skip
def test_one_step_is_the_runs_in_every_arithmetic(problem: Problem, chosen: Settings) -> None:
    history = run(problem, chosen)
    step = one_step(problem, chosen, history, 3)
    assert torch.equal(step.after, history.parameters[4])
    close = 1e-4 if chosen.precision == "float32" else 1e-9
    assert torch.allclose(step.gradient.double(), step.by_hand, rtol=close, atol=close)


@settings(deadline=None, max_examples=60)
@given(
    loss=st.sampled_from(CHOICES["loss"]),
    penalties=st.sampled_from([(0.0, 0.0), (0.2, 0.0), (0.1, 0.3)]),
    batch_size=st.sampled_from([0, 1, 7]),
    seed=st.integers(0, 1000),
)
def test_by_hand_autograd_and_a_difference_are_one_gradient(
    loss: Any, penalties: tuple[float, float], batch_size: int, seed: int
) -> None:
    problem = drawn(seed=seed)
    chosen = replace(SMALL, loss=loss, l1=penalties[0], l2=penalties[1], batch_size=batch_size, seed=seed)
    step = one_step(problem, chosen, run(problem, chosen), 20, most=100)
    assert torch.allclose(step.by_hand, step.autograd, rtol=1e-9, atol=1e-9)
    assert torch.allclose(step.gradient, step.by_hand, rtol=1e-9, atol=1e-9)
    assert torch.allclose(step.products.sum(dim=0), step.sums)
    if (step.errors.abs() > 1e-3).all() and ((step.errors.abs() - chosen.delta).abs() > 1e-3).all():
        assert torch.allclose(step.by_hand, step.difference, rtol=1e-5, atol=1e-7)


def test_a_branchs_step_goes_on_with_what_the_rule_remembers() -> None:
    chosen = replace(SMALL, optimizer="momentum")
    history = run(STUDENTS, chosen)
    step = one_step(STUDENTS, chosen, history, 25)
    velocity = torch.zeros(2, dtype=torch.float64)
    for now in history.parameters[:26]:
        error = STUDENTS.features @ now[:-1] + now[-1] - STUDENTS.target
        gradient = 2 / 5 * torch.cat([STUDENTS.features.T @ error, error.sum()[None]])
        velocity = chosen.momentum * velocity + gradient
    assert torch.allclose(step.memory["velocity"], velocity)
    assert "v ← μ v + g" in step.formula


def test_the_tab_says_how_far_float32_is_from_the_exact_gradient() -> None:
    exact = one_step(STUDENTS, SMALL, run(STUDENTS, SMALL), 3)
    assert rounding(exact) == ""
    single = replace(SMALL, precision="float32")
    step = one_step(STUDENTS, single, run(STUDENTS, single), 3)
    apart = max(abs(float(own) - float(other)) for own, other in zip(step.gradient, step.by_hand, strict=True))
    assert apart > 0
    assert f"up to {readable(apart, 1)} from" in rounding(step)
