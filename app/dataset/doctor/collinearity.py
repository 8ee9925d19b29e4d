"""Columns that say nothing, or nothing new."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.dataset.doctor.finding import Finding, without_term
from app.dataset.features import Array
from app.dataset.selection import Selection
from app.wording import exact, quoted, readable

MIN_INDEPENDENT_LENGTH = 1e-7
"""What is left of a column of length 1, beside the columns before it, when it says nothing new."""

HIGH_INFLATION_FACTOR = 10
"""A variance inflation factor of 10 or more is a warning (Marquardt 1970)."""


def check_collinearity(selection: Selection) -> Iterator[Finding]:
    """Terms that are constant, that repeat or combine others, and that nearly do."""
    shapes = _Shapes(selection)
    for j in shapes.constant:
        name = selection.terms[j].name
        same = bool((selection.design[:, j] == selection.design[0, j]).all())
        value = f"is {exact(selection.design[0, j])}" if same else f"hardly differs from {readable(selection.means[j])}"
        sentence = f"“{name}” {value} in every row used, so it explains nothing."
        yield Finding("constant", True, sentence, *without_term(selection, j))
    # With fewer rows than terms some always combine others.
    if len(selection.rows) <= len(selection.terms):
        return
    for j in shapes.dependent:
        yield _dependent(selection, shapes, j)
    if finding := _inflated(selection, shapes):
        yield finding


@dataclass(frozen=True, eq=False)
class _Shapes:
    """The terms as unit vectors whose inner products are their correlations, [·, k]."""

    selection: Selection

    @cached_property
    def constant(self) -> list[int]:
        """Terms that are the same in every row, but for rounding errors; as the problem has it."""
        return [int(j) for j in np.flatnonzero(self.selection.spreads <= 1e-12 * np.abs(self.selection.means))]

    @cached_property
    def units(self) -> Array:
        vectors = self.selection.problem.covariance_root.numpy()
        lengths = np.linalg.norm(vectors, axis=0)
        return np.asarray(vectors / np.where(lengths > 0, lengths, 1))

    @cached_property
    def independent(self) -> list[int]:
        """Terms of which none combines others: each says something that those before it do not."""
        basis = np.empty((len(self.units), 0))
        found = []
        for j in range(self.units.shape[1]):
            left = self.units[:, j]
            # Twice, or rounding errors of the first time remain.
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
        """Factors of the independent terms that make term j, and what is added to them."""
        factors = np.linalg.lstsq(self.units[:, self.independent], self.units[:, j], rcond=None)[0]
        spreads, means = self.selection.spreads, self.selection.means
        pairs = zip(self.independent, factors, strict=True)
        kept = {i: float(factor * spreads[j] / spreads[i]) for i, factor in pairs if abs(factor) > 1e-6}
        return kept, float(means[j] - sum(factor * means[i] for i, factor in kept.items()))


def _dependent(selection: Selection, shapes: _Shapes, j: int) -> Finding:
    names = [term.name for term in selection.terms]
    factors, rest = shapes.combination(j)
    same = [i for i in factors if np.array_equal(selection.design[:, i], selection.design[:, j])]
    undecided = "so nothing decides how much weight each of them gets."
    if same:
        sentence = f"“{names[j]}” has the same values as “{names[same[0]]}”, {undecided}"
        return Finding("duplicate", True, sentence, *without_term(selection, j))
    if len(factors) > 4:
        made = f"a combination of {quoted(names[i] for i in factors)}"
    else:
        made = _formula({names[i]: factor for i, factor in factors.items()}, rest, selection.spreads[j])
    sentence = f"“{names[j]}” is {made}, {undecided}"
    return Finding("collinear", True, sentence, *without_term(selection, j))


def _formula(factors: dict[str, float], rest: float, size: float) -> str:
    """ "1.8 × “celsius” + 32"."""
    parts = []
    for name, factor in factors.items():
        times = "" if abs(abs(factor) - 1) < 1e-6 else f"{readable(abs(factor))} × "
        parts.append(("− " if factor < 0 else "+ ") + f"{times}“{name}”")
    if abs(rest) > 1e-6 * size:
        parts.append(f"{'−' if rest < 0 else '+'} {readable(abs(rest))}")
    text = " ".join(parts)
    return text.removeprefix("+ ")


def _inflated(selection: Selection, shapes: _Shapes) -> Finding | None:
    """The terms that the others nearly foretell."""
    found = shapes.independent
    if len(found) < 2:
        return None
    triangle = np.linalg.qr(shapes.units[:, found], mode="r")
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
