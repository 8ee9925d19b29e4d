"""What is known in advance of plain descent on squared errors that starts with all weights and the bias at zero."""

import math
from collections.abc import Callable

import numpy as np

from app.engine import Objective, Problem, Settings
from app.figures import Array

MAX_EPOCHS = 10**9
"""Beyond, nobody counts."""

RATES_TRIED, REFINEMENTS = 65, 5
"""At once; each refinement keeps two of the intervals between them. So a rate is found to seven digits."""

BISECTIONS = 40
"""Find an end to twelve digits."""


class FromZero:
    """The loss at every epoch and rate. In units of the problem; `rate` is below the limit unless said otherwise.

    An epoch multiplies the error along a curvature λ by 1 − rate × λ, and its part of the loss by the square of that.
    """

    def __init__(self, problem: Problem) -> None:
        modes = Objective(problem, Settings()).modes
        assert modes, "squared errors have modes"
        self.lowest = problem.optimum.loss
        self.optimum: list[float] = problem.optimum.parameters.tolist()
        """Weights and bias at the lowest loss."""

        self.curvatures: Array = modes.curvatures.numpy()
        """[r], largest first."""
        self.parts: Array = self.curvatures * modes.errors(-problem.optimum.parameters).numpy() ** 2 / 2
        """[r] of the loss at the start, above the lowest."""
        self.first = self.lowest + float(self.parts.sum())
        self.limit = 2 / float(self.curvatures[0])

    @property
    def roundness(self) -> float:
        """The steepest curvature over the flattest: 1 for a round bowl."""
        return float(self.curvatures[0] / self.curvatures[-1])

    @property
    def steepest_share(self) -> float:
        """Of the first loss, what lies in directions about as steep as the steepest."""
        return float(self.parts[self.curvatures > 0.995 * self.curvatures[0]].sum()) / (self.first or 1.0)

    def loss(self, rate: float, epochs: float) -> float:
        return float(self._losses(np.array([rate]), epochs)[0])

    def _losses(self, rates: Array, epochs: float) -> Array:
        """[m] of rates [m]."""
        shrunk: Array = np.abs(1 - rates[:, None] * self.curvatures) ** (2 * epochs) @ self.parts
        return self.lowest + shrunk

    def epochs_to(self, loss: float, rate: float) -> float:
        """The first epoch with no larger loss; infinite beyond MAX_EPOCHS."""
        return _first(lambda epochs: self.loss(rate, epochs) <= loss)

    def fewest_epochs_to(self, loss: float) -> float:
        """Of all rates; infinite beyond MAX_EPOCHS."""
        return _first(lambda epochs: self.loss(self.best_rate(epochs), epochs) <= loss)

    def best_rate(self, epochs: float) -> float:
        """The rate with the least loss after so many epochs.

        The loss is convex in the rate. Below half the limit every error still shrinks as the rate grows.
        """
        low, high = self.limit / 2, self.limit
        for _ in range(REFINEMENTS):
            rates = np.linspace(low, high, RATES_TRIED)
            best = int(self._losses(rates, epochs).argmin())
            low, high = rates[max(best - 1, 0)], rates[min(best + 1, RATES_TRIED - 1)]
        return float(low + high) / 2

    def rates_to(self, loss: float, epochs: float) -> tuple[float, float]:
        """The lowest and the highest rate with no larger loss after so many epochs, of which there is one."""
        best, ends = self.best_rate(epochs), []
        for end in (0.0, self.limit):
            outside, inside = end, best
            for _ in range(BISECTIONS):
                rate = (outside + inside) / 2
                if self.loss(rate, epochs) <= loss:
                    inside = rate
                else:
                    outside = rate
            ends.append(inside)
        return ends[0], ends[1]


def _first(holds: Callable[[float], bool]) -> float:
    """The first whole number from 0 for which it holds, if it then holds for all larger ones."""
    if holds(0):
        return 0
    beyond = 1
    while not holds(beyond):
        beyond *= 2
        if beyond > MAX_EPOCHS:
            return math.inf
    before = beyond // 2
    while beyond - before > 1:
        middle = (before + beyond) // 2
        before, beyond = (before, middle) if holds(middle) else (middle, beyond)
    return beyond
