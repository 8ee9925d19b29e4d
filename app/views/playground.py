"""Data, settings, descent, picture."""

import streamlit as st

from app import controls, session
from app.dataset import load_sample
from app.engine import source
from app.session import Columns, Run

with st.sidebar, st.container(gap="xsmall"):
    st.title("Gradient Descent Playground")
    sample = controls.choose_dataset()
    dataset = load_sample(sample.key)
    target, features = controls.choose_columns(dataset, sample)
    steps = st.container(gap="xsmall")
    further, scaling = controls.choose_more_settings(sample, features)

stage = st.container()
view = controls.choose_view(features)
predict, history, step = st.tabs(["Predict", "History", "The step that runs"])


@st.fragment  # Another learning rate reruns this alone, which takes the half of the time.
def descend() -> Run:
    with steps:
        settings = controls.choose_steps(sample, further)
    run = session.run(dataset, Columns(target, features, scaling), settings)
    controls.explain(run)
    controls.show_player(run, view)
    with history:
        controls.show_history(run)
    return run


with stage:
    run = descend()
with predict:
    controls.show_predictions(run, sample)
step.code(source(run.problem, run.settings), language="python")
