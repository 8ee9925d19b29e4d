"""Learning rates tried out: what theory cannot tell, a few short runs can."""

import math
from collections.abc import Iterator
from dataclasses import replace

from app.engine.descent import start
from app.engine.objective import Objective
from app.engine.rates import safe_learning_rate
from app.engine.settings import BOUNDS, Settings
from app.engine.sweep import Sweep, sweeping
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


class Trial:
    """Runs with the settings' own learning rate and others. `better` is known once `turns()` are over."""

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
        last = max(1, round(LAST_SHARE * self.settings.epochs))
        losses = found.losses[:, -last:].mean(dim=1).masked_fill(found.diverged, math.inf)
        best, lowest = int(losses.argmin()), self.objective.optimum_so_far.loss
        self.losses = losses[0].item(), losses[best].item()
        own, other = (loss - lowest for loss in self.losses)
        if math.isfinite(other) and other < (1 - MIN_GAIN) * own:
            self.better = self.rates[best]
        yield 1.0


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
