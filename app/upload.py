"""A table that a user brought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.dataset import Dataset, DatasetError, Sample, read_csv, sample_of
from app.share import MOST_ROWS, fingerprint, packed

OWN = "Yours: "
"""Before the file's name, where a dataset is named."""


@dataclass(eq=False)
class Upload:
    """A file as it came, and what it was last read as: a dataset and what suits its first look, or an error.

    `base` is the frame that the user's own typing on the page begins with, None for a file.
    """

    name: str
    content: bytes
    base: Any = None
    dataset: Dataset | None = None
    sample: Sample | None = None
    error: DatasetError | None = None
    how: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        return OWN + self.name

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.content)

    def is_unread(self, how: Mapping[str, Any]) -> bool:
        """Whether the file is still to be read with these arguments."""
        return self.how != dict(how)

    def read(self, how: Mapping[str, Any], progress: Callable[[float], None] | None = None) -> bool:
        """Read the file with these arguments of `read_csv`; False if that was done already."""
        if not self.is_unread(how):
            return False
        self.dataset = self.sample = self.error = None
        try:
            dataset = read_csv(self.content, self.name, progress=progress, **how)
            self.sample = sample_of(dataset, self.title)
            self.dataset = dataset
        except DatasetError as error:
            self.error = error
        self.how = dict(how)
        return True

    def change(self, content: bytes) -> None:
        """Other rows, typed on the page."""
        if content != self.content:
            self.content, self.how = content, None
            self.__dict__.pop("fingerprint", None)

    @property
    def letters(self) -> str | None:
        """The whole table for a link; None where it is too large for one."""
        few = self.dataset is not None and self.dataset.n_rows <= MOST_ROWS
        return packed(self.content) if few else None
