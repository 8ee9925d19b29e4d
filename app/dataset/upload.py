"""A table of the user's own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakSet

from app.dataset import Dataset, DatasetError, Preset, Reading, first_rows, preset_of, read_csv
from app.dataset.editing import Draft, are_texts
from app.dataset.link import MAX_LINK_ROWS, fingerprint, packed
from app.dataset.reading.layout import Header
from app.dataset.reading.preview import first_lines
from app.dataset.wish import wishes_from

OWN_PREFIX = "Yours: "
"""Precedes the file's name in the title of a data set of the user's own."""

ALL_ROWS, LINES_ARE_COLUMNS, LINES_ARE_ROWS = "all, with totals", "lines are columns", "lines are rows"

LINES_OF_NAMES = re.compile(r"lines? (\d{1,6})(?: and (\d{1,6}))?")


_all: "WeakSet[Upload]" = WeakSet()
_lock = Lock()


@dataclass(eq=False)
class Upload:
    """A file as it came, the dataset that it was last read as, and what went wrong since."""

    name: str
    content: bytes
    draft: Draft | None = None
    """The table as it is being typed on the page; None for a file."""
    is_typed: bool = False
    """Whether it was typed or pasted on the page, so that no file of it is in the browser."""
    dataset: Dataset | None = None
    preset: Preset | None = None
    """What suits the first look at the dataset."""
    error: DatasetError | None = None
    """Why the file could not be read as it was last tried."""
    words: dict[str, str] = field(default_factory=dict)
    """How the dataset was read: delimiter, decimal, encoding, header, as far as the user said."""
    tried: dict[str, str] | None = None
    """The same for the last try."""

    def __post_init__(self) -> None:
        with _lock:
            _all.add(self)

    @property
    def title(self) -> str:
        return OWN_PREFIX + self.name

    @property
    def text(self) -> str | None:
        """What was typed or pasted; None for a file."""
        return self.content.decode() if self.is_typed else None

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.content)

    def read(self, words: Mapping[str, str], progress: Callable[[float], None] | None = None) -> None:
        """Read the file with this delimiter, decimal, encoding and header, unless that was the last try.

        Where that fails, `error` says why and the dataset stays as it was.
        """
        if self.tried == dict(words):
            return
        try:
            dataset = read_csv(self.content, self.name, progress=progress, **_arguments(words))
            self.preset, self.dataset = preset_of(dataset, self.title), dataset
            self.words, self.error = dict(words), None
        except DatasetError as error:
            self.error = error
        self.tried = dict(words)
        self._forget()

    def first_rows(self, reading: Reading, header: bool) -> dict[str, list[str]]:
        """The first rows as text, by column, as they are with or without a header."""
        asked = _header(self.words) if header == reading.header else header
        try:
            return first_rows(self.content, self.name, reading, asked)
        except DatasetError:  # so it is no table
            return {}

    @cached_property
    def first_lines(self) -> dict[int, str]:
        """The first lines as they stand in the file, by their number."""
        return first_lines(self.content, self.dataset.reading.encoding if self.dataset and self.dataset.reading else "")

    def type(self, rows: Any) -> None:
        """Have these rows typed; the table stays as it was while one of its numbers is none.

        What no browser sends is passed over.
        """
        assert self.draft is not None
        if not are_texts(rows, len(self.draft.names)):
            return
        self.draft = replace(self.draft, rows=rows)
        is_whole = all(cell.value is not None for cell in self.draft.noteworthy)
        if is_whole and self.draft.content != self.content:
            self.content, self.tried = self.draft.content, None
            self._forget()

    def _forget(self) -> None:
        """Drop what was made of the content."""
        for name in ("fingerprint", "link_text", "first_lines"):
            self.__dict__.pop(name, None)

    @cached_property
    def link_text(self) -> str | None:
        """The whole table as text for a link; None where it is too large."""
        few = self.dataset is not None and self.dataset.n_rows <= MAX_LINK_ROWS
        return packed(self.content) if few else None


def bytes_of_all_uploads() -> int:
    """Of the files that any session holds."""
    with _lock:
        return sum(len(upload.content) for upload in _all)


def _arguments(words: Mapping[str, str]) -> dict[str, Any]:
    """The same for `read_csv`; what no widget says is passed over."""
    return {
        "delimiter": words.get("delimiter"),
        "encoding": words.get("encoding"),
        "decimal": words["decimal"] if words.get("decimal") in (".", ",") else None,
        "header": _header(words),
        "first_line": _line(words.get("first_line", "")),
        "last_line": _line(words.get("last_line", "")),
        "all_rows": words.get("rows") == ALL_ROWS,
        "turn": {LINES_ARE_COLUMNS: True, LINES_ARE_ROWS: False}.get(words.get("sides", "")),
        "columns": wishes_from(words.get("columns", "")),
    }


def _line(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 10 else 0


def _header(words: Mapping[str, str]) -> Header:
    """Whether there is a line of names, or the lines that hold them, such as "line 3" or "lines 1 and 2"."""
    said = words.get("header", "")
    found = LINES_OF_NAMES.fullmatch(said)
    lines = tuple(_line(number) for number in found.groups() if number) if found else ()
    return lines or {"yes": True, "no": False}.get(said)
