"""How the descent steps."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.controls.optimizer import choose_objective, choose_rule
from app.controls.widgets import choice, number_input, slider_number
from app.dataset import Preset, Selection
from app.engine import Settings
from app.engine.settings import BOUNDS
from app.explain.learning_rate import rate_zones
from app.runs.segments import max_epochs
from app.wording import as_markdown


def choose_more_settings(preset: Preset, selection: Selection) -> Settings:
    """All settings but the learning rate and the epochs."""
    initial = preset.settings
    chosen = choose_rule(preset) | choose_objective(preset)
    with st.expander("More settings"):
        gradient = choice("Gradients", "gradient", initial)
        zero_grad = gradient == "by_hand" or st.checkbox(
            "Clear the gradients each step: `zero_()`", initial["zero_grad"], key="zero_grad", bind="query-params"
        )
        precision = choice("Precision", "precision", initial)
        seed = number_input("Seed", "seed", initial)
        start = st.text_input(
            "Starting point",
            initial["start"],
            key="start",
            bind="query-params",
            placeholder="drawn from the seed",
        )
        tolerance = st.number_input(
            "Tolerance",
            *BOUNDS["tolerance"],
            initial["tolerance"],
            format="%g",
            key="tolerance",
            bind="query-params",
        )
    return Settings(
        gradient=gradient,  # type: ignore[arg-type]
        zero_grad=zero_grad,
        precision=precision,  # type: ignore[arg-type]
        seed=int(seed),
        tolerance=tolerance,
        start=_start(start, selection),
        **chosen,
    )


def choose_steps(preset: Preset, selection: Selection, settings: Settings, thumb: DeltaGenerator) -> Settings:
    """The settings with the learning rate, and the number of epochs; both are also in `thumb`."""
    _, objective = session.objective(selection, settings)
    rate = slider_number(
        "Learning rate",
        "learning_rate",
        preset.settings,
        (1e-6, 10.0),
        slider="Learning rate",
        zones=lambda rate: rate_zones(objective, replace(settings, learning_rate=rate)),
        thumb=thumb,
    )
    epochs = slider_number("Epochs", "epochs", preset.settings, BOUNDS["epochs"], slider="Number of steps", thumb=thumb)
    most = max_epochs(len(selection.terms) + 1)
    if epochs > most:
        st.warning(f"With {len(selection.terms):,} weights {most:,} epochs are the most that fit in memory.")
    return replace(settings, learning_rate=rate, epochs=min(int(epochs), most))


def _start(text: str, selection: Selection) -> tuple[float, ...]:
    """The numbers of "3, 70"; none, with a warning, if they are not a weight for each feature and a bias."""
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    try:
        start = Settings(start=tuple(float(part) for part in parts)).start
    except ValueError:
        words = f"“{text}” is not a list of numbers such as 0, 0. The start is drawn from the seed instead."
        st.warning(as_markdown(words))
        return ()
    if len(start) in (0, len(selection.terms) + 1):
        return start
    words = f"The starting point has {len(start)} numbers and needs {len(selection.terms) + 1}: a weight for "
    names = ", ".join(term.name for term in selection.terms)
    st.warning(as_markdown(f"{words}{names} and the bias. It is drawn from the seed instead."))
    return ()
