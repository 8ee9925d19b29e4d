"""Widgets in, values out."""

from app.controls.columns import choose_columns
from app.controls.datasets import choose_dataset
from app.controls.optimizer import TITLES
from app.controls.settings import choose_more_settings
from app.controls.terms import explain_terms

__all__ = ["TITLES", "choose_columns", "choose_dataset", "choose_more_settings", "explain_terms"]
