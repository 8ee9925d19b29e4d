"""A table that a user brought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.dataset import Dataset, DatasetError, Preset, Reading, first_rows, preset_of, read_csv
from app.dataset.link import MAX_LINK_ROWS, fingerprint, packed

OWN_PREFIX = "Yours: "
"""Before the file's name, where a dataset is named."""


@dataclass(eq=False)
class Upload:
    """A file as it came; the dataset that it was last read as and what suits its first look; what went wrong since.

    `base` is the frame that the user's own typing on the page begins with, None for a file. `words` are
    those that the dataset was read with, and `tried` those that were tried last.
    """

    name: str
    content: bytes
    base: Any = None
    dataset: Dataset | None = None
    preset: Preset | None = None
    error: DatasetError | None = None
    words: dict[str, str] = field(default_factory=dict)
    tried: dict[str, str] | None = None

    @property
    def title(self) -> str:
        return OWN_PREFIX + self.name

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.content)

    def read(self, words: Mapping[str, str], progress: Callable[[float], None] | None = None) -> None:
        """Read the file as these words for delimiter, decimal, encoding and header say, where that is still to be done.

        What cannot be read leaves the dataset as it was.
        """
        if self.tried == dict(words):
            return
        arguments: dict[str, Any] = {**words, "header": _header(words)}
        try:
            dataset = read_csv(self.content, self.name, progress=progress, **arguments)
            self.preset, self.dataset = preset_of(dataset, self.title), dataset
            self.words, self.error = dict(words), None
        except DatasetError as error:
            self.error = error
        self.tried = dict(words)

    def first_rows(self, reading: Reading, header: bool) -> dict[str, list[str]]:
        """As text, of a file that was read in this way: with a line of names, or without one."""
        asked = _header(self.words) if header == reading.header else header
        return first_rows(self.content, self.name, reading, asked)

    def change(self, content: bytes) -> None:
        """Other rows, typed on the page."""
        if content != self.content:
            self.content, self.tried = content, None
            self.__dict__.pop("fingerprint", None)

    @property
    def letters(self) -> str | None:
        """The whole table for a link; None where it is too large for one."""
        few = self.dataset is not None and self.dataset.n_rows <= MAX_LINK_ROWS
        return packed(self.content) if few else None


def _header(words: Mapping[str, str]) -> bool | None:
    return words["header"] == "yes" if "header" in words else None
