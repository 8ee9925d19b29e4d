"""A run on the screen: the verdict on it, the player, and the training's progress."""

from dataclasses import replace
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.charts import charts
from app.charts.scene import Scene, View
from app.charts.surface import start_through
from app.charts.trajectory import linear_trajectory
from app.controls.widgets import TICK_SECONDS
from app.explain.verdict import verdict
from app.runs.jobs import pool
from app.runs.run import Run
from app.tabs.fragment import fragment
from app.tabs.one_step import ONE_STEP
from app.tabs.pins import show_pins
from app.wording import as_markdown, duration, rounded
from components.player import live_sentence, player

DESCENT = "descent"
"""The key of the fragment that shows a run: the player, what is said of it, and its tabs."""

MAX_TICKS_PER_SECOND = 8
"""Looks at running runs, of all sessions together."""


def explain(run: Run, place: DeltaGenerator) -> None:
    """The verdict on the run, and the button that fixes it or sets a good rate, if there is one.

    The page stops here while there is no loss to show, not even the first.
    """
    said = verdict(Scene(run, View()), in_lesson=session.lesson() is not None)

    def fix() -> None:
        session.assign(said.fix)
        st.rerun()  # all of it, for widgets outside the fragment that the button stands in

    words, button = place.columns([4, 1], vertical_alignment="center")
    with words:
        live_sentence(key="verdict_sentence", sayings=said.sayings)
    kind: Literal["primary", "secondary"] = "primary" if said.alarming else "secondary"
    if said.label:
        why = said.why
        button.button(as_markdown(said.label), type=kind, width="stretch", on_click=fix, help=why and as_markdown(why))
    if run.is_hopeless:
        st.stop()


@fragment()  # Dragging the start reruns this alone.
def show_player(run: Run, view: View) -> None:
    """The player, and while the run goes on its progress; nothing for a hopeless run."""
    if session.dragged(run.selection):
        run = session.run(run.selection, run.settings)
    if run.is_hopeless:
        return
    guess, sketch = session.guess_shown(run), session.sketch_shown()
    scene = Scene(run, replace(view, zoom=session.zoomed(run), guess=guess, sketch=sketch, waits=session.waits()))
    with st.container():
        show_pins(run)
    _show_charts(run, scene)
    place = st.empty()  # It removes what an earlier run's progress may have left here.
    if (run.outcome in ("running", "stopped") or run.searches or run.is_trying) and not session.dragged(run.selection):
        tick = usual_tick()
        rests = run.paused_by and not run.searches
        with place:  # A fragment's timer ends only with the fragment.
            (show_progress if rests else fragment(run_every=tick)(show_progress))(run, tick)


def _show_charts(run: Run, scene: Scene) -> None:
    """The player, and what its buttons and the hand on its charts do."""

    def pause() -> None:
        run.pause("paused")
        st.rerun(DESCENT)

    def play() -> None:
        run.resume()
        st.rerun(DESCENT)

    def branch() -> None:
        epoch = session.told("player", "branched", session.FROM_ZERO)
        if epoch is not None:
            session.branch(run, int(epoch))
            st.rerun()  # all of it, for the switch outside the fragment

    def rest() -> None:
        epoch = session.told("player", "rested", session.FROM_ZERO)
        if epoch is not None:
            session.rest(run, epoch)
            st.rerun(DESCENT)

    def begin() -> None:
        start = session.told("player", "started", [session.NUMBER, session.NUMBER, bool])
        if start is not None:
            x, y, done = start
            session.begin_at(start_through(scene, x, y), done=done)
            if done:
                st.rerun()  # all of it, for the widget outside the fragment

    def zoom() -> None:
        ends = [session.NUMBER, session.NUMBER]
        part = session.told("player", "zoomed", [ends, ends])
        if part is not None and all(low < high for low, high in part):
            session.zoom(run, *part)

    from_start = session.value("changes") == session.FROM_START
    here = session.lesson()
    player(
        key="player",
        origin=session.session_id(),
        trajectory=linear_trajectory(scene, dial="learning_rate_slider" if from_start else ""),
        charts=charts(scene),
        on_pause=pause,
        on_play=play,
        on_branch=branch,
        on_rest=rest if here or session.value("tab") == ONE_STEP else None,
        on_start=begin,
        on_zoom=zoom,
        ask=run.ask,
        chapter=here.lesson.chapter(here.step) if here else "",
        opens=here.lesson.epoch(here.step, run.settings.epochs) if here else 0.0,
        waits=scene.view.waits,
        **scene.message,
    )


def usual_tick() -> float:
    """Seconds between two looks at a run; more, the more runs go on."""
    return max(TICK_SECONDS, pool.load / MAX_TICKS_PER_SECOND)


def show_progress(run: Run, tick: float) -> None:
    """How far the training is, how fast it goes, and the button that stops or resumes it."""
    if run.follow() or not tick / 2 <= usual_tick() <= tick * 2:
        st.rerun()  # all of it: the player and the tables have more to show, or the next look is due at another time

    def stop() -> None:
        run.pause("stopped")
        st.rerun()

    def go_on() -> None:
        run.resume()
        st.rerun()

    if run.searches:
        rows = f"{run.problem.n_rows:,} rows"
        st.caption(as_markdown(f"The lowest point is that of a random sample, until it is found for all {rows}."))
    if run.outcome not in ("running", "stopped"):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="progress"):
        done, total = run.reached, run.settings.epochs
        st.progress(min(done / total, 1.0), as_markdown(progress(run)))
        if run.paused_by:
            st.button("Go on", on_click=go_on)
        else:
            st.button("Stop", on_click=stop)


def progress(run: Run) -> str:
    """Such as "epoch 12,300 of 100,000 · 45,000 epochs a second · 2 s left"."""
    done, total, pace = run.reached, run.settings.epochs, run.job.pace
    if run.paused_by:
        return f"{run.paused_by.capitalize()} at epoch {done:,} of {total:,}"
    words = f"epoch {rounded(done, 3)} of {total:,}"
    return f"{words} · {rounded(pace, 2)} epochs a second · {duration((total - done) / pace)} left" if pace else words
