"""Vectorized descents: runs of one batch size whose updates are one computation on all their parameters."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, count, islice, repeat

import torch
from torch import Tensor
from torch.nn.functional import linear

from app.engine.arithmetic import SMALL_TABLE_VALUES, Arithmetic
from app.engine.batches import batches, order, updates_per_epoch
from app.engine.descent import descend, start
from app.engine.gradients import Gradient, Rows, Table, with_penalty
from app.engine.losses import Loss
from app.engine.objective import Objective
from app.engine.optimizers import OPTIMIZERS
from app.engine.problem import Problem
from app.engine.schedules import learning_rates
from app.engine.settings import Settings
from app.engine.training import DIVERGED_RATIO

UPDATE_OVERHEAD_VALUES = 10_000
"""The fixed cost of an update, in values that could be read in that time."""

VALUES_PER_CHUNK = 50_000_000
"""Values read between two reports of progress; 0.1 to 0.2 s."""

MAX_PARAMETERS_HELD = 1_000_000
"""Parameters held until their losses are computed."""


class VectorizedDescent:
    """Runs that differ only in learning rate, seed or penalties; run r is row r of every tensor.

    `losses` [R, epochs + 1] are loss and penalty on all rows; a run that `diverged` [R] keeps its last finite loss.
    `parameters` [R, d + 1] are each run's last.
    """

    def __init__(self, problem: Problem, runs: Sequence[Settings]) -> None:
        # The arithmetic has no penalties: they may differ from run to run and are added here.
        self.settings = replace(runs[0], l1=0.0, l2=0.0, gradient="by_hand")
        self.problem, self.arithmetic = problem, Arithmetic(Objective(problem, self.settings), self.settings)
        self.updates = updates_per_epoch(problem.n_rows, self.settings.batch_size)
        self.seeds = [run.seed for run in runs]
        self.same_rows = self.updates == 1 or len(set(self.seeds)) == 1
        self.l1 = torch.tensor([[run.l1] for run in runs], dtype=torch.float64)
        self.l2 = torch.tensor([[run.l2] for run in runs], dtype=torch.float64)
        self.first = torch.stack([start(problem, run) for run in runs]).to(self.arithmetic.dtype)
        self.state = self.first - self.arithmetic.origin
        rates = torch.tensor([run.learning_rate for run in runs], dtype=self.state.dtype)
        self.rate = rates[:, None].repeat(1, self.state.shape[1])
        self.rule = OPTIMIZERS[self.settings.optimizer](self.state, runs[0])
        self.diverged = torch.zeros(len(runs), dtype=torch.bool)
        self.parameters = self.first.double()
        self.losses = torch.empty(len(runs), self.settings.epochs + 1, dtype=torch.float64)

    def train(self) -> Iterator[float]:
        """Train to the end, and yield the share of the epochs done now and then."""
        self.losses[:, 0] = self._losses(self.state[None])[0]
        if not self.losses[:, 0].isfinite().all():
            raise ValueError(f"The loss at the starting point is too large for {self.settings.precision}.")
        gradient, rows, done, epochs = self._gradient(), self._rows(), 0, self.settings.epochs
        work = max(1, work_of(self.problem, [self.settings] * len(self.seeds)) // max(epochs, 1))
        most = max(1, min(VALUES_PER_CHUNK // work, MAX_PARAMETERS_HELD // self.state.numel()))
        while done < epochs and not self.diverged.all():
            many = min(most, epochs - done)
            ends = self.state.new_empty(many + 1, *self.state.shape)
            ends[0] = self.state
            with torch.inference_mode():
                descend(self.rule.seen(gradient), self.rule, self._path(ends), self._rates(done, many), rows)
            self._record(done, ends)
            self.state, done = ends[-1].clone(), done + many
            yield done / epochs

    def _path(self, ends: Tensor) -> Iterator[Tensor]:
        """Where each update writes: only the last one of an epoch is kept, in `ends`."""
        between = torch.empty_like(self.state)
        places = (chain([end], repeat(between, self.updates - 1)) for end in ends)
        return islice(chain.from_iterable(places), (len(ends) - 1) * self.updates + 1)

    def _rates(self, first: int, many: int) -> Iterable[Tensor]:
        if self.settings.schedule == "constant":
            return repeat(self.rate)
        factors = learning_rates(replace(self.settings, learning_rate=1.0), range(first, first + many))
        return chain.from_iterable(repeat(self.rate * factor, self.updates) for factor in factors)

    def _rows(self) -> Iterator[Rows | Table]:
        """The rows of each update; with different seeds each run has its own."""
        rows, size = self.arithmetic.rows, self.settings.batch_size
        rows = rows.take(slice(None)) if self.updates == 1 else rows
        if self.same_rows:
            yield from batches(rows, size, self.settings.seed, 0)
        for epoch in count():
            orders = torch.stack([order(len(rows.y), seed, epoch) for seed in self.seeds])
            for some in torch.split(orders, size, dim=1):
                yield rows.take(some)

    def _gradient(self) -> Gradient:
        if self.arithmetic.on_gram:
            optimum = self.problem.optimum.parameters.to(self.state.dtype) - self.arithmetic.origin
            gradient = on_gram(self.problem.gram.to(self.state.dtype), optimum)
        else:
            form = on_rows if self.same_rows else on_own_rows
            gradient = form(self.arithmetic.objective.loss)
        if self.l1.any() or self.l2.any():
            l1, l2 = self.l1.to(self.state.dtype), self.l2.to(self.state.dtype)
            return with_penalty(gradient, l1, l2, self.arithmetic.origin)
        return gradient

    def _losses(self, states: Tensor) -> Tensor:
        """Loss and penalty [m, R] of states [m, R, d + 1], which are relative to the origin."""
        losses = self.arithmetic.losses(states.flatten(0, 1)).reshape(states.shape[:2]).double()
        weights = (states + self.arithmetic.origin).double()[..., :-1]
        return losses + self.l2[:, 0] * weights.square().sum(-1) + self.l1[:, 0] * weights.abs().sum(-1)

    def _record(self, first: int, ends: Tensor) -> None:
        """Record states [m + 1, R, d + 1] from epoch `first` on; a run that diverged stays at its last finite one."""
        losses = torch.cat([self.losses[None, :, first], self._losses(ends[1:])])
        parameters = (ends + self.arithmetic.origin).double()
        limit = DIVERGED_RATIO * self.losses[:, 0].where(self.losses[:, 0] > 0, torch.inf)
        beyond = ~((losses <= limit) & losses.isfinite())
        for run in (~self.diverged).nonzero()[:, 0].tolist():
            at = int(beyond[:, run].int().argmax()) if beyond[:, run].any() else len(ends) - 1
            if not (losses[at, run].isfinite() and parameters[at, run].isfinite().all()):
                at -= 1
            self.diverged[run] = beyond[:, run].any()
            self.parameters[run] = parameters[at, run]
            self.losses[run, first : first + at + 1] = losses[: at + 1, run]
            self.losses[run, first + at + 1 :] = losses[at, run]


def on_rows(loss: Loss) -> Gradient:
    """dL/dθ = 1/m Zᵀ slope(error) of all runs [R, d + 1], on the same rows."""

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        error = linear(now, rows.z).sub_(rows.y)  # θ Zᵀ − y [R, m]
        return loss.slope(error).mm(rows.z).div_(len(rows.y))

    return gradient


def on_own_rows(loss: Loss) -> Gradient:
    """The same, with separate rows for each run: z [R, m, d + 1] and y [R, m]."""

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        error = rows.z.matmul(now[:, :, None])[:, :, 0].sub_(rows.y)
        return loss.slope(error)[:, None].matmul(rows.z)[:, 0].div_(rows.y.shape[1])

    return gradient


def on_gram(gram: Tensor, optimum: Tensor) -> Gradient:
    """2 A (θ − θ*) of all runs [R, d + 1], with A = ZᵀZ/n, which is symmetric."""
    hessian, offset = 2 * gram, 2 * gram.mv(optimum)

    def gradient(now: Tensor, rows: Rows) -> Tensor:
        return now.mm(hessian).sub_(offset)

    return gradient


def work_of(problem: Problem, runs: Sequence[Settings]) -> int:
    """Values that runs of one batch size read, in total."""
    n, width, settings = problem.n_rows, problem.n_features + 1, runs[0]
    updates = updates_per_epoch(n, settings.batch_size)
    losses = width if reads_no_rows(problem, settings) else n
    rows = losses if updates == 1 else -(-n // updates)
    each = updates * max(len(runs) * rows * width, UPDATE_OVERHEAD_VALUES) + len(runs) * losses * width
    return settings.epochs * each


def reads_no_rows(problem: Problem, settings: Settings) -> bool:
    """Whether losses and full-batch gradients come from the Gram matrix."""
    return settings.loss == "mse" and problem.n_rows * (problem.n_features + 1) > SMALL_TABLE_VALUES
