"""What the browser is told of a surface: where it is how high, and what moves over it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from components.player.message import Chart, Numbers, pack

Place = Numbers | float
"""A number that moves with the frames, as a row [columns + 1], or stands still."""


@dataclass(frozen=True)
class Bowl:
    """value + slope·d + ½ dᵀ hessian d + kinks·(|p| − |at|), with d = p − at: known everywhere, at no cost.

    `hessian` is [xx, xy, yy]. At 0 along x the surface has a kink if `kinks[0]` is not 0, along y likewise.
    """

    at: tuple[Place, Place]
    value: Place
    slope: tuple[Place, Place]
    hessian: tuple[float, float, float]
    kinks: tuple[float, float] = (0.0, 0.0)

    def message(self) -> dict[str, Any]:
        return {"kind": "bowl", "at": list(map(_place, self.at)), "value": _place(self.value),
                "slope": list(map(_place, self.slope)), "hessian": list(self.hessian),
                "kinks": list(self.kinks)}  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """Heights [n, m] over y [n] and x [m]."""

    x: Numbers
    y: Numbers
    heights: Numbers

    def message(self) -> dict[str, Any]:
        heights = self.heights.astype(np.float32)
        return {"kind": "grid", "x": pack(self.x), "y": pack(self.y), "heights": pack(heights)}


@dataclass(frozen=True)
class Course:
    """Frames from any first point of the surface, which the browser works out for itself while that is dragged.

    Of a frame's columns the first c are `best` + e, the next is value + ½ eᵀ `hessian` e, and there are no others.
    The first frame goes through [x, y] with best + e₀ = `begin` [c, 3] @ [x, y, 1]; then e₁ = `first` e₀ and
    eₖ₊₁ = `trace` eₖ − `determinant` eₖ₋₁, all [c, c]. `length` is how many frames there are, at most.
    """

    begin: Numbers
    best: Numbers
    first: Numbers
    trace: Numbers
    determinant: Numbers
    value: float
    hessian: Numbers
    length: int

    def message(self) -> dict[str, Any]:
        matrices = {name: pack(getattr(self, name))
                    for name in ("begin", "best", "first", "trace", "determinant", "hessian")}  # fmt: skip
        return {**matrices, "value": self.value, "length": self.length}


@dataclass(frozen=True)
class Surface(Chart):
    """A chart whose first trace is a contour plot without numbers: the browser fills it in from the `terrain`.

    It is as fine after every zoom. With `solid` it is shown in three dimensions where the browser can.
    The first mark is the path; its first point can be dragged, and a click moves it there. While it is dragged the
    frames follow its `course` where there is one, else those that the server sends.
    """

    terrain: Bowl | Grid | None = None
    solid: bool = False
    logarithmic: bool = False
    """Whether heights are, in three dimensions."""
    course: Course | None = None

    def message(self) -> dict[str, Any]:
        terrain = self.terrain.message() if self.terrain else None
        return {**super().message(), "kind": "solid" if self.solid else "surface", "terrain": terrain,
                "logarithmic": self.logarithmic, "course": self.course and self.course.message()}  # fmt: skip


def _place(place: Place) -> Any:
    return float(place) if isinstance(place, int | float) else pack(place)
