"""What the player sends to the browser: packed numbers, and files that may be cached forever."""

import asyncio
import base64
import gzip
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from streamlit.testing.v1 import AppTest

from components.player import Chart, Line, Moving, Points, Segments, Trail, routes, warm_up
from components.player.message import Message, pack, packed
from components.player.routes import FRONTEND, PLOTLY_PARTS, files, version

FINITE = st.floats(allow_nan=False, allow_infinity=False)
FILES = [*sorted(path.name for path in FRONTEND.glob("*.js")), *PLOTLY_PARTS]


def unpacked(message: dict[str, str]) -> NDArray[Any]:
    """A packed array, decoded as the browser does."""
    flat = np.frombuffer(base64.b64decode(message["bdata"]), dtype=f"<{message['dtype']}")
    return flat.reshape([int(length) for length in message["shape"].split(", ")])


def strict(message: Any) -> Any:
    """Through JSON and back; fails on NaN, infinity and everything that is not a plain Python value."""
    return json.loads(json.dumps(message, allow_nan=False), parse_constant=pytest.fail)


@given(arrays.arrays(np.float64, arrays.array_shapes(max_dims=3, max_side=5), elements=FINITE))
def test_an_array_comes_back_as_it_was_packed(values: NDArray[np.float64]) -> None:
    back = unpacked(strict(pack(values)))
    assert back.shape == values.shape
    assert back.tobytes() == values.tobytes()


def test_single_precision_stays_single_and_whole_numbers_become_double() -> None:
    assert pack(np.array([1.5, 2.5], dtype=np.float32))["dtype"] == "f4"
    assert unpacked(pack(np.array([1.5, 2.5], dtype=np.float32))).tolist() == [1.5, 2.5]
    assert pack(np.arange(3))["dtype"] == "f8"
    assert unpacked(pack(np.arange(3))).tolist() == [0, 1, 2]


def test_a_view_with_strides_is_packed_in_reading_order() -> None:
    values = np.arange(12.0).reshape(3, 4)
    assert unpacked(pack(values.T[::2])).tolist() == values.T[::2].tolist()


def test_an_empty_array_can_be_packed() -> None:
    assert unpacked(pack(np.zeros(0))).shape == (0,)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_nan_and_infinity_are_refused(bad: float, kind: type[Any]) -> None:
    with pytest.raises(ValueError, match="finite"):
        pack(np.array([0.0, bad], dtype=kind))
    with pytest.raises(ValueError, match="finite"):
        packed({"data": [{"y": np.array([[bad]], dtype=kind)}]})


def test_a_structure_keeps_its_shape_and_every_array_in_it_is_packed() -> None:
    sent = strict(packed({"a": [np.ones(2), {"b": np.zeros((1, 2))}], "c": (1, "x", None, True), "d": 2.5}))
    assert unpacked(sent["a"][0]).tolist() == [1, 1]
    assert unpacked(sent["a"][1]["b"]).tolist() == [[0, 0]]
    assert (sent["c"], sent["d"]) == ([1, "x", None, True], 2.5)


def test_a_numpy_scalar_becomes_a_plain_number() -> None:
    for value in (np.float32(0.5), np.float64(0.5), np.int64(3), np.bool_(True)):
        assert type(packed([value])[0]) in (float, int, bool)
        assert strict(packed({"at": (value, 1.0)})) == {"at": [value, 1.0]}


def test_a_number_that_moves_says_how_it_is_written() -> None:
    sent = strict(Moving(np.array([1.0, 0.0, 2.0]), sign=True, name="bias").message())
    assert unpacked(sent.pop("row")).tolist() == [1, 0, 2]
    assert sent == {"kind": "Moving", "sign": True, "strong": False, "name": "bias"}


def test_a_chart_says_its_figure_and_every_mark_in_plain_json() -> None:
    x, y = np.array([0.0, 1.0]), np.arange(6.0).reshape(2, 3)
    marks: list[Trail | Line] = [
        Trail("loss", "#111111", "epoch", y[0], "loss %{y}"),
        Trail("path", "#111111", y[0], y[1], "%{x}"),
        Line("line", "#222222", x, y),
        Points("dots", "#333333", x, y),
        Segments("residuals", "#444444", x, y, origin=x + 5),
    ]
    figure = {"data": [{"type": "scatter", "x": x}], "layout": {}}
    sent = strict(Chart("fit", "Fit", "a note", "A description.", figure, marks).message())
    assert (sent["name"], sent["title"], sent["note"], sent["alt"]) == ("fit", "Fit", "a note", "A description.")
    assert unpacked(sent["figure"]["data"][0]["x"]).tolist() == [0, 1]
    assert [mark["kind"] for mark in sent["marks"]] == ["Trail", "Trail", "Line", "Points", "Segments"]
    assert sent["marks"][0]["x"] == "epoch"
    assert unpacked(sent["marks"][1]["x"]).tolist() == [0, 1, 2]
    assert unpacked(sent["marks"][3]["y"]).tolist() == y.tolist()
    assert unpacked(sent["marks"][4]["origin"]).tolist() == [5, 6]


# name -> properties of every typedef in messages.js.
TYPEDEFS = {
    name: set(re.findall(r"@property \{.*\} (\w+)", body))
    for name, body in re.findall(
        r"@typedef \{object\} (\w+)\n((?: \* @property .*\n)+)", (FRONTEND / "messages.js").read_text("utf-8")
    )
}


def kinds(parent: type[Message] = Message) -> Iterator[type[Message]]:
    for child in parent.__subclasses__():
        yield child
        yield from kinds(child)


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_the_javascript_description_of_a_message_has_its_fields(kind: type[Message]) -> None:
    assert TYPEDEFS[kind.__name__] == {"kind", *(field.name for field in fields(kind))}


def page_with_a_player() -> None:
    import numpy as np

    from components.player import Moving, Pinned, live_sentence, live_table, pins, player, stops, taken

    columns = {"epoch": np.arange(3.0), "loss": np.arange(3.0)}
    player(key="player", origin="", run="1", group="1", outcome="finished", total=2, title="",
           height=Moving(np.zeros(2)), frames=columns, charts=[], equation=[], head=[], rows=[],
           accent="red")  # fmt: skip
    live_table(key="table", head=["name"], rows=[])
    live_sentence(key="sentence", sayings=[])
    pins(key="pins", runs=[Pinned("first", "1", "#000000", columns, ["path"])])
    stops(key="stops", page={}, went="", on_go=lambda: None)
    taken(key="taken", report=None, on_ask=lambda: None)


def test_the_javascript_description_of_what_each_component_is_sent_has_its_fields() -> None:
    page = AppTest.from_function(page_with_a_player).run(timeout=30)
    sent = {
        found.proto.component_name: json.loads(found.proto.mixed.json or found.proto.json)
        for found in page.get("bidi_component")
    }
    described = {
        "player": "PlayerMessage",
        "player_table": "TableMessage",
        "player_sentence": "SentenceMessage",
        "player_pins": "PinsMessage",
        "player_stops": "StopsMessage",
        "player_taken": "TakenMessage",
    }
    assert {name: set(fields) for name, fields in sent.items()} == {name: TYPEDEFS[d] for name, d in described.items()}
    assert set(sent["player_pins"]["runs"][0]) == TYPEDEFS["Pinned"]


def test_the_browser_sends_back_what_is_described_and_what_python_listens_to() -> None:
    sent = {name for path in FRONTEND.glob("*.js") for name in re.findall(r'tell\("(\w+)"', path.read_text("utf-8"))}
    heard = set(re.findall(r"\bon_(\w+)_change=", (FRONTEND.parent / "widget.py").read_text("utf-8")))
    assert TYPEDEFS["Replies"] == sent == heard


def get(path: str, accepted: str = "gzip") -> Response | None:
    """The response to GET; None if no route matches the path."""
    for route in routes():
        headers = [(b"accept-encoding", accepted.encode())]
        scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b""}
        match, found = route.matches(scope)
        if match is Match.FULL:
            return asyncio.run(answer(route.endpoint, Request({**scope, **found})))
    return None


async def answer(endpoint: Any, request: Request) -> Response:
    response = endpoint(request)
    assert isinstance(response, Response)
    return response


@pytest.mark.parametrize(
    ("accepted", "encoding", "unzipped"),
    [
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", lambda body: pa.input_stream(pa.BufferReader(body), "brotli").read()),
    ],
)
@pytest.mark.parametrize("name", FILES)
def test_every_file_is_served_zipped_and_may_be_kept_for_ever(
    name: str, accepted: str, encoding: str, unzipped: Callable[[bytes], bytes]
) -> None:
    response = get(f"/player/{version()}/{name}", accepted)
    assert response is not None
    assert response.status_code == 200
    assert response.headers["content-encoding"] == encoding
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]
    assert "max-age=31536000" in response.headers["cache-control"]
    assert unzipped(bytes(response.body)) == files()[name]


@pytest.mark.parametrize("name", ["other.js", "widget.py", "player.html", "..%2Froutes.py", ".."])
def test_no_other_file_is_served(name: str) -> None:
    response = get(f"/player/{version()}/{name}")
    assert response is not None
    assert (response.status_code, response.body) == (404, b"")


@pytest.mark.parametrize("path", ["/player/1/../routes.py", "/player/1/a/b.js", "/player/player.js", "/"])
def test_no_path_outside_the_players_folder_is_answered(path: str) -> None:
    assert get(path) is None


def test_every_module_that_the_player_imports_is_served() -> None:
    imported = {
        line.rsplit('"', 2)[1].removeprefix("./")
        for path in FRONTEND.glob("*.js")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("import ")
    }
    assert imported
    assert imported <= set(FILES)


def test_a_second_warm_up_changes_nothing() -> None:
    before = version()
    warm_up()
    warm_up()
    assert version() == before
    assert len(before) == 12
