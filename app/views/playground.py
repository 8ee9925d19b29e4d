"""Data, settings, descent, picture."""

import streamlit as st

from app import controls, session
from app.run import Run

notice, alarms, stage, knobs = (st.container() for _ in range(4))
titles = ["Predict", *controls.OF_THE_RUN, "Data", "The step that runs"]
predict, *of_the_run, data, step = st.tabs(titles, key="tab", on_change="rerun", bind="query-params")

with st.sidebar, st.container(gap="xsmall"):
    st.title("Gradient Descent Playground")
    dataset, sample = controls.choose_dataset(notice, table=data)
    selection = controls.select(dataset, controls.choose_columns(dataset, sample), notice)
    steps, further = st.container(gap="xsmall"), controls.choose_more_settings(sample, selection)


@st.fragment(key=controls.DESCENT)  # Another rate, or view, reruns this alone, which takes half the time.
def descend() -> Run:
    with steps:
        settings = controls.choose_steps(sample, selection, further)
    view = controls.choose_view(selection, settings, knobs)
    run, words = session.run(selection, settings), st.container()
    controls.show_player(run, view)
    controls.explain(run, words)
    for tab, show in zip(of_the_run, controls.OF_THE_RUN.values(), strict=True):
        if tab.open:  # Tables that nobody sees would cost a third of a slider's time.
            show(run, tab)
    return run


with stage:
    run = descend()
controls.warn(selection, alarms)
controls.show_predictions(run, sample, predict)
controls.show_data(selection, data)
controls.show_source(run, step)
