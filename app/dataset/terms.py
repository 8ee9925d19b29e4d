"""The columns of the design matrix: features, their powers and products, and levels of categories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.dataset.features import Array, Feature

SUPERSCRIPTS = {1: "", 2: "²", 3: "³", 4: "⁴", 5: "⁵"}


@dataclass(frozen=True)
class Term:
    """One column of the design matrix."""

    name: str
    factors: tuple[tuple[int, int], ...]
    """Positions of features and their powers, to be multiplied."""
    level: int | None = None
    """If given, the term is 1 where its one feature has this level and 0 elsewhere."""

    def evaluate(self, feature_values: Array) -> Array:
        """[p] from feature values [p, f]."""
        values = np.ones(len(feature_values))
        for i, power in self.factors:
            column = feature_values[:, i]
            values *= column**power if self.level is None else column == self.level
        return values


def terms_of(features: Sequence[Feature], degrees: dict[str, int], interactions: bool) -> Iterator[Term]:
    """Each feature's powers, or its levels but the commonest; then the products of every two numeric features."""
    for i, feature in enumerate(features):
        if feature.levels:
            for k, level in enumerate(feature.levels):
                if k != feature.commonest:
                    yield Term(f"{feature.name} = {level}", ((i, 1),), level=k)
        else:
            for power in range(1, degrees.get(feature.name, 1) + 1):
                yield Term(f"{feature.label}{SUPERSCRIPTS[power]}", ((i, power),))
    if interactions:
        numbers = [(i, feature) for i, feature in enumerate(features) if not feature.levels]
        for (i, one), (j, other) in combinations(numbers, 2):
            yield Term(f"{one.label} × {other.label}", ((i, 1), (j, 1)))


def evaluate(terms: Sequence[Term], feature_values: Array) -> Array:
    """[p, k] from feature values [p, f]; the same array, not a copy, where each feature is a term as it is."""
    same = all(term.level is None and term.factors == ((i, 1),) for i, term in enumerate(terms))
    if same and len(terms) == feature_values.shape[1]:
        return feature_values
    matrix = np.empty((len(feature_values), len(terms)))
    # What overflows becomes infinite; `select` refuses it by name.
    with np.errstate(over="ignore", invalid="ignore"):
        for j, term in enumerate(terms):
            matrix[:, j] = term.evaluate(feature_values)
    return matrix
