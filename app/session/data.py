"""The data of a session: what is read, which columns are chosen of it, and what the descent is to make small."""

from collections.abc import Callable
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.dataset import ColumnChoice, Dataset, Finding, Preset, Selection, examine, select
from app.dataset.editing import Draft
from app.dataset.settings_file import is_settings_file, read_settings_file
from app.dataset.upload import OWN_PREFIX, Upload
from app.engine import Objective, Settings, hold_out
from app.engine.losses import loss_of
from app.session.address import parameter, write_parameter
from app.session.shared import once
from app.session.state import assign, session_id, state, value

AUTOMATIC = "found out"
READING: dict[str, Any] = {
    **dict.fromkeys(("delimiter", "decimal", "encoding", "header", "rows", "sides"), AUTOMATIC),
    **dict.fromkeys(("first_line", "last_line")),
}
"""Widgets that say how a file is read, each with the value that leaves it to `read_csv`."""

SHOWN_AS_THEY_ARE = ("header", "rows", "sides", "first_line", "last_line")
"""Those of which the URL says what the widget holds; of what is malformed nothing is taken."""


def upload() -> Upload | None:
    """The last table of the user's that could be read."""
    return state().upload


def newest_upload() -> Upload | None:
    """The last table of the user's, read or not."""
    return state().pending or state().upload


def uploads() -> int:
    """How many tables the user has brought so far."""
    return state().uploads


_refused: dict[str, str] = {}
"""By session, why the server took no file of it, until its script asks."""


def refuse_upload(session: str, sentence: str) -> None:
    """Let a session's page say why the server takes no file; for the server, outside of any script."""
    _refused[session] = sentence


def refused_upload() -> str:
    """Why the last table that the user brought, by upload or link, was not taken; "" if it was."""
    now = state()
    now.refused = _refused.pop(session_id(), now.refused)
    return now.refused


def drop_refusal() -> None:
    state().refused = ""


def bring_file(file: UploadedFile) -> None:
    """Take a file of the user's, and let Streamlit forget it: it would keep each until the tab is closed."""
    content = file.getvalue()
    if is_settings_file(content):
        _open_settings(content)
    else:
        bring(file.name, content)
    if context := get_script_run_ctx():
        files: Any = context.uploaded_file_mgr
        files.remove_file(context.session_id, file.file_id)


def _open_settings(content: bytes) -> None:
    """Have the browser go to the address of a settings file, or say why not."""
    now = state()
    now.uploads, now.refused = now.uploads + 1, ""
    try:
        now.opening = read_settings_file(content)
    except ValueError as error:
        now.refused = str(error)


def address_to_open() -> str:
    """The parameters of the address that the browser is to go to; "" for none."""
    opening = state().opening
    return opening.query if opening else ""


def bring(
    name: str,
    content: bytes,
    *,
    draft: Draft | None = None,
    is_typed: bool = False,
    keep_settings: bool = False,
    keep_wishes: bool = False,
) -> None:
    """Take a table of the user's; once it is read, its preset sets the widgets unless `keep_settings`.

    What was said about the columns is kept with the settings or if `keep_wishes`, for a copy of the table.
    So do the settings stay of a link that asks for the table. Only in a callback or before the widgets are drawn.
    """
    now = state()
    is_asked_for = value("dataset") == OWN_PREFIX + name and now.upload is None
    now.pending, now.uploads = Upload(name, content, draft, is_typed), now.uploads + 1
    now.keeps_settings, now.refused = keep_settings or is_asked_for, ""
    if not now.keeps_settings:
        assign(READING)
        if not keep_wishes:
            write_parameter("columns", "")


def read_upload(progress: Callable[[float], None]) -> None:
    """Read the user's table as the widgets say, unless that is done.

    Once it can be read it takes the place of the one before. Its preset then sets the widgets, as it does when a
    table read otherwise no longer has the columns that they name. Why it cannot be read is in its `error`.
    """
    now, table = state(), newest_upload()
    if table is None:
        return
    before = table.dataset
    table.read(_words(), progress)
    if table.error or table.dataset is before or not table.dataset or not table.preset:
        return
    is_new = table is now.pending
    if is_new:
        now.upload, now.pending = table, None
    if not (now.keeps_settings if is_new else _has_chosen_columns(table.dataset)):
        take_preset(table.preset)


def _words() -> dict[str, str]:
    """What the widgets say about how to read a file, or the URL where one is not drawn yet that shows what it holds."""
    said = {key: value(key, parameter(key) if key in SHOWN_AS_THEY_ARE else None) for key in READING}
    said["columns"] = parameter("columns")
    return {key: str(word) for key, word in said.items() if word not in (AUTOMATIC, None, "")}


def has_new_wishes() -> bool:
    """Whether something was said about how to read the user's table since it was last read."""
    table = newest_upload()
    return table is not None and table.tried is not None and table.tried != _words()


def _has_chosen_columns(dataset: Dataset) -> bool:
    possible = {*dataset.numeric_columns, *dataset.date_columns, *dataset.category_columns}
    return value("target") in dataset.numeric_columns and {*(value("features") or [])} <= possible


def drop_upload() -> None:
    """Forget the pending table, and read the one before as it was read."""
    state().pending = None
    table = upload()
    words = dict(table.words) if table else {}
    write_parameter("columns", words.pop("columns", ""))
    assign({**READING, **{key: int(word) if READING[key] is None else word for key, word in words.items()}})


def take_preset(preset: Preset) -> None:
    """Set all widgets as a preset says; only in a callback or before they are drawn."""
    assign({"dataset": preset.title, **preset.settings, "target": preset.target, "features": list(preset.features)})


def selection(dataset: Dataset, columns: ColumnChoice) -> Selection:
    """The rows and terms of these columns; the ones before if nothing has changed. Raises DatasetError."""
    now = state()
    now.selection, now.title = once(dataset, columns, lambda: select(dataset, columns)), str(value("dataset"))
    return now.selection


def features_before(dataset: Dataset) -> tuple[str, ...]:
    """The features that were chosen last; none if that was for another table."""
    current = state().selection
    return current.columns.features if current and current.dataset is dataset else ()


def findings(selection: Selection) -> list[Finding]:
    """What the data doctor says; looked for once."""
    found = state().findings
    if found is None or found[0] is not selection:
        found = state().findings = (selection, examine(selection.dataset, selection))
    return found[1]


def objective(selection: Selection, settings: Settings) -> tuple[str, Objective]:
    """What is made small, and the group of the runs that share its surface; both as before if nothing has changed."""
    now, share = state(), settings.held_out
    problem = once(
        selection, (share, settings.seed if share else None), lambda: hold_out(selection.problem, share, settings.seed)
    )
    terms = (loss_of(settings), settings.l1, settings.l2)
    target = once(problem, terms, lambda: Objective(problem, settings))
    if target is not now.objective:
        now.objective, now.groups = target, now.groups + 1
    return str(now.groups), target
