"""How the charts show a run."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.charts.cross_section import STEEPEST
from app.charts.scene import ONE_WEIGHT, PREDICTED, View
from app.controls.widgets import choice, selectbox
from app.dataset import Selection
from app.engine import Settings
from app.runs.frames import BIAS
from app.tabs.pins import offer_pin


def choose_view(selection: Selection, settings: Settings, place: DeltaGenerator) -> View:
    """How the charts show the run; its widgets stand in `place`."""
    session.leave_branch(selection, settings)  # before the switch is drawn that a branch has moved
    quadratic = settings.loss == "mse"
    names = [*(term.name for term in selection.terms), BIAS]
    with place.container(horizontal=True, vertical_alignment="bottom", key="view"):
        axis = choice("Loss axis", "loss_axis", {"loss_axis": "log"})
        choice("Changes apply", "changes", {"changes": session.FROM_START})
        surface = choice("Surface", "surface", {"surface": "contours"})
        along = selectbox("Against", "along", [*names, STEEPEST]) if surface == ONE_WEIGHT else ""
        offer_pin()
        with st.popover("Charts"):
            residuals = st.toggle("Show residuals", key="residuals", bind="query-params")
            squares = st.toggle("Show squared errors", key="squares", bind="query-params")
            arrows = st.toggle("Show arrows", key="arrows", bind="query-params")
            shown = View(
                loss_axis=axis, residuals=residuals, squares=squares, surface=surface, along=along, arrows=arrows
            )
            features = selection.columns.features
            if len(features) > 1:
                shown = replace(shown, fit=selectbox("Fit chart", "fit", [PREDICTED, *features]))
            if len(names) == 2 or surface == ONE_WEIGHT:
                return shown
            x = selectbox("Surface, across", "surface_x", names)
            y = selectbox("Surface, up", "surface_y", [name for name in reversed(names) if name != x])
            others = "The other one" if len(names) == 3 else "The others"
            held_at = choice(f"{others} held at", "held_at", {"held_at": "optimum"}) if quadratic else "optimum"
    return replace(shown, surface_x=x, surface_y=y, held_at=held_at)
