"""What the model predicts for new values, at the epoch shown."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.charts.scene import Scene, View
from app.dataset import Preset
from app.runs.run import Run
from components.player import live_table


def show_predictions(run: Run, preset: Preset, place: DeltaGenerator) -> None:
    """New feature values in, predictions at the epoch shown out."""
    left, right = place.columns(2)
    with left:
        st.caption("New values: type, add rows, or paste from a spreadsheet.")
        given = st.data_editor(
            preset.predict_from(run.selection),
            num_rows="dynamic",
            hide_index=True,
            key=f"new_values_{run.group}",
            alt="New feature values to predict from",
        )
    complete = [values for values in zip(*given.values(), strict=True) if None not in values]
    with right:
        st.caption("Predictions at the epoch shown in the player.")
        picture = Scene(run, View())
        live_table(key="predictions", head=picture.prediction_head, rows=picture.predictions(complete))
