"""Streamlit's own grid loses the first key that is pressed in it, and its numbers know no decimal comma."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


@dataclass(frozen=True)
class Note:
    """What is said below a cell; `wrong` if its text has to be changed."""

    row: int
    column: int
    text: str
    wrong: bool = False


def cells(
    *,
    key: str,
    table: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[Note],
    typed: Callable[[], None],
) -> None:
    """Let the user type into the cells, add and delete rows, and paste.

    table: another one replaces what was typed; with the same one only the notes are new.
    typed: called before the rerun whenever a cell was changed; all rows are session_state[key].typed.
    """
    data = {
        "table": table,
        "head": [*head],
        "rows": [[*row] for row in rows],
        "notes": [asdict(note) for note in notes],
    }
    _component(key=key, data=data, on_typed_change=typed)
