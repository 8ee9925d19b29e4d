"""Links that people may have kept still open the page that they opened when they were recorded.

A file in `tests/links` says what its link uses, the link, the buttons to press once it is open, and what is then
shown. To add a link, write a file without "shows". Then, or after an intended change,

    python -m tests.test_links

records every link whose page differs from its file; review the diff.

Processors round differently. Computed numbers are therefore recorded to the digits that are the same everywhere, and
may differ by one in the last, since a number midway between two may be rounded to either:

- 9 digits of a float64 run: it has 16, and rounding errors, which each step damps, reach the twelfth (between
  the settings of `ATEN_CPU_CAPABILITY`, `MKL_ENABLE_INSTRUCTIONS` and `MKL_CBWR` at most 3e-12 of a number).
- 5 digits of a float32 run: it has 7, and the errors reach the sixth (3e-6).
- 6 digits of what charts show, some of it small differences of large numbers.
- 3 digits of a run that diverged, as each of its steps magnifies the earlier errors.
- Numbers in sentences as they are shown; with fewer than three digits they must be the same.

What the visitor chose, whole numbers and words must be the same. Times, source code, and differences of equal
numbers, which are mere rounding errors, are not recorded.
"""

import json
import re
import time
from base64 import b64decode
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.page import sentence

UI = Path(__file__).parents[1] / "app" / "ui.py"
LINKS = {path.stem: path for path in sorted((Path(__file__).parent / "links").glob("*.json"))}

CHOSEN = ("address", "settings")
"""The link's own contents, which are compared character by character."""

COLUMNS = {"dataset", "target", "features", "degrees", "fit", "surface_x", "surface_y", "along"}
"""Parameters whose choices are data sets or the columns of one."""

LEFT_OUT = {"still to go", "farthest apart", "training, s"}
"""Columns of the page's tables: differences of equal numbers, and times."""

TEXTS = ("markdown", "caption", "latex", "warning", "error", "info")
NUMBER = re.compile(r"[0-9][0-9,]*(?:\\?\.[0-9]*)?(?:e[-+]?[0-9]+)?")  # In Markdown the point may be escaped.


def opened(link: str, press: list[str]) -> AppTest:
    """Open a link, press these buttons and wait for what they start."""
    page = AppTest.from_file(UI, default_timeout=60)
    page.query_params.update(parse_qs(link.removeprefix("?")))
    settle(page)
    for label in press:
        next(button for button in page.button if button.label == label).click()
        settle(page)
    return page


def settle(page: AppTest) -> None:
    page.run()
    deadline = time.monotonic() + 60
    while page.get("progress") or any("trained again" in caption.value for caption in page.caption):
        assert time.monotonic() < deadline, "The page does not come to rest."
        time.sleep(0.05)  # Training goes on between two reruns.
        page.run()
    assert [exception.message for exception in page.exception] == []


def shown(page: AppTest) -> dict[str, Any]:
    """Everything that distinguishes two pages, as JSON."""
    settings = {key: [widget.label, held(widget)] for key, widget in bound(page).items()}
    found: dict[str, Any] = {
        "address": query(page.query_params),
        "settings": settings,
        "says": [*said(page.sidebar), *verdict(page), *said(page.main)],
    }
    player, frames = with_frames(page, "player")
    digits = 9 if settings.get("precision", [""])[-1] == "float64" else 5
    if player:
        digits = 3 if player["outcome"] == "diverged" else digits
        found |= {"learning rate": limits(page, digits), **played(player, frames, digits), "pins": pinned(page)}
    found["tab"] = [line for part in open_tab(page) for line in lines(part, frames, digits)]
    return found


def parts(block: Any, *closed: str) -> Iterator[Any]:
    """The elements of a block, except those in blocks of the `closed` types."""
    for part in block.children.values():
        if not hasattr(part, "children"):
            yield part
        elif part.type not in closed:
            yield from parts(part, *closed)


def bound(page: AppTest) -> dict[str, Any]:
    """Every widget that has a parameter in the URL, by its name."""
    found = [*parts(page.sidebar), *parts(page.main)]
    return {part.proto.query_param_key: part for part in found if getattr(part.proto, "query_param_key", "")}


def held(widget: Any) -> Any:
    """A widget's value; of a selectbox, the text that it shows."""
    return widget.options[widget.index] if widget.type == "selectbox" else widget.value


def said(block: Any) -> Iterator[str]:
    """Texts and buttons outside the tabs, but only captions with a number."""
    for part in parts(block, "tab_container"):
        if part.type == "button":
            yield f"[{part.label}]"
        elif part.type in TEXTS and (part.type != "caption" or NUMBER.search(part.value)):
            yield str(part.value)


def verdict(page: AppTest) -> list[str]:
    """The sentence about the run; nothing where there is no run."""
    names = [found.proto.component_name for found in page.get("bidi_component")]
    return [sentence(page)] if "player_sentence" in names else []


def query(parameters: Any) -> str:
    return "?" + urlencode({key: parameters[key] for key in parameters}, doseq=True)


def open_tab(page: AppTest) -> list[Any]:
    """The elements of the tab that the link opens."""
    title = page.query_params.get("tab", "Predict")
    return [part for tab in page.tabs if tab.label == title for part in parts(tab, "popover")]


def components(page: AppTest, name: str) -> list[Any]:
    return [part.proto for part in page.get("bidi_component") if part.proto.component_name == name]


def with_frames(page: AppTest, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a component was sent and the columns of its frames; two empty dictionaries if it is not shown."""
    for proto in components(page, name):
        message = json.loads(proto.mixed.json)
        with pa.ipc.open_stream(proto.mixed.arrow_blobs[message["frames"]["__streamlit_arrow_ref__"]].data) as stream:
            table = stream.read_all()
        return message, {name: table.column(name).to_numpy().astype(float) for name in table.column_names}
    return {}, {}


def limits(page: AppTest, digits: int) -> list[str]:
    """The marks of the learning rate's slider, its buttons, and its note."""
    sliders = [json.loads(proto.json) for proto in components(page, "log_slider")]
    (slider,) = (slider for slider in sliders if slider["id"] == "learning_rate_slider")
    marks = [f"{name} {figure(value, digits)}" for name, value in slider["marks"]]
    return [*marks, *(f"[{name} {value:g}]" for name, value in slider["jumps"]), slider["note"]]


def played(player: dict[str, Any], frames: dict[str, Any], digits: int) -> dict[str, Any]:
    """The run that the player was sent, with its equation and its table at the last frame."""
    length = len(frames["loss"])
    columns = {name: [figure(column[k], digits) for k in (0, length // 2, -1)] for name, column in frames.items()}
    return {
        "run": [player["outcome"], f"{player['total']} epochs", f"{length} frames"],
        "equation": "".join(cell(part, frames, digits) for part in player["equation"]),
        "first, middle, last": columns,
        "table": table(player["table"], frames, digits),
        "charts": {one["name"]: chart(one, min(digits, 6)) for one in player["charts"]},
    }


def table(sent: dict[str, Any], frames: dict[str, Any], digits: int) -> list[list[str]]:
    kept = [i for i, name in enumerate(sent["head"]) if name not in LEFT_OUT]
    return [[cell(row[i], frames, digits) for i in kept] for row in [sent["head"], *sent["rows"]]]


def cell(sent: Any, frames: dict[str, Any], digits: int) -> str:
    """A cell as text: a text, a number, or a number that changes with the frames, at the last one."""
    if isinstance(sent, dict):
        frame = [column[-1] for name, column in frames.items() if name != "epoch"]
        number = float(numbers(sent["row"]) @ [*frame, 1.0])
        return f"{'-' if number < 0 else '+'} {figure(abs(number), digits)}" if sent["sign"] else figure(number, digits)
    return sent if isinstance(sent, str) else figure(sent, digits)


def chart(sent: dict[str, Any], digits: int) -> dict[str, Any]:
    """Titles, axes, and the names of fixed traces and moving marks."""
    layout, traces = sent["figure"]["layout"], sent["figure"]["data"]
    axes = [(axis, [figure(end, digits) for end in axis["range"]]) for axis in (layout["xaxis"], layout["yaxis"])]
    return {
        "title": [sent["title"], sent["note"]],
        "axes": [[axis["title"]["text"], axis.get("type", "linear"), *ends] for axis, ends in axes],
        "drawn": [trace.get("name", trace["type"]) for trace in traces],
        "moving": [mark["name"] for mark in sent["marks"]],
    }


def pinned(page: AppTest) -> list[list[str]]:
    """Every pinned run that is drawn and its last frame, which is float32."""
    message, frames = with_frames(page, "player_pins")
    runs = message.get("runs", [])
    ends = np.cumsum([run["length"] for run in runs], dtype=int)
    return [
        [run["label"], run["name"], ", ".join(run["marks"]), f"{run['length']} frames",
         *(f"{name} {figure(column[end - 1], 5)}" for name, column in frames.items())]
        for run, end in zip(runs, ends, strict=True)
    ]  # fmt: skip


def lines(part: Any, frames: dict[str, Any], digits: int) -> Iterator[Any]:
    """An element of a tab, as lines."""
    if part.type in TEXTS:
        yield str(part.value)
    elif part.type in ("button", "code"):
        yield f"[{part.label}]" if part.type == "button" else f"code: {part.language}"
    elif part.type == "plotly_chart":
        for trace in json.loads(part.proto.spec)["data"]:
            axes = {axis: [figure(value, min(digits, 6)) for value in numbers(trace[axis])] for axis in "xy"}
            yield [trace["name"], *(" ".join([axis, *few(values)]) for axis, values in axes.items())]
    elif part.type == "bidi_component":
        yield from table(json.loads(part.proto.json)["table"], frames, digits)
    elif hasattr(part.value, "columns"):
        for name in part.value.columns:
            if str(name).strip() not in LEFT_OUT:
                yield [str(name), *few([written(value, digits) for value in part.value[name]])]
    else:
        yield f"{part.label}: {part.value}"


def few(texts: list[str]) -> list[str]:
    """A column; a long one as its first, middle and last texts and its length."""
    n = len(texts)
    return texts if n <= 12 else [texts[0], texts[n // 2], texts[-1], f"({n})"]


def written(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return figure(value, digits)
    return "a picture" if str(value).startswith("data:image") else str(value)


def figure(value: float, digits: int) -> str:
    """A number with this many digits, including trailing zeros."""
    return "" if isnan(value) else f"{value:#.{digits}g}"


def numbers(sent: Any) -> Any:
    """An array as Plotly takes it: a list, or bytes with their type."""
    return np.frombuffer(b64decode(sent["bdata"]), sent["dtype"]) if isinstance(sent, dict) else np.array(sent, float)


def differences(recorded: Any, now: Any, at: str = "") -> Iterator[str]:
    """A line for every difference between what was recorded and what is shown now."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key in sorted({*recorded, *now}):
            yield from differences(recorded.get(key), now.get(key), f"{at} / {key}" if at else key)
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        for i, (one, other) in enumerate(zip(recorded, now, strict=True), 1):
            yield from differences(one, other, f"{at} / {i}")
    elif (one := as_shown(recorded)) != (other := as_shown(now)) and (at.startswith(CHOSEN) or not alike(one, other)):
        yield f"{at}: recorded {recorded!r}, now {now!r}"


def as_shown(value: Any) -> str:
    """A text as Markdown shows it, without escapes; a link with its parameters in order, since theirs means nothing."""
    if str(value).startswith("?"):
        return "&".join(sorted(str(value)[1:].split("&"), key=lambda pair: pair.partition("=")[0]))
    return re.sub(r"\\(?=[^\w\s])", "", str(value))


def alike(recorded: str, now: str) -> bool:
    """Whether two texts differ at most in the last digits of their numbers."""
    pairs = zip(NUMBER.findall(recorded), NUMBER.findall(now), strict=False)
    same_words = NUMBER.sub("0", recorded) == NUMBER.sub("0", now)
    return same_words and all(one == other or neighbours(one, other) for one, other in pairs)


def neighbours(one: str, other: str) -> bool:
    """Whether two numbers of three or more digits, not integers, differ by one in the last digit of the finer."""
    (a, step_a, digits_a), (b, step_b, digits_b) = read(one), read(other)
    whole = not re.search("[.e]", one + other)
    return not whole and max(digits_a, digits_b) >= 3 and abs(a - b) < 1.5 * min(step_a, step_b)


def read(text: str) -> tuple[float, float, int]:
    """A number, the value of 1 in its last digit, and how many digits it has."""
    digits, _, power = re.sub(r"[,\\]", "", text).partition("e")
    decimals = len(digits.partition(".")[2])
    step = float(f"1e{int(power or 0) - decimals}")
    return float(f"{digits}e{power or 0}"), step, len(digits.replace(".", "").lstrip("0"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("loss 2.2405 at 7", "loss 2.2406 at 7", True),
        ("loss 2.2405", "loss 2.2407", False),
        ("loss 2.2405 at 7", "loss 2.2405 at 8", False),
        ("1,040 epochs", "1,041 epochs", False),
        ("0.5 of 2", "0.6 of 2", False),
        ("1.00000", "0.999999", True),
        ("8.83e+16", "8.84e+16", True),
        ("8.83e+16", "8.83e+17", False),
        (r"9\.995", r"9\.996", True),
        ("-1.23", "1.23", False),
        ("weight 1.23", "bias 1.23", False),
    ],
)
def test_numbers_may_differ_by_one_in_their_last_digit(one: str, other: str, expected: bool) -> None:
    assert (not [*differences([one], [other])]) == expected


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LINKS[name].read_text("utf-8"))
    return found


def visited(name: str) -> dict[str, Any]:
    link = recorded(name)
    return shown(opened(link["link"], link.get("press", [])))


@pytest.mark.parametrize("name", LINKS)
def test_a_link_shows_what_it_showed_when_it_was_recorded(name: str) -> None:
    assert "\n".join(differences(recorded(name)["shows"], visited(name))) == ""


def test_the_links_together_use_every_parameter_and_every_choice_of_the_page() -> None:
    pages = [recorded(name)["shows"] for name in LINKS]
    known = {key for page in pages for key in [*page["settings"], *parse_qs(page["address"][1:])]}
    # The page removes defaults from its address, so each parameter in it makes a difference.
    addresses = [parse_qs(page["address"][1:]) for page in pages]
    assert known - {key for address in addresses for key in address} == set()

    page = opened("?dataset=students_sleep", [])
    for key, widget in bound(page).items():
        if hasattr(widget, "options") and key not in COLUMNS:
            chosen = {str(shows["settings"].get(key, [""])[-1]).replace("_", " ") for shows in pages}
            assert {*widget.options} - chosen == set()
    titles = {address.get("tab", ["Predict"])[0] for address in addresses}
    assert {tab.label for tab in page.tabs} - titles == set()


def as_json(value: Any, depth: int = 0) -> str:
    """JSON with a line for each item, except in short lists and deep inside."""
    start, end = "\n" + "  " * (depth + 1), "\n" + "  " * depth
    text = json.dumps(value, ensure_ascii=False)
    if depth < 3 and isinstance(value, dict):
        items = [f"{json.dumps(key, ensure_ascii=False)}: {as_json(item, depth + 1)}" for key, item in value.items()]
        return "{" + start + f",{start}".join(items) + end + "}"
    if depth < 3 and isinstance(value, list) and (len(text) > 100 or any(isinstance(item, list) for item in value)):
        return "[" + start + f",{start}".join(as_json(item, depth + 1) for item in value) + end + "]"
    return text


if __name__ == "__main__":
    for name, path in LINKS.items():
        now = visited(name)
        if [*differences(recorded(name).get("shows"), now)]:
            path.write_text(as_json(recorded(name) | {"shows": now}) + "\n", "utf-8")
            print("recorded", path)
