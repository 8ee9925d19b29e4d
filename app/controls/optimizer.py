"""How each update is made: optimizer, schedule, batches; and what it makes small: loss and penalties."""

from typing import Any

import streamlit as st

from app.controls.widgets import number_input, titled
from app.dataset import Preset
from app.engine import HYPERPARAMETERS
from app.engine.optimizers import OPTIMIZERS

TITLES = {
    "optimizer": {name: rule.title for name, rule in OPTIMIZERS.items()},
    "schedule": {
        "constant": "Constant", "step": "Step", "exponential": "Exponential", "cosine": "Cosine", "inverse": "1/t",
        "warm_up": "Warm-up",
    },
    "loss": {
        "mse": "Mean squared", "mae": "Mean absolute", "huber": "Huber", "log_cosh": "Log-cosh", "quantile": "Quantile",
    },
}  # fmt: skip
"""What each choice is called on the page, by its name in a link."""

CAPTIONS = {
    "gradient_descent": "Every step goes straight down the slope.",
    "momentum": "A heavy ball: it keeps part of its speed, so it crosses flat valleys sooner, and may swing past.",
    "nesterov": "Momentum that looks where it will be before it corrects, so it swings less.",
    "adagrad": "Each parameter has its own rate, the smaller the more it has moved.",
    "rmsprop": "Each parameter's rate is divided by how large its slope was lately.",
    "adam": "Momentum and RMSProp together; the usual first choice for neural networks.",
    "adamw": "Adam that also shrinks the parameters a little at every step.",
    "constant": "",
    "step": "Dropped all at once after every period.",
    "exponential": "Dropped little by little.",
    "cosine": "Down to zero by the last epoch, along a cosine.",
    "inverse": "Half after one period, a third after two.",
    "warm_up": "Rises to its full value over the first period.",
    "mse": "Large errors count most; the mean is its answer.",
    "mae": "All errors count by their size; the median is its answer, and outliers pull little.",
    "huber": "Squared for errors up to δ, straight beyond it.",
    "log_cosh": "Squared for small errors, straight for large ones, without a seam.",
    "quantile": "Errors on one side count more, so that a share q of the rows lies below the line.",
}
"""One line for each choice."""

WIDGETS: dict[str, tuple[str, str]] = {
    "momentum": ("Momentum μ", "The share of its speed that the ball keeps. 0.9 is usual."),
    "smoothing": ("Smoothing ρ", "How long slopes are remembered: 0.99 is about 100 updates."),
    "beta1": ("β₁", "How long slopes are remembered: 0.9 is about 10 updates."),
    "beta2": ("β₂", "How long squared slopes are remembered: 0.999 is about 1,000 updates."),
    "epsilon": ("ε", "Keeps the division by a small slope within bounds."),
    "weight_decay": ("Decay λ", "Parameters shrink at each update by this share, times the rate."),
    "period": ("Period", "In epochs: how soon the schedule has done its part."),
    "drop": ("Drop γ", "The learning rate is multiplied by it in each period."),
    "delta": ("δ", "In the target's unit."),
    "quantile": ("Quantile q", "0.5 is the median, 0.9 a line that nine of ten rows lie below."),
}


def choose_rule(preset: Preset) -> dict[str, Any]:
    """Optimizer, schedule and batch size, each with the settings that it reads."""
    initial = preset.settings
    with st.expander("Optimizer and batches"):
        chosen = _choice("Optimizer", "optimizer", initial) | _choice("Rate over time", "schedule", initial)
        chosen["batch_size"] = number_input("Batch size", "batch_size", initial)
    return chosen


def choose_objective(preset: Preset) -> dict[str, Any]:
    """Loss, penalties and the share of rows that are held out."""
    initial = preset.settings
    with st.expander("Loss, penalties, held-out rows"):
        chosen = _choice("Loss", "loss", initial)
        left, right = st.columns(2)
        with left:
            chosen["l2"] = number_input("L2 penalty", "l2", initial)
        with right:
            chosen["l1"] = number_input("L1 penalty", "l1", initial)
        chosen["held_out"] = number_input("Held-out rows", "held_out", initial)
    return chosen


def _choice(label: str, key: str, preset: dict[str, Any]) -> dict[str, Any]:
    """A choice and the settings that it reads."""
    name = titled(label, key, TITLES[key], preset)
    if CAPTIONS[name]:
        st.caption(CAPTIONS[name])
    read = HYPERPARAMETERS.get(name, ())
    chosen = {key: name}
    for setting, column in zip(read, st.columns(max(1, min(2, len(read)))) * 2, strict=False):
        with column:
            chosen[setting] = number_input(WIDGETS[setting][0], setting, preset)
    return chosen
