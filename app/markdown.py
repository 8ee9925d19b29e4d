"""What Streamlit reads as Markdown: it formats what we wrote, and shows every word from elsewhere as it is.

A test holds that each text for Streamlit is a constant or went through `as_markdown`. So whoever forgets `Markdown`
will see asterisks, and nothing that a link or a file says can become a picture, a link or a heading.
"""

import re
from collections.abc import Iterable
from string import Formatter
from typing import Any

JOINER = "\u2060"
"""A character that takes no room. Streamlit looks for links, e-mail addresses, icons, emoji and arrows once Markdown's
backslashes are gone, so that only a character between their parts keeps these from being found."""

PARTED = re.compile(r"^(?=    )|(?<=:)(?=\S)|(?=@)|(?<=[wW]{3})(?=\.)|(?<=[-<>~])(?=[-=>])")
"""Where it has to stand. Four blanks at the start would be a block of code."""

MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")
"""What means something to Markdown, somewhere; a backslash takes that away."""


class Markdown(str):
    """A text whose Markdown is meant: `Markdown("**{}** of {}").format(name, total)`, made from constants alone."""

    __slots__ = ()

    def format(self, *words: Any, **named: Any) -> "Markdown":
        """The text with words put in, each shown as it is unless it is Markdown itself."""
        return Markdown(_PUT_IN.vformat(self, words, named))

    def join(self, words: Iterable[str]) -> "Markdown":
        """All words with this text between them, each shown as it is unless it is Markdown itself."""
        return Markdown(super().join(map(as_markdown, words)))

    def capitalized(self) -> "Markdown":
        """The same at the beginning of a sentence."""
        return Markdown(self[:1].upper() + self[1:])


class _PutIn(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = format(value, format_spec)
        return text if isinstance(value, int | float | Markdown) else as_markdown(text)


_PUT_IN = _PutIn()


def as_markdown(text: str) -> str:
    """What Streamlit shows as this very text, in one line; Markdown stays as it is."""
    if isinstance(text, Markdown):
        return text
    return MARKS.sub(r"\\\1", PARTED.sub(JOINER, re.sub(r"[\t-\r\x85\u2028\u2029]+", " ", text)))
