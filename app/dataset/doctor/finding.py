"""What a check of the data doctor says, and the buttons that several checks offer."""

from dataclasses import dataclass, field
from typing import Any

from app.dataset.selection import Selection


@dataclass(frozen=True)
class Finding:
    """What matters for the descent, and perhaps a button that sets it right."""

    kind: str
    """One of rows, few, missing, constant, duplicate, collinear, scales, outlier, sentinel, identifier."""
    serious: bool
    sentence: str
    label: str = ""
    """Of the button; "" without one."""
    fix: dict[str, Any] = field(default_factory=dict)
    """The settings that the button assigns."""


def without_term(selection: Selection, term: int) -> tuple[str, dict[str, Any]]:
    """Label and fix that leave out a term's feature; empty for a product, or where no feature would be left."""
    factors = selection.terms[term].factors
    return without_feature(selection, selection.features[factors[0][0]].name) if len(factors) == 1 else ("", {})


def without_feature(selection: Selection, name: str) -> tuple[str, dict[str, Any]]:
    """Label and fix that leave out a feature; empty where it is the only one."""
    others = [feature for feature in selection.columns.features if feature != name]
    return (f"Leave out “{name}”", {"features": others}) if others else ("", {})
