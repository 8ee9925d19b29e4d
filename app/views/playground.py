"""Data, settings, descent, picture.

No function is defined here: it and the script's names would hold each other, with each run, until garbage is collected.
"""

import streamlit as st

from app import controls, tabs
from app.wording import as_markdown

share = st.container(key="share", horizontal=True, horizontal_alignment="right", vertical_alignment="center")
notice, alarms, stage, knobs = (st.container() for _ in range(4))
titles = ["Predict", *tabs.OF_THE_RUN, "Data", tabs.CODE]
predict, *of_the_run, data, code = st.tabs(
    [as_markdown(title) for title in titles], key="tab", on_change="rerun", bind="query-params"
)

with st.sidebar, st.container(gap="xsmall"):
    st.title("Gradient Descent Playground", anchor=False)
    st.caption("Watch a line find its data: each step lowers the loss a little.")
    steps, table, columns, about, more = (st.container(gap="xsmall", key=f"group_{name}") for name in tabs.PARTS)
    with table:
        dataset, preset, own = controls.choose_dataset(notice, table=data, about=about)
    with columns:
        selection = tabs.select_or_stop(dataset, controls.choose_columns(dataset, preset, notice), notice)
    with more:
        further = controls.choose_more_settings(preset, selection)

with share:
    tabs.offer_course()
    tabs.show_take_home(selection)
    tabs.show_share(dataset, own)
view = tabs.choose_view(selection, further, knobs)
with stage:
    run = tabs.descend(preset, selection, further, view, steps=steps, tabs=of_the_run)
tabs.warn(run, alarms)
tabs.show_predictions(run, preset, predict)
tabs.show_data(run, data)
tabs.show_code(run, code)
