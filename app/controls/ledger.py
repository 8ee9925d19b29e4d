"""The ledger of columns: what each was read as, and a choice of what it is to be read as."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from app import session
from app.dataset import Dataset
from app.dataset.ledger import Entry, examples, ledger, matching
from app.dataset.wish import ColumnKind
from app.wording import Markdown, as_markdown, count

KINDS: dict[ColumnKind, str] = {
    "": "found out",
    "number": "number",
    "date": "date",
    "category": "category",
    "text": "text",
    "out": "leave out",
}

MAX_ENTRIES_SHOWN = 8
"""With their choices; the search finds the others."""

MAX_ODD_CELLS_SHOWN = 6
MAX_WORDS_OFFERED = 3


def choose_readings(dataset: Dataset, *, can_change: bool = True) -> None:
    """A search, the columns that are found with their choices, problems first, and all of them as a table."""
    entries = ledger(dataset)
    words = st.text_input("Find a column", key="find_column") if len(entries) > MAX_ENTRIES_SHOWN else ""
    found = matching(entries, words or "")
    for entry in found[:MAX_ENTRIES_SHOWN]:
        _show(dataset, entry, can_change)
    if len(found) > MAX_ENTRIES_SHOWN:
        st.caption(f"{len(found) - MAX_ENTRIES_SHOWN:,} more; the search finds them.")
        st.dataframe(_table(found), hide_index=True, height=260, alt="All columns of the file")


def _show(dataset: Dataset, entry: Entry, can_change: bool) -> None:
    words, choice = st.columns([3, 2], vertical_alignment="top")
    told = entry.account
    kind = told.kind or entry.kind
    unit = f", in {told.unit}" if told.unit else ""
    title = Markdown(":orange[:material/error:] " if told.odd else "")
    with words:
        st.markdown(as_markdown(Markdown("{}**{}**: {}{}").format(title, entry.name, kind, unit)))
        sentences = (_fits(entry), _odd(entry), *map(_alone, told.taken), _such_as(examples(dataset, entry)))
        st.caption(as_markdown(" ".join(filter(None, sentences))))
    if can_change:
        with choice:
            _choose(entry)


def _choose(entry: Entry) -> None:
    """What the column is to be read as; what its words stand for; whether its marks are kept."""
    at = f"{entry.name}:{entry.wish}"

    def change(key: str, field: str) -> None:
        session.wish(entry.name, **{field: session.value(key)})

    def mean(key: str, word: str) -> None:
        values = {**dict(entry.wish.values), word: session.value(key)}
        session.wish(entry.name, values=tuple((word, value) for word, value in values.items() if value is not None))

    kinds = list(entry.kinds)
    at_first = kinds.index(entry.wish.kind) if entry.wish.kind in kinds else 0
    key = f"as:{at}"
    st.selectbox(
        as_markdown(f"Read “{entry.name}” as"),
        kinds,
        at_first,
        format_func=lambda kind: as_markdown(KINDS[kind]),
        key=key,
        on_change=partial(change, key, "kind"),
    )
    if entry.kind == "number":
        for word, number in entry.account.words[:MAX_WORDS_OFFERED]:
            key = f"word:{word}:{at}"
            st.number_input(
                as_markdown(f"“{word}” ({count(number, 'cell')}) is"),
                value=dict(entry.wish.values).get(word),
                format="%g",
                placeholder="missing",
                key=key,
                on_change=partial(mean, key, word),
            )
    if entry.account.has_marks:
        key = f"marks:{at}"
        st.toggle(
            "Keep the marks as a column",
            entry.wish.keeps_marks,
            key=key,
            on_change=partial(change, key, "keeps_marks"),
        )


def _fits(entry: Entry) -> str:
    told = entry.account
    if entry.kind in ("text", "category") and told.numbers:
        return f"{told.numbers:,} of {told.numbers + told.odd:,} cells are numbers."
    return f"{entry.present:,} of {count(entry.present + told.odd, 'cell')} fit." if told.odd else ""


def _odd(entry: Entry) -> str:
    told = entry.account
    some = ", ".join(f"“{cell[:30]}” in line {line}" for line, cell in told.odd_cells[:MAX_ODD_CELLS_SHOWN])
    return f"Not: {some}{', …' if told.odd > MAX_ODD_CELLS_SHOWN else '.'}" if told.odd else ""


def _such_as(cells: Sequence[str]) -> str:
    return f"Such as {' and '.join(f'“{cell[:30]}”' for cell in cells)}." if cells else ""


def _alone(sentence: str) -> str:
    """A sentence that began with the column's name, without it."""
    sentence = sentence.strip(" :")
    return sentence[:1].upper() + sentence[1:]


def _table(entries: list[Entry]) -> dict[str, list[str | int]]:
    """What the grid shows, by column."""
    return {
        "column": [entry.name for entry in entries],
        "read as": [entry.account.kind or entry.kind for entry in entries],
        "unit": [entry.account.unit for entry in entries],
        "cells that fit": [entry.present for entry in entries],
        "do not fit": [entry.account.odd for entry in entries],
        "which": [", ".join(f"{cell} ({line})" for line, cell in entry.account.odd_cells[:3]) for entry in entries],
        "taken off": [" ".join(map(_alone, entry.account.taken)) for entry in entries],
    }
