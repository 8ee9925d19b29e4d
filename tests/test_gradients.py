"""For every loss and penalty, the gradient by hand, autograd and finite differences agree."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from app.controls.optimizer import CAPTIONS, TITLES, WIDGETS
from app.dataset.presets import DEFAULTS
from app.engine import HYPERPARAMETERS, Objective, Problem, Settings
from app.engine.arithmetic import Arithmetic
from app.engine.losses import loss_of
from app.engine.settings import CHOICES

LOSSES = CHOICES["loss"]


@st.composite
def objectives(draw: st.DrawFn) -> tuple[Objective, Settings, Tensor]:
    n, d, seed = draw(st.integers(1, 30)), draw(st.integers(1, 4)), draw(st.integers(0, 10_000))
    generator = torch.Generator().manual_seed(seed)
    x, y = (torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in ((n, d), (n,)))
    chosen = Settings(
        loss=draw(st.sampled_from(LOSSES)),
        delta=draw(st.floats(0.1, 3)),
        quantile=draw(st.floats(0.05, 0.95)),
        l1=draw(st.sampled_from([0.0, 0.3])),
        l2=draw(st.sampled_from([0.0, 0.2])),
    )
    where = 2 * torch.randn(d + 1, generator=generator, dtype=torch.float64)
    return Objective(Problem(x, 3 * y), chosen), chosen, where


def gradient(objective: Objective, chosen: Settings, where: Tensor) -> Tensor:
    arithmetic = Arithmetic(objective, chosen)
    return arithmetic.gradient(where - arithmetic.origin, arithmetic.rows).clone()


@settings(deadline=None, max_examples=200)
@given(objectives())
def test_by_hand_autograd_and_a_finite_difference_agree(case: tuple[Objective, Settings, Tensor]) -> None:
    objective, chosen, where = case
    by_hand = gradient(objective, chosen, where)
    autograd = gradient(objective, replace(chosen, gradient="autograd"), where)
    assert torch.allclose(by_hand, autograd, rtol=1e-9, atol=1e-9)
    h = 1e-6
    error = objective.problem.features @ where[:-1] + where[-1] - objective.problem.target
    kinks = torch.cat([error, error.abs() - chosen.delta, where[:-1]])
    assume((kinks.abs() > 1e-4).all())
    steps = h * torch.eye(len(where), dtype=torch.float64)
    measured = (objective.of(where + steps) - objective.of(where - steps)) / (2 * h)
    assert torch.allclose(by_hand, measured, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_at_a_kink_the_slope_by_hand_is_autograds(loss: Any) -> None:
    error = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64, requires_grad=True)
    found = loss_of(Settings(loss=loss, delta=1.0, quantile=0.8))
    found.of(error).sum().backward()  # type: ignore[no-untyped-call]
    assert error.grad is not None
    assert torch.allclose(found.slope(error.detach()), error.grad)


@pytest.mark.parametrize("loss", LOSSES)
def test_no_loss_overflows_where_its_value_does_not(loss: Any) -> None:
    found = loss_of(Settings(loss=loss))
    error = torch.tensor([-1e100, 1e100, 0.0], dtype=torch.float64)
    assert found.of(error).isfinite().all()
    assert found.of(error)[2] == 0
    assert (found.of(error) >= 0).all()


def test_every_choice_has_a_title_a_word_and_its_widgets() -> None:
    for key, names in CHOICES.items():
        if key in TITLES:
            assert tuple(TITLES[key]) == names
            assert set(names) <= set(CAPTIONS)
    used = {name for names in HYPERPARAMETERS.values() for name in names}
    assert used == {*WIDGETS, "zero_grad"}
    assert used <= set(DEFAULTS)
    assert {name for names in CHOICES.values() for name in names} >= set(HYPERPARAMETERS)
