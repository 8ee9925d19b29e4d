"""A table in a link: compressed and URL-safe; larger ones are known by a fingerprint."""

import base64
import binascii
import hashlib
import zlib

MAX_LINK_ROWS = 200
"""A table with more rows does not travel in a link."""

MAX_LINK_CHARACTERS = 16_000
"""Browsers and chat programs take longer links, mail programs not always."""

MAX_LINK_LINES = MAX_LINK_ROWS + 100
"""With names, notes and blank lines."""

MAX_UNPACKED_BYTES = 1_000_000
"""A few bytes could stand for gigabytes."""


def packed(content: bytes) -> str | None:
    """A table as text for a URL; None where that would be too long."""
    if not _is_small(content):
        return None
    text = base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")
    return text if len(text) <= MAX_LINK_CHARACTERS else None


def unpacked(text: str) -> bytes:
    """The table that `packed` made this text of; raises ValueError where it is damaged, or more than may travel."""
    try:
        compressed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(compressed, MAX_UNPACKED_BYTES)
    except (binascii.Error, zlib.error, ValueError):
        raise ValueError("The table in this link is damaged. Ask for the file itself, and upload it here.") from None
    if unpacker.unconsumed_tail or not _is_small(content):
        raise ValueError(f"This link holds a table of more than the {MAX_LINK_ROWS} rows that may travel in one.")
    if not unpacker.eof:
        raise ValueError("The end of this link is missing, and with it a part of its table. Copy the link again.")
    return content


def _is_small(content: bytes) -> bool:
    return len(content) <= MAX_UNPACKED_BYTES and max(map(content.count, (b"\n", b"\r"))) <= MAX_LINK_LINES


def fingerprint(content: bytes) -> str:
    """Eight hexadecimal digits of a hash."""
    return hashlib.sha256(content).hexdigest()[:8]
