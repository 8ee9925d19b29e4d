"""One line beside the choice of columns: what was left out of it. It opens the ledger of all columns."""

import streamlit as st

from app import session
from app.controls.ledger import choose_readings
from app.dataset import Dataset
from app.dataset.ledger import summary
from app.tabs.fragment import fragment
from app.wording import as_markdown


@fragment()
def show_ledger(dataset: Dataset) -> None:
    """The line, and the ledger while it is open."""
    if st.button(as_markdown(summary(dataset)), key="ledger", type="tertiary", icon=":material/table_rows:"):
        session.open_ledger(True)
    if session.is_ledger_open():
        _ledger(dataset)


def _close() -> None:
    session.open_ledger(False)


@st.dialog("Columns of this file", width="large", on_dismiss=_close)
def _ledger(dataset: Dataset) -> None:
    if session.wishes() != dataset.wishes:  # Something was chosen here: the page reads the file again.
        st.rerun()
    upload = session.upload()
    is_own = upload is not None and upload.dataset is dataset
    if not is_own:
        st.caption("Upload a file, or edit a copy of this table, to have its columns read otherwise.")
    choose_readings(dataset, can_change=is_own)
