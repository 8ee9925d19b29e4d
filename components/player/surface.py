"""What the browser is sent of a surface: its heights, and the chart."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from components.player.message import Chart, Message, Numbers, pack

Place = Numbers | float
"""A number that moves with the frames, as a row [columns + 1], or one that stands still."""


@dataclass(frozen=True)
class Quadratic(Message):
    """The height of point p is value + slope·d + ½ dᵀ hessian d + kinks·(|p| − |at|), with d = p − at.

    `hessian` holds xx, xy and yy. If `kinks[0]` is not 0 the surface has a kink at x = 0, likewise along y.
    """

    at: tuple[Place, Place]
    value: Place
    slope: tuple[Place, Place]
    hessian: tuple[float, float, float]
    kinks: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Grid(Message):
    """Heights `z` [n, m] over evenly spaced `y` [n] and `x` [m]; bilinear in between."""

    x: Numbers
    y: Numbers
    z: Numbers

    def message(self) -> dict[str, Any]:
        return {**super().message(), "z": pack(self.z.astype(np.float32))}


@dataclass(frozen=True)
class Surface(Chart):
    """A chart whose first trace is a contour plot without numbers: the browser computes these from `heights`.

    After a zoom it computes them again. With `in_3d` the surface is drawn in three dimensions if the browser has
    WebGL. The first mark is the path; its first point can be dragged, or moved by a click on the surface.
    """

    heights: Quadratic | Grid | None = None
    in_3d: bool = False
    logarithmic: bool = False
    """Whether the vertical axis is, in three dimensions."""
