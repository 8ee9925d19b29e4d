"""The step after the epoch shown, with every number in it and the lines that a student would write for it."""

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.engine.one_step import OneStep, one_step
from app.explain.derivation import derivation, legend, with_numbers
from app.explain.plain_step import PlainStep, plain_step, rate_line
from app.runs.frames import BIAS
from app.runs.run import Run
from app.tabs.program import show_engine
from app.wording import Markdown, as_markdown, readable

ONE_STEP = "One step"

MAX_ROWS, MAX_WEIGHTS = 6, 5
"""That are written out."""

MEMORY_TITLES = {"velocity": "velocity v", "mean": "mean m", "squares": "squares s"}


def show_one_step(run: Run, place: DeltaGenerator) -> None:
    """Predict, differentiate, step: the numbers of each, and the lines of source that compute them."""
    with place:
        shown = session.epoch_shown(run)
        size = run.history.updates_per_epoch
        epoch, update = int(shown), round((shown - int(shown)) * size)
        step = one_step(run.problem, run.settings_after(epoch), run.history, epoch, update, most=MAX_ROWS)
        names = [*(term.name for term in run.selection.terms), BIAS]
        batch = f", update {update + 1} of {size:,}" if size > 1 else ""
        words = Markdown("**From epoch {:,} to {:,}{}.** Pause or step the player: the numbers follow.")
        st.markdown(as_markdown(words.format(epoch, epoch + 1, batch)))
        code = plain_step(step.settings, several=len(names) > 2, batch=size > 1)
        _predict(run, step, names, code)
        _differentiate(step, names, code)
        _move(step, names, code, epoch)
        _derive(run, step, names)
        show_engine(run, step.settings)


def _predict(run: Run, step: OneStep, names: Sequence[str], code: PlainStep) -> None:
    st.markdown("## 1 · Predict, and see how wrong that is")
    st.code("\n".join(code.predict), language="python")
    squared, shown = run.objective.is_quadratic, _shown(names)
    scaled = " (standardized)" if run.problem.scaling == "standardize" else ""
    lines = run.selection.dataset.lines[run.selection.rows[run.problem.rows[step.positions].numpy()]]
    target, slope = run.selection.columns.target, "error" if squared else "slope"
    sums, total = _numbers(step.sums), f"sum of {step.n_rows:,}"
    columns = [("line", [f"{line:,}" for line in lines], total)]
    columns += [(f"{names[j]}{scaled}", _numbers(step.features[:, j]), "") for j in shown[:-1]]
    columns += [(target, _numbers(step.target), ""), ("prediction", _numbers(step.predictions), "")]
    columns += [("error", _numbers(step.errors), sums[-1] if squared else "")]
    columns += [] if squared else [("slope", _numbers(step.slopes), sums[-1])]
    columns += [(f"{slope} × {names[j]}", _numbers(step.products[:, j]), sums[j]) for j in shown[:-1]]
    more = ["…"] if step.n_rows > len(lines) else []
    _table([(name, [*cells, *more, last]) for name, cells, last in columns])


def _differentiate(step: OneStep, names: Sequence[str], code: PlainStep) -> None:
    st.markdown("## 2 · The gradient: which way is up, and how steeply")
    st.code("\n".join(code.gradient), language="python")
    shown = _shown(names)
    apart = (step.by_hand - step.autograd).abs().maximum((step.by_hand - step.difference).abs())[shown].tolist()
    table = {"": _parameters(names), "sum": _numbers(step.sums[shown])}
    table[f"{'× 2 ' if step.factor == 2 else ''}÷ {step.n_rows:,}"] = _numbers(
        step.factor / step.n_rows * step.sums[shown]
    )
    if step.penalty.any():
        table["+ penalty's"] = _numbers(step.penalty[shown])
        table["= by hand"] = _numbers(step.by_hand[shown])
    table |= {"autograd": _numbers(step.autograd[shown]), "finite difference": _numbers(step.difference[shown])}
    table["farthest apart"] = [readable(value, 1) if math.isfinite(value) else "–" for value in apart]
    _table(table.items())


def _move(step: OneStep, names: Sequence[str], code: PlainStep, epoch: int) -> None:
    st.markdown("## 3 · Step downhill")
    rate = [f"epoch = {epoch}", line, ""] if (line := rate_line(step.settings)) else []
    st.code("\n".join([*rate, *code.update]), language="python")
    st.caption(as_markdown(f"{step.formula} {rounding(step)}".strip()))
    shown = _shown(names)
    seen = "sum of gradients" if step.settings.accumulates else "gradient"
    table = {"": _parameters(names), "now": _numbers(step.before[shown]), seen: _numbers(step.gradient[shown])}
    table |= {MEMORY_TITLES.get(name, name): _numbers(held[shown]) for name, held in step.memory.items()}
    table |= {"learning rate": _numbers(step.rate[shown]), "step": _numbers((step.after - step.before)[shown])}
    _table((table | {"then": _numbers(step.after[shown])}).items())


def rounding(step: OneStep) -> str:
    """What the run's own gradient has that the exact one in the table before has not: gradients before it, rounding."""
    if step.settings.accumulates:
        return "Nothing clears the gradients: g is the sum of this one and all before it."
    apart = (step.gradient.double() - step.by_hand).abs().max().item()
    if step.settings.precision == "float64" or not 0 < apart < math.inf:
        return ""
    words = "The run computes in float32, which has 7 digits: its gradient is up to {} from the one above."
    return words.format(readable(apart, 1))


def _derive(run: Run, step: OneStep, names: Sequence[str]) -> None:
    st.markdown("## The same as formulas")
    shown = partial(_parameter, names)
    chosen = st.selectbox("Derive the gradient of", _shown(names), format_func=shown, key="derive", width=260)
    squared = run.objective.is_quadratic
    st.latex(legend(names[:-1], run.selection.columns.target))
    for line in derivation(names[:-1], chosen, squared=squared, penalized=run.objective.is_penalized):
        st.latex(line)
    if step.after.isfinite().all():
        for line in with_numbers(step, chosen):
            st.latex(line)


def _shown(names: Sequence[str]) -> list[int]:
    """The first weights, and the bias."""
    return [*range(min(len(names) - 1, MAX_WEIGHTS)), len(names) - 1]


def _parameters(names: Sequence[str]) -> list[str]:
    return [_parameter(names, j) for j in _shown(names)]


def _parameter(names: Sequence[str], j: int) -> str:
    return BIAS if j == len(names) - 1 else f"weight of {names[j]}"


def _numbers(values: Any) -> list[str]:
    return [_number(value) for value in values.tolist()]


def _number(value: float) -> str:
    return readable(value + 0.0, 6) if math.isfinite(value) else "too large"


def _table(columns: Iterable[tuple[str, list[str]]]) -> None:
    """Show the file's texts as they are. Blanks tell its columns from ours of the same name."""
    table: dict[str, list[str]] = {}
    for name, texts in columns:
        heading = name or " "
        while heading in table:
            heading += " "
        table[heading] = texts
    st.table({as_markdown(name): [as_markdown(text) for text in texts] for name, texts in table.items()})
