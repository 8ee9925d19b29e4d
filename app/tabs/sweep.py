"""One setting varied: many runs at once, how each ends, and a click that makes one of them the run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from app import figures, session
from app.controls.widgets import TICK_SECONDS
from app.engine.rates import limit_with_all_rows
from app.engine.settings import BOUNDS
from app.engine.sweep import MAX_RUNS
from app.runs.jobs import pool
from app.runs.run import Run
from app.runs.sweep import TITLES, SweepRun, begin, caption, sentence, title
from app.tabs.fragment import fragment
from app.wording import as_markdown

SWEPT_BOUNDS: dict[str, tuple[float, float]] = BOUNDS | {
    "batch_size": (1, BOUNDS["batch_size"][1]),
    "seed": (0, BOUNDS["seed"][1] + 1 - MAX_RUNS),
    "l2": (1e-12, BOUNDS["l2"][1]),
}
"""BOUNDS without 0 where the scale is logarithmic, and with room for all runs' seeds after the last first one."""

MAX_UPDATES_PROPOSED = 100_000
"""Of the run with the smallest batches; a few seconds."""

CHART_CONFIG = {"displaylogo": False, "showSendToCloud": False, "modeBarButtonsToRemove": ["toImage"]}
"""Of every chart outside the player; as there, saving a picture is not offered."""


def show_sweep(run: Run, place: Any) -> None:
    """The setting to vary, a button, and the result; its widgets rerun this alone."""
    with place:
        fragment()(_sweep)(run)


def _sweep(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="sweep"):
        shown = TITLES.__getitem__
        name = str(st.selectbox("Setting to vary", list(TITLES), format_func=shown, key="sweep_name", width=190))
        values = _choose_values(run, name)
        pressed = st.button("Sweep", type="primary")
    if pressed:
        _begin(run, name, values)
    swept = session.sweep()
    if swept and swept.job.over:
        swept.job.check()
        _show(run, swept)
    elif swept and swept.fits(run):
        fragment(run_every=TICK_SECONDS)(_wait)(swept)
    else:
        _forget(swept)
        st.caption("Trains one run for each value, all at once, and shows where each ends.")


def _choose_values(run: Run, name: str) -> list[Any]:
    """The values of the runs, without duplicates: three digits, on a log scale unless they are seeds."""
    low, high = proposed(run, name)
    least, most = SWEPT_BOUNDS[name]
    whole = name in ("batch_size", "seed")
    kind = int if whole else float
    step, look = (1, None) if whole else (None, "%g")
    ends = []
    for label, proposal in (("First seed", low),) if name == "seed" else (("From", low), ("To", high)):
        # The key holds the proposal, so that what was typed for other data does not stay.
        key = f"sweep_{label}_{name}_{proposal:g}"
        bounds = kind(least), kind(most), kind(proposal)
        ends.append(st.number_input(as_markdown(label), *bounds, step=step, format=look, key=key, width=150))
    first, last = ends[0], ends[-1]
    usual = 16 if name == "batch_size" else MAX_RUNS
    many = int(st.number_input("Runs", 2, MAX_RUNS, usual, key=f"sweep_runs_{name}", width=130))
    if name == "seed":
        return [int(first) + i for i in range(many)]
    spaced = np.geomspace(first, last, many)
    return list(dict.fromkeys(round(float(value)) if whole else float(f"{value:.3g}") for value in spaced))


def proposed(run: Run, name: str) -> tuple[float, float]:
    """The range in which a sweep of this setting is worth seeing."""
    low, high = {"seed": (0.0, 0.0), "l2": (1e-4, 100.0), "learning_rate": (1e-4, 10.0)}.get(name, (1.0, 1.0))
    if name == "learning_rate" and (limit := limit_with_all_rows(run.objective, run.settings)):
        low, high = float(f"{limit / 1000:.3g}"), float(f"{2 * limit:.3g}")
    if name == "batch_size":
        high = float(run.problem.n_rows)
        low = float(min(max(1, round(high * run.settings.epochs / MAX_UPDATES_PROPOSED)), high))
    least, most = SWEPT_BOUNDS[name]
    return min(max(low, least), most), min(max(high, least), most)


def _begin(run: Run, name: str, values: Sequence[Any]) -> None:
    """Begin a sweep in place of the one before, or say why it cannot be."""
    before = session.sweep()
    _forget(before)
    try:
        session.set_sweep(begin(run, name, values, number=before.number + 1 if before else 1))
    except ValueError as error:
        st.warning(as_markdown(str(error)))


def _forget(swept: SweepRun | None) -> None:
    """Drop a sweep, done or not."""
    if swept:
        swept.job.end()
    session.set_sweep(None)


def _wait(swept: SweepRun) -> None:
    """How far the sweep is, and the button that cancels it."""
    if swept.job.over:
        st.rerun()
    pool.resume(swept.job)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"{len(swept.sweep.values)} runs · {swept.job.reached} % done"
        st.progress(swept.job.reached / 100, as_markdown(words))
        if st.button("Cancel", key="sweep_cancel"):
            _forget(swept)
            st.rerun()


def _show(run: Run, swept: SweepRun) -> None:
    """How each run of a sweep ends; a click on one, or the button, makes it the run on the screen."""
    found, fits, key = swept.sweep, swept.fits(run), f"sweep_chart_{swept.number}"

    def use(value: Any) -> None:
        session.assign({found.name: value, "changes": session.FROM_START})
        st.rerun()  # all of it, for the widgets outside the fragment

    def use_best() -> None:
        if found.best is not None:
            use(found.values[found.best])

    def use_picked() -> None:
        points = session.value(key).selection.points
        if points:
            use(min(found.values, key=lambda value: abs(value - points[0]["x"])))

    words, button = st.columns([4, 1], vertical_alignment="center")
    other = "This sweep belongs to other settings: press “Sweep” for these."
    words.markdown(as_markdown(sentence(swept) if fits else other))
    usable = fits and found.best is not None
    button.button("Use the best", key="sweep_best", disabled=not usable, width="stretch", on_click=use_best)
    st.plotly_chart(
        _figure(swept, _now(run, found.name) if fits else None),
        theme=None,
        key=key,
        height=340,
        on_select=use_picked if fits else "ignore",
        selection_mode="points",
        config=CHART_CONFIG,
        alt=f"The last loss of each run against its {title(found.name)}.",
    )
    st.caption(as_markdown(caption(swept)))


def _figure(swept: SweepRun, now: float | None) -> dict[str, Any]:
    found = swept.sweep
    series = {"loss": found.last_losses.numpy()}
    if len(found.held_out_losses):
        series["held-out loss"] = found.held_out_losses.numpy()
    places = {"stability limit": swept.limit, "this run": now}
    return figures.sweep(
        np.array(found.values, dtype=float),
        series,
        found.diverged.numpy(),
        np.array(swept.lowest),
        None if found.best is None else (list(series)[-1], found.best),
        {name: value for name, value in places.items() if value is not None},
        x_title=title(found.name),
        is_log=found.name != "seed",
        highest=10 * found.losses[:, 0].max().item(),
        ink=figures.INKS["dark" if st.context.theme.type == "dark" else "light"],
    )


def _now(run: Run, name: str) -> float:
    """The value of the run on the screen; for a batch of all rows, their number."""
    value = getattr(run.settings, name)
    return float(value or run.problem.n_rows) if name == "batch_size" else float(value)
