"""The rules of the house: who imports whom, which library may be named where, and how long a file may be."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = (
    "main", "server", "ui", "views", "tabs", "controls", "session", "explain", "charts", "lessons", "runs", "figures",
    "dataset", "engine", "wording",
)  # fmt: skip
"""The rooms of `app`: one imports only those after it."""

LIBRARIES = {
    "chardet": ["app/dataset/reading"],
    "clarabel": ["app/engine/minimum"],
    "nbformat": ["app/explain"],
    "pandas": ["app/dataset"],
    "plotly": ["app/figures", "components/player"],
    "pyarrow": ["app/dataset/reading", "components/player"],
    "scipy": ["app/engine/minimum"],
    "numba": ["app/engine/compiled.py"],
    "segno": ["components/share"],
    "starlette": ["app/main.py", "app/server", "components/player", "components/share"],
    "streamlit": [
        "app/main.py",
        "app/server",
        "app/ui.py",
        "app/views",
        "app/tabs",
        "app/controls",
        "app/session",
        "components",
    ],
    "torch": ["app/engine"],
    "yaml": ["app/lessons"],
}
"""Each library and the files or folders that may import it; NumPy may be everywhere."""

ANYWHERE = {"app", "components", "numpy", *sys.stdlib_module_names}

LATE = {"app.dataset.dataset": {"app.dataset.choice", "app.dataset.selection"}}
"""Imports within a function whose cycle is intended: `Dataset.problem` is a shortcut to what is built on datasets."""

MAX_ROOMS, MAX_ARROWS = 14, 45
"""Folders of `app`, with `components` as one, and pairs of which one imports the other."""

OF_THE_SESSION = ("session_state", "query_params")
"""What only `app/session` may name of Streamlit."""

DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def broken_rules(root: Path) -> Iterator[str]:
    paths = sorted([*root.glob("app/**/*.py"), *root.glob("components/**/*.py")])
    modules = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        file, text = path.relative_to(root), path.read_text(encoding="utf-8")
        nodes = list(ast.walk(ast.parse(text)))
        imported = [name for node in nodes for name in imports(node)]
        graph[module] = {name if name in modules else name.rpartition(".")[0] for name in imported} & {*modules}
        graph[module] -= {module}
        yield from wrong_libraries(file, {name.split(".")[0] for name in imported})
        yield from (f"{file} imports {other}, a room above" for other in sorted(graph[module]) if is_up(module, other))
        if not file.is_relative_to("app/session"):
            said = {name for node in nodes for name in names(node)}
            yield from (f"{file} says st.{name}" for name in OF_THE_SESSION if name in said)
        if file.parts[0] == "app" and not sys.stdlib_module_names.isdisjoint([*file.parts[:-1], file.stem]):
            yield f"{file} bears the name of a standard module"
        if file.is_relative_to("app/views") or file.as_posix() == "app/ui.py":  # see app/views/playground.py
            yield from (f"{file} defines {node.name}" for node in nodes if isinstance(node, DEFINITION))
        yield from too_long(file, text, 39 if file.is_relative_to("app/views") else 400)
    for path in sorted(root.glob("tests/**/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [name for node in ast.walk(tree) for name in imports(node) if name.startswith("tests.")]
        yield from (f"{path.relative_to(root)} imports {name}" for name in imported if is_a_tests_own(name))
    for path in sorted(root.glob("components/**/*.js")):
        yield from too_long(path.relative_to(root), path.read_text(encoding="utf-8"), 400)
    yield from too_entangled(graph, {module: path.relative_to(root) for module, path in modules.items()})
    try:
        TopologicalSorter({module: graph[module] - LATE.get(module, set()) for module in graph}).prepare()
    except CycleError as error:
        yield f"a circle: {' imports '.join(reversed(error.args[1]))}"


def too_entangled(graph: dict[str, set[str]], modules: dict[str, Path]) -> Iterator[str]:
    """Whether there are more rooms than one keeps in mind, or more ways between them."""
    rooms = {module: room(path) for module, path in modules.items() if room(path)}
    arrows = {(rooms[module], rooms[other]) for module in rooms for other in graph[module] & {*rooms}}
    ways = sum(one != other for one, other in arrows)
    if len({*rooms.values()}) > MAX_ROOMS or ways > MAX_ARROWS:
        yield f"{len({*rooms.values()})} rooms with {ways} arrows, more than {MAX_ROOMS} or {MAX_ARROWS}"


def room(file: Path) -> str:
    """The folder of `app` that a file is in, or "components"; "" for one at the top of `app`."""
    return "" if len(file.parts) < 3 else "components" if file.parts[0] == "components" else file.parts[1]


def imports(node: ast.AST) -> list[str]:
    """The full names that a statement imports: for `from a import b` it is `a.b`, as `b` may be a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def wrong_libraries(file: Path, libraries: set[str]) -> Iterator[str]:
    places = {file.as_posix(), *(folder.as_posix() for folder in file.parents)}
    for library in sorted(libraries - ANYWHERE):
        if places.isdisjoint(LIBRARIES.get(library, [])):
            yield f"{file} imports {library}"
    if file.parts[0] == "components" and "app" in libraries:
        yield f"{file} imports app"


def is_a_tests_own(name: str) -> bool:
    """Whether a name is private to a test module; what several need is in a module without tests."""
    return any(part.startswith(("test_", "_")) for part in name.split("."))


def is_up(module: str, other: str) -> bool:
    """Whether both are in rooms of the app and the other's is higher."""
    rooms = [name.split(".")[1] for name in (module, other) if name.startswith("app.")]
    return len(set(rooms)) == 2 and ORDER.index(rooms[0]) > ORDER.index(rooms[1])


def names(node: ast.AST) -> set[str]:
    """What a node names: `b` in `a.b`, in `b` and in `from a import b`."""
    imported = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
    return {getattr(node, "attr", ""), getattr(node, "id", ""), *imported}


def too_long(file: Path, text: str, longest: int) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > longest:
        yield f"{file} has {lines} lines, more than {longest}"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_the_house_keeps_its_rules() -> None:
    assert list(broken_rules(ROOT)) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("app/charts/fit.py", "import torch", "app/charts/fit.py imports torch"),
        ("app/engine/loop.py", "def f():\n    from streamlit.errors import E", "app/engine/loop.py imports streamlit"),
        ("app/views/train.py", "import pandas as pd", "app/views/train.py imports pandas"),
        ("app/controls/view.py", "import numpy, plotly.graph_objects", "app/controls/view.py imports plotly"),
        ("app/engine/loop.py", "import requests", "app/engine/loop.py imports requests"),
        ("components/player/play.py", "from app.engine import History", "components/player/play.py imports app"),
        ("components/player/play.py", "st.session_state.x = 1", "components/player/play.py says st.session_state"),
        ("app/ui.py", "from streamlit import session_state as s", "app/ui.py says st.session_state"),
        ("app/tabs/data.py", "st.query_params.get(1)", "app/tabs/data.py says st.query_params"),
        ("app/engine/random.py", "", "app/engine/random.py bears the name of a standard module"),
        ("app/code/loop.py", "", "app/code/loop.py bears the name of a standard module"),
        ("app/views/train.py", "def show(): ...", "app/views/train.py defines show"),
        ("app/views/train.py", "\n" * 40, "app/views/train.py has 40 lines, more than 39"),
        ("app/runs/run.py", "\n" * 401, "app/runs/run.py has 401 lines, more than 400"),
        ("tests/test_a.py", "from tests.test_b import visit", "tests/test_a.py imports tests.test_b.visit"),
        ("tests/browser/test_a.py", "from tests import test_b", "tests/browser/test_a.py imports tests.test_b"),
        ("tests/test_a.py", "from tests.page import _cpu", "tests/test_a.py imports tests.page._cpu"),
        ("components/player/play.js", "\n" * 401, "components/player/play.js has 401 lines, more than 400"),
    ],
)
def test_a_broken_rule_is_noticed(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    write(tmp_path, {file: text})
    assert list(broken_rules(tmp_path)) == [complaint]


@pytest.mark.parametrize(
    "text", ["from app.tabs import data", "from app.tabs.data import show", "import app.tabs.data"]
)
def test_an_import_from_a_room_above_is_noticed(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"app/tabs/data.py": "", "app/engine/loop.py": text})
    assert list(broken_rules(tmp_path)) == ["app/engine/loop.py imports app.tabs.data, a room above"]


def test_too_many_arrows_are_noticed(tmp_path: Path) -> None:
    text = "\n".join(f"import app.{name}.it" for name in ORDER[3:-1])
    write(tmp_path, {f"app/{name}/it.py": text for name in ORDER[3:-1]})
    assert "11 rooms with 110 arrows, more than 14 or 45" in list(broken_rules(tmp_path))


def test_a_circle_is_noticed_though_it_is_hidden_in_a_function(tmp_path: Path) -> None:
    hidden = "def f():\n    from app.engine import b"
    write(tmp_path, {"app/engine/a.py": hidden, "app/engine/b.py": "from app.engine.a import f"})
    (complaint,) = broken_rules(tmp_path)
    assert complaint in (
        "a circle: app.engine.a imports app.engine.b imports app.engine.a",
        "a circle: app.engine.b imports app.engine.a imports app.engine.b",
    )


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app/engine/loop.py", "import torch"),
        ("tests/test_a.py", "from tests.page import visit"),
        ("app/session/state.py", "import streamlit as st\nst.session_state.x = 1"),
        ("app/views/train.py", "import streamlit\nfrom components.player import player" + "\n" * 38),
    ],
)
def test_code_that_keeps_the_rules_is_allowed(tmp_path: Path, file: str, text: str) -> None:
    write(tmp_path, {file: text})
    assert list(broken_rules(tmp_path)) == []
