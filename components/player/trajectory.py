"""Frames that the browser works out for itself, while a hand moves what they depend on."""

from dataclasses import dataclass
from typing import Any

from components.player.message import Numbers, pack

Affine = tuple[float, float]
"""The numbers a and b of a + b x."""


@dataclass(frozen=True)
class Trajectory:
    """Frames from any first point of a surface, and at any turn of a dial.

    Of a frame's columns the first c are `best` [c] + `modes` [c, c] @ s, the next is `value` + ½ Σ curvature s², and
    there are no others. The first frame has s₀ = `begin` [c, 3] @ [x, y, 1], with the present [x, y] `at`. With
    x = `turn` · curvature each s goes on by itself: s₁ = first(x) s₀, then sₖ₊₁ = trace(x) sₖ − determinant(x) sₖ₋₁.

    There are at most `length` frames. The last is the first to be `beyond` times as high as frame 0, or to have
    changed its height over so many frames by no more than such a share of it: `still`.
    A DOM event "dial" on the document, with the detail {name: `dial`, value}, turns to that value.
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

    def message(self) -> dict[str, Any]:
        matrices = {name: pack(getattr(self, name)) for name in ("begin", "best", "modes", "curvatures")}
        others = ("at", "value", "turn", "first", "trace", "determinant", "length", "beyond", "still", "dial")
        return {**matrices, **{name: getattr(self, name) for name in others}}
