"""Frames that the browser computes itself while the user moves what they depend on."""

from dataclasses import dataclass

from components.player.message import Message, Numbers

Affine = tuple[float, float]
"""a and b of a + b x."""


@dataclass(frozen=True)
class Trajectory(Message):
    """The frames from any first point of a surface, at any value of a dial: a linear recurrence in c modes s [c].

    With x = dial value · curvature, a mode follows s₁ = first(x) s₀, then sₖ₊₁ = trace(x) sₖ − determinant(x) sₖ₋₁.
    The dial is turned by a DOM event "dial" on the document, with the detail {name: `dial`, value}.
    """

    at: tuple[float, float]
    """The first point [x, y] of the frames that were sent."""
    begin: Numbers
    """[c, 3]: times [x, y, 1] it is the first frame's s₀."""
    fixed_point: Numbers
    """[c]: a frame's first c columns are `fixed_point` + `modes` @ s."""
    modes: Numbers
    """[c, c]."""
    curvatures: Numbers
    """[c]."""
    value: float
    """A frame's last column, its height, is `value` + ½ Σ curvature s²."""
    dial_value: float
    """That of the frames that were sent."""
    first: Affine
    trace: Affine
    determinant: Affine
    length: int
    """Frames, at most."""
    max_growth: float
    """The last frame is the first whose height exceeds this many times that of frame 0,"""
    min_change: tuple[int, float]
    """or the first whose height has changed over this many frames by no more than this share; a share of 0: never."""
    dial: str = ""
    """Empty if there is no dial."""
