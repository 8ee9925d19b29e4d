"""The run as a program that a student would write, and behind it what the engine runs."""

from typing import Any

import streamlit as st

from app.engine import Settings, source
from app.explain.script import script
from app.runs.run import Run

CODE = "Code"


def show_code(run: Run, tab: Any) -> None:
    """The program; only while its tab is open, since the highlighter is a large file."""
    if tab.open:
        with tab:
            st.caption("This run in plain PyTorch, as you would write it: it prints the losses of this page.")
            st.code(script(run), language="python")
            show_engine(run, run.settings)


def show_engine(run: Run, settings: Settings) -> None:
    """The source of a step, folded."""
    with st.expander("What the engine runs"):
        st.code(source(run.problem, settings), language="python")
