"""Runs that stay on the screen: the button that pins one, and what is drawn of them."""

from collections.abc import Sequence

import streamlit as st

from app import session
from app.controls.widgets import TICK
from app.engine import Settings
from app.engine.optimizers import OPTIMIZERS
from app.engine.settings import BOUNDS
from app.figures import PINS
from app.runs.jobs import pool
from app.runs.pins import MOST, Pin, PinRestore, free_number, pin, read, written
from app.runs.run import Run
from app.wording import as_markdown
from components.player import Pinned, pins


def offer_pin() -> None:
    """The button that pins the run on the screen."""
    full = free_number(numbers()) is None
    says = f"{MOST} runs are pinned. Remove one under “Compare”." if full else "It stays, in a colour of its own."
    st.button("Pin this run", key="pin", on_click=keep, disabled=full, help=as_markdown(says))


def keep(name: str = "") -> None:
    """Pin the run on the screen, unless it is; only in a callback or before it is drawn."""
    run: Run | None = session.value("_run")
    number = free_number(numbers())
    if run and number and not run.hopeless and not any(one.is_of(run) for one in pinned()):
        let_be([*pinned(), pin(run, number, name or usual_name(run))])


def pinned() -> Sequence[Pin]:
    """The runs that are pinned."""
    held: Sequence[Pin] = session.value("_pins", ())
    return held


def numbers() -> list[int]:
    """Those that are taken, or kept for runs on their way back from the link."""
    back: PinRestore | None = session.value("_back")
    return [one.number for one in pinned()] + (list(range(1, len(back.plans) + 1)) if back else [])


def let_be(pins: Sequence[Pin]) -> None:
    """Let these be the runs that are pinned."""
    session.assign({"_pins": sorted(pins, key=lambda one: one.number)})


def usual_name(run: Run) -> str:
    rate = f"rate {run.settings.learning_rate:g}"
    plain = run.settings.optimizer == "gradient_descent"
    return rate if plain else f"{OPTIMIZERS[run.settings.optimizer].title}, {rate}"


def show_pins(run: Run) -> None:
    """Draw the pinned runs behind the one on the screen, and name them here."""
    _bring_back(run)
    _follow(run)
    shown = [one for one in pinned() if one.is_on(run.selection) and not one.hidden]
    if shown:
        pins(key="pins", runs=[_drawn(one, run) for one in shown])
    if back := session.value("_back"):
        st.fragment(_wait, run_every=TICK)(back)
    else:
        _write_in_the_link(run)


def _drawn(one: Pin, run: Run) -> Pinned:
    marks = ["fit line", "prediction", "path"] + (["loss"] if one.has_loss_of(run) else [])
    return Pinned(one.plan.name, str(one.number), PINS[one.number - 1], one.frames, marks)


def _follow(run: Run) -> None:
    """Let the pin of a run that goes on go on with it."""
    for one in pinned():
        goes_on = one.run == run.id and one.outcome in ("running", "stopped")
        if goes_on and (one.last, one.outcome) != (run.epochs, run.outcome):
            longer = pin(run, one.number, one.plan.name, hidden=one.hidden)
            let_be([longer if other is one else other for other in pinned()])


def _bring_back(run: Run) -> None:
    """Have the pins of a visitor's link trained again, once there is a picture."""
    if session.value("_pins") is None:
        let_be([])
        known = read(st.query_params.get("pins", ""))
        if plans := [plan for plan in known if all(_is_of_the_page(way.settings) for way in plan.segments)]:
            session.assign({"_back": PinRestore(plans, run.selection, run.owner)})
    back: PinRestore | None = session.value("_back")
    if back and back.job.over:
        back.job.check()
        let_be([*pinned(), *back.pins])
        session.assign({"_back": None})


def _is_of_the_page(settings: Settings) -> bool:
    """Whether the widgets could hold these settings, so that they can be restored."""
    values = {name: getattr(settings, name) for name in BOUNDS}
    return all(value is None or BOUNDS[name][0] <= value <= BOUNDS[name][1] for name, value in values.items())


def _wait(back: PinRestore) -> None:
    """Look whether the runs of the link are trained."""
    if back.job.over:
        st.rerun()  # all of it: the player has more to draw
    pool.resume(back.job)
    words = f"Pinned runs of the link are trained again: {len(back.pins)} of {len(back.plans)} done."
    st.caption(as_markdown(words))


def _write_in_the_link(run: Run) -> None:
    text = written([one.plan for one in pinned() if one.is_on(run.selection)])
    if text != st.query_params.get("pins", ""):
        if text:
            st.query_params["pins"] = text
        else:
            del st.query_params["pins"]
