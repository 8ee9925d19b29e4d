"""One update of a run with every number in it, to be checked by hand."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from app.engine.batches import order
from app.engine.descent import Descent
from app.engine.history import History
from app.engine.problem import Problem
from app.engine.settings import Settings

Value = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class OneStep:
    """One update of a run, in the units that the descent steps in.

    The first m of the rows in its batch are listed. Sums and gradients are over all of them, in float64.
    """

    n_rows: int
    """Rows in the batch."""

    positions: Tensor
    """[m] of the listed rows among the problem's."""

    features: Tensor
    """[m, d]"""

    target: Tensor
    """[m]"""

    predictions: Tensor
    """[m]"""

    errors: Tensor
    """Prediction − target [m]."""

    slopes: Tensor
    """Derivative of the loss with respect to the prediction [m], over `factor`: of squared errors, the error."""

    products: Tensor
    """Slope × feature, and slope × 1 for the bias [m, d + 1]."""

    factor: float
    """2 for squared errors, 1 for other losses."""

    sums: Tensor
    """Sums of the products over the batch [d + 1]."""

    penalty: Tensor
    """The penalty's gradient [d + 1]."""

    by_hand: Tensor
    """The gradient [d + 1]: factor / n_rows · sums + penalty."""

    autograd: Tensor
    """The same by PyTorch [d + 1]."""

    difference: Tensor
    """The same by central differences of the loss [d + 1]."""

    gradient: Tensor
    """What the run stepped by [d + 1], in its own precision: this gradient, or the sum of all that were not cleared."""

    before: Tensor
    """The run's parameters [d + 1] before the update."""

    after: Tensor
    """And after it."""

    rate: Tensor
    """The learning rate of this update [d + 1]."""

    memory: dict[str, Tensor]
    """What the update rule remembers after it, by name, each [d + 1]."""

    updates: int
    """Updates counted by Adam, including this one; 0 for rules that do not count."""

    settings: Settings
    """Those of this update."""

    formula: str
    """The update rule."""


def one_step(
    problem: Problem, settings: Settings, history: History, epoch: int, update: int = 0, *, most: int = 6
) -> OneStep:
    """The update of a run after `epoch` epochs and `update` updates of the next, with up to `most` of its rows."""
    descent = Descent(problem, settings)
    descent.resume(history, epoch)
    done = descent.step_after(update)
    before, after = _recorded(history, epoch * descent.updates_per_epoch + update) or (done.before, done.after)
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
        gradient=done.gradient,
        before=before,
        after=after,
        rate=done.rate,
        memory={
            name: held for name, held in vars(descent.rule).items() if isinstance(held, Tensor) and name != "gradients"
        },
        updates=getattr(descent.rule, "updates", 0),
        settings=settings,
        formula=" ".join(inspect.getdoc(type(descent.rule)).split()).split(". ")[0] + ".",  # type: ignore[union-attr]
    )


def _recorded(history: History, update: int) -> tuple[Tensor, Tensor] | None:
    """The run's own states before and after an update, where both were recorded."""
    states = history.parameters if history.updates_per_epoch == 1 else history.path
    return (states[update], states[update + 1]) if update + 1 < len(states) else None


def _positions(problem: Problem, settings: Settings, updates: int, epoch: int, update: int) -> Tensor | None:
    """Positions of the rows in the batch; None for all rows in their own order."""
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
    """(L(θ + h) − L(θ − h)) / 2h, with the h that balances truncation and rounding errors."""
    found = torch.empty_like(where)
    for i, parameter in enumerate(where.tolist()):
        h = torch.zeros_like(where)
        h[i] = torch.finfo(where.dtype).eps ** (1 / 3) * max(abs(parameter), 1.0)
        found[i] = (value(where + h) - value(where - h)) / (2 * h[i])
    return found
