"""A table in a link: compressed and URL-safe; larger ones are known by a fingerprint."""

import base64
import binascii
import hashlib
import zlib

MAX_LINK_ROWS = 200
"""A table with more rows does not travel in a link."""

MAX_LINK_CHARACTERS = 16_000
"""Browsers and chat programs take longer links, mail programs not always."""

MAX_UNPACKED_BYTES = 4_000_000
"""A link that unpacks to more is refused: a few bytes could stand for gigabytes."""


def packed(content: bytes) -> str | None:
    """A table as text for a URL; None where that would be too long."""
    text = base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")
    return text if len(text) <= MAX_LINK_CHARACTERS else None


def unpacked(text: str) -> bytes | None:
    """The table that `packed` made this text of; None where it is damaged or too large."""
    try:
        compressed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(compressed, MAX_UNPACKED_BYTES)
    except (binascii.Error, zlib.error, ValueError):
        return None
    return content if unpacker.eof else None


def fingerprint(content: bytes) -> str:
    """Eight hexadecimal digits of a hash."""
    return hashlib.sha256(content).hexdigest()[:8]
