"""What the browser says of its components, as far as a browser would say that: the server never takes its word."""

import sys
from collections.abc import Sequence
from typing import Any

from app.session.state import value

Shape = type[bool] | type[str] | tuple[float, float] | Sequence["Shape"]
"""A switch, a text, a number from … to …, or a list of so many."""

NUMBER = (-sys.float_info.max, sys.float_info.max)
FROM_ZERO = (0.0, sys.float_info.max)


def told(component: str, event: str, shape: Shape) -> Any:
    """What came with an event of a component; None unless it has this shape."""
    said = getattr(value(component), event, None)
    return said if fits(said, shape) else None


def fits(said: Any, shape: Shape) -> bool:
    if isinstance(shape, tuple):
        return isinstance(said, int | float) and not isinstance(said, bool) and shape[0] <= said <= shape[1]
    if isinstance(shape, type):
        return isinstance(said, shape)
    return isinstance(said, list) and len(said) == len(shape) and all(map(fits, said, shape))
