"""All that another learning rate changes: the player, the verdict, and the tabs about the run."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.charts.scene import View
from app.controls.settings import choose_steps
from app.dataset import Preset, Selection
from app.engine import Settings
from app.runs.run import Run
from app.tabs.compare import show_compare
from app.tabs.fragment import fragment
from app.tabs.history import show_errors, show_history
from app.tabs.lecture import keep_stops
from app.tabs.lesson import show_lesson
from app.tabs.one_step import ONE_STEP, show_one_step
from app.tabs.player import DESCENT, explain, show_player
from app.tabs.sweep import show_sweep
from app.tabs.why_slow import show_modes
from app.tabs.words import settings_in_words
from app.wording import as_markdown

OF_THE_RUN = {
    "Errors": show_errors,
    "History": show_history,
    "Compare": show_compare,
    "Sweep": show_sweep,
    "Why it is slow": show_modes,
    ONE_STEP: show_one_step,
}
"""Tabs about a run: what fills each, while it is open."""


@fragment(key=DESCENT)  # Another rate reruns this alone, in half the time.
def descend(
    preset: Preset,
    selection: Selection,
    further: Settings,
    view: View,
    *,
    steps: DeltaGenerator,
    tabs: Sequence[Any],
) -> Run:
    """Choose rate and epochs, in `steps`; descend, and show the run here and in `tabs`."""
    card = st.container(key="card")
    words, picture, thumb = (st.container(key=key) for key in ("verdict", "picture", "thumb"))
    with steps:
        settings = choose_steps(preset, selection, further, thumb)
    run = session.run(selection, settings)
    if session.parameter("hide"):  # What a control would say is said without it.
        steps.caption(as_markdown(settings_in_words(run)))
    show_lesson(run, card)  # It notes the answer, before the player shows the guess beside it.
    with picture:
        show_player(run, view)
    explain(run, words)
    for tab, show in zip(tabs, OF_THE_RUN.values(), strict=True):
        if tab.open:  # Tables that nobody sees would take a third of the time of a slider's move.
            show(run, tab)
    keep_stops()
    return run
