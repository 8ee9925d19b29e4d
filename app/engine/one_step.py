"""One update of a run, taken apart so that every number in it can be checked."""

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import torch
from torch import Tensor

from app.engine.batches import order
from app.engine.descent import Descent
from app.engine.gradients import autograd as by_autograd
from app.engine.history import History
from app.engine.problem import Problem
from app.engine.settings import Settings

Value = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class OneStep:
    """The update that follows a state of a run, in the units that the descent steps in.

    Of its `n_rows` rows the first ones, at most so many as were asked for: their `positions` among the problem's
    rows [m], `features` [m, d], `target`, `predictions`, `errors` and `slopes` [m], and `products` [m, d + 1] of the
    slope with each feature and 1. A slope is that of the loss by the prediction over `factor`: the error and 2 for
    squared errors, and 1 for other losses.
    `sums` [d + 1] are the products' over all rows, so that `by_hand` = factor / n_rows · sums + `penalty`. `autograd`
    and `difference`, a central one, are the same gradient found otherwise, all three from the rows in float64;
    `gradient` is what the run stepped by. `before`, `after`, `rate` [d + 1] and `memory`, what the rule remembers by
    name, are the run's own; `updates` are those that Adam has counted, this one too. `settings` are those of this step
    and `formula` says how it steps. `lines` are those of the source that predict, that find the
    gradient and that step.
    """

    n_rows: int
    positions: Tensor
    features: Tensor
    target: Tensor
    predictions: Tensor
    errors: Tensor
    slopes: Tensor
    products: Tensor
    factor: float
    sums: Tensor
    penalty: Tensor
    by_hand: Tensor
    autograd: Tensor
    difference: Tensor
    gradient: Tensor
    before: Tensor
    after: Tensor
    rate: Tensor
    memory: dict[str, Tensor]
    updates: int
    settings: Settings
    formula: str
    lines: tuple[str, str, str]


def one_step(
    problem: Problem, settings: Settings, history: History, epoch: int, update: int = 0, *, most: int = 6
) -> OneStep:
    """What the run with these settings does after so many epochs, and updates of the next; up to `most` rows of it."""
    descent = Descent(problem, settings)
    descent.resume(history, epoch)
    taken = descent.step_after(update)
    before, after = _recorded(history, epoch * descent.updates_per_epoch + update) or (taken.before, taken.after)
    now = before.double()
    batch = _positions(problem, settings, descent.updates_per_epoch, epoch, update)
    x, y = (problem.features, problem.target) if batch is None else (problem.features[batch], problem.target[batch])
    objective, loss = descent.objective, descent.objective.loss
    errors = x @ now[:-1] + now[-1] - y
    slopes, factor = (errors, 2.0) if objective.is_quadratic else (loss.slope(errors), 1.0)
    sums = torch.cat([x.T @ slopes, slopes.sum()[None]])
    penalty = torch.cat([2 * objective.l2 * now[:-1] + objective.l1 * now[:-1].sign(), now.new_zeros(1)])

    def value(parameters: Tensor) -> Tensor:
        return loss.of(x @ parameters[:-1] + parameters[-1] - y).mean() + objective.penalty(parameters)

    first = slice(most)
    return OneStep(
        n_rows=len(y),
        positions=torch.arange(len(y))[first] if batch is None else batch[first],
        features=x[first],
        target=y[first],
        predictions=errors[first] + y[first],
        errors=errors[first],
        slopes=slopes[first],
        products=slopes[first, None] * torch.cat([x[first], x.new_ones(len(x[first]), 1)], dim=1),
        factor=factor,
        sums=sums,
        penalty=penalty,
        by_hand=factor / len(y) * sums + penalty,
        autograd=_autograd(value, now),
        difference=_difference(value, now),
        gradient=taken.gradient,
        before=before,
        after=after,
        rate=taken.rate,
        memory={name: held for name, held in vars(descent.rule).items() if isinstance(held, Tensor)},
        updates=getattr(descent.rule, "updates", 0),
        settings=settings,
        formula=" ".join(inspect.getdoc(type(descent.rule)).split()).split(". ")[0] + ".",  # type: ignore[union-attr]
        lines=_lines(descent, settings),
    )


def _recorded(history: History, update: int) -> tuple[Tensor, Tensor] | None:
    """The run's own states before and after an update, where both were recorded."""
    states = history.parameters if history.updates_per_epoch == 1 else history.path
    return (states[update], states[update + 1]) if update + 1 < len(states) else None


def _positions(problem: Problem, settings: Settings, updates: int, epoch: int, update: int) -> Tensor | None:
    """Which rows the update sees; none for all of them in their order."""
    if updates == 1:
        return None
    size = settings.batch_size
    return order(problem.n_rows, settings.seed, epoch)[update * size : (update + 1) * size]


def _autograd(value: Value, where: Tensor) -> Tensor:
    where = where.clone().requires_grad_()
    value(where).backward()  # type: ignore[no-untyped-call]
    assert where.grad is not None
    return where.grad


def _difference(value: Value, where: Tensor) -> Tensor:
    """(L(θ + h) − L(θ − h)) / 2h, with the h at which cutting off and rounding weigh the same."""
    found = torch.empty_like(where)
    for i, parameter in enumerate(where.tolist()):
        h = torch.zeros_like(where)
        h[i] = torch.finfo(where.dtype).eps ** (1 / 3) * max(abs(parameter), 1.0)
        found[i] = (value(where + h) - value(where - h)) / (2 * h[i])
    return found


def _lines(descent: Descent, settings: Settings) -> tuple[str, str, str]:
    form, rule = descent.arithmetic.shown_source[0], type(descent.rule)
    body = _body(form)
    if settings.gradient == "autograd":
        return "\n".join(body), "\n".join(_body(by_autograd)), "\n".join(_body(rule.step))
    return "\n".join(body[:-1]), body[-1], "\n".join(_body(rule.step))


def _body(function: Any) -> list[str]:
    """The source of each statement of a function, or of the function that it makes."""
    text = dedent(inspect.getsource(function))
    made = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    found, every = made[min(1, len(made) - 1)], text.splitlines()
    return [dedent("\n".join(every[node.lineno - 1 : node.end_lineno])) for node in found.body]
