"""What the browser is told of a surface: where it is how high, and what moves over it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from components.player.message import Chart, Numbers, pack

Place = Numbers | float
"""A number that moves with the frames, as a row [columns + 1], or stands still."""


@dataclass(frozen=True)
class Quadratic:
    """value + slope·d + ½ dᵀ hessian d + kinks·(|p| − |at|), with d = p − at: known everywhere, at no cost.

    `hessian` is [xx, xy, yy]. At 0 along x the surface has a kink if `kinks[0]` is not 0, along y likewise.
    """

    at: tuple[Place, Place]
    value: Place
    slope: tuple[Place, Place]
    hessian: tuple[float, float, float]
    kinks: tuple[float, float] = (0.0, 0.0)

    def message(self) -> dict[str, Any]:
        return {"kind": "quadratic", "at": list(map(_place, self.at)), "value": _place(self.value),
                "slope": list(map(_place, self.slope)), "hessian": list(self.hessian),
                "kinks": list(self.kinks)}  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """Heights `z` [n, m] over `y` [n] and `x` [m]."""

    x: Numbers
    y: Numbers
    z: Numbers

    def message(self) -> dict[str, Any]:
        z = self.z.astype(np.float32)
        return {"kind": "grid", "x": pack(self.x), "y": pack(self.y), "z": pack(z)}


@dataclass(frozen=True)
class Surface(Chart):
    """A chart whose first trace is a contour plot without numbers: the browser fills it in from the `heights`.

    It is as fine after every zoom. With `in_3d` it is shown in three dimensions where the browser can.
    The first mark is the path; its first point can be dragged, and a click moves it there, in both.
    """

    heights: Quadratic | Grid | None = None
    in_3d: bool = False
    logarithmic: bool = False
    """Whether heights are, in three dimensions."""

    def message(self) -> dict[str, Any]:
        heights = self.heights.message() if self.heights else None
        return {**super().message(), "kind": "surface3d" if self.in_3d else "surface", "heights": heights,
                "logarithmic": self.logarithmic}  # fmt: skip


def _place(place: Place) -> Any:
    return float(place) if isinstance(place, int | float) else pack(place)
