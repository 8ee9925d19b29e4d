"""What a user chooses about the columns."""

from dataclasses import dataclass
from typing import Literal

from app.engine.problem import Scaling

Missing = Literal["leave_out", "mean", "median"]


@dataclass(frozen=True)
class ColumnChoice:
    """What is predicted from what, and how missing values and scales are treated.

    `features` are names of columns of numbers, dates or categories. `degrees` are pairs of a
    feature and its degree, 2 to 5; what is not named has degree 1. `interactions` adds the
    product of every two features that are not categories.
    """

    target: str
    features: tuple[str, ...]
    degrees: tuple[tuple[str, int], ...] = ()
    interactions: bool = False
    missing: Missing = "leave_out"
    scaling: Scaling = "none"

    def __post_init__(self) -> None:
        for name, degree in self.degrees:
            if degree not in range(1, 6):
                raise ValueError(f"The degree of “{name}” is {degree}; it can be 1 to 5.")
