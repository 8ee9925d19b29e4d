"""Text from a URL or a file is shown as it is: everything that Streamlit gets is constant or escaped."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.wording import JOINER, Markdown, as_markdown

APP = Path(__file__).parents[1] / "app"
NO_TEXTS = {"page_icon", "pages", "unsafe_allow_html", "width", "anchors", "wrap", "bind", "cursor"}
"""Parameters whose documentation mentions Markdown though they take no text."""

NUMERIC = re.compile(r"[,.\d]*[dfg%]|[,.\d]*,")
"""Format specifications that no string accepts."""


def markdown_parameters() -> dict[str, tuple[list[str], set[str]]]:
    """For every Streamlit function that reads Markdown: all its parameters, and those that are read as Markdown."""
    found = {}
    for home in (st, DeltaGenerator, st.column_config):
        for name, function in inspect.getmembers(home, callable):
            about = (inspect.getdoc(function) or "").split("\nReturns\n")[0].split("\nExamples\n")[0]
            _, *parts = re.split(r"\n(\w[\w, *]*) : ", about)
            names = {name for name, text in zip(parts[::2], parts[1::2], strict=True) if "arkdown" in text} - NO_TEXTS
            if names and not name.startswith("_"):
                found[name] = ([key for key in inspect.signature(function).parameters if key != "self"], names)
    return found


READ = markdown_parameters()


def test_streamlits_documentation_still_says_what_it_reads_as_markdown() -> None:
    known = {name: sorted(read) for name, (_, read) in READ.items()}
    assert {key: known[key] for key in ("markdown", "warning", "button", "progress", "table", "tabs")} == {
        "markdown": ["body", "help"], "warning": ["body", "title"], "button": ["help", "label"],
        "progress": ["text"], "table": ["data"], "tabs": ["tabs"],
    }  # fmt: skip


def broken_rules(text: str) -> Iterator[str]:
    """Texts that Streamlit reads as Markdown and that are neither constant nor escaped by `as_markdown`."""
    module = ast.parse(text)
    named = [(target, node.value) for node in module.body if isinstance(node, ast.Assign) for target in node.targets]
    named += [(node.target, node.value) for node in module.body if isinstance(node, ast.AnnAssign) and node.value]
    constants = {
        name.id for name, value in named if isinstance(name, ast.Name) and name.id.isupper() and is_literal(value)
    }
    called = {id(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in READ and id(node) not in called:
            if isinstance(node.value, ast.Name) and node.value.id == "st":
                yield f"line {node.lineno}: st.{node.attr} is not called, but passed on"
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "Markdown":
            if not all(is_constant(argument, constants) for argument in node.args):
                yield f"line {node.lineno}: Markdown() of what is no constant"
        if isinstance(node.func, ast.Attribute) and node.func.attr in READ:
            yield from wrong_texts(node, node.func.attr, constants)


def wrong_texts(call: ast.Call, name: str, constants: set[str]) -> Iterator[str]:
    parameters, read = READ[name]
    given: list[tuple[str | None, ast.expr]] = [(word.arg, word.value) for word in call.keywords]
    given += [(name, value) for name, value in zip(parameters, call.args, strict=False)]
    for parameter, value in given:
        if parameter is None or (parameter in read and not is_safe(value, constants)):
            yield f"line {call.lineno}: {parameter or '**'} of {name}() is {ast.unparse(value)}"


def is_safe(node: ast.expr, constants: set[str]) -> bool:
    if is_constant(node, constants):
        return True
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "as_markdown"
    if isinstance(node, ast.JoinedStr):
        holes = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        return all(hole.format_spec and NUMERIC.fullmatch(ast.unparse(hole.format_spec)[2:-1]) for hole in holes)
    parts: list[ast.expr | None] = []
    match node:
        case ast.IfExp():
            parts = [node.body, node.orelse]
        case ast.BoolOp(op=ast.And()):  # the operands before the last are returned only if they are empty
            parts = [node.values[-1]]
        case ast.List() | ast.Tuple():
            parts = [*node.elts]
        case ast.ListComp():
            parts = [node.elt]
        case ast.Dict():
            parts = [*node.keys, *node.values]
        case ast.Lambda():
            parts = [node.body]
        case ast.DictComp():
            parts = [node.key, node.value]
    return bool(parts) and all(part is not None and is_safe(part, constants) for part in parts)


def is_constant(node: ast.expr, constants: set[str]) -> bool:
    """Whether a node is a literal, or a constant of the module that is one."""
    if isinstance(node, ast.IfExp):
        return is_constant(node.body, constants) and is_constant(node.orelse, constants)
    if isinstance(node, ast.Subscript):
        node = node.value
    return is_literal(node) or (isinstance(node, ast.Name) and node.id in constants)


def is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


SPEAKING = [
    APP / "ui.py",
    *(path for room in ("views", "tabs", "controls", "session") for path in (APP / room).glob("*.py")),
]
"""What may import Streamlit and say something."""


@pytest.mark.parametrize("path", sorted(SPEAKING), ids=lambda path: path.relative_to(APP).as_posix())
def test_no_text_goes_to_streamlit_but_as_a_constant_or_escaped(path: Path) -> None:
    assert list(broken_rules(path.read_text("utf-8"))) == []


def test_only_what_reads_the_lessons_takes_words_of_files_as_markdown() -> None:
    modules = {path: ast.walk(ast.parse(path.read_text("utf-8"))) for path in APP.rglob("*.py")}
    says = {
        path.parent.name
        for path, nodes in modules.items()
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "app.wording"
        if "own" in {alias.name for alias in node.names}
    }
    assert says == {"lessons"}


@pytest.mark.parametrize(
    "text",
    [
        "st.caption(name)",
        "st.caption(f'“{name}”')",
        "place.warning(str(error))",
        "st.button('Leave out ' + name)",
        "st.button('OK', help=name)",
        "st.table({name: [as_markdown(cell) for cell in cells]})",
        "st.table({as_markdown(name): cells})",
        "st.tabs(['Data', name])",
        "st.progress(0.5, name)",
        "st.caption('a' if few else name)",
        "st.caption(f'{name:>5}')",
        "st.number_input('Rows', **options)",
        "show = st.caption",
        "st.caption(as_markdown(Markdown(f'**{name}**')))",
        "HELP = about(name)\nst.caption(HELP)",
        "st.button(*words)",
    ],
)
def test_a_text_that_nobody_escaped_is_noticed(text: str) -> None:
    assert len(list(broken_rules(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "st.caption('**All** rows')",
        "HELP = 'rows'\nst.caption(HELP)",
        "st.caption(as_markdown(name))",
        "st.caption(as_markdown(Markdown('**{}**').format(name)))",
        "st.button('OK', key=name, help=why and as_markdown(why))",
        "st.warning(f'{rows:,} rows, {share:.0%}')",
        "st.selectbox('Feature', names, format_func=titles.get)",
        "st.segmented_control('Loss', ['mse'], format_func=lambda name: as_markdown(titles[name]))",
        "st.table({as_markdown(name): [as_markdown(cell) for cell in cells] for name, cells in table})",
    ],
)
def test_a_text_that_is_constant_or_escaped_is_allowed(text: str) -> None:
    assert list(broken_rules(text)) == []


def test_markdown_keeps_its_own_marks_and_takes_those_of_the_words_put_in() -> None:
    said = Markdown("**{}** of {:,} {}").format("*x*", 1200, Markdown(":red[rows]"))
    assert said == r"**\*x\*** of 1,200 :red[rows]"
    assert as_markdown(said) is said
    assert as_markdown(str(said)) != said
    assert Markdown("{}").format(ValueError("[a](b)")) == r"\[a\]\(b\)"


def test_a_formatted_string_that_is_cut_from_markdown_is_none() -> None:
    cut: Any = Markdown("**bold**")[2:]
    assert not isinstance(cut, Markdown)


def test_plain_words_stay_as_they_are() -> None:
    assert as_markdown("Größe 7 µm × 3²") == "Größe 7 µm × 3²"
    assert JOINER not in as_markdown("8 rows read: “x” is 1.5, y < z and a - b; see “More settings”.")
