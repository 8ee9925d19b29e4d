"""Frames that the browser computes itself while the user moves what they depend on."""

from dataclasses import dataclass

from components.player.message import Message, Numbers

Affine = tuple[float, float]
"""a and b of a + b x."""


@dataclass(frozen=True)
class Trajectory(Message):
    """The frames from any first point of a surface, at any setting of a dial: a linear recurrence in c modes.

    A frame's first c columns are `best` [c] + `modes` [c, c] @ s; the next and last is `value` + ½ Σ curvature s².
    The first frame has s₀ = `begin` [c, 3] @ [x, y, 1]; the present first point [x, y] is `at`. With
    x = `turn` · curvature each mode goes on by itself: s₁ = first(x) s₀, then sₖ₊₁ = trace(x) sₖ − determinant(x) sₖ₋₁.

    There are at most `length` frames. They end earlier when the height exceeds `beyond` times that of frame 0, or when
    over `still[0]` frames it changed by at most the share `still[1]` (0: never).
    A DOM event "dial" on the document, with the detail {name: `dial`, value}, sets `turn` to that value.
    """

    at: tuple[float, float]
    begin: Numbers
    best: Numbers
    modes: Numbers
    curvatures: Numbers
    value: float
    turn: float
    first: Affine
    trace: Affine
    determinant: Affine
    length: int
    beyond: float
    still: tuple[int, float]
    dial: str = ""
