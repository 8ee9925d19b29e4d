"""What a user chooses about the columns."""

from dataclasses import dataclass
from typing import Literal

from app.engine.problem import Scaling

Missing = Literal["leave_out", "mean", "median"]


@dataclass(frozen=True)
class ColumnChoice:
    """What is predicted from what, and how missing values and scales are treated."""

    target: str
    features: tuple[str, ...]
    """Names of columns of numbers, dates or categories."""
    degrees: tuple[tuple[str, int], ...] = ()
    """Features with their degree, 2 to 5; the others have degree 1."""
    interactions: bool = False
    """Whether to add the product of every two features that are not categories."""
    missing: Missing = "leave_out"
    scaling: Scaling = "none"

    def __post_init__(self) -> None:
        for name, degree in self.degrees:
            if degree not in range(1, 6):
                raise ValueError(f"The degree of “{name}” is {degree}; it can be 1 to 5.")
