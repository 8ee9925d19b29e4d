"""What is predicted from what."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.controls.widgets import choice
from app.dataset import ColumnChoice, Dataset, Preset

DEGREES = {"²": 2, "³": 3, "⁴": 4, "⁵": 5}


def choose_columns(dataset: Dataset, preset: Preset, notice: DeltaGenerator) -> ColumnChoice:
    """Target, features and their treatment; while no feature is chosen, the last ones, and `notice` says so."""
    target = _choose_target(dataset, preset)
    features = st.multiselect(
        "Features",
        _possible(dataset, target),
        default=_usual(dataset, preset, target),
        key="features",
        bind="query-params",
    )
    if not features:
        features = [name for name in session.features_before(dataset) if name != target]
        features = features or _usual(dataset, preset, target)
        with notice.container(key="no_feature"):  # style.css dims what is below it
            st.info("Choose at least one feature to predict from. Until then this is the last picture.")
    with st.expander("Scaling, curves, missing values"):
        scaling = choice("Scaling", "scaling", preset.settings)
        numbers = [name for name in features if name not in dataset.category_columns]
        powers = {f"{name}{sign}": (name, degree) for name in numbers for sign, degree in DEGREES.items()}
        chosen = st.multiselect(
            "Curves",
            list(powers),
            default=[power for power in preset.settings["degrees"] if power in powers],
            key="degrees",
            bind="query-params",
            placeholder="straight lines",
        )
        interactions = st.toggle("Interactions", key="interactions", bind="query-params")
        missing = choice("Missing values", "missing", preset.settings)
    degrees = dict(sorted(powers[power] for power in chosen))  # of several, the highest
    return ColumnChoice(target, tuple(features), tuple(degrees.items()), interactions, missing, scaling)  # type: ignore[arg-type]


def _choose_target(dataset: Dataset, preset: Preset) -> str:
    names = dataset.numeric_columns

    def keep_a_feature() -> None:
        """If the target was the only feature, choose another."""
        target = session.value("target")
        if session.value("features") == [target]:
            session.assign({"features": _usual(dataset, preset, target)})

    target = st.selectbox(
        "Target",
        names,
        index=names.index(preset.target),
        key="target",
        bind="query-params",
        on_change=keep_a_feature,
    )
    return target


def _possible(dataset: Dataset, target: str) -> list[str]:
    """Every column that can be a feature, numbers first."""
    names = [*dataset.numeric_columns, *dataset.date_columns, *dataset.category_columns]
    return [name for name in names if name != target]


def _usual(dataset: Dataset, preset: Preset, target: str) -> list[str]:
    """The preset's features, or the first possible one where they are the target."""
    return [name for name in preset.features if name != target] or _possible(dataset, target)[:1]
