"""Learning rates tried out: what theory cannot tell, a few short runs can."""

import math
from collections.abc import Generator, Iterator
from dataclasses import replace

from torch import Tensor

from app.engine.descent import start
from app.engine.objective import Objective
from app.engine.rates import safe_learning_rate
from app.engine.settings import BOUNDS, Settings
from app.engine.sweep import Sweep, sweeping
from app.engine.training import train
from app.engine.vectorized import work_of

FACTORS = (0.01, 0.03, 0.1, 0.3, 3.0, 10.0, 30.0)
"""Of the rate that was chosen."""

RATE_PER_DISTANCE = {"adagrad": 0.1, "rmsprop": 0.001, "adam": 0.005, "adamw": 0.005}
"""A rate worth trying, as a share of the longest distance of a parameter: it arrives within 2,000 epochs."""

MAX_VALUES_READ = 500_000_000
"""By all runs together; a few seconds."""

LAST_SHARE = 0.1
"""Of the epochs, whose mean loss is what a run comes to: a single last loss is chance where batches are small."""

MIN_GAIN = 0.02
"""Of the loss above the lowest, below which a rate is no better."""

MIN_CHANGE = 1e-9
"""Of the loss, below which it is no better either: both are as low as rounding shows."""


class Trial:
    """Runs with the settings' own learning rate and others. `better` is known once `turns()` are over.

    All are tried at once, then the lowest is run as the page would run it: vectorized sums round differently, and where
    a descent jumps about, that can change where it ends.
    """

    def __init__(self, objective: Objective, settings: Settings) -> None:
        self.objective, self.settings = objective, settings
        self.better: float | None = None
        """The rate whose run ends lowest; None if that is the settings' own, or next to it."""

        self.losses: tuple[float, float] = (math.nan, math.nan)
        """What the runs with the settings' own rate and with the better one come to."""

        self.rates = rates_to_try(objective, settings)

    @property
    def is_possible(self) -> bool:
        """Whether the runs are short enough not to be noticed."""
        runs = [replace(self.settings, learning_rate=rate) for rate in self.rates]
        return work_of(self.objective.problem, runs) <= MAX_VALUES_READ

    def turns(self) -> Iterator[float]:
        """Train; yield the share that is done. As a field it would be a cycle, and keep the rows alive."""
        found: Sweep | None = None
        for found in sweeping(self.objective.problem, self.settings, "learning_rate", self.rates):
            yield found.done
        assert found
        ends = last_losses(found.losses).masked_fill(found.diverged, math.inf)
        best = self.rates[int(ends.argmin())]
        own = yield from self._run(self.settings.learning_rate)
        other = own if best == self.settings.learning_rate else (yield from self._run(best))
        self.losses = own, other
        lowest = self.objective.optimum_so_far.loss
        is_lower = other - lowest < (1 - MIN_GAIN) * (own - lowest) and other < (1 - MIN_CHANGE) * own
        if math.isfinite(other) and is_lower:
            self.better = best
        yield 1.0

    def _run(self, rate: float) -> Generator[float, None, float]:
        """Train; yield the share of the epochs that is done, and return what the run comes to."""
        for history in train(self.objective.problem, replace(self.settings, learning_rate=rate)):
            yield history.epochs / self.settings.epochs
        return math.inf if history.outcome == "diverged" else last_losses(history.losses.double()).item()


def last_losses(losses: Tensor) -> Tensor:
    """The mean of the last tenth of losses [..., epochs + 1]."""
    return losses[..., -max(1, round(LAST_SHARE * (losses.shape[-1] - 1))) :].mean(dim=-1)


def rates_to_try(objective: Objective, settings: Settings) -> tuple[float, ...]:
    """The settings' own rate, then others to two digits: multiples of it, and what distance or limit suggest."""
    own = settings.learning_rate
    others = [factor * own for factor in FACTORS]
    if settings.optimizer in RATE_PER_DISTANCE:
        way = objective.optimum_so_far.parameters - start(objective.problem, settings).double()
        share = 1.0 if settings.optimizer == "adagrad" else 2000 / max(settings.epochs, 100)
        others.append(RATE_PER_DISTANCE[settings.optimizer] * share * way.abs().amax().item())
    if safe := safe_learning_rate(objective, settings):
        others.append(safe)
    low, high = BOUNDS["learning_rate"]
    return tuple(dict.fromkeys([own, *(float(f"{rate:.1e}") for rate in others if low <= rate <= high)]))
