"""A table in a link: compressed, in letters that a URL may hold, and a fingerprint for those too large."""

import base64
import binascii
import hashlib
import zlib

MAX_LINK_ROWS = 200
"""Rows of a table that may travel in a link."""

MAX_LINK_CHARACTERS = 16_000
"""Of a link; browsers and chat programs take more, mail programs not always."""

MAX_UNPACKED_BYTES = 4_000_000
"""Bytes that a link may unpack to."""


def packed(content: bytes) -> str | None:
    """The letters of a table; None where they would be too many."""
    letters = base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")
    return letters if len(letters) <= MAX_LINK_CHARACTERS else None


def unpacked(letters: str) -> bytes | None:
    """The table of these letters; None where they are not whole."""
    try:
        compressed = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(compressed, MAX_UNPACKED_BYTES)
    except (binascii.Error, zlib.error, ValueError):
        return None
    return content if unpacker.eof else None


def fingerprint(content: bytes) -> str:
    """Eight digits that tell files apart."""
    return hashlib.sha256(content).hexdigest()[:8]
