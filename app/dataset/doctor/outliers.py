"""Check for influential rows, and for rows far from the fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from app.dataset.doctor.finding import Finding
from app.dataset.selection import Selection
from app.wording import count, exact, readable

INFLUENTIAL_COOKS_DISTANCE = 1.0
"""A row with a larger Cook's distance moves the whole fit (Cook & Weisberg 1982)."""

MIN_LEVERAGE_LEFT = 1e-9
"""If 1 − leverage is below this, the row alone determines a weight and the fit passes through it."""

FALSE_ALARM_PROBABILITY = 0.05
"""Probability that the farthest row of a harmless file is reported (Bonferroni)."""

MIN_SPARE_ROWS = 3
"""Rows beyond those that the fit could pass through; with fewer, every row is influential."""

ROWS_PER_BLOCK = 10_000
"""What is computed for a block fits a core's cache."""

MAX_NAMED_ROWS = 3
"""Rows with a sentence of their own; one sentence names the rest."""


@dataclass(frozen=True)
class _Suspect:
    """A row that influences the fit strongly, or lies far from it."""

    row: int
    """Position in the selection."""
    cooks_distance: float
    expected: float
    """The target that a fit to the other rows predicts."""

    @property
    def alone(self) -> bool:
        """Whether it determines a weight on which no other row has any influence."""
        return self.cooks_distance == np.inf


def check_outliers(selection: Selection) -> Iterator[Finding]:
    """The rows with the largest Cook's distance, and what the fit would be without them."""
    suspects = _suspects(selection)
    for suspect in suspects[:MAX_NAMED_ROWS]:
        sentence = _alone(selection, suspect) if suspect.alone else _influential(selection, suspect)
        yield Finding("outlier", suspect.cooks_distance > INFLUENTIAL_COOKS_DISTANCE, sentence)
    if others := sorted(suspect.row for suspect in suspects[MAX_NAMED_ROWS:]):
        which = selection.lines(selection.rows[others])
        yield Finding("outlier", False, f"{count(len(others), 'more row')} far off the fit, or pulling it: {which}.")


def _suspects(selection: Selection) -> list[_Suspect]:
    """Sorted by Cook's distance, the largest first."""
    problem, target = selection.problem, selection.target
    n, rank = len(target), len(problem.curvatures)
    squares = n * problem.optimum.loss
    # In a fit without error, or of numbers too small to square, only rounding is left.
    if n - rank < MIN_SPARE_ROWS or squares <= 1e-18 * (target @ target):
        return []
    std, far = float(np.sqrt(squares / (n - rank))), _farthest(n - rank, n)
    found = [suspect for first in range(0, n, ROWS_PER_BLOCK) for suspect in _among(selection, first, rank, std, far)]
    return sorted(found, key=lambda suspect: -suspect.cooks_distance)


def _among(selection: Selection, first: int, rank: int, std: float, far: float) -> Iterator[_Suspect]:
    """The suspects in one block of rows; `std` is the errors', `far` the studentized residual that is too large."""
    problem, block = selection.problem, slice(first, first + ROWS_PER_BLOCK)
    leverage, target = problem.leverages[block].numpy(), selection.target[block]
    error = target - problem.features[block].numpy() @ problem.optimum.weights.numpy() - problem.optimum.bias
    room, square = 1 - leverage, (error / std) ** 2
    # Multiplied out: no division or root for most rows.
    influential = square * leverage > INFLUENTIAL_COOKS_DISTANCE * rank * room**2
    for i in np.flatnonzero((square > far**2 * room) | influential | (room < MIN_LEVERAGE_LEFT)):
        distance = square[i] * leverage[i] / room[i] ** 2 / rank if room[i] >= MIN_LEVERAGE_LEFT else np.inf
        yield _Suspect(first + int(i), float(distance), float(target[i] - error[i] / max(room[i], MIN_LEVERAGE_LEFT)))


def _farthest(freedom: int, n: int) -> float:
    """The internally studentized residual that one of n rows exceeds by chance in 1 of 20 files.

    Wallace (1959) turns Student's t into a normal deviate to two digits; solved for t.
    """
    nu = freedom - 1
    deviate = NormalDist().inv_cdf(1 - FALSE_ALARM_PROBABILITY / 2 / n)
    t_squared = nu * np.expm1((deviate * (8 * nu + 3) / (8 * nu + 1)) ** 2 / nu)
    return float(np.sqrt(freedom * t_squared / (nu + t_squared)))


def _alone(selection: Selection, suspect: _Suspect) -> str:
    term = _strangest(selection, suspect.row)
    place = selection.dataset.place(selection.rows[suspect.row])
    value = exact(selection.design[suspect.row, term])
    name = selection.terms[term].name
    return f"Only {place} decides the weight of “{name}”, which is {value} there: no other row can check it."


def _influential(selection: Selection, suspect: _Suspect) -> str:
    """Where the row lies, where the other rows predict it, and what the fit would be without it."""
    problem, row = selection.problem, suspect.row
    place = selection.dataset.place(selection.rows[row])
    term = _strangest(selection, row)
    now = problem.in_file_units(problem.optimum.parameters).numpy()
    then = problem.in_file_units(problem.optimum_without(row)).numpy()
    # The weight whose change moves the predictions most.
    moved = int(np.argmax(np.abs(then - now)[:-1] * selection.stds))
    return (
        f"In {place} “{selection.terms[term].name}” is {exact(selection.design[row, term])} and "
        f"“{selection.columns.target}” is {exact(selection.target[row])}, where the other rows expect "
        f"{readable(suspect.expected)}. Without it the weight of “{selection.terms[moved].name}” would be "
        f"{readable(then[moved])} instead of {readable(now[moved])}."
    )


def _strangest(selection: Selection, row: int) -> int:
    """The term that is farthest from its mean in this row, in standard deviations."""
    away = np.abs(selection.design[row] - selection.means)
    return int(np.argmax(away / np.where(selection.stds > 0, selection.stds, np.inf)))
