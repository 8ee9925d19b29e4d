"""Rows that the fit hangs on, and rows that lie far off it."""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from app.dataset.doctor.finding import Finding
from app.dataset.selection import Selection
from app.dataset.wording import exact, figure, lines

PULLS = 1.0
"""Cook's distance from which a row moves the whole fit (Cook & Weisberg 1982)."""

DECIDES = 1 - 1e-9
"""Leverage of a row that alone decides a weight; the fit then passes through its point."""

CHANCE = 0.05
"""Probability that the farthest row of a harmless file is called far off (Bonferroni)."""

FREE = 3
"""Rows beyond those that the fit could pass through; with fewer every row pulls."""

NAMED = 3
"""Rows that have a sentence of their own."""


def outliers(selection: Selection) -> Iterator[Finding]:
    """The rows with the largest pull, and how the fit would be without them."""
    problem = selection.problem
    leverage = problem.leverages.numpy()
    error = problem.target.numpy() - problem.features.numpy() @ problem.optimum.weights.numpy() - problem.optimum.bias
    rank = len(problem.curvatures)
    freedom = len(error) - rank
    if freedom < FREE or np.abs(error).max() <= 1e-9 * np.abs(problem.target.numpy()).max():
        return
    alone = leverage > DECIDES
    room = np.where(alone, 1.0, 1 - leverage)
    studentized = np.where(alone, 0.0, error / np.sqrt(room * (error @ error / freedom)))
    pull = studentized**2 * leverage / room / rank
    far = np.abs(studentized) > _farthest(freedom, len(error))
    found = np.flatnonzero((pull > PULLS) | far | alone)
    found = found[np.argsort(-np.where(alone, np.inf, pull)[found], kind="stable")]
    for row in found[:NAMED]:
        sentence = _alone(selection, row) if alone[row] else _pulls(selection, row, error[row] / room[row])
        yield Finding("outlier", bool(alone[row] or pull[row] > PULLS), sentence)
    if len(others := np.sort(found[NAMED:])):
        numbers = lines(selection.dataset.lines[selection.rows[others]])
        yield Finding("outlier", False, f"{len(others):,} more rows pull the fit or lie far off it ({numbers}).")


def _farthest(freedom: int, n: int) -> float:
    """The internally studentized residual that one of n rows exceeds by chance in 1 of 20 files.

    Wallace (1959) turns Student's t into a normal deviate to two digits; solved for t.
    """
    nu = freedom - 1
    deviate = NormalDist().inv_cdf(1 - CHANCE / 2 / n)
    t_squared = nu * np.expm1((deviate * (8 * nu + 3) / (8 * nu + 1)) ** 2 / nu)
    return float(np.sqrt(freedom * t_squared / (nu + t_squared)))


def _alone(selection: Selection, row: int) -> str:
    term = _strangest(selection, row)
    line = selection.dataset.lines[selection.rows[row]]
    name = selection.terms[term].name
    value = exact(selection.features[row, term])
    return f"Line {line} alone decides the weight of “{name}”, which is {value} there: no other row can check it."


def _pulls(selection: Selection, row: int, off: float) -> str:
    """Where the row lies, where the others expect it, and what the fit would be without it."""
    problem, target = selection.problem, selection.columns.target
    line = selection.dataset.lines[selection.rows[row]]
    term = _strangest(selection, row)
    now = problem.in_file_units(problem.optimum.parameters)
    then = problem.in_file_units(problem.optimum_without(row))
    # The weight whose change moves the predictions most.
    moved = int(np.argmax(np.abs((then - now).numpy()[:-1]) * selection.spreads))
    return (
        f"In line {line} “{selection.terms[term].name}” is {exact(selection.features[row, term])} and “{target}” is "
        f"{exact(selection.target[row])}, where the other rows expect {figure(selection.target[row] - off)}. Without "
        f"it the weight of “{selection.terms[moved].name}” would be {figure(then[moved].item())} instead of "
        f"{figure(now[moved].item())}."
    )


def _strangest(selection: Selection, row: int) -> int:
    """The term that is farthest from its mean in that row, in standard deviations."""
    away = np.abs(selection.features[row] - selection.means)
    return int(np.argmax(away / np.where(selection.spreads > 0, selection.spreads, np.inf)))
