"""The slider keeps no value of its own: it shows the one it is given, and reports where the user moved it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def log_slider(
    label: str,
    *,
    key: str,
    value: float,
    low: float,
    high: float,
    whole: bool,
    moved: Callable[[], None],
    parameter: str = "",
    dial: str = "",
    marks: Mapping[str, float] | None = None,
    jumps: Mapping[str, float] | None = None,
    note: str = "",
) -> None:
    """Show `value` on a log scale from `low` to `high`.

    key: of the component.
    dial: a name, the key unless given: each move dispatches at once an event "dial" on the document, with the detail
        {name, value}.
    whole: whether the value is rounded to a whole number of two digits, otherwise to three digits.
    moved: called before the rerun when the user has moved the slider; the new value is session_state[key].moved.
    parameter: of the page's address, which holds the value.
    marks: one or two values by name, in ascending order: the track is green below the first, red above the last and
        amber in between.
    jumps: values by name, each with a button that moves the slider there.
    note: a line below.
    """
    data = {"id": key, "dial": dial or key, "label": label, "value": value, "low": low, "high": high, "whole": whole}
    zones = {"parameter": parameter, "marks": [*(marks or {}).items()], "jumps": [*(jumps or {}).items()], "note": note}
    _component(key=key, data=data | zones, on_moved_change=moved)
