"""Pinned runs on the page: the button that pins one, and what is drawn of them."""

import streamlit as st

from app import session
from app.controls.widgets import TICK_SECONDS
from app.figures import PINS
from app.runs.jobs import pool
from app.runs.pins import MAX_PINS, Pin, PinRestore
from app.runs.run import Run
from app.tabs.fragment import fragment
from app.wording import as_markdown
from components.player import Pinned, pins


def offer_pin() -> None:
    """The button that pins the run on the screen."""
    full = session.next_number() is None
    says = f"{MAX_PINS} runs are pinned. Remove one under “Compare”." if full else "It stays, in a colour of its own."
    st.button("Pin this run", key="pin", on_click=session.pin_run, disabled=full, help=as_markdown(says))


def show_pins(run: Run) -> None:
    """Draw the pinned runs behind the one on the screen, with their names."""
    session.restore_pins(run)
    session.follow_run(run)
    here = [one for one in session.pinned() if one.is_on(run.selection)]
    if shown := [one for one in here if not one.hidden]:
        pins(key="pins", runs=[_drawn(one, run) for one in shown])
    if coming := session.restoring():
        fragment(run_every=TICK_SECONDS)(_wait)(coming)
    else:
        session.write_plans([one.plan for one in here])


def _drawn(one: Pin, run: Run) -> Pinned:
    marks = ["fit line", "prediction", "path"] + (["loss"] if one.has_loss_of(run) else [])
    return Pinned(one.plan.name, str(one.number), PINS[one.number - 1], one.frames, marks)


def _wait(coming: PinRestore) -> None:
    """How many runs of the link are trained again."""
    if coming.job.over:
        st.rerun()  # all of it: the player has more to draw
    pool.resume(coming.job)
    words = f"Pinned runs of the link are trained again: {len(coming.pins)} of {len(coming.plans)} done."
    st.caption(as_markdown(words))
