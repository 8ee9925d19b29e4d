"""What the browser is sent of a surface: its heights, and what moves over it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from components.player.message import Chart, Message, Numbers, pack

Place = Numbers | float
"""A number that moves with the frames, as a row [columns + 1], or one that stands still."""


@dataclass(frozen=True)
class Quadratic(Message):
    """value + slope·d + ½ dᵀ hessian d + kinks·(|p| − |at|), with d = p − at: exact everywhere.

    `hessian` is [xx, xy, yy]. At 0 along x the surface has a kink if `kinks[0]` is not 0, along y likewise.
    """

    at: tuple[Place, Place]
    value: Place
    slope: tuple[Place, Place]
    hessian: tuple[float, float, float]
    kinks: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Grid(Message):
    """Heights `z` [n, m] over evenly spaced `y` [n] and `x` [m]."""

    x: Numbers
    y: Numbers
    z: Numbers

    def message(self) -> dict[str, Any]:
        return {**super().message(), "z": pack(self.z.astype(np.float32))}


@dataclass(frozen=True)
class Surface(Chart):
    """A chart whose first trace is a contour plot without numbers: the browser fills it in from `heights`.

    It is equally fine after every zoom. With `in_3d` it is shown in three dimensions where the browser can.
    The first mark is the path; its first point can be dragged, and a click moves it there, in both.
    """

    heights: Quadratic | Grid | None = None
    in_3d: bool = False
    logarithmic: bool = False
    """Whether the vertical axis is, in three dimensions."""
