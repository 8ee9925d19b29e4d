"""What is on the page about a run or the data."""

from app.tabs.data import select_or_stop, show_data, warn
from app.tabs.history import show_source
from app.tabs.predict import show_predictions
from app.tabs.share import show_share
from app.tabs.stage import OF_THE_RUN, descend

__all__ = [
    "OF_THE_RUN", "descend", "select_or_stop", "show_data", "show_predictions", "show_share", "show_source", "warn",
]  # fmt: skip
