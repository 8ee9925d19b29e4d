"""Which table: a sample, or one's own."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.controls.ledger import choose_readings
from app.controls.reading import choose_reading
from app.dataset import PRESETS, Dataset, Preset, load_sample
from app.dataset.editing import Draft
from app.dataset.upload import LINES_ARE_COLUMNS, LINES_ARE_ROWS, OWN_PREFIX, Upload
from app.wording import as_markdown, listed
from components.cells import Note, cells
from components.go_to import go_to
from components.kept_table import Asked, Shown, kept_table

MAX_UPLOAD_MEGABYTES = 500

MAX_KEPT_MEGABYTES = 50
"""Of a visitor's own tables in the browser."""

BAR_INTERVAL_SECONDS = 0.5
"""Until the bar is shown, and between two of its moves."""


LAY_ON_SIDE = "The table lay on its side, with the names in its first column, so it was turned."
MAY_LIE_ON_SIDE = "The table may lie on its side: names in its first column, and numbers beside them."


def choose_dataset(notice: DeltaGenerator, table: Any, about: DeltaGenerator) -> tuple[Dataset, Preset, Upload | None]:
    """The table, its preset, and the user's file that holds it, if one does.

    The page stops here until a file that a link asks for is there.
    What is to be said of the user's own file goes to `notice`, its editor to `table`; what the table is, and the
    upload of another, to `about`.
    """
    with about:
        _upload_file()
    if why := session.refused_upload():
        notice.error(as_markdown(why), icon=":material/error:")
        notice.button("Close", key="close_refusal", on_click=session.drop_refusal)
    if opens := session.address_to_open():
        go_to(opens)
    if brought := session.newest_upload():
        _read(brought, notice, table)
    upload = session.upload()
    presets = {preset.title: preset for preset in PRESETS}
    titles = list(presets)
    wanted = str(session.value("dataset", "") or session.parameter("dataset"))
    if upload:
        titles.append(upload.title)
    elif wanted.startswith(OWN_PREFIX):
        titles.append(wanted)

    def suit() -> None:
        if chosen := presets.get(session.value("dataset")) or (upload and upload.preset):
            session.take_preset(chosen)

    title = st.selectbox("Dataset", titles, key="dataset", bind="query-params", on_change=suit)
    own = upload if upload and upload.title == title else None
    preset = own.preset if own else presets.get(title)
    with about:
        if preset:
            _keep(own)
        st.caption(as_markdown(preset.about) if preset else "The link does not hold the file itself.")
    if preset is None:
        _ask_for(title.removeprefix(OWN_PREFIX), notice)
    assert preset is not None
    dataset = own.dataset if own else load_sample(preset.key)
    assert dataset is not None
    return dataset, preset, own


def _keep(own: Upload | None) -> None:
    """Have the browser keep the visitor's own table, and offer the one that it keeps while another is shown."""
    shown = Shown(own.name, own.fingerprint, len(own.content), own.text) if own else None
    kept_table(key="kept_table", origin=session.session_id(), table=shown, max_megabytes=MAX_KEPT_MEGABYTES)


def _upload_file() -> None:
    """Take a file. Every one gets a new widget, so that the one before does not stay in memory twice.

    A callback would miss one that was chosen before this server has drawn the widget, as after a restart.
    """
    key = f"file_{session.uploads()}"
    if file := st.file_uploader("Upload CSV", key=key, max_upload_size=MAX_UPLOAD_MEGABYTES):
        session.bring_file(file)
        st.rerun()


def _read(upload: Upload, notice: DeltaGenerator, table: Any) -> None:
    """Read the user's table as the widgets say, and say what is wrong with it."""
    if upload.draft and table.open:
        with table:
            _edit(upload, upload.draft)
    place = notice.empty()
    session.read_upload(_bar(upload, place))
    place.empty()
    if upload.error:
        _refuse(upload, notice)
    elif upload.dataset:
        _say_sides(upload.dataset, notice)
    asked = session.asked_fingerprint()
    if asked and asked != upload.fingerprint and session.value("dataset") == upload.title:
        others = f"The link was made with another “{upload.name}”: its fingerprint was {asked}"
        notice.warning(as_markdown(f"{others}, this file's is {upload.fingerprint}. The page shows this file."))


def _say_sides(dataset: Dataset, notice: DeltaGenerator) -> None:
    """Say that a table lay on its side, or may do so, with the button that turns it."""
    was_turned = bool(dataset.reading and dataset.reading.turned)
    if was_turned or dataset.is_perhaps_on_side:
        words, button = notice.columns([4, 1], vertical_alignment="center")
        words.info(LAY_ON_SIDE if was_turned else MAY_LIE_ON_SIDE)
        other = {"sides": LINES_ARE_ROWS if was_turned else LINES_ARE_COLUMNS}
        button.button("Turn it back" if was_turned else "Turn it", key="turn", on_click=session.assign, args=(other,))


def _refuse(upload: Upload, notice: DeltaGenerator) -> None:
    """Why the file cannot be read so, ways to read it otherwise, and the way back."""
    with notice:
        st.error(as_markdown(str(upload.error)), icon=":material/error:")
        if upload.error and upload.error.reason != "wrong_format":
            if upload.error.dataset:
                choose_readings(upload.error.dataset)
            st.caption("Say how the file is written:")
            choose_reading(upload)
        st.button("Close", key="close", on_click=session.drop_upload)


def _bar(upload: Upload, place: DeltaGenerator) -> Callable[[float], None]:
    """Shows the share that is read, and a way out, once reading has taken a while."""
    line, shown = None, time.perf_counter()

    def show(share: float) -> None:
        nonlocal line, shown
        if time.perf_counter() - shown < BAR_INTERVAL_SECONDS:
            return
        if line is None:
            bar = place.container(horizontal=True, vertical_alignment="center")
            line = bar.empty()
            bar.button("Cancel", key="cancel", on_click=session.drop_upload)
        # Here a click, on Cancel or elsewhere, ends the reading.
        size, shown = f"{len(upload.content) / 1e6:,.0f} MB", time.perf_counter()
        line.progress(min(share, 1.0), as_markdown(f"Reading “{upload.name}”, {size}: {share:.0%}"))

    return show


def _edit(upload: Upload, draft: Draft) -> None:
    """The rows as cells to type in."""

    def typed() -> None:
        upload.type(session.value("cells").typed)

    st.caption("Type, add or delete rows, or paste from a spreadsheet. Every change is a new descent.")
    notes = [
        Note(c.row, c.column, f"= {c.value}" if c.value else "not a number", not c.value) for c in draft.noteworthy
    ]
    cells(key="cells", table=str(id(upload)), head=draft.names, rows=draft.rows, notes=notes, typed=typed)
    if wrong := [cell for cell in draft.noteworthy if not cell.value]:
        said = listed([f"line {cell.row + 2}, “{cell.name}”: “{cell.text}”" for cell in wrong])
        st.error(as_markdown(f"Not a number: {said}. Until that is mended the descent keeps the table before."))


def _ask_for(name: str, notice: DeltaGenerator) -> None:
    asked = session.asked_fingerprint()
    known = f" (fingerprint {asked})" if asked else ""
    words = f"This link shows a descent on “{name}”{known}, which did not travel with it. Upload that file here."
    with notice.container(key="asked_for"):
        table = Asked(name, asked)
        kept_table(key="asked_table", origin=session.session_id(), table=table, max_megabytes=MAX_KEPT_MEGABYTES)
        st.info(as_markdown(words))
    st.stop()
