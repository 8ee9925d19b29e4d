"""Widgets in, values out."""

from app.controls import optimizer
from app.controls.columns import choose_columns
from app.controls.datasets import choose_dataset
from app.controls.settings import choose_more_settings
from app.controls.terms import explain_terms
from app.controls.widgets import WORDS

TITLES = optimizer.TITLES | {key: WORDS[key] for key in ("gradient", "missing")}
"""What each choice is called on the page, by its name in a link."""

__all__ = ["TITLES", "choose_columns", "choose_dataset", "choose_more_settings", "explain_terms"]
