"""The course in a session: the step that is open, and what the learner has made of it."""

from dataclasses import replace

import streamlit as st

from app.charts.scene import Sketch
from app.dataset import PRESETS, ColumnChoice, Selection, load_sample, select
from app.lessons import UNMADE, Attempt, Guess, Lesson, Moment, Place, as_widgets, challenges
from app.runs.run import Run
from app.session.address import parameter
from app.session.descents import FROM_START, epoch_shown
from app.session.link import write_lesson
from app.session.shared import once
from app.session.state import assign, state, value
from app.session.told import NUMBER, Shape, told

MEMORY = "lesson_memory"
"""The key of the component through which the browser remembers attempts."""


def lesson() -> Place | None:
    """The step that is open."""
    return state().place


def open_step(place: Place) -> None:
    """Go to a step and set the widgets as it opens, unless it goes on with what is there; only in a callback."""
    if place.lesson is UNMADE:
        place = place._replace(lesson=challenges_on(last_data()[0]))
    state().place = place
    if place.lesson.steps[place.step].preset:
        state().rest, state().dragged, state().branch = ("", 0.0), (), None
        assign({**as_widgets(place.lesson.opening(place.step)), "changes": FROM_START})


def suit_challenge(selection: Selection) -> None:
    """Make an open challenge of these data; if they are others than before, the script begins anew as it opens.

    What a link says of its settings stays as it says.
    """
    now = state()
    if now.place is None or now.place.lesson.id != UNMADE.id:
        return
    made, (before, step) = challenges_on(selection), now.place
    if made.name == before.name:
        return
    now.place = Place(made, step)
    opening = {**as_widgets(made.opening(step)), "changes": FROM_START}
    now.to_assign = {key: value for key, value in opening.items() if before is not UNMADE or not parameter(key)}
    st.rerun()


def challenges_on(selection: Selection) -> Lesson:
    """The challenges on these rows and columns, whatever their scaling."""
    columns = replace(selection.columns, scaling="none")
    state().challenges = made = once(selection.dataset, ("challenges", columns), lambda: challenges(selection))
    return made


def last_data() -> tuple[Selection, str]:
    """Rows and columns that the playground shows, and the data set's title; at a first visit what it would show."""
    now, first = state(), PRESETS[0]
    if now.selection:
        return now.selection, now.title
    return select(load_sample(first.key), ColumnChoice(first.target, first.features)), first.title


def leave_lesson() -> None:
    """Back to the playground, as it is."""
    state().place = None
    write_lesson(None)


def attempt(place: Place) -> Attempt:
    return state().attempts.setdefault((place.lesson.name, place.step), Attempt())


def forget(place: Place) -> None:
    """Ask the question of a step once more."""
    state().attempts.pop((place.lesson.id, place.step), None)


def see(place: Place, run: Run) -> Moment:
    """What the run shows at this moment, of which the learner's attempt takes note, and the address of the place."""
    write_lesson(place)
    moment = Moment(run, epoch_shown(run))
    attempt(place).see(place.lesson.steps[place.step], moment)
    return moment


def waits() -> bool:
    """Whether the step that is open asks for a guess before anything plays."""
    place = lesson()
    return bool(place and place.lesson.steps[place.step].question and attempt(place).guess is None)


def guess_shown(run: Run) -> tuple[str, float, float | None] | None:
    """The chart of the guess that was made in this step, and its place, as in `View`; None if it is on no chart."""
    place = lesson()
    question = place and place.lesson.steps[place.step].question
    guess = attempt(place).guess if place else None
    if guess is None or isinstance(guess, tuple) or not question or not question.number:
        return None
    return question.number.place(guess, Moment(run, epoch_shown(run)))


def sketch_keys(place: Place) -> list[str]:
    """The widgets with the losses of the step's sketch."""
    question = place.lesson.steps[place.step].question
    return [f"guess_{place.lesson.name}_{place.step + 1}_{epoch:g}" for epoch in (question.sketch if question else ())]


def sketch_shown() -> Sketch | None:
    """The sketch that this step asks for, as far as it is drawn; open until the run has answered."""
    place = lesson()
    question = place and place.lesson.steps[place.step].question
    if not place or not question or not question.sketch:
        return None
    made = attempt(place)
    losses = made.guess if isinstance(made.guess, tuple) else tuple(value(key) for key in sketch_keys(place))
    return Sketch(question.sketch, losses, question.bounds, is_open=made.answer is None)


def sketch(place: Place) -> None:
    """Take the losses of the handles in the chart, 0 where nothing is drawn yet; only in a callback."""
    question, keys = place.lesson.steps[place.step].question, sketch_keys(place)
    losses = told(MEMORY, "sketched", [NUMBER] * len(keys))
    if not question or losses is None or attempt(place).answer is not None:
        return
    low, high = question.bounds
    assign({key: min(max(float(loss), low), high) for key, loss in zip(keys, losses, strict=True) if loss > 0})
    guess_sketch(place)


def guess_sketch(place: Place) -> None:
    """A sketch is a guess once all of it is drawn."""
    losses = [value(key) for key in sketch_keys(place)]
    attempt(place).guess = None if None in losses else tuple(float(loss) for loss in losses)


def attempts(of: Lesson) -> list[tuple[Guess, Guess, bool, bool]]:
    """For each step the guess, the answer, whether there is a guess, and whether the step is done."""
    found = []
    for k, step in enumerate(of.steps):
        one, nothing = attempt(Place(of, k)), (0.0,) * len(step.question.sketch) if step.question else ()
        found.append((one.guess or nothing or 0.0, one.answer or nothing or 0.0, one.guess is not None, one.is_done))
    return found


def recall(of: Lesson) -> None:
    """Take the attempts that the browser remembers; only in a callback."""
    kinds: list[Shape] = [
        [NUMBER] * len(step.question.sketch) if step.question and step.question.sketch else NUMBER for step in of.steps
    ]
    rows = told(MEMORY, "remembered", [[kind, kind, bool, bool] for kind in kinds])
    for k, (guess, answer, has_guess, is_done) in enumerate(rows or []):
        question = of.steps[k].question
        if question is None:
            state().attempts[of.name, k] = Attempt(is_done=is_done)
            continue
        guess, answer = (tuple(one) if question.sketch else float(one) for one in (guess, answer))
        if has_guess and question.takes(guess):
            knows = is_done and (question.takes(answer) or not question.options)
            state().attempts[of.name, k] = Attempt(guess, answer if knows else None, knows)


def act(place: Place) -> None:
    """Do what the word does that was pressed; only in a callback."""
    acts = place.lesson.steps[place.step].acts
    pressed = told(MEMORY, "acted", (0, len(acts) - 1))
    if pressed is not None:
        assign({**as_widgets(acts[int(pressed)]), "changes": FROM_START})
