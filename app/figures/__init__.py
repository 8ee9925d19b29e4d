"""Finished numbers become Plotly figures. Plain dictionaries: building `go.Figure` costs 10 ms and more."""

from app.figures.cross_section import cross_section
from app.figures.fit import predicted_against_actual, scatter
from app.figures.loss import loss_curve
from app.figures.modes import modes
from app.figures.palette import COLORS, HELD_OUT, INKS, MODEL, PINS, SLOPE, VALLEY
from app.figures.surface import surface
from app.figures.sweep import sweep
from app.figures.traces import Array

__all__ = [
    "COLORS",
    "HELD_OUT",
    "INKS",
    "MODEL",
    "PINS",
    "SLOPE",
    "VALLEY",
    "Array",
    "loss_curve",
    "modes",
    "predicted_against_actual",
    "scatter",
    "cross_section",
    "surface",
    "sweep",
]
