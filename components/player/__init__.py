"""Live charts for Streamlit: figures over which frames are played in the browser.

The server sends figures, which stand still, and frames, columns of numbers with a row per frame, in one message. The
browser then moves lines, dots and numbers over the figures up to 60 times a second, and asks the server for nothing.
Whatever moves is an affine function of the frame's columns, or the frame's epoch.
"""

from components.player.message import (
    Arrow,
    Chart,
    Countdown,
    Curve,
    Ends,
    Likeness,
    Line,
    Moving,
    Part,
    PiecewiseSlope,
    Pinned,
    Points,
    Predictions,
    Saying,
    Segments,
    Sketch,
    Squares,
    Trail,
)  # fmt: skip
from components.player.routes import routes, warm_up
from components.player.surface import Grid, Quadratic, Surface
from components.player.trajectory import Trajectory
from components.player.widget import live_sentence, live_table, pins, player, stops, taken

__all__ = [
    "Arrow", "Chart", "Countdown", "Curve", "Ends", "Grid", "Likeness", "Line", "Moving", "Part", "PiecewiseSlope",
    "Pinned", "Points", "Predictions", "Quadratic", "Saying", "Segments", "Sketch", "Squares", "Surface", "Trail",
    "Trajectory", "live_sentence", "live_table", "pins", "player", "routes", "stops", "taken", "warm_up",
]  # fmt: skip
