"""What a visitor takes home of a run: files that are made when asked for."""

import streamlit as st

from app import session
from app.dataset import Selection
from app.dataset.export import rows_csv
from app.explain.notebook_file import notebook
from app.explain.plain_data import data_file, file_stem
from app.explain.script import script
from app.wording import as_markdown


def show_take_home(selection: Selection) -> None:
    """Offer the run that is on the screen when a button is pressed, which may be a later one."""
    stem, data = f"{file_stem(selection.dataset.name)}_descent", data_file(selection)
    with st.popover("Take home", key="take_home"):
        st.caption("This run in plain PyTorch, as under “Code”.")
        st.download_button(
            "Python script",
            session.of_the_run(script),
            f"{stem}.py",
            "text/x-python",
            on_click="ignore",
            width="stretch",
            key="take_script",
        )
        st.download_button(
            "Notebook",
            session.of_the_run(notebook),
            f"{stem}.ipynb",
            "application/x-ipynb+json",
            on_click="ignore",
            width="stretch",
            key="take_notebook",
        )
        if data:
            st.caption(as_markdown(f"Both read the rows from {data}, which belongs in the same folder."))
            st.download_button(
                "Its rows (CSV)",
                session.of_the_run(lambda run: rows_csv(run.selection)),
                data,
                "text/csv",
                on_click="ignore",
                width="stretch",
                key="take_rows",
            )
