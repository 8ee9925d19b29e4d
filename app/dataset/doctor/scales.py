"""Is the loss a bowl or a ravine?"""

import math
from collections.abc import Iterator

import numpy as np

from app.dataset.doctor.finding import Finding
from app.dataset.selection import Selection
from app.dataset.suggestions import suggested_settings
from app.engine.problem import Scaling
from app.engine.rates import epochs_of_slowest_mode
from app.wording import about, readable

SLOW_EPOCHS = 1_000
"""Epochs beyond which it pays to standardize."""

HOPELESS_EPOCHS = 5_000
"""Epochs beyond which even a patient class does not see the descent arrive."""


def check_scales(selection: Selection) -> Iterator[Finding]:
    """How long plain descent needs as the features are, and standardized."""
    plain, standardized = epochs_needed(selection, "none"), epochs_needed(selection, "standardize")
    pays = plain > SLOW_EPOCHS and plain > 3 * standardized
    scaled = selection.columns.scaling == "standardize"
    epochs = standardized if scaled else plain
    if pays and not scaled:
        sentence = f"At its best rate plain descent needs {about(plain)} epochs; standardized, {about(standardized)}."
        button = ("Standardize", suggested_settings(selection, ("standardize",)))
        yield Finding("scales", True, f"{_cause(selection)} {sentence}", *button)
    elif epochs > HOPELESS_EPOCHS:
        even = "Even standardized, plain" if scaled else "Plain"
        sentence = f"{even} descent at its best rate needs {about(epochs)} epochs: the features move together."
        yield Finding("scales", True, sentence)
    elif pays:
        sentence = f"Standardized, plain descent at its best rate needs {about(standardized)} epochs"
        yield Finding("scales", False, f"{_cause(selection)} {sentence}; in the file's own units, {about(plain)}.")


def epochs_needed(selection: Selection, scaling: Scaling) -> float:
    """Epochs at the best learning rate under a scaling, from whatever start."""
    try:
        problem = selection.problem.rescaled(scaling)
    except ValueError:  # Squares that overflow in the file's units: no rate is small enough there.
        return math.inf
    return epochs_of_slowest_mode(problem, problem.best_learning_rate)


def _cause(selection: Selection) -> str:
    """Which features lie how far apart, or how far from 0."""
    means, spreads = selection.means, selection.spreads
    names = [term.name for term in selection.terms]
    varied = np.flatnonzero(spreads > 1e-12 * np.abs(means))
    wide, narrow = varied[spreads[varied].argmax()], varied[spreads[varied].argmin()]
    far = varied[(np.abs(means[varied]) / spreads[varied]).argmax()]
    orders, away = math.log10(spreads[wide]) - math.log10(spreads[narrow]), abs(means[far]) / spreads[far]
    if orders >= math.log10(max(10, away)):
        apart = "" if orders < 3 else f", {orders:.0f} orders of magnitude apart"
        return (
            f"“{names[wide]}” spreads over {readable(spreads[wide], 3)} and “{names[narrow]}” over "
            f"{readable(spreads[narrow], 3)}{apart}."
        )
    if away >= 1:
        around = f"{readable(means[far], 3)}, give or take {readable(spreads[far], 3)}"
        return f"“{names[far]}” lies far from 0 for its spread: around {around}."
    return f"“{names[wide]}” spreads over {readable(spreads[wide], 3)}, far from 1."
