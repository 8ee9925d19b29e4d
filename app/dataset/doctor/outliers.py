"""Rows that the fit hangs on, and rows that lie far off it."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from app.dataset.doctor.finding import Finding
from app.dataset.selection import Selection
from app.wording import count, exact, readable

INFLUENTIAL_COOKS_DISTANCE = 1.0
"""Cook's distance from which a row moves the whole fit (Cook & Weisberg 1982)."""

MIN_LEVERAGE_LEFT = 1e-9
"""What the leverage of a row lacks of 1 where it alone decides a weight; the fit then passes through its point."""

FALSE_ALARM_PROBABILITY = 0.05
"""Probability that the farthest row of a harmless file is called far off (Bonferroni)."""

MIN_SPARE_ROWS = 3
"""Rows beyond those that the fit could pass through; with fewer every row pulls."""

ROWS_PER_BLOCK = 10_000
"""Rows that are looked at together: what is computed of them fits a core's cache."""

MAX_NAMED_ROWS = 3
"""Rows that have a sentence of their own."""


@dataclass(frozen=True)
class _Suspect:
    """A row of the selection that pulls the fit, or lies far off it; `pull` is its Cook's distance.

    `expected` is the target that the other rows give it.
    """

    row: int
    cooks_distance: float
    expected: float

    @property
    def alone(self) -> bool:
        """Whether it decides a weight that no other row has a say in."""
        return self.cooks_distance == np.inf


def check_outliers(selection: Selection) -> Iterator[Finding]:
    """The rows with the largest pull, and how the fit would be without them."""
    suspects = _suspects(selection)
    for suspect in suspects[:MAX_NAMED_ROWS]:
        sentence = _alone(selection, suspect) if suspect.alone else _influential(selection, suspect)
        yield Finding("outlier", suspect.cooks_distance > INFLUENTIAL_COOKS_DISTANCE, sentence)
    if others := sorted(suspect.row for suspect in suspects[MAX_NAMED_ROWS:]):
        which = selection.lines(selection.rows[others])
        yield Finding("outlier", False, f"{count(len(others), 'more row')} far off the fit, or pulling it: {which}.")


def _suspects(selection: Selection) -> list[_Suspect]:
    """By Cook's distance, the largest first."""
    problem, target = selection.problem, selection.target
    n, rank = len(target), len(problem.curvatures)
    squares = n * problem.optimum.loss
    # What is left of a fit without error, or of numbers too small to square, is rounding.
    if n - rank < MIN_SPARE_ROWS or squares <= 1e-18 * (target @ target):
        return []
    spread, far = float(np.sqrt(squares / (n - rank))), _farthest(n - rank, n)
    found = [
        suspect for first in range(0, n, ROWS_PER_BLOCK) for suspect in _among(selection, first, rank, spread, far)
    ]
    return sorted(found, key=lambda suspect: -suspect.cooks_distance)


def _among(selection: Selection, first: int, rank: int, spread: float, far: float) -> Iterator[_Suspect]:
    """The suspects of one block of rows; `spread` is that of the errors, `far` how many of them are too many."""
    problem, block = selection.problem, slice(first, first + ROWS_PER_BLOCK)
    leverage, target = problem.leverages[block].numpy(), selection.target[block]
    error = target - problem.features[block].numpy() @ problem.optimum.weights.numpy() - problem.optimum.bias
    # Most rows are let go without a division or a root.
    room, square = 1 - leverage, (error / spread) ** 2
    for i in np.flatnonzero(
        (square > far**2 * room)
        | (square * leverage > INFLUENTIAL_COOKS_DISTANCE * rank * room**2)
        | (room < MIN_LEVERAGE_LEFT)
    ):
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
    """Where the row lies, where the others expect it, and what the fit would be without it."""
    problem, row = selection.problem, suspect.row
    place = selection.dataset.place(selection.rows[row])
    term = _strangest(selection, row)
    now = problem.in_file_units(problem.optimum.parameters).numpy()
    then = problem.in_file_units(problem.optimum_without(row)).numpy()
    # The weight whose change moves the predictions most.
    moved = int(np.argmax(np.abs(then - now)[:-1] * selection.spreads))
    return (
        f"In {place} “{selection.terms[term].name}” is {exact(selection.design[row, term])} and "
        f"“{selection.columns.target}” is {exact(selection.target[row])}, where the other rows expect "
        f"{readable(suspect.expected)}. Without it the weight of “{selection.terms[moved].name}” would be "
        f"{readable(then[moved])} instead of {readable(now[moved])}."
    )


def _strangest(selection: Selection, row: int) -> int:
    """The term that is farthest from its mean in that row, in standard deviations."""
    away = np.abs(selection.design[row] - selection.means)
    return int(np.argmax(away / np.where(selection.spreads > 0, selection.spreads, np.inf)))
