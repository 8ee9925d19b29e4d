"""Autograd without zero_(): gradients add up, so a descent swings; theory and the page promise nothing for it."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from app.engine import Problem, Settings, run, train
from app.engine.objective import Objective
from app.engine.one_step import one_step
from app.engine.rates import (
    better_learning_rate,
    epochs_needed,
    fastest_learning_rate,
    growth,
    is_predictable,
    max_learning_rate,
)  # fmt: skip
from app.engine.sweep import sweeping
from app.runs.link import segments_from, text_of_segments
from app.runs.segments import Segment
from tests.notebook import HOURS, SCORES, notebook_autograd
from tests.page import message, sentence, visit
from tests.problems import random_problem, students

UNCLEARED = Settings(gradient="autograd", zero_grad=False, learning_rate=0.01, epochs=300)


def notebook_without_zero(epochs: int) -> list[float]:
    """The losses of the notebook's loop with autograd, without its two calls of zero_()."""
    x, y = torch.tensor(HOURS), torch.tensor(SCORES)
    torch.manual_seed(42)
    w = torch.randn(1, requires_grad=True)
    b = torch.randn(1, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = torch.mean((x * w + b - y) ** 2)
        losses.append(loss.item())
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            assert w.grad is not None
            assert b.grad is not None
            w -= 0.01 * w.grad
            b -= 0.01 * b.grad
    return losses


def test_the_notebooks_loop_without_zero_is_the_page_to_the_last_bit() -> None:
    history = run(students(), replace(UNCLEARED, precision="float32"))
    assert history.losses[:-1].tolist() == notebook_without_zero(300)
    assert history.losses[:3].tolist() != notebook_autograd(torch.tensor(HOURS), torch.tensor(SCORES), 3)


def test_plain_descent_swings_without_dying_out() -> None:
    problem = students("standardize")
    losses = run(problem, replace(UNCLEARED, epochs=2000)).losses
    first = losses[0].item()
    for part in losses[1:].reshape(5, 400):
        assert part.max() > 0.8 * first
        assert part.min() < 0.2 * first


def test_it_is_momentum_that_keeps_all_its_speed() -> None:
    problem = random_problem(20, 2)
    almost = Settings(learning_rate=0.01, epochs=100, optimizer="momentum", momentum=1 - 1e-12)
    apart = run(problem, UNCLEARED).parameters[:101] - run(problem, almost).parameters
    assert apart.abs().max() < 1e-8


def test_gradients_by_hand_have_nothing_to_clear() -> None:
    by_hand = replace(UNCLEARED, gradient="by_hand")
    assert torch.equal(run(students(), by_hand).losses, run(students(), replace(by_hand, zero_grad=True)).losses)
    assert "zero_grad" not in by_hand.in_use
    assert "zero_grad" in UNCLEARED.in_use


@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "nesterov", "adam"])
def test_a_sweep_adds_gradients_up_as_a_run_does(optimizer: Any, batch_size: int) -> None:
    problem = random_problem(20, 2)
    chosen = replace(UNCLEARED, optimizer=optimizer, batch_size=batch_size, epochs=30)
    *_, swept = sweeping(problem, chosen, "learning_rate", (0.001, 0.01))
    for rate, losses in zip((0.001, 0.01), swept.losses, strict=True):
        torch.testing.assert_close(losses, run(problem, replace(chosen, learning_rate=rate)).losses, rtol=1e-9, atol=0)


@pytest.mark.parametrize("at", [0, 17, 40])
def test_a_branch_goes_on_with_what_has_added_up(at: int) -> None:
    problem, chosen = random_problem(20, 2), replace(UNCLEARED, epochs=60, batch_size=7)
    whole = run(problem, chosen)
    *_, branched = train(problem, chosen, after=whole, at=at)
    assert torch.equal(branched.parameters, whole.parameters)
    cleared = replace(chosen, zero_grad=True)
    *_, branched = train(problem, cleared, after=whole, at=at)
    rest = run(problem, replace(cleared, start=tuple(whole.parameters[at].tolist()), epochs=1))
    if at == 0:  # another epoch has its rows in another order
        assert torch.allclose(branched.parameters[1], rest.parameters[1], rtol=1e-12)


def test_one_step_shows_the_sum_that_it_steps_by() -> None:
    problem = students()
    history = run(problem, UNCLEARED)
    step = one_step(problem, UNCLEARED, history, 4)
    design = torch.cat([problem.features, torch.ones(5, 1)], dim=1)
    gradients = [2 / 5 * design.T @ (design @ now - problem.target) for now in history.parameters[:5]]
    torch.testing.assert_close(step.gradient, torch.stack(gradients).sum(0), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(step.by_hand, gradients[-1], rtol=1e-9, atol=1e-9)
    assert step.memory == {}


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "nesterov"])
def test_theory_says_nothing_of_gradients_that_add_up(optimizer: Any) -> None:
    chosen = replace(UNCLEARED, optimizer=optimizer)
    objective = Objective(Problem([[1.0], [2.0], [4.0]], [1.0, 2.0, 2.0]), chosen)
    for asked in (max_learning_rate, fastest_learning_rate, better_learning_rate, epochs_needed, growth):
        assert asked(objective, replace(chosen, zero_grad=True)) is not None or asked is better_learning_rate
        assert asked(objective, chosen) is None
    assert not is_predictable(objective, chosen)


def test_a_links_segment_keeps_it() -> None:
    segments = (Segment(100, UNCLEARED),)
    assert segments_from(text_of_segments(segments)) == segments
    assert segments_from("100 gradient=autograd zero_grad=perhaps") == ()


def test_the_switch_is_there_with_autograd_and_the_page_offers_no_rate() -> None:
    page = visit(gradient="autograd", zero_grad="false", precision="float64")
    assert [box.label for box in page.checkbox if "zero" in box.label] == ["Clear the gradients each step: `zero_()`"]
    assert "clear them with zero_()" in sentence(page)
    assert not [button for button in page.button if button.label.startswith("Set rate")]
    settings = Settings(gradient="autograd", zero_grad=False)
    assert message(page)["frames"]["loss"].tolist() == run(students(), settings).losses.tolist()
    assert not [box for box in visit().checkbox if "zero" in box.label]
