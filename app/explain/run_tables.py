"""The numbers of a run as files: tables for spreadsheets, and all in one for programs."""

import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from app.dataset.export import feature_columns, table_csv
from app.engine import Settings
from app.runs.frames import BIAS, Frames
from app.runs.pins import Pin
from app.runs.run import Recording

Table = dict[str, Any]
"""Columns of one length, by name."""

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date in the archive, which is so the same each time."""


def tables(run: Recording, pins: Sequence[Pin]) -> dict[str, Table]:
    """Settings, history, parameters, predictions and errors at the last epoch, and the pinned runs, by file name."""
    made, frames = {"settings": _settings(run)}, Frames(run)
    if frames.length:
        made["history"] = frames.printout(1)
        made["parameters"] = _parameters(frames)
        made["predictions"] = _predictions(frames)
        made["errors"] = _by_column(frames.scores())
    if pins:
        made["pinned runs"] = _by_column([_summary(one) for one in pins])
        made["history of pinned runs"] = _by_column([row for one in pins for row in _history(one, run)])
    return made


def numbers_zip(run: Recording, pins: Sequence[Pin]) -> bytes:
    """Each table as a CSV file, in one archive."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, table in tables(run, pins).items():
            archive.writestr(ZipInfo(f"{name}.csv", LONG_AGO), table_csv(table), ZIP_DEFLATED)
    return packed.getvalue()


def numbers_json(run: Recording, pins: Sequence[Pin]) -> str:
    """The same tables in one file; a number that is not finite is null."""
    made = {
        name: {column: _plain(values) for column, values in table.items()} for name, table in tables(run, pins).items()
    }
    return json.dumps(made, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _plain(values: Any) -> list[Any]:
    listed: list[Any] = values.tolist() if isinstance(values, np.ndarray) else [*values]
    return [None if isinstance(value, float) and not math.isfinite(value) else value for value in listed]


def _by_column(rows: Sequence[dict[str, Any]]) -> Table:
    """Rows as columns; a row need not have all of them."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _settings(run: Recording) -> Table:
    """What a run reads, by the name that links have for it; a column for each of its segments."""
    columns, data = run.selection.columns, run.selection.dataset.name
    chosen = {
        "data": data, "target": columns.target, "features": "; ".join(columns.features),
        "degrees": "; ".join(f"{name}: {degree}" for name, degree in columns.degrees),
        "interactions": columns.interactions, "missing": columns.missing, "scaling": run.problem.scaling,
    }  # fmt: skip
    parts = [(f"up to epoch {part.until}", part.settings) for part in run.segments]
    parts.append((f"up to epoch {run.settings.epochs}", run.settings))
    words = [{**chosen, **_read(settings)} for _, settings in parts]
    names = dict.fromkeys(name for part in words for name in part)
    return {"setting": [*names]} | {
        title: [part.get(name) for name in names] for (title, _), part in zip(parts, words, strict=True)
    }


def _read(settings: Settings) -> dict[str, Any]:
    values = {name: value for name, value in asdict(settings).items() if name in settings.in_use}
    return values | {"start": ", ".join(map(repr, settings.start))}


def _parameters(frames: Frames) -> Table:
    """Weights and bias at the last epoch and at the lowest point, in the file's units and in those of the steps."""
    last = frames.length - 1
    table = {
        "parameter": [*(f"weight of {name}" for name in frames.terms), BIAS],
        f"epoch {frames.epochs[last]:g}": frames.parameters[last],
        frames.lowest_point: frames.optimum,
    }
    if frames.run.problem.scaling == "none":
        return table
    return table | {"standardized": frames.step_states[last], "lowest, standardized": frames.step_optimum}


def _predictions(frames: Frames) -> Table:
    """For each row used what it has and what is predicted of it; the error is predicted less actual."""
    selection, problem = frames.selection, frames.run.problem
    *weights, bias = frames.parameters[frames.length - 1].astype(float)
    actual = selection.target
    with np.errstate(over="ignore", invalid="ignore"):  # far out, before a run is ended
        predicted = selection.design @ np.array(weights) + bias
    table = {
        "line": selection.dataset.lines[selection.rows],
        **feature_columns(selection),
        selection.columns.target: actual,
    }
    table |= {_free("predicted", table): predicted, _free("error", table): predicted - actual}
    if problem.held_out:
        is_held = np.ones(len(actual), dtype=bool)
        is_held[problem.rows.numpy()] = False
        table[_free("held out", table)] = is_held
    return table


def _free(name: str, table: Table) -> str:
    """A name that no column of the file has."""
    return f"{name} (run)" if name in table else name


def _summary(one: Pin) -> dict[str, Any]:
    table, columns = one.dataset(), one.columns
    return {
        "name": one.plan.name, "data": table.name if table else "", "target": columns.target,
        "features": "; ".join(columns.features), "scaling": one.plan.scaling, "outcome": one.outcome,
        "last epoch": one.last, "last loss": one.loss, "last held-out loss": one.held_out_loss,
        "first epoch within 1 % of the optimum": one.arrival, "training, s": one.seconds,
        "settings changed at": ", ".join(str(part.until) for part in one.plan.segments[:-1]),
        **_read(one.settings),
    }  # fmt: skip


def _history(one: Pin, run: Recording) -> list[dict[str, Any]]:
    """The epochs that are drawn; with parameters if they are those of the run on the screen."""
    rows: list[dict[str, Any]] = [
        {"name": one.plan.name, "epoch": epoch, "loss": loss}
        for epoch, loss in zip(one.epochs.tolist(), one.losses.tolist(), strict=True)
    ]
    if one.is_on(run.selection):
        names = [*(f"weight of {term.name}" for term in run.selection.terms), BIAS]
        for row, parameters in zip(rows, one.parameters.tolist(), strict=True):
            row |= dict(zip(names, parameters, strict=True))
    return rows
