"""Finished numbers become Plotly figures, as plain dictionaries: building a `go.Figure` takes at least 10 ms."""

from app.figures.cross_section import cross_section
from app.figures.fit import predicted_against_actual, scatter
from app.figures.guess import add_guess
from app.figures.loss import loss_curve
from app.figures.modes import modes
from app.figures.palette import GUESS, HELD_OUT, INKS, MODEL, PINS, SLOPE, VALLEY
from app.figures.surface import place, surface
from app.figures.sweep import sweep
from app.figures.traces import Array, hover

__all__ = [
    "GUESS",
    "HELD_OUT",
    "INKS",
    "MODEL",
    "PINS",
    "SLOPE",
    "VALLEY",
    "Array",
    "add_guess",
    "cross_section",
    "hover",
    "loss_curve",
    "modes",
    "place",
    "predicted_against_actual",
    "scatter",
    "surface",
    "sweep",
]
