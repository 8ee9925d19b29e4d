"""The data of a run in plain PyTorch, as text: written out, or read from a file beside the program."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.dataset import Selection
from app.dataset.export import safe_cell
from app.dataset.features import Array

MAX_VALUES_WRITTEN_OUT = 300
"""Values of the data that stand in the program itself; more are read from a file beside it."""

LINE_WIDTH = 100


def file_stem(name: str) -> str:
    """A data set's name as the beginning of a file's name that every system allows."""
    return re.sub(r"[^\w-]+", "_", name.rsplit(".", 1)[0])[:60].strip("_-") or "data"


def data_file(selection: Selection) -> str:
    """The name of the file that the program reads; "" if it holds the data itself."""
    values = len(selection.rows) * (len(selection.features) + 1)
    return f"{file_stem(selection.dataset.name)}_rows.csv" if values > MAX_VALUES_WRITTEN_OUT else ""


def has_made_terms(selection: Selection) -> bool:
    """Whether some column is made of the features: a power, a product, a level."""
    return any(term.level is not None or term.factors != ((i, 1),) for i, term in enumerate(selection.terms))


def plain_data(selection: Selection, dtype: str) -> list[str]:
    """The lines that make x, [n] of one term and [n, d] of several, and y [n], in the file's units."""
    file, target = data_file(selection), selection.columns.target
    lines = [f'table = pd.read_csv("{file}"{_texts(selection)})  # in the same folder', ""] if file else []
    if has_made_terms(selection):
        lines += _made_terms(selection, dtype, file)
    elif len(selection.terms) == 1:
        name = selection.features[0].label
        lines += _tensor("x", _one(name), selection.feature_values[:, 0], dtype, file, comment([name]))
    else:
        names = [feature.label for feature in selection.features]
        lines += _tensor("x", f"[{', '.join(map(_one, names))}]", selection.feature_values, dtype, file, comment(names))
    return [*lines, *_tensor("y", _one(target), selection.target, dtype, file, comment([target]))]


def _made_terms(selection: Selection, dtype: str, file: str) -> list[str]:
    """The features x1, x2, …, then the columns that are made of them."""
    lines, columns = [], []
    for i, feature in enumerate(selection.features):
        name, values = f"x{i + 1}", selection.feature_values[:, i]
        if not feature.levels:
            lines += _tensor(name, _one(feature.label), values, dtype, file, comment([feature.label]))
        elif file:
            lines += [f"{name} = table[{_one(feature.name)}]"]
        else:
            words = [text(feature.levels[int(place)]) for place in values]
            lines += listed(f"{name} = ", words, comment([feature.name]))
    for term in selection.terms:
        if term.level is None:
            powers = [f"x{i + 1}" + (f" ** {power}" if power > 1 else "") for i, power in term.factors]
            columns += [" * ".join(powers)]
        else:
            i = term.factors[0][0]
            level = selection.features[i].levels[term.level]
            word = _one(level) if file else text(level)
            columns += [f"torch.tensor([float(level == {word}) for level in x{i + 1}], dtype=torch.{dtype})"]
    if len(columns) == 1:
        return [*lines, f"x = {columns[0]}"]
    return [*lines, "x = torch.stack([", *(f"    {column}," for column in columns), "], dim=1)"]


def _texts(selection: Selection) -> str:
    """What tells pandas that some columns are words, whatever they look like."""
    names = [_one(feature.label) for feature in selection.features if feature.levels]
    return f", dtype={{{', '.join(f'{name}: str' for name in names)}}}, keep_default_na=False" if names else ""


def _tensor(name: str, column: str, values: Array, dtype: str, file: str, remark: str) -> list[str]:
    """A tensor of values [n] or [n, d]: written out, or the column or columns of the table."""
    if file:
        return [f"{name} = torch.tensor(table[{column}].to_numpy(), dtype=torch.{dtype})"]
    rows: Sequence[Any] = values.tolist()
    shown = [f"[{', '.join(map(_number, row))}]" if isinstance(row, list) else _number(row) for row in rows]
    return listed(f"{name} = torch.tensor(", shown, f", dtype=torch.{dtype}){remark}")


def listed(before: str, values: Sequence[str], after: str) -> list[str]:
    """A list in Python, in one line or in several of a readable width."""
    line = f"{before}[{', '.join(values)}]{after}"
    if len(line) <= LINE_WIDTH or len(values) == 1:
        return [line]
    lines = [f"{before}["]
    for value in values:
        if len(lines) > 1 and len(lines[-1]) + len(value) < LINE_WIDTH:
            lines[-1] += f" {value},"
        else:
            lines += [f"    {value},"]
    return [*lines, f"]{after}"]


def _number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e15 else repr(value)


def _one(name: str) -> str:
    """A column or a word as the file beside the program has it."""
    return text(safe_cell(name))


def text(words: str) -> str:
    """A string in Python, whatever a file has in it."""
    quoted = repr(words)
    return f'"{quoted[1:-1]}"' if quoted[0] == "'" and '"' not in quoted else quoted


def comment(names: Iterable[str]) -> str:
    return "  # " + ", ".join(map(printable, names))


def printable(name: str) -> str:
    """A name in a comment, which ends with its line: what does not print could end it sooner."""
    return "".join(c if c.isprintable() else " " for c in name)
