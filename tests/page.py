"""Drives the page without a browser: Streamlit's AppTest, with widgets called by their keys."""

import base64
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from app.dataset import PRESETS

UI = Path(__file__).parents[1] / "app" / "ui.py"
TITLES = {preset.key: preset.title for preset in PRESETS}
SLEEP = {"dataset": TITLES["students_sleep"], "epochs": "50"}
"""Parameters of a page with two features."""

CLASS = b"hours;score;group\n1,5;62;A\n2;65;B\n3;70,5;A\n4;71;B\n5;;A\n6;83;B\n7,5;88;A\n9;97;B\n"
"""A file to upload: decimal commas, one value missing."""


def visit(**parameters: str | list[str]) -> AppTest:
    """Open the page at a URL with these parameters and wait until its run has ended."""
    return done(arrive(**parameters))


def arrive(**parameters: str | list[str]) -> AppTest:
    """Open the page at a URL with these parameters, by default on the tab History, and run its script once."""
    page = AppTest.from_file(UI, default_timeout=60)
    page.query_params.update({"tab": "History", **parameters})
    return checked(page.run())


def choose(page: AppTest, **values: Any) -> AppTest:
    """Set these widgets, rerun the script once and wait until the run has ended."""
    for key, value in values.items():
        widget(page, key).set_value(value)
    return done(checked(page.run()))


def widget(page: AppTest, key: str) -> Any:
    return page.get_by_key(key)


def held(page: AppTest, key: str) -> Any:
    """The value of the widget `key`."""
    return widget(page, key).value


def done(page: AppTest) -> AppTest:
    """Rerun the script, as the browser's timer does, until the run has ended."""
    for _ in range(600):
        if not players(page) or message(page)["outcome"] != "running":
            return page
        time.sleep(0.1)  # Training goes on between two scripts, hardly during one.
        checked(page.run())
    pytest.fail("The run does not end.")


def checked(page: AppTest) -> AppTest:
    """The page, whose script must have raised nothing."""
    raised = [exception.message for exception in page.exception]
    assert not raised, raised
    return page


def players(page: AppTest) -> list[Any]:
    return [found.proto for found in page.get("bidi_component") if found.proto.component_name == "player"]


def component(page: AppTest, name: str) -> dict[str, Any]:
    """What a component was sent, without its Arrow tables."""
    (proto,) = (one.proto for one in page.get("bidi_component") if one.proto.component_name == name)
    sent: dict[str, Any] = json.loads(proto.mixed.json or proto.json, parse_constant=pytest.fail)
    return sent


def message(page: AppTest) -> dict[str, Any]:
    """What the player was sent, with its frames as arrays; NaN or infinity in the JSON fails, as in a browser."""
    (proto,) = players(page)
    sent: dict[str, Any] = json.loads(proto.mixed.json, parse_constant=pytest.fail)
    with pa.ipc.open_stream(proto.mixed.arrow_blobs[sent["frames"]["__streamlit_arrow_ref__"]].data) as stream:
        table = stream.read_all()
    sent["frames"] = {name: table.column(name).to_numpy() for name in table.column_names}
    return sent


def frames(page: AppTest) -> dict[str, NDArray[np.float64]]:
    found: dict[str, NDArray[np.float64]] = message(page)["frames"]
    return found


def chart(page: AppTest, name: str) -> dict[str, Any]:
    (found,) = (chart for chart in message(page)["charts"] if chart["name"] == name)
    return dict(found)


def axis(page: AppTest, name: str, which: str) -> str:
    """The title of a chart's axis "x" or "y"."""
    return str(chart(page, name)["figure"]["layout"][f"{which}axis"]["title"]["text"])


def code(page: AppTest) -> str:
    """The Python source on the page; "" if there is none."""
    return next((str(found.value) for found in page.code if found.language == "python"), "")


def sentence(page: AppTest, epoch: float = math.inf) -> str:
    """The verdict at an epoch: what the browser writes of it."""
    sayings = component(page, "player_sentence")["sayings"]
    said = max((one for one in sayings if one["since"] <= epoch), key=lambda one: float(one["since"]))
    return " ".join([said["heading"], "".join(_written(page, part, epoch) for part in said["parts"])])


def _written(page: AppTest, part: Any, epoch: float) -> str:
    if isinstance(part, str):
        return part
    sent = frames(page)
    epochs = sent.pop("epoch", np.arange(len(sent["loss"])))
    columns, frame = [*sent.values()], int(np.searchsorted(epochs, epoch, side="right")) - 1
    if part["kind"] == "Countdown":
        left = part["until"] - epochs[frame]
        words = f"{left:g}" if left < 1000 else f"about {float(f'{left:.3g}'):,.0f}"
        return f"{words} more epoch{'' if left == 1 else 's'}"
    row = numbers(part["row"])
    now = sum(a * float(column[frame]) for a, column in zip(row, columns, strict=False)) + row[-1]
    if part["kind"] == "Likeness":
        return str(part["alike"] if brief(now) == brief(part["value"]) else part["unlike"].format(brief(part["value"])))
    return brief(now)


def brief(value: float) -> str:
    """As the browser writes numbers in a sentence."""
    if abs(value) >= 1e6 or 0 < abs(value) < 1e-3:
        return f"{value:.2e}"
    return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:#.3g}"


def printout(page: AppTest) -> dict[str, list[float]]:
    """The table of epochs, by column, with -1 for an empty cell."""
    table: Any = next((found.value for found in page.dataframe if "epoch" in found.value), {})
    return {str(name): table[name].fillna(-1.0).tolist() for name in table}


def bring(page: AppTest, content: bytes, name: str = "class.csv") -> AppTest:
    """Upload a file, rerun the script and wait until the run has ended."""
    page.file_uploader[0].set_value((name, content, "text/csv"))
    return done(checked(page.run()))


def address(page: AppTest) -> dict[str, list[str]]:
    """The parameters of the page's URL that the server wrote there."""
    found: dict[str, Any] = {name: page.query_params[name] for name in page.query_params}
    return {name: texts if isinstance(texts, list) else [texts] for name, texts in found.items()}


def texts(page: AppTest) -> str:
    """All Markdown and captions, without the backslashes that escape."""
    return "\n".join(str(found.value) for found in [*page.markdown, *page.caption]).replace("\\", "")


def numbers(column: Any) -> list[float]:
    """An array as Plotly takes it: a list, or bytes with their type."""
    if isinstance(column, dict):
        column = np.frombuffer(base64.b64decode(column["bdata"]), column["dtype"])
    return [float(value) for value in column]
