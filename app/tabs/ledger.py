"""One line beside the choice of columns: what was left out of it. It opens the ledger of all columns."""

import streamlit as st

from app import session
from app.controls.ledger import choose_readings
from app.dataset import Dataset
from app.dataset.ledger import summary
from app.dataset.upload import ALL_ROWS
from app.tabs.fragment import fragment
from app.wording import as_markdown, count


@fragment()
def show_ledger(dataset: Dataset) -> None:
    """The line, and the ledger while it is open; nothing for a sample that has nothing to tell."""
    said = summary(dataset) or (f"All {len(dataset.frame.columns):,} columns can be chosen" if _is_own(dataset) else "")
    if not said:
        return
    if st.button(as_markdown(said), key="ledger", type="tertiary", icon=":material/table_rows:"):
        session.open_ledger(True)
    newest = session.newest_upload()
    if newest and newest.error:  # Above the charts stands the ledger of that table.
        session.open_ledger(False)
    if session.is_ledger_open():
        _ledger(dataset)


def offer_left_out_rows(dataset: Dataset, key: str) -> None:
    """The button that has the reader keep the rows that it left out, if there are any."""
    if dataset.left_out_rows:
        words = f"Bring back the {count(dataset.left_out_rows, 'row')} left out"
        st.button(as_markdown(words), key=key, on_click=session.assign, args=({"rows": ALL_ROWS},))


def _is_own(dataset: Dataset) -> bool:
    upload = session.upload()
    return upload is not None and upload.dataset is dataset


def _close() -> None:
    session.open_ledger(False)


@st.dialog("Columns of this file", width="large", on_dismiss=_close)
def _ledger(dataset: Dataset) -> None:
    if session.has_new_wishes():  # The page reads the file again.
        st.rerun()
    is_own = _is_own(dataset)
    if is_own:
        offer_left_out_rows(dataset, "bring_rows_back")
    else:
        st.caption("Upload a file, or edit a copy of this table, to have its columns read otherwise.")
    choose_readings(dataset, can_change=is_own)
