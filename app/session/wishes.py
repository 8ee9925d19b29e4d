"""What the visitor says about the columns of a table of their own; it is kept in the URL."""

from dataclasses import replace
from typing import Any

from app.dataset.wish import ColumnWish, text_of_wishes, wishes_from
from app.session.address import parameter, write_parameter
from app.session.state import state


def wishes() -> dict[str, ColumnWish]:
    """By the column's name."""
    return wishes_from(parameter("columns"))


def wish(column: str, **changes: Any) -> None:
    """Say something else about a column; only in a callback or before the widgets are drawn."""
    now = wishes()
    now[column] = replace(now.get(column, ColumnWish()), **changes)
    write_parameter("columns", text_of_wishes(now))


def open_ledger(is_open: bool) -> None:
    """Show the ledger of columns, or no longer."""
    state().is_ledger_open = is_open


def is_ledger_open() -> bool:
    return state().is_ledger_open
