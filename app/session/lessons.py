"""The course in a session: the step that is open, and what the learner has made of it."""

from app.lessons import Attempt, Lesson, Moment, Place, as_widgets
from app.runs.run import Run
from app.session.descents import FROM_START, epoch_shown
from app.session.link import write_lesson
from app.session.state import assign, state
from app.session.told import NUMBER, told

MEMORY = "lesson_memory"
"""The key of the component through which the browser remembers attempts."""


def lesson() -> Place | None:
    """The step that is open."""
    return state().place


def open_step(place: Place) -> None:
    """Go to a step and set the widgets as it opens, unless it goes on with what is there; only in a callback."""
    state().place = place
    if place.lesson.steps[place.step].preset:
        state().rest, state().dragged, state().branch = ("", 0.0), (), None
        assign({**as_widgets(place.lesson.opening(place.step)), "changes": FROM_START})


def leave_lesson() -> None:
    """Back to the playground, as it is."""
    state().place = None
    write_lesson(None)


def attempt(place: Place) -> Attempt:
    return state().attempts.setdefault((place.lesson.id, place.step), Attempt())


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


def guess_shown(run: Run) -> tuple[str, float, float] | None:
    """The chart and the point of the guess that was made in this step; None if it is on no chart."""
    place = lesson()
    question = place and place.lesson.steps[place.step].question
    guess = attempt(place).guess if place else None
    if guess is None or not question or not question.number:
        return None
    return question.number.place(guess, Moment(run, epoch_shown(run)))


def attempts(of: Lesson) -> list[tuple[float, float, bool, bool]]:
    """For each step the guess, the answer, whether there is a guess, and whether the step is done."""
    found = [attempt(Place(of, k)) for k in range(len(of.steps))]
    return [(one.guess or 0.0, one.answer or 0.0, one.guess is not None, one.is_done) for one in found]


def recall(of: Lesson) -> None:
    """Take the attempts that the browser remembers; only in a callback."""
    rows = told(MEMORY, "remembered", [[NUMBER, NUMBER, bool, bool]] * len(of.steps))
    for k, (guess, answer, has_guess, is_done) in enumerate(rows or []):
        question = of.steps[k].question
        if question is None:
            state().attempts[of.id, k] = Attempt(is_done=is_done)
        elif has_guess and question.takes(guess):
            knows = is_done and (question.takes(answer) or not question.options)
            state().attempts[of.id, k] = Attempt(float(guess), float(answer) if knows else None, knows)


def act(place: Place) -> None:
    """Do what the word does that was pressed; only in a callback."""
    acts = place.lesson.steps[place.step].acts
    pressed = told(MEMORY, "acted", (0, len(acts) - 1))
    if pressed is not None:
        assign({**as_widgets(acts[int(pressed)]), "changes": FROM_START})
