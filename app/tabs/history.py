"""What a run has recorded, and how wrong its predictions are."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.runs.frames import Frames
from app.runs.run import Run
from app.wording import as_markdown


def show_errors(run: Run, place: DeltaGenerator) -> None:
    """How well the model predicts the rows it has seen, and those held out."""
    with place:
        number = st.column_config.NumberColumn(format="%.6g")
        titles = {"r_squared": "R²", "rmse": "RMSE", "mae": "MAE"}
        table = [{titles.get(name, name): value for name, value in row.items()} for row in Frames(run).scores()]
        columns = dict.fromkeys(titles.values(), number)
        st.dataframe(table, hide_index=True, column_config=columns, alt="Errors of the run", placeholder="none")
        words = f"RMSE and MAE are in the unit of {run.selection.columns.target}. R² is 1 for a perfect fit and 0 "
        st.caption(as_markdown(f"{words}for one that is no better than the mean."))


def show_history(run: Run, place: DeltaGenerator) -> None:
    """The notebook's printout, with the parameters beside it."""
    with place:
        every = st.number_input("Print every", 1, 100_000, 100, key="every", bind="query-params", width=160)
        table = Frames(run).printout(int(every))
        number = st.column_config.NumberColumn(format="%.4f")
        numbers = {name: number for name in table if name != "epoch"}
        st.dataframe(table, hide_index=True, column_config=numbers, alt="History of the run", placeholder="")
        st.caption(
            "Row k is the state after k steps, in the file's units. The last column is what the notebook prints as "
            "“Epoch [k]”: the loss before step k."
        )
