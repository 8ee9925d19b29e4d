"""Walk down the loss, epoch by epoch, and know when to stop."""

import inspect
import math
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from app.engine import gradients
from app.engine.history import History
from app.engine.problem import Problem
from app.engine.settings import Settings

LARGE = 10_000
"""Numbers in [X 1] beyond which the descent steps on the Gram matrix instead of the rows."""

WINDOW = 10
"""Epochs over which the loss must have stood still to count as converged."""

NEAR = 0.01
"""Share of the way to the optimum that may be left: in a long flat valley the loss stands still far from it."""

BEYOND = 1e12
"""A loss so many times the first one has diverged."""


def train(problem: Problem, settings: Settings) -> Iterator[History]:
    """Yield the same History, longer each time, until its outcome is no longer "running".

    Raises ValueError when `settings.start` does not fit the problem's features.
    """
    descent = _OnGram(problem, settings) if _is_large(problem) else _OnRows(problem, settings)
    start = _start(problem, settings)
    history = History(settings.epochs, start)
    state = start - descent.origin
    history.record(0, start[None], descent.losses(state[None]))
    _judge(history, problem, settings, since=0)
    chunk = 128
    while history.outcome == "running":
        began = time.perf_counter()
        first = history.epochs
        path = state.new_empty(min(chunk, settings.epochs - first) + 1, len(state))
        path[0] = state
        descent.walk(path)
        state = path[-1].clone()
        history.record(first + 1, path[1:] + descent.origin, descent.losses(path[1:]))
        _judge(history, problem, settings, since=first)
        if time.perf_counter() - began < 0.02:
            chunk = min(2 * chunk, descent.longest_chunk)
        yield history
    if history.epochs == 0:
        yield history


def run(problem: Problem, settings: Settings) -> History:
    """The whole descent at once."""
    *_, history = train(problem, settings)
    return history


def source(problem: Problem, settings: Settings) -> str:
    """The source of the step that these settings run."""
    large = _is_large(problem)
    shown: list[Callable[..., object]]
    if settings.gradient == "autograd":
        shown = [gradients.quadratic if large else gradients.mean_squared_error, gradients.autograd]
    elif large:
        shown = [gradients.by_hand_on_gram]
    else:
        shown = [_by_hand(problem.features.to(getattr(torch, settings.precision)))]
    return "\n\n".join(inspect.getsource(function) for function in shown)


class _OnRows:
    """The notebook's arithmetic: every epoch reads every row.

    In float32 on the target itself, as the notebook does, digit for digit. In float64
    on what the least squares leave of it, measured from there: the same descent, but
    the distance that is left keeps its digits however small it becomes.
    """

    def __init__(self, problem: Problem, settings: Settings) -> None:
        dtype = getattr(torch, settings.precision)
        self.x, self.y = problem.features.to(dtype), problem.target.to(dtype)
        self.origin = torch.zeros(problem.n_features + 1, dtype=dtype)
        if dtype == torch.float64:
            self.origin, self.y = problem.optimum.parameters, problem.residuals
        self.rate = torch.tensor(settings.learning_rate, dtype=dtype)
        self.by_hand = _by_hand(self.x) if settings.gradient == "by_hand" else None
        self.longest_chunk = max(128, 2_000_000 // len(self.y))

    def walk(self, path: Tensor) -> None:
        if self.by_hand:
            self.by_hand(self.x, self.y, self.rate, path)
        else:
            gradients.autograd(gradients.mean_squared_error(self.x, self.y), self.rate, path)

    def losses(self, path: Tensor) -> Tensor:
        predictions = path[:, :-1] @ self.x.T + path[:, -1:]
        return torch.mean((predictions - self.y) ** 2, dim=1)


class _OnGram:
    """The same descent on ZᵀZ/n, measured from the optimum: an epoch costs the same for any number of rows.

    Distances from the optimum shrink without cancellation, and a loss is the lowest
    one plus what lies above it, never a difference of large numbers.
    """

    def __init__(self, problem: Problem, settings: Settings) -> None:
        dtype = getattr(torch, settings.precision)
        self.problem = problem
        self.gram = problem.gram.to(dtype)
        self.origin = problem.optimum.parameters.to(dtype)
        self.rate = torch.tensor(settings.learning_rate, dtype=dtype)
        self.by_hand = settings.gradient == "by_hand"
        self.longest_chunk = 16_384

    def walk(self, path: Tensor) -> None:
        if self.by_hand:
            gradients.by_hand_on_gram(self.gram, self.rate, path)
        else:
            gradients.autograd(gradients.quadratic(self.gram), self.rate, path)

    def losses(self, path: Tensor) -> Tensor:
        return (self.problem.optimum.loss + self.problem.excess(path)).to(path.dtype)


def _by_hand(x: Tensor) -> Callable[[Tensor, Tensor, Tensor, Tensor], None]:
    return gradients.by_hand_row_by_row if gradients.row_by_row_shows(x) else gradients.by_hand


def _is_large(problem: Problem) -> bool:
    return problem.n_rows * (problem.n_features + 1) > LARGE


def _start(problem: Problem, settings: Settings) -> Tensor:
    """Weights, then the bias [d + 1], drawn in the notebook's order unless they are given."""
    dtype = getattr(torch, settings.precision)
    if settings.start:
        if len(settings.start) != problem.n_features + 1:
            raise ValueError(
                f"The starting point has {len(settings.start)} values; "
                f"{problem.n_features} weights and a bias are {problem.n_features + 1}."
            )
        return torch.tensor(settings.start, dtype=dtype)
    generator = torch.Generator().manual_seed(settings.seed)
    weights = torch.randn(problem.n_features, generator=generator)
    bias = torch.randn(1, generator=generator)
    return torch.cat([weights, bias]).to(dtype)


def _judge(history: History, problem: Problem, settings: Settings, *, since: int) -> None:
    """End the run at the first epoch after `since` that diverged, or stood still near the optimum, or at the last."""
    losses = history.losses[since:].double()
    limit = BEYOND * (history.losses[0].item() or math.inf)
    beyond = (~((losses <= limit) & losses.isfinite())).nonzero()
    if len(beyond):
        epoch = since + int(beyond[0])
        finite = bool(torch.isfinite(history.parameters[epoch]).all() and losses[epoch - since].isfinite())
        why = "is more than 1e12 times the first one" if finite else "is no longer a finite number"
        history.end(epoch if finite else max(epoch - 1, 0), "diverged", f"The loss {why} at epoch {epoch:,}.")
        return
    if settings.tolerance:
        from_epoch = max(since - WINDOW, 0)
        recent = history.losses[from_epoch:].double()
        change = (recent[:-WINDOW] - recent[WINDOW:]).abs()
        still = (change <= settings.tolerance * recent[:-WINDOW]).nonzero()[:, 0] + from_epoch + WINDOW
        arrived = still[problem.way_left(history.parameters[still], history.parameters[0]) <= NEAR]
        if len(arrived):
            why = f"The loss changed by no more than {settings.tolerance:g} of itself over {WINDOW} epochs."
            history.end(int(arrived[0]), "converged", why)
            return
    if history.epochs == settings.epochs:
        reason = f"All {settings.epochs:,} epochs are done."
        left = problem.way_left(history.parameters[-1], history.parameters[0]).item()
        if settings.tolerance and left > NEAR:
            reason += f" {left:.0%} of the way to the least squares is left."
        history.end(settings.epochs, "finished", reason)


def warm_up() -> None:
    """Use one thread, as small problems and many sessions want, and pay torch's first-call costs now."""
    torch.set_num_threads(1)
    problem = Problem([[0.0], [1.0], [2.0]], [0.0, 1.0, 3.0])
    for gradient in ("by_hand", "autograd"):
        run(problem, Settings(epochs=20, gradient=gradient))
