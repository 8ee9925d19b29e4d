"""What a visitor takes home of a run: files that are made when asked for."""

from collections.abc import Callable, Sequence

import streamlit as st

from app import session
from app.dataset import Selection
from app.dataset.export import rows_csv
from app.explain.notebook_file import notebook
from app.explain.plain_data import data_file, file_stem
from app.explain.run_tables import numbers_json, numbers_zip
from app.explain.script import script
from app.runs.pins import Pin
from app.runs.run import Run
from app.tabs.fragment import fragment
from app.tabs.report import report
from app.wording import as_markdown
from components.player import taken


def show_take_home(selection: Selection) -> None:
    """Offer the run that is on the screen when a button is pressed, which may be a later one."""
    stem, data = file_stem(selection.dataset.name), data_file(selection)

    def offer(label: str, make: Callable[[Run, Sequence[Pin]], str | bytes], name: str, mime: str, key: str) -> None:
        made = session.of_the_run(make)
        st.download_button(as_markdown(label), made, name, mime, on_click="ignore", width="stretch", key=key)

    with st.popover("Take home", key="take_home"):
        code, numbers, seen = (column.container() for column in st.columns(3))
        with code:
            st.caption("The program")
            offer("Python script", lambda run, _: script(run), f"{stem}_descent.py", "text/x-python", "take_script")
            kind = "application/x-ipynb+json"
            offer("Notebook", lambda run, _: notebook(run), f"{stem}_descent.ipynb", kind, "take_notebook")
            if data:
                offer("Its rows (CSV)", lambda run, _: rows_csv(run.selection), data, "text/csv", "take_rows")
                st.caption(as_markdown(f"Both read {data} from the same folder."))
        with numbers:
            st.caption("The numbers")
            offer("CSV tables", numbers_zip, f"{stem}_tables.zip", "application/zip", "take_tables")
            offer("JSON file", numbers_json, f"{stem}_numbers.json", "application/json", "take_json")
        with seen:
            st.caption("The picture")
            _offer_what_is_seen()


@fragment()
def _offer_what_is_seen() -> None:
    """What the browser makes of the player; only the report's words are asked for here."""
    asked = session.told("taken", "asked", bool)
    words = session.of_the_run(lambda run, _: report(run))() if asked else None
    taken(key="taken", report=words, on_ask=lambda: None)
