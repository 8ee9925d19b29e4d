"""What is on the page about a run or the data."""

from app.tabs.data import select_or_stop, show_data, warn
from app.tabs.learn import offer_course, show_course
from app.tabs.predict import show_predictions
from app.tabs.program import CODE, show_code
from app.tabs.share import PARTS, show_share
from app.tabs.stage import OF_THE_RUN, descend
from app.tabs.take_home import show_take_home
from app.tabs.view import choose_view

__all__ = [
    "CODE", "OF_THE_RUN", "PARTS", "choose_view", "descend", "offer_course", "select_or_stop", "show_code",
    "show_course", "show_data", "show_predictions", "show_share", "show_take_home", "warn",
]  # fmt: skip
