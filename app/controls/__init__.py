"""Widgets in, values out."""

from app.controls.columns import choose_columns
from app.controls.datasets import choose_dataset
from app.controls.optimizer import TITLES
from app.controls.settings import choose_more_settings

__all__ = ["TITLES", "choose_columns", "choose_dataset", "choose_more_settings"]
