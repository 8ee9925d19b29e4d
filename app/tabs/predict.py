"""What the model predicts for new values, at the epoch shown."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.charts.scene import Scene, View
from app.dataset import Preset
from app.runs.run import Run
from app.wording import as_markdown
from components.player import live_table

MAX_LINES = 100


def show_predictions(run: Run, preset: Preset, place: DeltaGenerator) -> None:
    """New feature values in, predictions at the epoch shown out."""
    left, right = place.columns(2)
    with left:
        names = "; ".join(feature.name for feature in run.selection.features)
        typed = st.text_area(
            "New values",
            "\n".join(preset.predict_from(run.selection)),
            height=140,
            key=f"new_values_{run.group}",
            help=as_markdown(f"One line for each prediction: {names}. Rows from a spreadsheet can be pasted."),
        )
    with right:
        st.caption("Predictions at the epoch shown in the player.")
        scene = Scene(run, View())
        lines = [line for line in str(typed).splitlines() if line.strip()]
        live_table(key="predictions", head=scene.prediction_head, rows=scene.predictions(lines[:MAX_LINES]))
        if len(lines) > MAX_LINES:
            st.caption(f"These are the first {MAX_LINES:,} lines of {len(lines):,}.")
