"""The descent itself: update after update, from gradient, update rule, learning rate and batch."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor

from app.engine.arithmetic import Arithmetic
from app.engine.batches import batches, updates_per_epoch
from app.engine.compiled import LOOPS
from app.engine.gradients import Gradient, Rows, Table
from app.engine.history import History
from app.engine.objective import Objective
from app.engine.optimizers import OPTIMIZERS
from app.engine.problem import Problem
from app.engine.schedules import SCHEDULES, learning_rates
from app.engine.settings import Settings

MAX_ROWS_PER_CHUNK = 2_000_000
"""Rows read by one chunk of training, so that other runs get their turn."""


def descend(
    gradient: Gradient, rule: Any, path: Iterable[Tensor], rates: Iterable[Tensor], batches: Iterator[Rows | Table]
) -> None:
    """Fill `path` [m + 1, d + 1]: row 0 is given, row k becomes the parameters after k updates."""
    step = rule.step
    for (now, then), rate, rows in zip(pairwise(path), rates, batches, strict=False):  # the path ends first
        step(now, gradient(now, rows), rate, then)


class Update(NamedTuple):
    """One update: parameters before and after, learning rate and the gradient that it saw, each [d + 1]."""

    before: Tensor
    after: Tensor
    rate: Tensor
    gradient: Tensor


class Descent:
    """A descent in progress."""

    updates: int
    """Updates done so far."""

    state: Tensor
    """Parameters [d + 1] after them, relative to the arithmetic's origin."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem, self.settings, self.objective = problem, settings, Objective(problem, settings)
        self.arithmetic = Arithmetic(self.objective, settings)
        self.updates_per_epoch = updates_per_epoch(problem.n_rows, settings.batch_size)
        self.rule = OPTIMIZERS[settings.optimizer](self.arithmetic.origin, settings)
        cost = 1 if self.arithmetic.on_gram else -(-problem.n_rows // self.updates_per_epoch)
        self.shortest_chunk = max(1, min(4096 if self.is_compiled else 128, MAX_ROWS_PER_CHUNK // 20 // cost))
        self.longest_chunk = max(self.shortest_chunk, min(16_384, MAX_ROWS_PER_CHUNK // cost))

    @cached_property
    def rounding(self) -> float:
        """The loss of errors that are mere rounding: an error is a sum of d + 2 terms as large as the target."""
        errors = self.problem.target * ((self.problem.n_features + 2) * torch.finfo(self.arithmetic.dtype).eps)
        return self.objective.loss.of(errors).mean().item()

    def begin(self) -> History:
        """A history of the starting point alone."""
        first = start(self.problem, self.settings).to(self.arithmetic.dtype)
        history = self._history(first)
        self._record(history, 0, first[None], first[None] - self.arithmetic.origin)
        self._continue_from(history)
        return history

    def resume(self, after: History, at: int) -> History:
        """A history that copies `after` up to epoch `at`, for this descent to continue.

        What the update rule remembers is carried over if the optimizer is the same, and gradients that nobody has
        cleared whatever it is.
        """
        epoch, rule, state = after.last_checkpoint(at)
        before = Descent(self.problem, rule.settings)
        before.rule, replay = rule, before._history(after.parameters[0])
        replay.copy_until(after, epoch)
        before._continue_from(replay)
        before.state = state
        if epoch < at:
            before.walk(replay, (at - epoch) * before.updates_per_epoch)
        gradients = self.rule.gradients
        if rule.settings.accumulates and rule.gradients.dtype == gradients.dtype:
            gradients = rule.gradients
        if type(rule) is type(self.rule):
            rule.settings, self.rule = self.settings, rule
        self.rule.gradients = gradients
        history = self._history(after.parameters[0])
        history.copy_until(after, at)
        self._continue_from(history)
        if torch.equal(self.arithmetic.origin, before.arithmetic.origin):
            self.state = before.state  # exact; the history has rounded the sum with the origin
        return history

    def walk(self, history: History, most: int) -> None:
        """Do up to `most` updates, which end within an epoch or are whole epochs."""
        done, size = self.updates, self.updates_per_epoch
        left = size - done % size
        count = min(most, left) if left < size or most < size else most - most % size
        count = min(count, self.settings.epochs * size - done)
        path = self.path(count)
        self.descend(path)
        self.state, self.updates = path[-1].clone(), done + count
        history.record_path(done + 1, path[1:] + self.arithmetic.origin)
        if count >= left:
            ends = path[left::size]
            self._record(history, done // size + 1, ends + self.arithmetic.origin, ends)
            history.checkpoint(self.rule, self.state)

    def step_after(self, updates: int) -> Update:
        """Do `updates` updates, then one more, and return that one."""
        path = self.path(updates + 1)
        self.descend(path[:-1])
        now, then = path[-2:]
        rate = self.rates(self.updates + updates, 1)[0].repeat(len(now))
        gradient = self.rule.seen(self.arithmetic.gradient)(now, next(self._batches)).clone()
        self.rule.step(now, gradient.clone(), rate, then)
        origin = self.arithmetic.origin
        return Update(now + origin, then + origin, rate, gradient)

    @property
    def shown_source(self) -> list[Any]:
        """The functions and classes whose source explains a step."""
        if self.is_compiled:
            return [*LOOPS]
        schedule = [] if self.settings.schedule == "constant" else [SCHEDULES[self.settings.schedule]]
        rules = [kind for kind in type(self.rule).mro() if kind is not object]
        return [*self.arithmetic.shown_source, *schedule, *reversed(rules), descend]

    def descend(self, path: Tensor) -> None:
        """Fill `path` [m + 1, d + 1] from its row 0, the state, on."""
        rates = self.rates(self.updates, len(path) - 1)
        if self.is_compiled and self.arithmetic.squared_errors:
            self.arithmetic.squared_errors.descend(path, rates)
            return
        each = rates[:, None].repeat(1, path.shape[1])  # faster to multiply by than a number
        with torch.inference_mode(self.settings.gradient == "by_hand"):
            descend(self.rule.seen(self.arithmetic.gradient), self.rule, path, each, self._batches)

    @property
    def is_compiled(self) -> bool:
        """Whether compiled loops do the same as gradient and rule, faster."""
        plain = self.settings.optimizer == "gradient_descent" and self.settings.gradient == "by_hand"
        return plain and self.arithmetic.squared_errors is not None and not self.objective.is_penalized

    def path(self, updates: int) -> Tensor:
        """An empty path [updates + 1, d + 1] that begins at the state.

        Each row begins at a multiple of 64 bytes: MKL rounds differently by a vector's place in memory, and a step
        must not depend on how many came before it.
        """
        d, numbers = len(self.state), 64 // self.state.element_size()
        path = self.state.new_empty(updates + 1, -(-d // numbers) * numbers)[:, :d]
        path[0] = self.state
        return path

    def _history(self, first: Tensor) -> History:
        held_out = self.problem.held_out is not None
        first = first.to(self.arithmetic.dtype)
        return History(self.settings.epochs, first, self.updates_per_epoch, held_out=held_out)

    def _record(self, history: History, epoch: int, parameters: Tensor, states: Tensor) -> None:
        """Record parameters [m, d + 1] and their losses from `epoch` on; `states` are the same, from the origin."""
        held_out = None
        if self.problem.held_out:
            held_out = self.objective.mean_loss(self.problem.held_out, parameters.double())
        history.record(epoch, parameters, self.arithmetic.losses(states), held_out)

    def _continue_from(self, history: History) -> None:
        self.state = history.parameters[-1] - self.arithmetic.origin
        self.updates = history.epochs * self.updates_per_epoch
        self._batches = batches(self.arithmetic.rows, self.settings.batch_size, self.settings.seed, history.epochs)
        history.checkpoint(self.rule, self.state)

    def rates(self, first: int, count: int) -> Tensor:
        """The learning rates [count] of the updates from `first` on."""
        if not count or self.settings.schedule == "constant":
            return torch.full((count,), self.settings.learning_rate, dtype=torch.float64).to(self.state.dtype)
        epochs = torch.arange(first, first + count) // self.updates_per_epoch
        rates = learning_rates(self.settings, range(int(epochs[0]), int(epochs[-1]) + 1))[epochs - epochs[0]]
        return rates.to(self.state.dtype)


def start(problem: Problem, settings: Settings) -> Tensor:
    """Initial weights and bias [d + 1]: those of the settings, or drawn by the seed in the notebook's order."""
    if settings.start:
        if len(settings.start) != problem.n_features + 1:
            raise ValueError(
                f"The starting point has {len(settings.start)} values; "
                f"{problem.n_features} weights and a bias are {problem.n_features + 1}."
            )
        return torch.tensor(settings.start, dtype=torch.float64)
    generator = torch.Generator().manual_seed(settings.seed)
    weights = torch.randn(problem.n_features, generator=generator)
    bias = torch.randn(1, generator=generator)
    return torch.cat([weights, bias]).double()
