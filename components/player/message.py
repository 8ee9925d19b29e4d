"""What the browser is sent: plain JSON and packed arrays, never NaN or infinity.

frontend/messages.js describes the same messages for JavaScript; a test compares the two.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
"""Mostly coefficients of the frame's columns and of 1: a row [columns + 1] or a matrix [m, columns + 1]."""

MAX_ARROW_LENGTH = 1e30
"""In the axes' units: far beyond any screen, yet a float32."""


@dataclass(frozen=True)
class Message:
    """Base of all messages: sent field by field, with the class's name as `kind`."""

    def message(self) -> dict[str, Any]:
        return {"kind": type(self).__name__} | {field.name: packed(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True)
class Moving(Message):
    """A number that moves with the frames; `sign` writes it as "+ 1.23" or "− 1.23"."""

    row: Numbers
    sign: bool = False
    strong: bool = False
    name: str = ""


Cell = str | float | Moving


@dataclass(frozen=True)
class Table(Message):
    """Column headings, and rows of texts, numbers and moving numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Likeness(Message):
    """`alike` while the moving number reads like `value`, else `unlike`, in which "{}" stands for the value."""

    row: Numbers
    value: float
    alike: str
    unlike: str


@dataclass(frozen=True)
class Countdown(Message):
    """How many epochs there are from the frame shown to `until`: "7 more epochs", "about 1,240 more epochs"."""

    until: float


Part = str | Moving | Likeness | Countdown
"""Of a sentence."""


@dataclass(frozen=True)
class Saying(Message):
    """A sentence that holds from epoch `since` on, until another one does; an `alarming` heading is red."""

    since: float
    heading: str
    parts: Sequence[Part]
    alarming: bool = False


@dataclass(frozen=True)
class Trail(Message):
    """The path of a point up to the frame shown, with a dot at its head; `x` and `y` are rows [columns + 1].

    `hover` is Plotly's template of what a hover says; its %{customdata} is the epoch.
    """

    name: str
    color: str
    x: Numbers | Literal["epoch"]
    y: Numbers
    hover: str


@dataclass(frozen=True)
class Line(Message):
    """A line through points at fixed `x` [m] and moving `y` [m, columns + 1]."""

    name: str
    color: str
    x: Numbers
    y: Numbers


@dataclass(frozen=True)
class Points(Line):
    """Dots at fixed `x` [m] and moving `y` [m, columns + 1]."""


@dataclass(frozen=True)
class Predictions(Points):
    """What is predicted of the `actual` values [m], as dots of this radius in pixels, which may be 0.

    A hover over one, or where the actual value has the same x, says its label [m], the prediction and the error.
    """

    actual: Numbers
    labels: Sequence[str]
    radius: float
    hollow: bool = False


@dataclass(frozen=True)
class Segments(Line):
    """Vertical lines at fixed `x` [m] from fixed `origin` [m] to `y` [m, columns + 1]."""

    origin: Numbers


@dataclass(frozen=True)
class Squares(Segments):
    """A square on each of these lines, as wide on the screen as it is high."""


@dataclass(frozen=True)
class PiecewiseSlope(Message):
    """The mean over m rows of one function of a number per row; the function's slope is piecewise linear.

    Row i's number is `rows[i]` [columns + 1] at the frame, and grows by `growth[i]` per unit of x. The slope is
    `slopes` [k] at the ascending `breakpoints` [k], and constant beyond the outermost. Two breakpoints next to each
    other make a kink.
    """

    rows: NDArray[Any]
    growth: NDArray[Any]
    breakpoints: Numbers
    slopes: Numbers


@dataclass(frozen=True)
class Curve(Message):
    """A curve through the frame's point: height + slope · (x − place) + ½ curvature · (x − place)², at fixed `x` [m].

    `place`, `height` and `slope` are rows [columns + 1]. The change of each of `piecewise` is added. A `straight` curve
    is only the tangent, dashed. Without any `x` it runs from the frame's place to the next frame's, and ends in a dot.

    The tangent's slope is written beside it, and with a `rate` the step −slope × rate.
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
    rate: float = 0.0


@dataclass(frozen=True)
class Arrow(Message):
    """An arrow from the frame's point `x`, `y`, two rows [columns + 1].

    `by` is its extent along x and y, two rows [columns + 1] or two columns [frames]; if None, it ends at the next
    frame's point.
    """

    name: str
    color: str
    x: Numbers
    y: Numbers
    by: tuple[NDArray[Any], NDArray[Any]] | None = None
    each: bool = False
    """Whether `by` holds columns, a number for each frame."""

    def message(self) -> dict[str, Any]:
        limit = MAX_ARROW_LENGTH
        by = self.by and [pack(np.clip(np.nan_to_num(part), -limit, limit)) for part in self.by]
        return {**super().message(), "by": by}


@dataclass(frozen=True)
class Ends(Message):
    """Handles at two places `x` [2] of a line whose `y` are rows [2, columns + 1], shown at the first frame.

    Moved to y₀ and y₁ they begin a run at the first point `start` [2, 3] @ [y₀, y₁, 1], if the browser can compute it.
    """

    x: Numbers
    y: Numbers
    start: Numbers
    labels: tuple[str, str]


@dataclass(frozen=True)
class Sketch(Message):
    """A curve from the point `begin` through heights `y` [m] at `x` [m], which are drawn by hand; above 0.

    A height is None until it is drawn. While the sketch is open there is a handle at each x, with its label [m]; each
    use causes an event "sketched" on the document, whose detail is all heights, 0 for those not drawn.
    """

    begin: tuple[float, float]
    x: Sequence[float]
    y: Sequence[float | None]
    labels: Sequence[str]
    color: str
    open: bool


@dataclass(frozen=True)
class Chart(Message):
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
    opens: bool = False
    """Whether the vertical axis opens in a few steps for marks that leave it."""

    ends: Ends | None = None
    sketch: Sketch | None = None


@dataclass(frozen=True)
class Pinned:
    """Another run to draw behind the player's.

    `frames` are columns [n], one of them the "epoch" of each frame; `marks` are the names of the marks to draw. `label`
    is one or two characters that identify the run without its colour.
    """

    name: str
    label: str
    color: str
    frames: Mapping[str, NDArray[Any]]
    marks: Sequence[str]

    def message(self) -> dict[str, Any]:
        """All but the frames: those of all pinned runs travel in one table."""
        length = len(self.frames["epoch"])
        return {"name": self.name, "label": self.label, "color": self.color, "length": length, "marks": [*self.marks]}


def pack(values: NDArray[Any]) -> dict[str, str]:
    """An array as Plotly's own JSON has it, a third as long as decimals; raises ValueError unless all are finite."""
    kind = "f4" if values.dtype == np.float32 else "f8"
    data = np.ascontiguousarray(values, dtype=kind)
    if not np.isfinite(data).all():
        raise ValueError("Only finite numbers can be shown.")
    return {"dtype": kind, "bdata": base64.b64encode(data.tobytes()).decode(), "shape": ", ".join(map(str, data.shape))}


def packed(value: Any) -> Any:
    """The same structure as plain JSON, with every array packed."""
    if isinstance(value, Message):
        return value.message()
    if isinstance(value, np.ndarray):
        return pack(value)
    if isinstance(value, np.generic):  # a single one would make Streamlit send the whole message as a string
        return value.item()
    if isinstance(value, dict):
        return {key: packed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [packed(item) for item in value]
    return value
