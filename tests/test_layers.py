"""The rules of the house: which file may import what, and how long it may be."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Each library and the rooms, files or folders, in which it may be named.
ROOMS = {
    "torch": ["app/engine"],
    "pandas": ["app/dataset"],
    "plotly": ["app/figures", "components/player"],
    "streamlit": ["app/main.py", "app/ui.py", "app/views", "app/controls", "app/session.py", "components"],
    "app": ["app"],
}

DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def broken_rules(root: Path) -> Iterator[str]:
    for path in sorted([*root.glob("app/**/*.py"), *root.glob("components/**/*.py")]):
        file, text = path.relative_to(root), path.read_text(encoding="utf-8")
        places = {file.as_posix(), *(folder.as_posix() for folder in file.parents)}
        nodes = list(ast.walk(ast.parse(text)))
        for library in sorted({name.split(".")[0] for node in nodes for name in imports(node)}):
            if places.isdisjoint(ROOMS.get(library, places)):
                yield f"{file} imports {library}"
        if file.as_posix() != "app/session.py" and any(says_session_state(node) for node in nodes):
            yield f"{file} says st.session_state"
        if file.parts[0] == "app" and not sys.stdlib_module_names.isdisjoint([*file.parts[:-1], file.stem]):
            yield f"{file} bears the name of a standard module"
        if file.is_relative_to("app/views") or file.as_posix() == "app/ui.py":  # see app/views/playground.py
            yield from (f"{file} defines {node.name}" for node in nodes if isinstance(node, DEFINITION))
        longest = 39 if file.is_relative_to("app/views") else 250
        if len(text.splitlines()) > longest:
            yield f"{file} has {len(text.splitlines())} lines, more than {longest}"


def imports(node: ast.AST) -> list[str]:
    """The modules that a statement imports by their full name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def says_session_state(node: ast.AST) -> bool:
    return "session_state" in (getattr(node, "attr", None), getattr(node, "id", None)) or (
        isinstance(node, ast.ImportFrom) and any(alias.name == "session_state" for alias in node.names)
    )


def test_the_house_keeps_its_rules() -> None:
    assert list(broken_rules(ROOT)) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("app/charts/charts.py", "import torch", "app/charts/charts.py imports torch"),
        ("app/engine/loop.py", "def f():\n    from streamlit.errors import E", "app/engine/loop.py imports streamlit"),
        ("app/views/train.py", "import pandas as pd", "app/views/train.py imports pandas"),
        ("app/controls/view.py", "import numpy, plotly.graph_objects", "app/controls/view.py imports plotly"),
        ("components/player/play.py", "from app.engine import History", "components/player/play.py imports app"),
        ("components/player/play.py", "st.session_state.x = 1", "components/player/play.py says st.session_state"),
        ("app/ui.py", "from streamlit import session_state as s", "app/ui.py says st.session_state"),
        ("app/engine/random.py", "", "app/engine/random.py bears the name of a standard module"),
        ("app/code/loop.py", "", "app/code/loop.py bears the name of a standard module"),
        ("app/views/train.py", "def show(): ...", "app/views/train.py defines show"),
        ("app/views/train.py", "\n" * 40, "app/views/train.py has 40 lines, more than 39"),
        ("app/session.py", "\n" * 251, "app/session.py has 251 lines, more than 250"),
    ],
)
def test_a_broken_rule_is_noticed(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)
    assert list(broken_rules(tmp_path)) == [complaint]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app/engine/loop.py", "import torch"),
        ("app/session.py", "import streamlit as st\nst.session_state.x = 1"),
        ("app/views/train.py", "import streamlit\nfrom components.player import player" + "\n" * 38),
    ],
)
def test_a_kept_rule_is_no_offence(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)
    assert list(broken_rules(tmp_path)) == []
