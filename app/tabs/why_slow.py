"""Why a descent is slow: its error along each direction of curvature, and the same under the other scaling."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from app import figures, session
from app.engine.error_modes import ErrorByMode, errors_if_rescaled, errors_of_run
from app.engine.modes import Modes
from app.engine.rates import epochs_needed, fastest_learning_rate, rates_are_known
from app.runs.run import Run
from app.tabs.sweep import CHART_CONFIG
from app.wording import Markdown, as_markdown, epochs, readable, rounded

MAX_DIRECTIONS = 6
"""That are shown."""

SMALLEST_DISTANCE_DRAWN = 1e-8
"""As a share of the largest."""

SCALINGS = {"none": "unscaled", "standardize": "standardized"}


def show_modes(run: Run, place: Any) -> None:
    """The run's error by direction, and beside it what it would be under the other scaling."""
    with place:
        split = errors_of_run(run.objective, run.settings, run.history, same_settings=not run.segments)
        if split is None:
            st.caption("Only the mean squared error, without L1 penalty, falls along fixed directions.")
            return
        other = errors_if_rescaled(run.objective, run.settings, int(split.epochs[-1]))
        sides = [(split, _as_it_is(run, split))] + ([(other, _instead(run, other))] if other else [])
        high = 1.5 * max(1.0, *(split.errors.abs().max().item() for split, _ in sides))
        for i, ((split, words), column) in enumerate(zip(sides, st.columns(2, gap="medium"), strict=False)):
            with column:
                st.markdown(as_markdown(words))
                _chart(f"modes_{i}", split, (SMALLEST_DISTANCE_DRAWN * high, high))
        _offer(run, other)
        st.caption(as_markdown(_caption(run)))


def _chart(key: str, split: ErrorByMode, bounds: tuple[float, float]) -> None:
    some = shown(split.modes)
    names = _names(split, split.modes.curvatures[some].tolist())
    theory = None if split.theory is None else np.nan_to_num(split.theory[:, some].numpy())
    ink = figures.INKS["dark" if st.context.theme.type == "dark" else "light"]
    drawn = figures.modes(split.epochs.numpy(), split.errors[:, some].numpy(), theory, names, bounds, ink)
    words = f"Distance left along each direction of curvature, by epoch: {_scaling(split)}."
    st.plotly_chart(drawn, theme=None, key=key, height=340 + 20 * len(names), config=CHART_CONFIG, alt=words)


def shown(modes: Modes) -> list[int]:
    """The indices of the steepest and of the flattest directions."""
    every, half = list(range(len(modes.curvatures))), MAX_DIRECTIONS // 2
    return every if len(every) <= MAX_DIRECTIONS else every[:half] + every[-half:]


def _names(split: ErrorByMode, curvatures: list[float]) -> list[str]:
    if split.theory is None:
        return [f"λ = {λ:.3g}" for λ in curvatures]
    return [f"λ = {λ:.3g}, factor {_factor(1 - split.settings.learning_rate * λ)} a step" for λ in curvatures]


def _factor(by: float) -> str:
    """Three digits, six if it would seem to be 1, and 0 if it is only rounding."""
    digits = 6 if 0.9995 <= abs(by) < 1 else 3
    return "0" if abs(by) < 1e-12 else f"{by:.{digits}g}".replace("-", "−")


def _as_it_is(run: Run, split: ErrorByMode) -> Markdown:
    words = Markdown("**This run, {}**: {}.").format(_scaling(split), valley(split.modes))
    needed, fastest = epochs_needed(run.objective, run.settings), fastest_learning_rate(run.objective, run.settings)
    if needed is None or fastest is None:
        return words
    quickest = epochs_needed(run.objective, replace(run.settings, learning_rate=fastest))
    beyond = math.isinf(needed) and run.settings.learning_rate > fastest
    here = Markdown("It never arrives" if beyond else "To within 1 % it needs {}").format(epochs(needed))
    at_fastest = Markdown("at the fastest, {:g}, {}").format(fastest, epochs(quickest or 0))
    return Markdown("{} {} at rate {:g}; {}.").format(words, here, run.settings.learning_rate, at_fastest)


def _instead(run: Run, split: ErrorByMode) -> Markdown:
    needed, rate = epochs_needed(split.objective, split.settings), split.settings.learning_rate
    words = Markdown("**{} instead**: {}.").format(_scaling(split).capitalize(), valley(split.modes))
    rows = "" if rates_are_known(run.objective, run.settings) else ", with all rows in each batch"
    says = Markdown("{} To within 1 % it would need {} at its fastest rate, {:g}{}.")
    return says.format(words, epochs(needed or 0), rate, rows)


def _offer(run: Run, other: ErrorByMode | None) -> None:
    """The button that mends it: whichever scaling is the quicker, at its fastest rate."""
    label, fix = mending(run, other)

    def mend() -> None:
        session.assign(fix)
        st.rerun()  # all of it, for the widgets outside the fragment

    if label:
        st.button(as_markdown(label), key="mend", type="primary", on_click=mend)


def mending(run: Run, other: ErrorByMode | None) -> tuple[str, dict[str, Any]]:
    """What the button says and what it sets; nothing where no other rate or scaling is known to be quicker."""
    needed, fastest = epochs_needed(run.objective, run.settings), fastest_learning_rate(run.objective, run.settings)
    if needed is None or fastest is None:
        return "", {}
    here = epochs_needed(run.objective, replace(run.settings, learning_rate=fastest))
    there = other and epochs_needed(other.objective, other.settings)
    if other and there and there < min(needed, here or math.inf) and other.settings.optimizer == run.settings.optimizer:
        rate, scaling = other.settings.learning_rate, other.objective.problem.scaling
        word = "Standardize" if scaling == "standardize" else "Leave the features unscaled"
        return f"{word} and set rate {rate:g}", {"scaling": scaling, "learning_rate": rate}
    if here and here < needed and fastest != run.settings.learning_rate:
        return f"Set rate {fastest:g}", {"learning_rate": fastest}
    return "", {}


def _scaling(split: ErrorByMode) -> str:
    return SCALINGS[split.objective.problem.scaling]


def valley(modes: Modes) -> Markdown:
    """Such as "condition number **74**: the valley is 8.6 times as long as it is wide", the root of that number."""
    number = modes.condition_number
    longer = math.sqrt(number)
    times = rounded(longer, 3) if longer >= 100 else f"{longer:.2g}"
    shape = Markdown("the valley is {} times as long as it is wide" if longer > 1.05 else "the valley is round")
    flat = Markdown(", and flat along {} more direction{}" if modes.flat else "")
    words = Markdown("condition number **{}**: {}{}")
    return words.format(
        readable(number, 3), shape.format(times), flat.format(modes.flat, "s" if modes.flat > 1 else "")
    )


def _caption(run: Run) -> str:
    words = "Each line is the distance from the optimum along one direction in which the loss has curvature λ. "
    if run.settings.accumulates:
        words += "The factor 1 − αλ a step holds only while gradients are cleared."
    elif run.settings.optimizer == "gradient_descent":
        words += "A step at rate α multiplies it by 1 − αλ (dotted): the flattest direction is the slowest."
    else:
        words += "The factor 1 − αλ a step holds for gradient descent only."
    return words + " Within 1 % means that of the way from the start 1 % is left, for the weights and for the bias."
