"""What the doctor says."""

from dataclasses import dataclass, field
from typing import Any

from app.dataset.selection import Selection


@dataclass(frozen=True)
class Finding:
    """What matters for the descent, in a sentence; a button called `label` would assign the settings in `fix`.

    `kind` is one of rows, few, missing, constant, duplicate, collinear, scales, outlier,
    sentinel, identifier. Without a button `label` is "" and `fix` is empty.
    """

    kind: str
    serious: bool
    sentence: str
    label: str = ""
    fix: dict[str, Any] = field(default_factory=dict)


def without_term(selection: Selection, term: int) -> tuple[str, dict[str, Any]]:
    """The button that leaves out a term's feature; none for a product, or where no feature would be left."""
    factors = selection.terms[term].factors
    return without_feature(selection, selection.features[factors[0][0]].name) if len(factors) == 1 else ("", {})


def without_feature(selection: Selection, name: str) -> tuple[str, dict[str, Any]]:
    """The button that leaves out a feature; none where it is the only one."""
    others = [feature for feature in selection.columns.features if feature != name]
    return (f"Leave out “{name}”", {"features": others}) if others else ("", {})
