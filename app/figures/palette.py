"""The colours of the charts, which colour-blind people can tell apart, and everyone on light and dark pages."""

# Hues of Okabe & Ito's palette.
DATA = "#3182bd"
MODEL = "#d55e00"
OPTIMUM = "#009e73"
HELD_OUT = "#aa4499"
GUESS = "#8642c3"

PINS = ("#8642c3", "#006f7b", "#ff2bd3", "#6e6746", "#3552ef", "#d70044", "#ab86a1", "#7a82ef")
"""Pinned runs: contrast 3 : 1 against white and black, and at least 0.07 in OKLab from each other and from the above,
as people with protanopia, deuteranopia and tritanopia see them (simulated after Machado et al. 2009)."""

SLOPE = "#e6b000"
"""The negative gradient."""

VALLEY = "#5b78ad"
"""The loss along one line: the blue of the loss surface's heights."""

CONTOUR_SHADES = [[0.0, "rgb(226,243,234)"], [0.5, "rgb(110,172,170)"], [1.0, "rgb(78,108,158)"]]
"""The loss surface, from the lowest to the highest point shown: the same on light and dark pages."""

MODE_LINES = (
    ("#0072b2", "solid"), ("#e69f00", "dash"), ("#cc79a7", "dashdot"), ("#56b4e9", "longdash"), ("#d55e00", "solid"),
    ("#009e73", "dash"),
)  # fmt: skip
"""Okabe & Ito's colours for the lines of several modes, and dashes for those who cannot tell the colours apart."""

INKS = {"light": "#1c2430", "dark": "#e8ecf2"}
"""The text colour of each of the page's themes."""
