"""Widgets in, values out."""

from app.controls.columns import choose_columns
from app.controls.compare import show_compare
from app.controls.data import select, show_data, warn
from app.controls.datasets import choose_dataset
from app.controls.descent import (
    DESCENT,
    choose_view,
    explain,
    show_errors,
    show_history,
    show_player,
    show_predictions,
    show_source,
)
from app.controls.modes import show_modes
from app.controls.one_step import ONE_STEP, show_one_step
from app.controls.optimizer import TITLES
from app.controls.settings import choose_more_settings, choose_steps
from app.controls.sweep import show_sweep

OF_THE_RUN = {
    "Errors": show_errors,
    "History": show_history,
    "Compare": show_compare,
    "Sweep": show_sweep,
    "Why it is slow": show_modes,
    ONE_STEP: show_one_step,
}
"""Tabs about a run: what fills each, while it is open."""

__all__ = [
    "DESCENT",
    "OF_THE_RUN",
    "TITLES",
    "choose_columns",
    "choose_dataset",
    "choose_more_settings",
    "choose_steps",
    "choose_view",
    "explain",
    "select",
    "show_data",
    "show_player",
    "show_predictions",
    "show_source",
    "warn",
]
