"""Widgets in, values out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from app import session
from app.charts import charts
from app.dataset import SAMPLES, Dataset, Sample
from app.engine import Settings
from app.scene import BIAS, PREDICTED, Scene, View
from app.session import Run
from app.verdict import verdict
from components.log_slider import log_slider
from components.player import live_table, player

CHOICES = {
    "scaling": ["none", "standardize"],
    "gradient": ["by_hand", "autograd"],
    "precision": ["float64", "float32"],
    "loss_axis": ["log", "linear"],
}


def choose_dataset() -> Sample:
    """The sample chosen; choosing another one sets what suits its first look."""
    titles = {sample.title: sample for sample in SAMPLES}

    def suit() -> None:
        sample = titles[session.value("dataset")]
        session.assign({**sample.preset, "target": sample.target, "features": list(sample.features)})

    title = st.selectbox("Dataset", list(titles), key="dataset", bind="query-params", on_change=suit)
    st.caption(titles[title].about)
    return titles[title]


def choose_columns(dataset: Dataset, sample: Sample) -> tuple[str, tuple[str, ...]]:
    """Target and features; the page waits here while there is no feature."""
    names = dataset.numeric_columns

    def usual(target: str) -> list[str]:
        others = (name for name in names if name != target)
        return [name for name in sample.features if name != target] or [next(others)]

    def keep_a_feature() -> None:
        """A target that was the only feature would leave none."""
        target = session.value("target")
        if session.value("features") == [target]:
            session.assign({"features": usual(target)})

    target = st.selectbox(
        "Target",
        names,
        index=names.index(sample.target),
        key="target",
        bind="query-params",
        on_change=keep_a_feature,
    )
    st.caption("What to predict.")
    others = [name for name in names if name != target]
    features = st.multiselect("Features", others, default=usual(target), key="features", bind="query-params")
    st.caption("What to predict it from.")
    if not features:
        st.info("Choose at least one feature to predict from.")
        st.stop()
    return target, tuple(features)


def choose_more_settings(sample: Sample, features: Sequence[str]) -> tuple[Settings, str]:
    """All settings but the learning rate and the epochs, and the scaling of the features."""
    preset = sample.preset
    with st.expander("More settings"):
        scaling = _choice("Scaling", "scaling", preset, "Gives every feature mean 0 and spread 1.")
        gradient = _choice("Gradients", "gradient", preset, "Formulas written out, or PyTorch's.")
        precision = _choice("Precision", "precision", preset, "The arithmetic has 16 digits, or 7.")
        seed = st.number_input(
            "Seed", 0, 2**31 - 1, preset["seed"], key="seed", bind="query-params", help="Draws the starting point."
        )
        start = st.text_input(
            "Starting point",
            preset["start"],
            key="start",
            bind="query-params",
            placeholder="drawn from the seed",
            help="Weights, then the bias, such as 0, 0. Empty: drawn from the seed.",
        )
        tolerance = st.number_input(
            "Tolerance",
            0.0,
            1.0,
            preset["tolerance"],
            format="%g",
            key="tolerance",
            bind="query-params",
            help="Stop when the loss changes by less than this fraction over 10 epochs. 0: never.",
        )
    settings = Settings(
        gradient=gradient,  # type: ignore[arg-type]
        precision=precision,  # type: ignore[arg-type]
        seed=int(seed),
        tolerance=tolerance,
        start=_start(start, features),
    )
    return settings, scaling


def choose_steps(sample: Sample, settings: Settings) -> Settings:
    """The settings with the learning rate and the number of epochs."""
    rate = _number(
        "Learning rate", "learning_rate", sample.preset, "How far each step goes.", (1e-6, 10.0), slider="Learning rate"
    )
    epochs = _number(
        "Epochs", "epochs", sample.preset, "How many steps to take.", (1, 100_000), slider="Number of steps"
    )
    return replace(settings, learning_rate=rate, epochs=int(epochs))


def explain(run: Run) -> None:
    """One line about the run, and the button that mends it or sets a good rate.

    The page waits here while there is no loss to show, not even the first.
    """
    said = verdict(run)

    def mend() -> None:
        session.assign(said.mended)
        st.rerun()  # all of it, for widgets outside the fragment that the button stands in

    words, button = st.columns([5, 1], vertical_alignment="center")
    words.markdown(said.sentence)
    kind: Literal["primary", "secondary"] = "primary" if said.alarming else "secondary"
    button.button(said.label, type=kind, width="stretch", on_click=mend)
    if said.hopeless:
        st.stop()


def choose_view(features: Sequence[str]) -> View:
    """How the charts show the run."""
    names = [*features, BIAS]
    with st.container(horizontal=True, vertical_alignment="bottom", key="view"):
        axis = _choice("Loss axis", "loss_axis", {"loss_axis": "log"})
        residuals = st.toggle("Show residuals", key="residuals", bind="query-params")
        if len(features) == 1:
            return View(loss_axis=axis, residuals=residuals)
        fit = _selectbox("Fit chart", "fit", [PREDICTED, *features])
        x = _selectbox("Surface, across", "surface_x", names)
        y = _selectbox("Surface, up", "surface_y", [name for name in reversed(names) if name != x])
    return View(fit=fit, loss_axis=axis, residuals=residuals, surface_x=x, surface_y=y)


def show_player(run: Run, view: View) -> None:
    """The player, fed again and again while the run goes on."""

    def show() -> None:
        if run.history.outcome == "running":
            run.advance(0.15)
            if run.history.outcome != "running":
                st.rerun()
        scene = Scene(run, view)
        player(key="player", charts=charts(scene), **scene.message)

    st.fragment(show, run_every=0.25 if run.history.outcome == "running" else None)()


def show_predictions(run: Run, sample: Sample) -> None:
    """New feature values in, predictions at the epoch shown out."""
    left, right = st.columns(2)
    with left:
        st.caption("New values: type, add rows, or paste from a spreadsheet.")
        given = st.data_editor(
            sample.predict_from(run.dataset, run.columns.features),
            num_rows="dynamic",
            hide_index=True,
            key=f"new_values_{run.group}",
            alt="New feature values to predict from",
        )
    complete = [values for values in zip(*given.values(), strict=True) if None not in values]
    with right:
        st.caption("Predictions at the epoch shown in the player.")
        picture = Scene(run, View())
        live_table(key="predictions", head=picture.prediction_head, rows=picture.predictions(complete))


def show_history(run: Run) -> None:
    """The notebook's printout, with the parameters beside it."""
    every = st.number_input("Print every", 1, 100_000, 100, key="every", bind="query-params", width=160)
    table = Scene(run, View()).printout(int(every))
    number = st.column_config.NumberColumn(format="%.4f")
    numbers = {name: number for name in table if name != "epoch"}
    st.dataframe(table, hide_index=True, column_config=numbers, alt="History of the run", placeholder="")
    st.caption(
        "Row k is the state after k steps, in the file's units. The last column is what the notebook prints as "
        "“Epoch [k]”: the loss before step k."
    )


def _number(label: str, key: str, preset: dict[str, Any], says: str, scale: tuple[float, float], *, slider: str) -> Any:
    """A number to type, and the same number as a slider on a log scale."""
    whole = isinstance(preset[key], int)
    kind: Callable[[float], Any] = int if whole else float
    low, high = scale

    def moved() -> None:
        session.assign({key: kind(session.value(f"{key}_slider").moved)})

    chosen = st.number_input(
        label,
        kind(low) if whole else 1e-12,
        kind(high) if whole else 1e6,
        preset[key],
        step=None if whole else 0.001,
        format=None if whole else "%g",
        key=key,
        bind="query-params",
    )
    st.caption(says)
    log_slider(slider, key=f"{key}_slider", value=chosen, low=low, high=high, whole=whole, moved=moved)
    return chosen


def _choice(label: str, key: str, preset: dict[str, Any], says: str | None = None) -> str:
    options = {"default": preset[key], "required": True, "key": key, "bind": "query-params", "help": says}
    return str(st.segmented_control(label, CHOICES[key], **options))


def _selectbox(label: str, key: str, options: list[str]) -> str:
    return str(st.selectbox(label, options, key=key, bind="query-params", width=190))


def _start(text: str, features: Sequence[str]) -> tuple[float, ...]:
    """The numbers of "3, 70"; none, with a word about it, where they are not a weight for each feature and a bias."""
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    try:
        start = Settings(start=tuple(float(part) for part in parts)).start
    except ValueError:
        st.warning(f"“{text}” is not a list of numbers such as 0, 0. The start is drawn from the seed instead.")
        return ()
    if len(start) in (0, len(features) + 1):
        return start
    st.warning(
        f"The starting point has {len(start)} numbers and needs {len(features) + 1}: a weight for "
        f"{', '.join(features)} and the bias. It is drawn from the seed instead."
    )
    return ()
