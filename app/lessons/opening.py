"""What opens with a step: words as in a link become widgets' values, parameters of the URL, or a descent."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from app.dataset import PRESETS, load_sample, select
from app.dataset.choice import ColumnChoice
from app.dataset.presets import DEFAULTS
from app.engine import Objective, Settings, hold_out, run
from app.engine.settings import BOUNDS, CHOICES
from app.runs.run import Recording

Words = Mapping[str, str | list[str]]
"""Settings as a link writes them, by the widget's key, but with names instead of titles."""

SAMPLES = {preset.key: preset for preset in PRESETS}
SWITCHES = ("residuals", "squares", "arrows", "interactions", "zero_grad")
OF_THE_VIEW = ("loss_axis", "surface", "along", "changes", "tab", "fit")
LISTS = ("features", "degrees")
WORDS = CHOICES | {
    "dataset": tuple(SAMPLES),
    **dict.fromkeys(SWITCHES, ("true", "false")),
    "scaling": ("none", "standardize"),
    "missing": ("leave_out", "mean", "median"),
    "surface": ("contours", "3D", "one weight"),
    "loss_axis": ("log", "linear"),
}
"""What can be chosen of a setting that is no number."""


def check(key: str, value: str | list[str]) -> None:
    """Raise ValueError, in one sentence, for what no widget can be set to."""
    known = WORDS.get(key, ())
    if known and value not in known:
        raise ValueError(f"{key} is “{value}”; it can be {', '.join(known)}")
    if key in BOUNDS:
        least, most = BOUNDS[key]
        if not least <= float(str(value)) <= most:
            raise ValueError(f"{key} is {value}; it can be {least:g} to {most:g}")
    elif not known and key not in (*OF_THE_VIEW, *LISTS, "target", "start", "tolerance"):
        raise ValueError(f"“{key}” is no setting of the page")
    if (key in LISTS) != isinstance(value, list):
        raise ValueError(f"{key} is {'not ' if key in LISTS else ''}a list")


def as_widgets(words: Words) -> dict[str, Any]:
    """The widgets' values: all settings, if the words name a dataset."""
    values: dict[str, Any] = {}
    if "dataset" in words:
        sample = SAMPLES[str(words["dataset"])]
        values = {
            **sample.settings,
            "target": sample.target,
            "features": list(sample.features),
            "dataset": sample.title,
        }
    return values | {key: _value(key, text) for key, text in words.items() if key != "dataset"}


def _value(key: str, text: str | list[str]) -> Any:
    if key in SWITCHES:
        return text == "true"
    kind = type(DEFAULTS.get(key, ""))
    return kind(text) if kind in (int, float) else text


def as_parameters(words: Words) -> dict[str, list[str]]:
    """The parameters of a link."""
    return {key: text if isinstance(text, list) else [text] for key, text in words.items()}


def descent(words: Words) -> Recording:
    """What the page shows for these words, trained to the end; the words name a dataset."""
    return _descent(
        tuple(sorted((key, tuple(text) if isinstance(text, list) else text) for key, text in words.items()))
    )


@cache
def _descent(words: tuple[tuple[str, Any], ...]) -> Recording:
    values = as_widgets({key: list(text) if isinstance(text, tuple) else text for key, text in words})
    powers = {"²": 2, "³": 3, "⁴": 4, "⁵": 5}
    degrees = tuple((name[:-1], powers[name[-1]]) for name in values["degrees"])
    choice = ColumnChoice(
        values["target"],
        tuple(values["features"]),
        degrees,
        values["interactions"],
        values["missing"],
        values["scaling"],
    )
    chosen = {field.name: values[field.name] for field in fields(Settings) if field.name != "start"}
    start = tuple(float(part) for part in values["start"].split(",") if part.strip())
    settings = Settings(**chosen, start=start)
    selection = select(load_sample(dict(words)["dataset"]), choice)
    objective = Objective(hold_out(selection.problem, settings.held_out, settings.seed), settings)
    history = run(objective.problem, settings)
    return Recording(
        selection=selection, objective=objective, settings=settings, history=history, epochs=history.epochs
    )
