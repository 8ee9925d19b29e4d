"""Live charts for Streamlit: figures over which frames are played in the browser.

The server sends figures (what stands still) and frames (columns of numbers, a row per frame)
in one message; the browser moves lines, dots and numbers over them, up to 60 times a second,
and asks the server for nothing while it does. Whatever moves is an affine function of the
frame's columns, or the frame's epoch.
"""

from components.player.message import Arrow, Chart, Curve, Line, Moving, PiecewiseSlope, Pinned, Points, Segments, Trail
from components.player.routes import routes, warm_up
from components.player.surface import Grid, Quadratic, Surface
from components.player.trajectory import Trajectory
from components.player.widget import live_table, pins, player

__all__ = [
    "Arrow", "Chart", "Curve", "Grid", "Line", "Moving", "PiecewiseSlope", "Pinned", "Points", "Quadratic", "Segments",
    "Surface", "Trail", "Trajectory", "live_table", "pins", "player", "routes", "warm_up",
]  # fmt: skip
