"""Runs side by side: a row for each pinned run and for the one on the screen."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import streamlit as st

from app import session
from app.controls import TITLES
from app.dataset.presets import DEFAULTS
from app.figures import MODEL, PINS
from app.runs.pins import MAX_PINS, Pin, pin, tidy
from app.runs.run import Run
from app.wording import Markdown, as_markdown

HEADINGS = {"learning_rate": "rate", "l1": "L1 penalty", "l2": "L2 penalty", "held_out": "held-out rows"}
"""Of the columns that do not bear their setting's name."""

NAME_OF_THE_RUN = "this run"

ARRIVAL_NOTE = (
    "“to 1 %”: the first epoch with at most 1 % of the way to the optimum left, for the weights and for the bias."
)


def show_compare(run: Run, place: Any) -> None:
    """The table of the runs: names and ticks can be edited in it, and its buttons restore and remove runs."""
    with place:
        rows = list(session.pinned())
        if not any(one.is_of(run) for one in rows):
            rows.append(pin(run, 0, NAME_OF_THE_RUN))
        if len(rows) == 1 and not rows[0].number:
            st.button("Pin this run", icon=":material/keep:", key="pin_first", on_click=session.pin_run)
            st.caption("A pinned run stays on the charts in a colour of its own while you try other settings.")
            return
        edited = st.data_editor(
            _table(rows),
            hide_index=True,
            key="compare_" + "_".join(str(one.number) for one in rows),
            column_config=_columns(rows, run),
            placeholder="–",
            alt="The pinned runs and the one on the screen",
        )
        _apply(rows, edited)
        st.caption(as_markdown(Markdown(" ").join([Markdown(ARRIVAL_NOTE), *_notes(rows, run)])))


def _table(rows: Sequence[Pin]) -> dict[str, list[Any]]:
    """The columns by name, each with a value for each row."""
    return {
        "": [swatch(one.number) for one in rows],
        "name": [one.plan.name for one in rows],
        **differing(rows),
        "outcome": [one.ending for one in rows],
        "to 1 %": [one.arrival for one in rows],
        "final loss": [None if one.outcome == "diverged" else one.loss for one in rows],
        **held_out(rows),
        "training, s": [one.seconds for one in rows],
        "shown": [not one.hidden if one.number else None for one in rows],
        "restore": ["Restore" if one.number else "Pin" if len(rows) <= MAX_PINS else None for one in rows],
        "remove": ["Remove" if one.number else None for one in rows],
    }


def held_out(rows: Sequence[Pin]) -> dict[str, list[Any]]:
    """The column of the losses on held-out rows, if a run has any."""
    losses = [None if one.outcome == "diverged" else one.held_out_loss for one in rows]
    return {"held-out loss": losses} if any(loss is not None for loss in losses) else {}


def differing(rows: Sequence[Pin]) -> dict[str, list[Any]]:
    """What differs between the rows, by its name: the data, the scaling, the settings that a run reads."""
    columns: dict[str, list[Any]] = {
        "data": [_data(one) for one in rows],
        "scaling": [one.plan.scaling for one in rows],
    }
    for name in DEFAULTS:
        if all(hasattr(one.settings, name) for one in rows):
            columns[HEADINGS.get(name, name.replace("_", " "))] = [_value(one, name) for one in rows]
    columns["changes at"] = [", ".join(f"{way.until:,}" for way in one.plan.segments[:-1]) or None for one in rows]
    return {name: values for name, values in columns.items() if len(set(values)) > 1}


def _value(one: Pin, name: str) -> Any:
    """A setting as the table shows it; None if the run does not read it."""
    value = getattr(one.settings, name)
    if name not in one.settings.in_use or value is None:
        return None
    if name == "start":
        return ", ".join(f"{number:g}" for number in value) or "drawn"
    return TITLES[name].get(value, value) if name in TITLES else value


def _data(one: Pin) -> str:
    table = one.dataset()
    return f"{table.name if table else 'a table before'}: {one.columns.target} from {', '.join(one.columns.features)}"


def _columns(rows: Sequence[Pin], run: Run) -> dict[str, Any]:
    """How the columns look, and what their buttons do."""
    fixed = [name for name in _table(rows) if name not in ("name", "shown")]
    look: dict[str, Any] = {name: st.column_config.Column(disabled=True) for name in fixed}
    number = st.column_config.NumberColumn

    def restore_or_pin() -> None:
        row = session.told("compare_restore", "row", (0, len(rows) - 1))
        if row is None:
            return
        one = rows[row]
        restore(one, run) if one.number else session.pin_run()
        st.rerun()  # all of it, for the widgets outside the fragment

    def remove() -> None:
        row = session.told("compare_remove", "row", (0, len(rows) - 1))
        if row is not None:
            session.set_pins([one for one in session.pinned() if one.number != rows[row].number])

    return look | {
        "": st.column_config.ImageColumn("", width=36),
        "name": st.column_config.TextColumn(required=True, width=160),
        "rate": number(format="%g", disabled=True),
        "to 1 %": number(format="localized", disabled=True),
        "final loss": number(format="%.5g", disabled=True),
        "held-out loss": number(format="%.5g", disabled=True),
        "training, s": number(format="%.3f", disabled=True),
        "shown": st.column_config.CheckboxColumn(),
        "restore": st.column_config.ButtonColumn("", width=90, on_click=restore_or_pin, key="compare_restore"),
        "remove": st.column_config.ButtonColumn("", width=90, type="tertiary", on_click=remove, key="compare_remove"),
    }


def _apply(rows: Sequence[Pin], edited: Mapping[str, Sequence[Any]]) -> None:
    """Give the pins the names and ticks from the table."""
    changed = {
        one.number: replace(one, plan=replace(one.plan, name=tidy(name or "") or one.plan.name), hidden=shown is False)
        for one, name, shown in zip(rows, edited["name"], edited["shown"], strict=True)
    }
    after = [changed[one.number] for one in session.pinned()]
    if [(one.plan.name, one.hidden) for one in after] != [(one.plan.name, one.hidden) for one in session.pinned()]:
        session.set_pins(after)
        st.rerun()  # all of it: the charts and the link stand above


def restore(one: Pin, run: Run) -> None:
    """Set all widgets as they were for a pinned run, whatever the data on the screen; only in a callback."""
    settings = {name: getattr(one.settings, name) for name in DEFAULTS if hasattr(one.settings, name)}
    start = ", ".join(map(repr, one.settings.start))
    before = one.plan.segments[:-1] if one.is_on(run.selection) else ()
    session.restore({**settings, "scaling": one.plan.scaling, "start": start}, before)


def swatch(number: int) -> str:
    """A disc with a run's colour and number, as in the charts."""
    color = PINS[number - 1] if number else MODEL
    place, look = 'x="12" y="16.5" text-anchor="middle"', 'font-family="sans-serif" font-weight="700" font-size="13"'
    text = f'<text {place} {look} fill="#fff">{number or ""}</text>'
    disc = f'<circle cx="12" cy="12" r="10" fill="{color}"/>'
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">{disc}{text}</svg>'
    return "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()


def _notes(rows: Sequence[Pin], run: Run) -> list[Markdown]:
    """Which runs are not drawn everywhere."""
    elsewhere = [one.plan.name for one in rows if one.number and not one.is_on(run.selection)]
    other = [one.plan.name for one in rows if one.is_on(run.selection) and not one.has_loss_of(run)]
    notes = [_by_hand_and_autograd(one, two) for one, two in combinations(rows, 2) if differ_in_gradient(one, two)]
    notes += [Markdown("Not drawn, for other data: {}.").format(", ".join(elsewhere))] if elsewhere else []
    loss = Markdown("Another loss, so that its curve is not drawn: {}.").format(", ".join(other))
    return [*notes, loss] if other else notes


def differ_in_gradient(one: Pin, two: Pin) -> bool:
    """Whether two runs on the same data differ in nothing but how their gradients are computed."""
    gradients = {one.settings.gradient, two.settings.gradient}
    same_data = one.dataset() is two.dataset() and one.columns == two.columns and one.plan.scaling == two.plan.scaling
    settings = [[replace(part.settings, gradient="by_hand") for part in pin.plan.segments] for pin in (one, two)]
    return same_data and len(gradients) == 2 and settings[0] == settings[1]


def _by_hand_and_autograd(one: Pin, two: Pin) -> Markdown:
    """That their losses are the same, or where they first differ in a digit that float32 has."""
    pair = Markdown("“{}” and “{}” differ only in how the gradient is computed, by hand or by autograd:").format(
        one.plan.name, two.plan.name
    )
    n = min(len(one.losses), len(two.losses))
    apart = np.flatnonzero((one.epochs[:n] == two.epochs[:n]) & (one.losses[:n] != two.losses[:n]))
    if not len(apart):
        return Markdown("{} their losses are the same in all 7 digits of float32.").format(pair)
    k = apart[0]
    says = Markdown("{} their losses are the same up to a last digit, which first differs at epoch {:,.0f}, {} and {}.")
    return says.format(pair, one.epochs[k], str(one.losses[k]), str(two.losses[k]))
