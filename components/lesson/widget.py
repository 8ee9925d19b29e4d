"""Where a learner stands is kept in the browser alone; the server is told only what it shows."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)

Guess = float | tuple[float, ...]
Attempt = tuple[Guess, Guess, bool, bool]
"""The guess, the answer, whether there is a guess, and whether the step is done."""


def lesson(
    *,
    key: str,
    lesson: str,
    step: int,
    attempts: Sequence[Attempt],
    to_do: Sequence[int],
    lit: Sequence[str],
    words: Mapping[str, str],
    waits: str,
    options: int,
    on_act: Callable[[], None],
    on_again: Callable[[], None],
    on_remember: Callable[[], None],
    on_sketch: Callable[[], None],
) -> None:
    """Stand in the card of a step, whose links then act: "?…" as buttons, "#name" by lighting something up.

    key: of the component, whose triggers are session_state[key].acted, .remembered and .sketched.
    lesson, step: what is remembered as the place to come back to.
    attempts: for each step; they are merged with what the browser remembers of this lesson.
    to_do: the steps, from 0, in which there is something to do.
    lit: CSS selectors of what is lit while the step is open.
    words: CSS selectors by the names that links have.
    waits: what is said when somebody presses Play before there is a guess; "" if that is no matter.
    options: of the step's question, which a lecture can put to the room.
    on_again: called when the step's question is to be asked once more.
    on_act: called with the number of the "?" link, from 0, as `acted`.
    on_remember: called with `remembered`, attempts for each step, where the browser knows more than `attempts`.
    on_sketch: called with `sketched`, the heights of the player's `Sketch`, 0 for those not drawn yet.
    """
    data = {
        "lesson": lesson,
        "step": step,
        "attempts": [list(attempt) for attempt in attempts],
        "to_do": [*to_do],
        "lit": [*lit],
        "words": dict(words),
        "waits": waits,
        "options": options,
    }
    _component(
        key=key,
        data=data,
        on_acted_change=on_act,
        on_again_change=on_again,
        on_remembered_change=on_remember,
        on_sketched_change=on_sketch,
    )
