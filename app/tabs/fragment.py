"""A fragment that takes its turn, as the whole page does."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from app.runs.turns import turns

Script = TypeVar("Script", bound=Callable[..., Any])


def fragment(**options: Any) -> Callable[[Script], Script]:
    """`st.fragment` with its options; it waits until others' scripts have had theirs."""

    def made(script: Script) -> Script:
        return st.fragment(turns.turn()(script), **options)

    return made
