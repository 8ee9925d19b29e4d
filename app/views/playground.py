"""Data, settings, descent, picture."""

import streamlit as st

from app import controls, session
from app.engine import source
from app.session import Run

notice, alarms, stage, knobs = st.container(), st.container(), st.container(), st.container()
predict, history, data, step = st.tabs(["Predict", "History", "Data", "The step that runs"])

with st.sidebar, st.container(gap="xsmall"):
    st.title("Gradient Descent Playground")
    dataset, sample = controls.choose_dataset(notice, table=data)
    columns = controls.choose_columns(dataset, sample)
    selection = controls.select(dataset, columns, notice)
    steps = st.container(gap="xsmall")
    further = controls.choose_more_settings(sample, selection)
    view = controls.choose_view(selection, knobs)


@st.fragment  # Another learning rate reruns this alone, which takes half the time.
def descend() -> Run:
    with steps:
        settings = controls.choose_steps(sample, further)
    run, words = session.run(selection, settings), st.container()
    controls.show_player(run, view)
    controls.explain(run, words)
    with history:
        controls.show_history(run)
    return run


with stage:
    run = descend()
controls.warn(selection, alarms)
controls.show_predictions(run, sample, predict)
controls.show_data(selection, data)
step.code(source(run.problem, run.settings), language="python")
