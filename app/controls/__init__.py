"""Widgets in, values out."""

from app.controls.columns import choose_columns
from app.controls.data import select, show_data, warn
from app.controls.datasets import choose_dataset
from app.controls.descent import show_predictions, show_source
from app.controls.optimizer import TITLES
from app.controls.settings import choose_more_settings
from app.controls.stage import OF_THE_RUN, descend

__all__ = [
    "OF_THE_RUN",
    "TITLES",
    "choose_columns",
    "choose_dataset",
    "choose_more_settings",
    "descend",
    "select",
    "show_data",
    "show_predictions",
    "show_source",
    "warn",
]
