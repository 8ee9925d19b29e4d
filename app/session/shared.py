"""What many sessions ask for is made once: a sample's rows, its loss surface, a run with the same settings."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

Made = TypeVar("Made")

_made: WeakKeyDictionary[Any, WeakValueDictionary[Hashable, Any]] = WeakKeyDictionary()


def once(of: Any, key: Hashable, make: Callable[[], Made]) -> Made:
    """What was made of something with this key, as long as any session holds it; else it is made now."""
    made = _made.setdefault(of, WeakValueDictionary())
    found: Made | None = made.get(key)
    if found is None:
        found = made[key] = make()
    return found
