"""Check for terms that say nothing, or nothing new."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.dataset.doctor.finding import Finding, without_term
from app.dataset.features import Array
from app.dataset.selection import Selection
from app.wording import exact, quoted, readable

MIN_INDEPENDENT_LENGTH = 1e-7
"""A term of length 1 says nothing new if less than this remains of it beside the terms before it."""

HIGH_INFLATION_FACTOR = 10
"""Variance inflation factor from which on a term is nearly collinear (Marquardt 1970)."""


def check_collinearity(selection: Selection) -> Iterator[Finding]:
    """Terms that are constant, that repeat or combine others, or nearly do."""
    unit_terms = _UnitTerms(selection)
    for j in unit_terms.constant:
        name = selection.terms[j].name
        same = bool((selection.design[:, j] == selection.design[0, j]).all())
        value = f"is {exact(selection.design[0, j])}" if same else f"hardly differs from {readable(selection.means[j])}"
        sentence = f"“{name}” {value} in every row used, so it explains nothing."
        yield Finding("constant", True, sentence, *without_term(selection, j))
    # With no more rows than terms some terms always combine others.
    if len(selection.rows) <= len(selection.terms):
        return
    for j in unit_terms.dependent:
        yield _dependent(selection, unit_terms, j)
    if finding := _inflated(selection, unit_terms):
        yield finding


@dataclass(frozen=True, eq=False)
class _UnitTerms:
    """The terms as unit vectors, whose inner products are their correlations."""

    selection: Selection

    @cached_property
    def constant(self) -> list[int]:
        """Terms that are the same in every row but for rounding, by the tolerance of Problem."""
        return [int(j) for j in np.flatnonzero(self.selection.stds <= 1e-12 * np.abs(self.selection.means))]

    @cached_property
    def units(self) -> Array:
        vectors = self.selection.problem.covariance_root.numpy()
        lengths = np.linalg.norm(vectors, axis=0)
        return np.asarray(vectors / np.where(lengths > 0, lengths, 1))

    @cached_property
    def independent(self) -> list[int]:
        """Terms that say something that those before them do not (Gram-Schmidt)."""
        basis = np.empty((len(self.units), 0))
        found = []
        for j in range(self.units.shape[1]):
            left = self.units[:, j]
            # Once more, against the rounding errors of the first time.
            for _ in range(2):
                left = left - basis @ (basis.T @ left)
            length = np.linalg.norm(left)
            if j not in self.constant and length > MIN_INDEPENDENT_LENGTH:
                found.append(j)
                basis = np.column_stack([basis, left / length])
        return found

    @property
    def dependent(self) -> list[int]:
        return [j for j in range(self.units.shape[1]) if j not in {*self.constant, *self.independent}]

    def combination(self, j: int) -> tuple[dict[int, float], float]:
        """Factors of the independent terms that add up to term j, and the constant to add."""
        factors = np.linalg.lstsq(self.units[:, self.independent], self.units[:, j], rcond=None)[0]
        stds, means = self.selection.stds, self.selection.means
        pairs = zip(self.independent, factors, strict=True)
        kept = {i: float(factor * stds[j] / stds[i]) for i, factor in pairs if abs(factor) > 1e-6}
        return kept, float(means[j] - sum(factor * means[i] for i, factor in kept.items()))


def _dependent(selection: Selection, unit_terms: _UnitTerms, j: int) -> Finding:
    names = [term.name for term in selection.terms]
    factors, rest = unit_terms.combination(j)
    same = [i for i in factors if np.array_equal(selection.design[:, i], selection.design[:, j])]
    undecided = "so nothing decides how much weight each of them gets."
    if same:
        sentence = f"“{names[j]}” has the same values as “{names[same[0]]}”, {undecided}"
        return Finding("duplicate", True, sentence, *without_term(selection, j))
    if len(factors) > 4:
        made = f"a combination of {quoted(names[i] for i in factors)}"
    else:
        made = _formula({names[i]: factor for i, factor in factors.items()}, rest, selection.stds[j])
    sentence = f"“{names[j]}” is {made}, {undecided}"
    return Finding("collinear", True, sentence, *without_term(selection, j))


def _formula(factors: dict[str, float], rest: float, size: float) -> str:
    """Such as "1.8 × “celsius” + 32"."""
    parts = []
    for name, factor in factors.items():
        times = "" if abs(abs(factor) - 1) < 1e-6 else f"{readable(abs(factor))} × "
        parts.append(("− " if factor < 0 else "+ ") + f"{times}“{name}”")
    if abs(rest) > 1e-6 * size:
        parts.append(f"{'−' if rest < 0 else '+'} {readable(abs(rest))}")
    text = " ".join(parts)
    return text.removeprefix("+ ")


def _inflated(selection: Selection, unit_terms: _UnitTerms) -> Finding | None:
    """The terms that the others nearly predict."""
    found = unit_terms.independent
    if len(found) < 2:
        return None
    triangle = np.linalg.qr(unit_terms.units[:, found], mode="r")
    inflation = (np.linalg.inv(triangle) ** 2).sum(axis=1)
    order = [int(i) for i in np.argsort(-inflation) if inflation[i] >= HIGH_INFLATION_FACTOR]
    if not order:
        return None
    names = [selection.terms[found[i]].name for i in order]
    worst = inflation[order[0]]
    share = "more than 99.9%" if worst > 1000 else f"{1 - 1 / worst:.1%}"
    together = f"{quoted(names)} move together" if len(names) > 1 else f"“{names[0]}” moves together with others"
    return Finding(
        "collinear",
        False,
        f"{together}: {share} of the ups and downs of “{names[0]}” can be told from the other features. The descent "
        "is slow to tell them apart, and their weights are unsure.",
    )
