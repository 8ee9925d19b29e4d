"""What a run has recorded so far, a row for each frame."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine import scores
from app.figures import Array
from app.runs.run import Recording

BIAS = "bias"

MAX_NUMBERS_SENT = 400_000
"""In all frames together that the player is sent; a few megabytes."""

MIN_FRAMES_SENT = 100
"""However many numbers they have."""


class Frames:
    """A frame is an epoch or, while they are few, an update.

    It holds the parameters in the file's units, w0 … and bias, the loss, and with held-out rows their loss.
    """

    def __init__(self, run: Recording) -> None:
        self.run, self.selection = run, run.selection
        self.terms = tuple(term.name for term in run.selection.terms)
        self.by_update = len(run.history.path) > 0
        self.frames_an_epoch = run.history.updates_per_epoch if self.by_update else 1
        self.so_far = slice(run.epochs * self.frames_an_epoch + 1)
        self.holds_out = run.problem.held_out is not None

    # Computed when first asked for: a table of predictions, say, needs no history at all.

    @cached_property
    def _states(self) -> Any:
        """[frames, d + 1] in the units and the precision that the descent steps in."""
        history = self.run.history
        return (history.path if self.by_update else history.parameters)[self.so_far]

    @cached_property
    def parameters(self) -> Array:
        """[frames, d + 1] in the file's units."""
        in_file_units: Array = self.run.problem.in_file_units(self._states).numpy()
        return in_file_units

    @cached_property
    def step_states(self) -> Array:
        """[frames, d + 1] in the units that the descent steps in."""
        states: Array = self._states.double().numpy()
        return states

    @cached_property
    def losses(self) -> Array:
        """[frames]: loss and penalty on the rows that the descent sees."""
        if self.by_update:
            return self.run.objective.of(self._states.double()).numpy()
        return self.run.history.losses[self.so_far].double().numpy()

    @cached_property
    def held_out_losses(self) -> Array:
        """[frames]: the loss on the held-out rows; [0] where there are none."""
        held_out = self.run.problem.held_out
        if self.by_update and held_out:
            return self.run.objective.mean_loss(held_out, self._states.double()).numpy()
        return self.run.history.held_out_losses[self.so_far].double().numpy()

    @property
    def epochs(self) -> Array:
        """[frames]: the epoch of each; a fraction between updates."""
        return np.arange(self.length) / self.frames_an_epoch

    @cached_property
    def optimum(self) -> Array:
        """[d + 1] in the file's units."""
        return self.run.problem.in_file_units(self.run.optimum.parameters).numpy()

    @cached_property
    def step_optimum(self) -> Array:
        """[d + 1] in the units that the descent steps in."""
        return self.run.optimum.parameters.numpy()

    @cached_property
    def length(self) -> int:
        """Frames up to the first that is not finite in the file's units."""
        finite = np.isfinite(self.parameters).all(axis=1) & np.isfinite(self.losses)
        if self.holds_out:
            finite &= np.isfinite(self.held_out_losses)
        return len(finite) if finite.all() else int(finite.argmin())

    @property
    def last_epoch(self) -> int:
        return (self.length - 1) // self.frames_an_epoch

    @cached_property
    def sent(self) -> NDArray[np.intp]:
        """The frames that the player is sent: all, unless they hold too many numbers."""
        return few(self.length, max(MAX_NUMBERS_SENT // (len(self.terms) + 2), MIN_FRAMES_SENT))

    @property
    def sends_all(self) -> bool:
        return len(self.sent) == self.length

    @property
    def frames(self) -> dict[str, Array]:
        d, sent = len(self.terms), slice(self.length) if self.sends_all else self.sent
        columns = {f"w{i}": self.parameters[sent, i] for i in range(d)}
        columns |= {BIAS: self.parameters[sent, d], "loss": self.losses[sent]}
        if self.holds_out:
            columns["held_out"] = self.held_out_losses[sent]
        return columns | ({} if self.sends_all and not self.by_update else {"epoch": self.epochs[sent]})

    @property
    def branches(self) -> list[tuple[int, float]]:
        """The epochs at which the settings changed, and the losses there."""
        ends = [segment.until for segment in self.run.segments if segment.until <= self.last_epoch]
        return [(epoch, float(self.losses[epoch * self.frames_an_epoch])) for epoch in ends]

    @property
    def lowest_point(self) -> str:
        """What the optimum is called, with the method that found it unless that is the usual one."""
        objective = self.run.objective
        if objective.is_quadratic and not objective.is_penalized:
            return "least squares"
        return f"lowest point ({self.run.optimum.method})"

    def printout(self, every: int) -> dict[str, list[float | None]]:
        """The history as columns, a row for every `every` epochs; the last is the loss before the epoch's step."""
        size, names = self.frames_an_epoch, [*(f"weight of {name}" for name in self.terms), BIAS]
        epochs = range(0, self.last_epoch + 1, every)
        columns: dict[str, list[float | None]] = {"epoch": list(epochs)}
        columns["loss"] = [float(self.losses[k * size]) for k in epochs]
        if self.holds_out:
            columns["held-out loss"] = [float(self.held_out_losses[k * size]) for k in epochs]
        columns |= {name: [float(self.parameters[k * size, i]) for k in epochs] for i, name in enumerate(names)}
        columns["loss before this step"] = [float(self.losses[(k - 1) * size]) if k else None for k in epochs]
        return columns

    def scores(self) -> list[dict[str, Any]]:
        """R², RMSE and MAE in the target's unit: at the last frame, at the least held-out loss, at the optimum."""
        states = {f"epoch {self.epochs[-1]:,.6g}": self._states[self.length - 1].double()}
        if self.holds_out:
            best = int(self.held_out_losses[: self.length].argmin())
            states[f"epoch {self.epochs[best]:,.6g}, least held-out loss"] = self._states[best].double()
        states[self.lowest_point] = self.run.optimum.parameters
        sets = {"descended on": self.run.problem, "held out": self.run.problem.held_out}
        return [
            {"at": at, "rows": f"{some.n_rows:,} {name}", **scores(some, state)._asdict()}
            for at, state in states.items()
            for name, some in sets.items()
            if some
        ]


def few(n: int, most: int) -> NDArray[np.intp]:
    """At most `most` of n frames: the first half of them in full, then ever sparser up to the last.

    The sparse ones are even: a descent that jumps from side to side would otherwise be drawn through the middle.
    """
    half = most // 2
    if n <= most:
        return np.arange(n)
    sparse = 2 * (np.geomspace(half, n - 1, half - 1) // 2)
    return np.unique(np.concatenate([np.arange(half), sparse, [n - 1]])).astype(np.intp)
