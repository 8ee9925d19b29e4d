"""Text from a link or a file is shown as text everywhere on the page."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.Markdown_pb2 import Markdown as MarkdownMessage
from streamlit.testing.v1 import AppTest

from app import tabs
from app.dataset.link import packed
from app.dataset.presets import DEFAULTS
from app.dataset.upload import OWN_PREFIX
from app.runs.link import plans_from
from app.session import READING
from app.wording import JOINER, as_markdown
from tests.page import arrive, bring, checked, held, widget

APP = Path(__file__).parents[1] / "app"

IMAGE = "![x](https://elsewhere.invalid/x.png)"
LIVE = [IMAGE, "[x](https://elsewhere.invalid)", "# x", "**x**", "$x_1$", ":red[x]", ":material/home:", "<b>x</b>"]
TABS = [*tabs.OF_THE_RUN, "Predict", "Data", "Code"]

TEXTS = {"body", "label", "help", "text", "title"}
"""Fields of Streamlit's messages that it reads as Markdown, but for LaTeX and HTML."""


def messages(page: AppTest) -> Iterator[Any]:
    """Every protobuf message of the page."""

    def below(node: Any) -> Iterator[Any]:
        proto: Any = getattr(node, "proto", None)
        if hasattr(proto, "ListFields"):
            yield proto
            yield from (value for _, value in proto.ListFields() if hasattr(value, "ListFields"))
        for child in getattr(node, "children", {}).values():
            yield from below(child)

    yield from below(page._tree)


def markdown(page: AppTest) -> Iterator[str]:
    """Every text on the page that Streamlit reads as Markdown."""
    for message in messages(page):
        latex = isinstance(message, MarkdownMessage) and message.element_type == MarkdownMessage.Type.LATEX
        if not latex and message.DESCRIPTOR.name != "Html":
            yield from (str(value) for field, value in message.ListFields() if field.name in TEXTS)
    for table in page.table:
        yield from (str(cell) for cell in [*table.value.columns, *table.value.to_numpy().ravel()])


def assert_nothing_is_live(page: AppTest) -> None:
    for text in markdown(checked(page)):
        rest = text
        for word in LIVE:
            rest = rest.replace(as_markdown(word), "")
        assert not [word for word in LIVE if word in rest], text


def says(page: AppTest, words: str) -> bool:
    """Whether the page shows these words."""
    return any(words in text.replace(JOINER, "").replace("\\", "") for text in markdown(page))


def parameters() -> list[str]:
    """All parameters of the URL: those that the code reads, and those that widgets are bound to."""
    calls = (node for path in APP.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    read = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "parameter"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    own = {"tab": "Data", "dataset": f"{OWN_PREFIX}x.csv", "data": packed(b"1,2\n2,4\n3,7\n") or ""}
    pages: list[dict[str, Any]] = [
        {"dataset": "longley", "gradient": "autograd"},
        {"dataset": "longley", "surface": "one weight"},
        own,
    ]
    found = [message for page in pages for message in messages(arrive(**page))]
    return sorted({*map(str, read), *(str(getattr(message, "query_param_key", "")) for message in found)} - {""})


def test_all_parameters_of_the_url_are_found_in_the_source() -> None:
    others = {
        "target",
        "features",
        "every",
        "changes",
        "tab",
        "loss_axis",
        "residuals",
        "squares",
        "fit",
        "surface",
        "surface_x",
        "surface_y",
        "held_at",
        "arrows",
        "along",
    }
    of_links = {
        "dataset",
        "data",
        "fingerprint",
        "stretches",
        "stopped",
        "pins",
        "surface_y",
        "held_at",
        "arrows",
        "along",
    }
    optimizers = {"momentum", "smoothing", "beta1", "beta2", "epsilon", "weight_decay", "period", "drop"}
    assert {*DEFAULTS, *READING, *others, *of_links} - optimizers - {"delta", "quantile"} <= set(parameters())


@pytest.mark.parametrize("word", LIVE)
def test_nothing_that_a_link_says_becomes_markdown(word: str) -> None:
    keys = parameters()
    assert_nothing_is_live(arrive(**dict.fromkeys(keys, word)))
    assert_nothing_is_live(arrive(**dict.fromkeys([key for key in keys if key != "dataset"], word)))
    for key in keys:
        assert_nothing_is_live(arrive(**{"epochs": "20", key: word}))


@pytest.mark.parametrize("word", LIVE)
def test_the_words_of_a_link_are_shown(word: str) -> None:
    assert says(arrive(start=word), f"“{word}” is not a list of numbers")
    assert says(arrive(dataset=OWN_PREFIX + word, fingerprint=word), f"“{word}” (fingerprint {word})")
    other = arrive(dataset=f"{OWN_PREFIX}x.csv", data=packed(b"x,y\n1,2\n2,4\n3,7\n") or "", fingerprint=word)
    assert says(checked(other.run()), f"its fingerprint was {word}, this")


@pytest.mark.parametrize("word", LIVE)
def test_the_name_of_a_pin_in_a_link_is_shown_as_it_is(word: str) -> None:
    pins = f"20 epochs=20 loss=huber~none~{word}"
    name = plans_from(pins)[0].name
    page = arrive(epochs="20", tab="Compare", pins=pins)
    while page.session_state["_state"].restore:
        checked(page.run())
    checked(page.run())
    assert_nothing_is_live(page)
    assert says(page, f"not drawn: {name}.")


def table() -> bytes:
    """A table with each kind of markup as a name, as a category, and as a cell that counts as missing."""
    names = [f'"{word}"' for word in LIVE]
    rows = [",".join(names)]
    for i in range(24):
        cells = [str(i * (j + 3) % 17 + 100 * (j == 2)) for j in range(len(LIVE))]
        cells[1] = LIVE[i % 3] if i % 8 == 0 else cells[1]
        cells[4] = f'"{LIVE[i % len(LIVE)]}"'
        rows.append(",".join(cells))
    return "\n".join(rows).encode()


@pytest.mark.parametrize("tab", TABS)
def test_nothing_that_a_file_says_becomes_markdown(tab: str) -> None:
    page = bring(arrive(epochs="20", tab=tab), table(), f"{IMAGE}.csv")
    features = [name for name in widget(page, "features").options if name != held(page, "target")]
    assert set(LIVE) - set(features) == {held(page, "target")}
    widget(page, "features").set_value(features)
    for scaling in ("none", "standardize"):
        widget(page, "scaling").set_value(scaling)
        assert_nothing_is_live(checked(page.run()))
    assert tab != "One step" or all(says(page, word) for word in LIVE)


def test_nothing_that_a_refused_file_says_becomes_markdown() -> None:
    for word in LIVE:
        page = bring(arrive(epochs="20"), f'"{word}"\nAda\n"{word}"\n'.encode(), f"{word}.csv")
        assert page.error
        assert_nothing_is_live(page)
