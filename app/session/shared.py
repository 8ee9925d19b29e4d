"""What many sessions ask for is made once: a sample's rows, its loss surface, a run with the same settings."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

Made = TypeVar("Made")

_made: WeakKeyDictionary[Any, WeakValueDictionary[Hashable, Any]] = WeakKeyDictionary()


def once(of: Any, key: Hashable, make: Callable[[], Made]) -> Made:
    """What was made of something with this key, as long as any session holds it; else it is made now."""
    found: Made | None = known(of, key)
    if found is None:
        found = make()
        share(of, key, found)
    return found


def known(of: Any, key: Hashable) -> Any:
    """What was made of something with this key, if a session still holds it."""
    made = _made.get(of)
    return made.get(key) if made else None


def share(of: Any, key: Hashable, made: Any) -> None:
    _made.setdefault(of, WeakValueDictionary())[key] = made
