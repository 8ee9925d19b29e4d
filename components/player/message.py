"""What the browser is told: plain JSON and packed arrays, never NaN or infinity."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
"""One row [columns + 1] or a matrix [m, columns + 1]: factors of the frame's columns, and of 1."""

FARTHEST = 1e30
"""The longest arrow; more is no float32, and far beyond every screen."""


@dataclass(frozen=True)
class Moving:
    """A number that moves with the frames; `sign` writes it as "+ 1.23" or "− 1.23"."""

    row: Numbers
    sign: bool = False
    strong: bool = False
    name: str = ""

    def message(self) -> dict[str, Any]:
        return {"row": pack(self.row), "sign": self.sign, "strong": self.strong, "name": self.name}


@dataclass(frozen=True)
class Trail:
    """Everything up to the frame shown, with a dot at its head."""

    name: str
    color: str
    x: Numbers | Literal["epoch"]
    y: Numbers

    def message(self) -> dict[str, Any]:
        x = self.x if isinstance(self.x, str) else pack(self.x)
        return {"kind": "trail", "name": self.name, "color": self.color, "x": x, "y": pack(self.y)}


@dataclass(frozen=True)
class Line:
    """Points at fixed `x` [m], joined; `y` [m, columns + 1]."""

    name: str
    color: str
    x: Numbers
    y: Numbers
    kind: str = "line"

    def message(self) -> dict[str, Any]:
        return {"kind": self.kind, "name": self.name, "color": self.color, "x": pack(self.x), "y": pack(self.y)}


@dataclass(frozen=True)
class Points(Line):
    """Dots at fixed `x` [m]; `y` [m, columns + 1]."""

    kind: str = "points"


@dataclass(frozen=True)
class Segments(Line):
    """Upright lines at fixed `x` [m] between fixed `origin` [m] and `y` [m, columns + 1]."""

    kind: str = "segments"
    origin: Numbers | None = None

    def message(self) -> dict[str, Any]:
        assert self.origin is not None
        return {**super().message(), "from": pack(self.origin)}


@dataclass(frozen=True)
class PiecewiseSlope:
    """The mean over m rows of one function of a number per row; the function's slope is piecewise linear.

    Row i's number is `rows[i]` [columns + 1] at the frame, and grows by `growth[i]` per unit of x. The slope is
    `slopes` [k] at the ascending `breakpoints` [k], and constant beyond the outermost. Two breakpoints next to each
    other make a kink.
    """

    rows: NDArray[Any]
    growth: NDArray[Any]
    breakpoints: Numbers
    slopes: Numbers

    def message(self) -> dict[str, Any]:
        return {"rows": pack(self.rows), "growth": pack(self.growth), "breakpoints": pack(self.breakpoints),
                "slopes": pack(self.slopes)}  # fmt: skip


@dataclass(frozen=True)
class Curve:
    """Through the frame's own point: height + slope · (x − place) + ½ curvature · (x − place)², at fixed `x` [m].

    What is `piecewise` changes with x too. A `straight` one is but the tangent, dashed; without any `x` it goes
    from the frame's place to the next frame's, and ends in a dot.
    """

    name: str
    color: str
    x: Numbers
    place: Numbers
    height: Numbers
    slope: Numbers
    curvature: float
    piecewise: Sequence[PiecewiseSlope] = ()
    straight: bool = False

    def message(self) -> dict[str, Any]:
        rows = {key: pack(row) for key, row in (("place", self.place), ("height", self.height), ("slope", self.slope))}
        return {"kind": "curve" if len(self.x) else "tangent-step", "name": self.name, "color": self.color,
                "x": pack(self.x), **rows, "curvature": self.curvature, "straight": self.straight,
                "piecewise": [part.message() for part in self.piecewise]}  # fmt: skip


@dataclass(frozen=True)
class Arrow:
    """From the point `x`, `y` of a frame, rows [columns + 1], by `by`; by None to where the next frame's point is.

    `by` holds two rows [columns + 1], or two columns [frames].
    """

    name: str
    color: str
    x: Numbers
    y: Numbers
    by: tuple[NDArray[Any], NDArray[Any]] | None = None
    each: bool = False
    """Whether `by` holds columns."""

    def message(self) -> dict[str, Any]:
        by = [pack(np.clip(np.nan_to_num(part), -FARTHEST, FARTHEST)) for part in self.by or ()]
        return {"kind": "arrow", "name": self.name, "color": self.color, "x": pack(self.x), "y": pack(self.y),
                "by": by, "each": self.each}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A Plotly figure {data, layout} and what moves over it.

    `name` is its `data-chart` on the page; `note` says beside the title what is shown;
    `alt` describes the chart to those who cannot see it.
    """

    name: str
    title: str
    note: str
    alt: str
    figure: dict[str, Any]
    marks: Sequence[Trail | Line | Curve | Arrow]

    def message(self) -> dict[str, Any]:
        marks = [mark.message() for mark in self.marks]
        return {"name": self.name, "title": self.title, "note": self.note, "alt": self.alt,
                "figure": packed(self.figure), "marks": marks}  # fmt: skip


@dataclass(frozen=True)
class Pinned:
    """Another run to draw beside the player's: columns [n] with the epoch of each frame, and the names of the marks.

    `label` is a letter or two that tell its colour to those who cannot see it.
    """

    name: str
    label: str
    color: str
    frames: Mapping[str, NDArray[Any]]
    marks: Sequence[str]

    def message(self) -> dict[str, Any]:
        length = len(self.frames["epoch"])
        return {"name": self.name, "label": self.label, "color": self.color, "length": length, "marks": [*self.marks]}


def pack(values: NDArray[Any]) -> dict[str, str]:
    """An array in Plotly's own JSON form, a third of its decimal digits' size; raises ValueError unless finite."""
    kind = "f4" if values.dtype == np.float32 else "f8"
    data = np.ascontiguousarray(values, dtype=kind)
    if not np.isfinite(data).all():
        raise ValueError("Only finite numbers can be shown.")
    return {"dtype": kind, "bdata": base64.b64encode(data.tobytes()).decode(), "shape": ", ".join(map(str, data.shape))}


def packed(value: Any) -> Any:
    """The same structure with every array packed."""
    if isinstance(value, np.ndarray):
        return pack(value)
    if isinstance(value, dict):
        return {key: packed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [packed(item) for item in value]
    return value
