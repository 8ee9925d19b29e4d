"""The server knows nothing of what is done: `components/lesson` keeps that in the browser."""

from collections.abc import Mapping
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def progress(*, steps: Mapping[str, int]) -> None:
    """Let links to lessons ("?lesson=…&step=1") lead to where the visitor left them, and say what is done.

    steps: how many each lesson has.
    """
    _component(key="progress", data={"steps": dict(steps)}, height=0)
