"""The words of a report of one page; charts, equation and verdict are those on the screen."""

import secrets
from typing import Any

from app.dataset import Dataset
from app.dataset.presets import source_of
from app.runs.frames import Frames
from app.runs.run import Run
from app.tabs.words import settings_in_words
from app.wording import readable
from components.frontend import address
from components.share import MAX_LETTERS

HEAD = ["At", "Rows", "R²", "RMSE", "MAE"]


def report(run: Run) -> dict[str, Any]:
    """The fields of `Report` in the player's messages.js."""
    dataset, frames = run.selection.dataset, Frames(run)
    scores = frames.scores() if frames.length else []
    return {
        "id": secrets.token_hex(4),
        "title": f"Gradient descent: {run.selection.columns.target}",
        "parts": [("Data:", f"{_origin(dataset)} {run.selection.usage}"), ("Settings:", settings_in_words(run))],
        "head": HEAD,
        "rows": [[value if isinstance(value, str) else readable(value) for value in row.values()] for row in scores],
        "code": address("share/code.svg"),
        "most": MAX_LETTERS,
    }


def _origin(dataset: Dataset) -> str:
    """What the data are, and where they came from."""
    if source := source_of(dataset):
        return f"{dataset.name}. Source: {source}"
    reading = dataset.reading
    return f"The file “{dataset.name}”" + (f", read as {reading.encoding}." if reading else ".")
