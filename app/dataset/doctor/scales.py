"""Check of how ill-conditioned the loss is: whether it is a bowl or a ravine."""

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
"""If plain descent takes more epochs, standardizing pays."""

HOPELESS_EPOCHS = 5_000
"""If it takes more epochs, nobody will wait to see the descent arrive."""


def check_scales(selection: Selection) -> Iterator[Finding]:
    """How many epochs plain descent needs, with the features as they are and standardized."""
    plain, standardized = epochs_needed(selection, "none"), epochs_needed(selection, "standardize")
    pays = plain > SLOW_EPOCHS and plain > 3 * standardized
    scaled = selection.columns.scaling == "standardize"
    epochs = standardized if scaled else plain
    if pays and not scaled:
        needs = f"needs {about(plain)} epochs; standardized, {about(standardized)}."
        sentence = f"At its fastest rate plain descent {needs}"
        button = ("Standardize", suggested_settings(selection, ("standardize",)))
        yield Finding("scales", True, f"{_cause(selection)} {sentence}", *button)
    elif epochs > HOPELESS_EPOCHS:
        even = "Even standardized, plain" if scaled else "Plain"
        sentence = f"{even} descent at its fastest rate needs {about(epochs)} epochs: the features move together."
        yield Finding("scales", True, sentence)
    elif pays:
        sentence = f"Standardized, plain descent at its fastest rate needs {about(standardized)} epochs"
        yield Finding("scales", False, f"{_cause(selection)} {sentence}; in the file's own units, {about(plain)}.")


def epochs_needed(selection: Selection, scaling: Scaling) -> float:
    """Epochs at the fastest learning rate under a scaling, from whatever start."""
    try:
        problem = selection.problem.rescaled(scaling)
    except ValueError:  # Squares that overflow in the file's units: no rate is small enough there.
        return math.inf
    return epochs_of_slowest_mode(problem, problem.best_learning_rate)


def _cause(selection: Selection) -> str:
    """Whose scales differ how much, or who lies how far from 0."""
    means, stds = selection.means, selection.stds
    names = [term.name for term in selection.terms]
    varied = np.flatnonzero(stds > 1e-12 * np.abs(means))
    wide, narrow = varied[stds[varied].argmax()], varied[stds[varied].argmin()]
    far = varied[(np.abs(means[varied]) / stds[varied]).argmax()]
    orders, away = math.log10(stds[wide]) - math.log10(stds[narrow]), abs(means[far]) / stds[far]
    if orders >= math.log10(max(10, away)):
        apart = "" if orders < 3 else f", {orders:.0f} orders of magnitude apart"
        return (
            f"“{names[wide]}” spreads over {readable(stds[wide], 3)} and “{names[narrow]}” over "
            f"{readable(stds[narrow], 3)}{apart}."
        )
    if away >= 1:
        around = f"{readable(means[far], 3)}, give or take {readable(stds[far], 3)}"
        return f"“{names[far]}” lies far from 0 for its spread: around {around}."
    return f"“{names[wide]}” spreads over {readable(stds[wide], 3)}, far from 1."
