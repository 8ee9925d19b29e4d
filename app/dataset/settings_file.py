"""A link as a file, with the table that may be too large for the link: what Share saves, and the uploader opens."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.dataset.upload import OWN_PREFIX

FORMAT, VERSION = "gradient-descent-playground", 1

MAX_PARAMETERS, MAX_LETTERS = 200, 50_000
"""Of a link; that of the largest table that travels in one has 16,000 letters."""

NAME = re.compile(r"(?!embed)[a-z][a-z0-9_]{0,59}")
"""Of a parameter; those that begin with "embed" are Streamlit's own."""


@dataclass(frozen=True)
class SettingsFile:
    parameters: dict[str, list[str]]
    """Of the link."""

    table: tuple[str, bytes] | None
    """Name and content of a file that does not travel in the link."""

    @property
    def query(self) -> str:
        """The parameters as an address has them."""
        return urlencode(self.parameters, doseq=True)


def is_settings_file(content: bytes) -> bool:
    """Whether it begins as such a file does, whatever follows."""
    return content[:200].lstrip().startswith(b"{") and f'"{FORMAT}"'.encode() in content[:200]


def read_settings_file(content: bytes) -> SettingsFile:
    """Raises ValueError, with a sentence for people, for what Share has not saved so."""
    try:
        said: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("This settings file is cut short or damaged. Save it again under “Share”.") from None
    version = said.get("version") if isinstance(said, dict) else None
    if isinstance(version, int) and version != VERSION:
        raise ValueError("This settings file is of another version of this page. Save it again under “Share”, here.")
    try:
        return _checked(said)
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            "This file says that it holds settings of this page, but “Share” has not saved it so."
        ) from None


def _checked(said: dict[str, Any]) -> SettingsFile:
    parameters, table = said["parameters"], said["table"]
    if not isinstance(parameters, dict):
        raise TypeError
    texts = [text for texts in parameters.values() for text in texts]
    fits = (
        said["format"] == FORMAT and said["version"] == VERSION and len(parameters) <= MAX_PARAMETERS
        and all(NAME.fullmatch(name) for name in parameters)
        and all(isinstance(listed, list) for listed in parameters.values())
        and sum(map(len, texts)) <= MAX_LETTERS and all(isinstance(text, str) for text in texts)
    )  # fmt: skip
    if not fits:
        raise ValueError
    if table is None:
        return SettingsFile(parameters, None)
    name, text = table["name"], table["base64"]
    if parameters.get("dataset") != [OWN_PREFIX + name]:
        raise ValueError
    return SettingsFile(parameters, (name, base64.b64decode(text, validate=True)))
