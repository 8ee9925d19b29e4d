"""Data, settings, descent, picture."""

import streamlit as st

from app import controls, session
from app.dataset import load_sample
from app.engine import source

with st.sidebar, st.container(gap="xsmall"):
    st.title("Gradient Descent Playground")
    sample = controls.choose_dataset()
    dataset = load_sample(sample.key)
    target, features = controls.choose_columns(dataset, sample)
    settings, scaling = controls.choose_settings(sample, features)

run = session.run(dataset, session.Columns(target, features, scaling), settings)

controls.explain(run)
stage = st.container()
view = controls.choose_view(features)
with stage:
    controls.show_player(run, view)

predict, history, step = st.tabs(["Predict", "History", "The step that runs"])
with predict:
    controls.show_predictions(run, sample)
with history:
    controls.show_history(run)
with step:
    st.code(source(run.problem, run.settings), language="python")
