"""The columns that a descent steps on: features, their powers and products, and levels of categories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.dataset.features import Array, Feature

SUPERSCRIPTS = {1: "", 2: "²", 3: "³", 4: "⁴", 5: "⁵"}


@dataclass(frozen=True)
class Term:
    """One column of the descent's matrix.

    The product of its `factors`, each the position of a feature and a power; or, with a
    `level`, 1 where its one feature is at that level and 0 elsewhere.
    """

    name: str
    factors: tuple[tuple[int, int], ...]
    level: int | None = None

    def evaluate(self, raw: Array) -> Array:
        """[p] from raw values of the features [p, f]."""
        values = np.ones(len(raw))
        for i, power in self.factors:
            values *= raw[:, i] ** power if self.level is None else raw[:, i] == self.level
        return values


def terms_of(features: Sequence[Feature], degrees: dict[str, int], interactions: bool) -> Iterator[Term]:
    """For each feature in order its powers, or its levels but the commonest; then the products of two numbers."""
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


def evaluate(terms: Sequence[Term], raw: Array) -> Array:
    """[p, k] from raw values [p, f]; `raw` itself, not a copy, where every term is a number as it is."""
    if raw.shape[1] == len(terms) and all(t.level is None and t.factors == ((i, 1),) for i, t in enumerate(terms)):
        return raw
    matrix = np.empty((len(raw), len(terms)))
    # What overflows becomes infinite, and is refused by name.
    with np.errstate(over="ignore", invalid="ignore"):
        for j, term in enumerate(terms):
            matrix[:, j] = term.evaluate(raw)
    return matrix
