"""The data: how their file was read, what the doctor says, the table, and ways to bring another."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.controls.reading import show_reading
from app.dataset import PRESETS, ColumnChoice, Dataset, DatasetError, Finding, Selection, load_sample
from app.dataset.editing import MAX_EDITED_CELLS, draft_of
from app.dataset.link import MAX_LINK_ROWS
from app.dataset.upload import Upload
from app.engine.rates import rates_are_known
from app.runs.run import Run
from app.tabs.ledger import offer_left_out_rows, show_ledger
from app.wording import Markdown, as_markdown, count

MAX_ROWS_SHOWN, MAX_COLUMNS_SHOWN = 500, 50
"""Of the table as it was read."""

MAX_ALARMS = 2
"""Serious findings above the charts; the others are in the tab."""

GOOD_FILE = (
    "One line of names, then one row for each thing measured. Every column one quantity, its unit in the name: "
    "“height (cm)”. Numbers as numbers; a cell that is not known stays empty. No totals, no merged cells, "
    "one table a file. Two rows and two columns of numbers are enough; a million rows are not too many."
)


def select_or_stop(dataset: Dataset, columns: ColumnChoice, notice: DeltaGenerator) -> Selection:
    """The rows and terms of these columns; where they cannot be used, `notice` says why and the page stops.

    A challenge that is open is asked about them.
    """
    show_ledger(dataset)
    try:
        selection = session.selection(dataset, columns)
    except DatasetError as error:
        notice.error(as_markdown(str(error)), icon=":material/error:")
        st.stop()
    session.suit_challenge(selection)
    for finding in _on_usage(selection):
        if not finding.serious:  # A serious one stands above the charts.
            with st.expander(as_markdown(f"{len(selection.left_out):,} of {dataset.n_rows:,} rows left out")):
                st.caption(as_markdown(finding.sentence))
                if finding.label:
                    fill = partial(session.assign, finding.fix)
                    st.button(as_markdown(finding.label), key="fill", width="stretch", on_click=fill)
    return selection


def _on_usage(selection: Selection) -> list[Finding]:
    """What the doctor says of rows that are left out."""
    told = [finding for finding in session.findings(selection) if finding.sentence == selection.usage]
    return told if selection.reasons else []


def warn(run: Run, place: DeltaGenerator) -> None:
    """The serious findings, each with the button that fixes it; a lesson says itself what matters in its data."""
    if session.lesson():
        return
    serious = [finding for finding in session.findings(run.selection) if finding.serious]
    with place:
        _show(serious[:MAX_ALARMS], run, "alarm", [4, 1])
    if len(serious) > MAX_ALARMS:
        place.caption(as_markdown(f"{count(len(serious) - MAX_ALARMS, 'more finding')} under “Data”."))


def show_data(run: Run, place: Any) -> None:
    """All findings, how the file was read and could be read otherwise, the table, and ways to bring another."""
    selection, dataset, upload = run.selection, run.selection.dataset, session.upload()
    own = upload if upload and upload.dataset is dataset else None
    with place:
        left, right = st.columns(2, gap="large")
        with left:
            told = _on_usage(selection)
            _show([one for one in session.findings(selection) if one not in told], run, "finding", [3, 2])
            notes = [note for note in selection.notes if note != selection.usage]
            for note in notes + dataset.notes:
                st.caption(as_markdown(note))
            if own:
                offer_left_out_rows(dataset, "bring_back")
        with right:
            stands_above = session.newest_upload() is not own or (own and own.error)
            if own and not own.draft and dataset.reading and not stands_above:
                show_reading(own, dataset.reading)
            _pass_on(dataset, own)
        if own and own.draft or not place.open:  # Streamlit's grid is more than a megabyte of a first visit.
            return
        rows, columns = dataset.frame.shape
        table = dataset.frame.iloc[:MAX_ROWS_SHOWN, :MAX_COLUMNS_SHOWN]
        st.dataframe(table, height=280, alt="The table as it was read")
        if rows > MAX_ROWS_SHOWN or columns > MAX_COLUMNS_SHOWN:
            many, wide = min(rows, MAX_ROWS_SHOWN), min(columns, MAX_COLUMNS_SHOWN)
            st.caption(f"The first {many:,} of {rows:,} rows and {wide:,} of {columns:,} columns.")


def _show(findings: Sequence[Finding], run: Run, place: str, shares: Sequence[float]) -> None:
    """Each finding with its button, in columns of these `shares`; no button for a rate that may not suit the run."""
    for i, finding in enumerate(findings):
        sets_rate = "learning_rate" in finding.fix
        offered = finding.label and (not sets_rate or rates_are_known(run.objective, run.settings))
        words, button = st.columns(shares, vertical_alignment="center") if offered else (st, st)
        sign = Markdown(":orange[:material/error:] " if finding.serious else "")
        words.markdown(as_markdown(Markdown("{}{}").format(sign, finding.sentence)))
        if offered:
            set_it = partial(session.assign, finding.fix)
            button.button(as_markdown(finding.label), key=f"{place}_{i}", width="stretch", on_click=set_it)


def _pass_on(dataset: Dataset, own: Upload | None) -> None:
    with st.container(horizontal=True):
        if _is_small(dataset) and not (own and own.draft):
            st.button("Edit a copy", on_click=_copy, args=(dataset,), help="Change, add and delete rows here.")
        with st.popover("What a good file looks like"):
            st.markdown(GOOD_FILE)
            example = load_sample(PRESETS[0].key)
            st.code(example.frame.to_csv(index=False), language=None)
            st.download_button("Download this sample CSV", example.frame.to_csv(index=False), "sample.csv", "text/csv")
        with st.popover("Paste a table"):
            st.text_area("Paste rows from a spreadsheet", key="pasted", on_change=_paste)


def _is_small(dataset: Dataset) -> bool:
    return dataset.n_rows <= MAX_LINK_ROWS and dataset.frame.size <= MAX_EDITED_CELLS


def _copy(dataset: Dataset) -> None:
    draft = draft_of(dataset)
    session.bring("my table.csv", draft.content, draft=draft, is_typed=True, keep_wishes=True)


def _paste() -> None:
    if text := str(session.value("pasted") or "").strip():
        session.bring("pasted table.csv", text.encode(), is_typed=True)
