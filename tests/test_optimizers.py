"""Every update rule and schedule against torch.optim, in the same batches."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from app.engine import Problem, Settings, run
from app.engine.batches import batches
from app.engine.gradients import Rows
from app.engine.losses import loss_of
from app.engine.settings import CHOICES
from tests.problems import random_problem

Optimizer = Callable[[list[Tensor]], torch.optim.Optimizer]
optim: Any = torch.optim

RATE = 0.0005
"""Too small to arrive, as RMSProp and Adam oscillate about the optimum and multiply every rounding error."""

RULES: list[tuple[dict[str, Any], Optimizer]] = [
    ({"optimizer": "gradient_descent"}, lambda p: optim.SGD(p, lr=RATE)),
    *[
        ({"optimizer": "momentum", "momentum": mu}, lambda p, mu=mu: optim.SGD(p, lr=RATE, momentum=mu))
        for mu in (0.0, 0.5, 0.9)
    ],
    *[
        ({"optimizer": "nesterov", "momentum": mu}, lambda p, mu=mu: optim.SGD(p, lr=RATE, momentum=mu, nesterov=True))
        for mu in (0.5, 0.9)
    ],
    ({"optimizer": "adagrad"}, lambda p: optim.Adagrad(p, lr=RATE)),
    ({"optimizer": "adagrad", "epsilon": 0.1}, lambda p: optim.Adagrad(p, lr=RATE, eps=0.1)),
    ({"optimizer": "rmsprop"}, lambda p: optim.RMSprop(p, lr=RATE)),
    (
        {"optimizer": "rmsprop", "smoothing": 0.9, "epsilon": 1e-3},
        lambda p: optim.RMSprop(p, lr=RATE, alpha=0.9, eps=1e-3),
    ),
    ({"optimizer": "adam"}, lambda p: optim.Adam(p, lr=RATE)),
    (
        {"optimizer": "adam", "beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
        lambda p: optim.Adam(p, lr=RATE, betas=(0.5, 0.9), eps=1e-3),
    ),
    ({"optimizer": "adamw"}, lambda p: optim.AdamW(p, lr=RATE)),
    (
        {"optimizer": "adamw", "beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3, "weight_decay": 0.3},
        lambda p: optim.AdamW(p, lr=RATE, betas=(0.5, 0.9), eps=1e-3, weight_decay=0.3),
    ),
]

SCHEDULES: list[tuple[dict[str, Any], Callable[[Any], Any]]] = [
    ({"schedule": "step", "period": 7, "drop": 0.5}, lambda o: optim.lr_scheduler.StepLR(o, 7, 0.5)),
    (
        {"schedule": "exponential", "period": 10, "drop": 0.5},
        lambda o: optim.lr_scheduler.ExponentialLR(o, 0.5**0.1),
    ),
    ({"schedule": "cosine"}, lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 60)),
    ({"schedule": "inverse", "period": 20}, lambda o: optim.lr_scheduler.LambdaLR(o, lambda k: 1 / (1 + k / 20))),
    ({"schedule": "warm_up", "period": 20}, lambda o: optim.lr_scheduler.LinearLR(o, 1 / 20, 1.0, 19)),
]


def theirs(
    given: Problem, settings: Settings, optimizer: Optimizer, schedule: Callable[[Any], Any] | None = None
) -> Tensor:
    """Parameters [epochs + 1, d + 1] of PyTorch's own loop in our order of rows; the bias is one more weight."""
    parameters = run(given, Settings(epochs=0, seed=settings.seed)).parameters[0].clone().requires_grad_()
    steps = optimizer([parameters])
    scheduler = schedule(steps) if schedule else None
    size = settings.batch_size or given.n_rows
    design = torch.cat([given.features, torch.ones_like(given.target)[:, None]], dim=1)
    order = batches(Rows(design, given.target), settings.batch_size, settings.seed, 0)
    states = [parameters.detach().clone()]
    for _ in range(settings.epochs):
        for _ in range(-(-given.n_rows // size)):
            z, y = next(order)
            if not settings.accumulates:
                steps.zero_grad()
            loss = loss_of(settings).of(z @ parameters - y).mean()
            if settings.l1 or settings.l2:
                weights = parameters[:-1]
                loss = loss + settings.l2 * weights.square().sum() + settings.l1 * weights.abs().sum()
            loss.backward()  # type: ignore[no-untyped-call]
            steps.step()
        if scheduler:
            scheduler.step()
        states.append(parameters.detach().clone())
    return torch.stack(states)


def assert_as_torch(given: Problem, settings: Settings, optimizer: Optimizer, schedule: Any = None) -> None:
    """Check that the descent by hand and by autograd has the states of PyTorch's own loop."""
    there = theirs(given, settings, optimizer, schedule)
    gradients: tuple[Any, ...] = ("by_hand", "autograd") if settings.zero_grad else ("autograd",)
    for gradient in gradients:
        ours = run(given, dataclasses.replace(settings, gradient=gradient)).parameters
        assert ours.shape == there.shape
        assert ((ours - there).abs() / there.abs().clamp(min=1e-3)).max() <= 1e-10


@pytest.mark.parametrize("n", [40, 4000], ids=["rows", "gram"])
@pytest.mark.parametrize(("chosen", "optimizer"), RULES, ids=[str(chosen) for chosen, _ in RULES])
def test_two_hundred_steps_of_every_rule_are_those_of_torch(
    chosen: dict[str, Any], optimizer: Optimizer, n: int
) -> None:
    given = random_problem(n, 3, seed=n + 3)
    settings = Settings(learning_rate=RATE, epochs=200, **chosen)
    assert_as_torch(given, settings, optimizer)


@pytest.mark.parametrize("chosen", [{"batch_size": 1}, {"batch_size": 7}, {"batch_size": 39}, {"batch_size": 100}])
@pytest.mark.parametrize(("rule", "optimizer"), [RULES[0], RULES[2], RULES[10], RULES[12]])
def test_batches_step_as_torch_does_on_the_same_rows(
    rule: dict[str, Any], optimizer: Optimizer, chosen: dict[str, Any]
) -> None:
    given = random_problem(40, 3, seed=43)
    settings = Settings(learning_rate=RATE, epochs=10, **rule, **chosen)
    assert_as_torch(given, settings, optimizer)


@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize(("chosen", "optimizer"), RULES, ids=[str(chosen) for chosen, _ in RULES])
def test_without_zero_grad_gradients_add_up_as_torchs_do(
    chosen: dict[str, Any], optimizer: Optimizer, batch_size: int
) -> None:
    given = random_problem(40, 3, seed=43)
    settings = Settings(
        learning_rate=RATE, epochs=40, batch_size=batch_size, gradient="autograd", zero_grad=False, **chosen
    )
    assert_as_torch(given, settings, optimizer)


@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize(("chosen", "schedule"), SCHEDULES, ids=[str(chosen) for chosen, _ in SCHEDULES])
def test_every_schedule_changes_the_rate_as_torch_does(
    chosen: dict[str, Any], schedule: Callable[[Any], Any], batch_size: int
) -> None:
    given = random_problem(40, 3, seed=43)
    settings = Settings(learning_rate=RATE, epochs=60, batch_size=batch_size, **chosen)
    assert_as_torch(given, settings, RULES[0][1], schedule)


LOSSES: list[dict[str, Any]] = [
    {"loss": "mae"},
    {"loss": "huber", "delta": 0.3},
    {"loss": "log_cosh"},
    {"loss": "quantile", "quantile": 0.8},
]


def test_every_rule_and_every_loss_is_held_to_torch() -> None:
    assert {chosen["optimizer"] for chosen, _ in RULES} == set(CHOICES["optimizer"])
    assert {"mse", *(chosen["loss"] for chosen in LOSSES)} == set(CHOICES["loss"])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("penalty", [{}, {"l2": 0.1}, {"l1": 0.1}, {"l1": 0.05, "l2": 0.1}])
def test_every_loss_and_penalty_steps_as_torch_does(loss: dict[str, Any], penalty: dict[str, Any]) -> None:
    given = random_problem(40, 3, seed=43)
    settings = Settings(learning_rate=RATE, epochs=100, **loss, **penalty)
    assert_as_torch(given, settings, RULES[0][1])


@pytest.mark.parametrize("penalty", [{"l2": 0.1}, {"l1": 0.1}, {"l1": 0.05, "l2": 0.1}])
@pytest.mark.parametrize("n", [40, 4000], ids=["rows", "gram"])
def test_penalized_squared_errors_step_as_torch_does(penalty: dict[str, Any], n: int) -> None:
    given = random_problem(n, 3, seed=n + 3)
    settings = Settings(learning_rate=RATE, epochs=100, **penalty)
    assert_as_torch(given, settings, RULES[0][1])
