"""The run on the screen: the same one, a new one, or one that branches off."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from app.dataset import Selection
from app.engine import Objective, Problem, Settings, train
from app.runs.journal import journal
from app.runs.pins import Pin
from app.runs.run import DRAG_TRAINING_SECONDS, TRAINING_SECONDS, Run
from app.runs.segments import Segment, possible, replay
from app.runs.sweep import SweepRun
from app.runs.training import Training
from app.session import link
from app.session.data import objective
from app.session.shared import once
from app.session.state import assign, session_id, state, value

FROM_START, FROM_HERE = "from the start", "from here"


def run(selection: Selection, settings: Settings) -> Run:
    """The run of these settings: the one on the screen if they are the same, else a new one.

    Where changes apply from here on, the page is first asked which epoch it shows, and `branch` does the rest.
    While the start is dragged the run begins there, and only as much is trained as leaves the hand free.
    """
    if start := dragged(selection):
        settings = replace(settings, start=start)
    group, target = objective(selection, settings)
    current, branched = state().run, state().branch
    step = next_step(current, target.problem, settings, changes=value("changes"), branched=branched is not None)
    if current is None or step == "new":
        current = _begin(group, selection, target, settings)
        current.advance(DRAG_TRAINING_SECONDS if start else TRAINING_SECONDS)
    else:
        current.ask = str(time.monotonic_ns()) if step == "ask" else ""
    if not start:
        current.follow()
    link.write_stop(current.stop)
    journal.note(current)
    return current


def next_step(
    current: Run | None, problem: Problem, settings: Settings, *, changes: str | None, branched: bool
) -> Literal["same", "ask", "new"]:
    """Whether the current run stays, is asked which epoch it shows so that it can branch there, or gives way."""
    if current is None or current.problem is not problem or branched:
        return "new"
    if current.settings == settings and not (current.segments and changes == FROM_START):
        return "same"
    return "ask" if changes == FROM_HERE else "new"


def _begin(group: str, selection: Selection, target: Objective, settings: Settings) -> Run:
    """A new run in place of the one on the screen, with the segments of a branch or of a visitor's link."""
    before, branched = state().run, state().branch
    state().branch = None
    problem = target.problem
    after, segments = branched or (None, () if before else _of_the_link(problem))

    def training() -> Training:
        if after and segments and before and before.problem is problem:
            return Training(train(problem, settings, after=after, at=min(segments[-1].until, settings.epochs)))
        return Training(replay(problem, segments, settings))

    new = Run(
        id=str(int(before.id) + 1 if before else 1),
        group=group,
        selection=selection,
        objective=target,
        settings=settings,
        segments=segments,
        training=once(target, (segments, settings), training),
        stop=0 if before else link.stop(),
        owner=session_id(),
    )
    link.write_segments(segments)
    if before:
        before.job.end()
    state().run = new
    return new


def _of_the_link(problem: Problem) -> tuple[Segment, ...]:
    """The segments of a visitor's link; none if this problem cannot have them."""
    segments = link.segments()
    return segments if all(possible(problem, segment.settings) for segment in segments) else ()


def branch(current: Run, epoch: int) -> None:
    """Let the next run be this one up to an epoch, and go on from there with the sidebar's settings."""
    epoch = min(epoch, current.history.epochs)
    before = [segment for segment in current.segments if segment.until < epoch]
    segment = Segment(epoch, current.settings_after(epoch - 1))
    state().branch = (current.history, (*before, segment) if epoch else ())
    if not epoch:
        _switch_back()
    elif value("changes") != FROM_HERE:
        state().has_switched = True
        assign({"changes": FROM_HERE})


def leave_branch(selection: Selection, settings: Settings) -> None:
    """Undo what a branch has switched if other data leave nothing of it; before the switch is drawn."""
    current = state().run
    if value("changes") == FROM_START:
        state().has_switched = False
    elif current and objective(selection, settings)[1].problem is not current.problem:
        _switch_back()


def _switch_back() -> None:
    if state().has_switched:
        state().has_switched = False
        assign({"changes": FROM_START})


def restore(settings: Mapping[str, Any], segments: tuple[Segment, ...]) -> None:
    """Let the next run have these values of widgets, after these segments; only in a callback."""
    state().branch = (None, segments) if segments else None
    assign({**settings, "changes": FROM_HERE if segments else FROM_START})


def rest(current: Run, epoch: float) -> None:
    """The player rests at this epoch of this run."""
    state().rest = (current.id, epoch)


def epoch_shown(current: Run) -> float:
    """Where the player last came to rest on this run, as far as it has said; a fraction between updates."""
    of, epoch = state().rest
    return min(float(epoch), float(current.epochs)) if of == current.id else 0.0


def begin_at(start: Sequence[float], *, done: bool) -> None:
    """Let runs begin here; the widget follows once the hand that drags the start is `done`."""
    state().dragged = () if done else tuple(start)
    assign({"changes": FROM_START, **({"start": ", ".join(map(repr, start))} if done else {})})


def dragged(selection: Selection) -> tuple[float, ...]:
    """Where the start is while it is dragged; nothing if that is a start of other columns."""
    start = state().dragged
    return start if len(start) == len(selection.terms) + 1 else ()


def zoom(current: Run, across: Sequence[float], up: Sequence[float]) -> None:
    """The part of the surface that is shown, for all runs of this run's group."""
    state().zoom = (current.group, ((across[0], across[1]), (up[0], up[1])))


def zoomed(current: Run) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The ends across and up of the part of the surface that is shown; None for all of it."""
    group, part = state().zoom
    return part if group == current.group else None


def of_the_run(write: Callable[[Run, Sequence[Pin]], Any]) -> Callable[[], Any]:
    """What is written of the run and the pins on the screen at the time of the call, which needs no script."""
    now = state()

    def written() -> Any:
        assert now.run, "a page that offers a run has one"
        return write(now.run, now.pins or ())

    return written


def sweep() -> SweepRun | None:
    """The last sweep, done or not, unless it was left."""
    return state().sweep


def set_sweep(sweep: SweepRun | None) -> None:
    state().sweep = sweep
