"""The server knows nothing of what is done: `components/lesson` keeps that in the browser."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from components.frontend import component

_component = component(Path(__file__).parent)


def progress(*, steps: Mapping[str, int], made: str, scored: Sequence[bool], link: str) -> None:
    """Let links to lessons ("?lesson=…&step=1") lead to where the visitor left them, and say what is done.

    steps: how many each lesson has.
    made: what the attempts at the challenges ("?lesson=challenges&step=…") on the data at hand are kept under.
    scored: for each challenge, whether only a right guess passes it.
    link: parameters that lead their links to these data.
    """
    data = {"steps": dict(steps), "made": made, "scored": [*scored], "link": link}
    _component(key="progress", data=data, height=0)
