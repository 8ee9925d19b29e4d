"""Challenges: steps like a lesson's, made from the data at hand, which decide what is asked and what is right."""

from collections.abc import Callable
from dataclasses import replace

from app.dataset import Selection
from app.lessons.challenges.data import Data, MisfitError
from app.lessons.challenges.descents import fewest_epochs, largest_rate, loss_at_100, outcome, scaling
from app.lessons.challenges.lines import least_squares, one_step, pull
from app.lessons.step import Lesson, Step
from app.wording import Markdown

NEAR = 1.05
"""So many times the lowest loss leaves nothing to do; or both are zero."""

MAX_TERMS = 10
"""With more columns a start is too long to write."""

CHALLENGES: dict[Markdown, Callable[[Markdown, Data], Step]] = {
    Markdown("Converge, swing or diverge?"): outcome,
    Markdown("How large can the rate be?"): largest_rate,
    Markdown("How low at epoch 100?"): loss_at_100,
    Markdown("How few epochs can it be?"): fewest_epochs,
    Markdown("How much does scaling help?"): scaling,
    Markdown("Which row pulls the line?"): pull,
    Markdown("Which number is missing?"): one_step,
    Markdown("Can you beat least squares?"): least_squares,
}
"""By what they ask, in their order, which links count on."""

UNMADE = Lesson("challenges", Markdown("Challenges"), 0, Markdown(""), tuple(Step(title, "") for title in CHALLENGES))
"""The challenges before it is known which data they are about."""


def challenges(selection: Selection) -> Lesson:
    """A step for each challenge; one that does not fit the data says why, and asks nothing."""
    data = Data(selection)
    steps = tuple(_step(title, make, data) for title, make in CHALLENGES.items())
    return replace(UNMADE, steps=steps, data=f"{data.number:08x}")


def _step(title: Markdown, make: Callable[[Markdown, Data], Step], data: Data) -> Step:
    try:
        _check(data)
        return make(title, data)
    except MisfitError as why:
        return Step(title, Markdown("{}").format(why))


def _check(data: Data) -> None:
    """Raises MisfitError for data that fit no challenge."""
    if len(data.selection.terms) > MAX_TERMS:
        raise MisfitError(f"Challenges are made for at most {MAX_TERMS} columns. Choose fewer features.")
    if data.descent.first <= NEAR * data.descent.lowest:
        raise MisfitError("With weights and bias of zero the loss is almost as low as it gets. Choose another target.")
