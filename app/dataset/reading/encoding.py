"""Character encoding: found or as asked for, and the text that it gives."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from app.dataset.dataset import DatasetError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16, since its little-endian mark begins with UTF-16's."""

ENCODINGS = (
    "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "cp874", "iso8859-2", "iso8859-7", "iso8859-15", "mac-roman", "cp850", "cp866",
    "koi8-r", "koi8-u", "shift_jis", "cp932", "euc-jp", "gb18030", "big5", "cp949",
)  # fmt: skip
"""The encodings that are recognized."""

CHARDET_NAMES = {"Windows-1252": "cp1252", "ISO-8859-1": "cp1252", "CP932": "cp932", "MacRoman": "mac-roman"}

WESTERN_CHARACTERS = frozenset("äöüÄÖÜßéèêëàâçîïôÉÀÇñÑáíóú°§´£±µ«»–—’‘“”…€")
"""Text with only these and ASCII is read as cp1252: similar code pages have them in the same places or not at all."""

CONTROL_CHARACTER = re.compile(r"[\x00\x02-\x08\x0e-\x19\x1c-\x1e]")
"""Text has none of these. It may have \\x01 and \\x1f as delimiters, \\x1a at the end (DOS), \\x1b from terminals."""

SAMPLE_BYTES = 1 << 20
"""The beginning of a file by which its encoding and dialect are found."""

CHUNK_BYTES = 1 << 20
"""Decoded at a time."""


@dataclass(frozen=True)
class Text:
    """The text of a file, decoded each time it is asked for: keeping it would take much memory."""

    content: bytes
    encoding: str
    notes: list[str] = field(default_factory=list)
    lossless: bool = True
    last_line: int = 0
    """The last line that is read; 0 for all."""

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes are valid UTF-8."""
        return self.encoding == "utf-8" and self.lossless

    def utf8(self) -> bytes:
        parts = (self.content[at : at + CHUNK_BYTES] for at in range(self.start, len(self.content), CHUNK_BYTES))
        return b"".join(text.encode() for text in codecs.iterdecode(parts, self.encoding, "replace"))

    @property
    def start(self) -> int:
        """Length in bytes of the byte order marks (one, or by mistake several) at the start of the file."""
        mark, at = "\ufeff".encode(self.encoding, "ignore"), 0
        while mark and self.content.startswith(mark, at):
            at += len(mark)
        return at

    def lines(self) -> Iterator[str]:
        """Each line with its end, be it \\n, \\r\\n or \\r."""
        stream = io.BytesIO(self.content)
        stream.seek(self.start)
        return islice(io.TextIOWrapper(stream, self.encoding, "replace", newline=""), self.last_line or None)

    def head(self, size: int = SAMPLE_BYTES) -> str:
        end = min(len(self.content), self.start + size)
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        return decoder.decode(self.content[self.start : end], end == len(self.content))


def decode(content: bytes, name: str, encoding: str | None = None) -> Text:
    """Find the encoding, or take the one that is asked for.

    Raises DatasetError for binary files and for NUL bytes inside text.
    """
    content, notes = without_padding(content)
    whole = is_utf8(content)
    if encoding is None:
        encoding, guess = guess_encoding(content, whole)
        notes += guess
    else:
        encoding = known(encoding)
    text = Text(content, encoding, notes)
    refuse_binary(text, name)
    if lost := None if whole and encoding == "utf-8" else undecodable(text):
        notes.append(
            f"{lost[0]:,} character{'s' if lost[0] > 1 else ''} could not be read as {encoding}, the first in line "
            f"{lost[1]}; “\ufffd” stands in their place. Choose another encoding if names look wrong."
        )
        return replace(text, lossless=False)
    return text


def known(encoding: str) -> str:
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)
    except LookupError as error:
        message = f"“{encoding}” is no encoding that is known here. Choose one of the list."
        raise DatasetError("bad_encoding", message) from error
    return encoding.lower().replace("utf-8-sig", "utf-8")


def without_padding(content: bytes) -> tuple[bytes, list[str]]:
    """The content without NUL bytes (of a crashed logger) or DOS's end-of-file mark at its end, and a note."""
    if (
        not content.endswith((b"\0", b"\x1a"))
        or content.startswith(tuple(mark for mark, _ in BOMS))
        or is_wide(content)
    ):
        return content, []
    kept = content.rstrip(b"\0\x1a")
    nuls = content.count(b"\0", len(kept))
    said = f"{nuls:,} NUL bytes" if nuls > 1 else "A NUL byte" if nuls else "An end-of-file mark (Ctrl-Z)"
    return kept, [f"{said} at the end of the file {'were' if nuls > 1 else 'was'} left out."]


def is_wide(content: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, known by where zero bytes stand in digits and commas; else ""."""
    head = content[: min(len(content), 4096) // 4 * 4] or content[: len(content) // 2 * 2]
    if not head.count(0):
        return ""
    zeros = [head[i::4].count(0) / len(head[i::4]) if head[i::4] else 0.0 for i in range(4)]
    for encoding, pattern in (
        ("utf-32-le", "0111"),
        ("utf-32-be", "1110"),
        ("utf-16-le", "0101"),
        ("utf-16-be", "1010"),
    ):
        if all(share > 0.5 if bit == "1" else share < 0.02 for share, bit in zip(zeros, pattern, strict=True)):
            return encoding
    return ""


def guess_encoding(content: bytes, whole: bool) -> tuple[str, list[str]]:
    """The encoding, and a note where it is a guess; `whole` says whether the content is valid UTF-8."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return encoding, []
    if encoding := is_wide(content):
        return encoding, [f"The file does not say its encoding; it looks like {encoding}."]
    return ("utf-8", []) if whole else legacy_encoding(content)


def is_utf8(content: bytes) -> bool:
    """Whether the content is valid UTF-8."""
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(content), CHUNK_BYTES):
            decoder.decode(content[at : at + CHUNK_BYTES])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def legacy_encoding(content: bytes) -> tuple[str, list[str]]:
    """The encoding of a file that is not valid UTF-8: mostly UTF-8 with errors, or a national code page."""
    sample = b"\n".join(line for line in content[:SAMPLE_BYTES].splitlines() if not line.isascii())[: 1 << 16]
    sample = sample or b" ".join(content[max(0, at - 20) : at + 20] for at in islice(places(content), 1000))
    foreign = [one for one in sample.decode("utf-8", "surrogateescape") if one > "\x7f"]
    broken = sum("\udc80" <= one <= "\udcff" for one in foreign)
    if len(foreign) - broken >= broken:
        return "utf-8", []
    import chardet  # slow to import and rarely needed

    found = chardet.detect(sample, include_encodings=[*ENCODINGS, "iso8859-1"])["encoding"] or "cp1252"
    encoding = codecs.lookup(CHARDET_NAMES.get(found, found)).name
    if encoding in ("cp1250", "cp1254", "cp1257", "iso8859-2", "iso8859-15", "mac-roman", "big5hkscs") and all(
        one <= "\x7f" or one in WESTERN_CHARACTERS for one in sample.decode("cp1252", "replace")
    ):
        encoding = "cp1252"
    example = next(
        (word for word in re.split(r"[,;\t|\s\"]+", sample.decode(encoding, "replace")) if not word.isascii()), ""
    )
    return encoding, [
        f"The file does not say its encoding; it was read as {encoding}, which makes one word “{example[:30]}”. "
        "Choose another if that looks wrong; the numbers are the same."
    ]


def places(content: bytes) -> Iterator[int]:
    """Where bytes that are not ASCII begin."""
    return (found.start() for found in re.finditer(rb"[\x80-\xff]+", content))


def refuse_binary(text: Text, name: str) -> None:
    head = text.head(1 << 16)
    odd = len(CONTROL_CHARACTER.findall(head))
    if odd > max(3, 0.1 * len(head)):
        raise DatasetError(
            "not_text", f"“{name}” is not text: {odd / len(head):.0%} of its beginning are control characters. "
            "Save the table as CSV from the program that made it."
        )  # fmt: skip
    at = text.content.find(b"\0") if not text.encoding.startswith(("utf-16", "utf-32")) else -1
    if at >= 0:
        line_start = text.content.rfind(b"\n", 0, at) + 1
        line = text.content.count(b"\n", 0, at) + 1
        raise DatasetError(
            "nul_bytes",
            f"“{name}” has a NUL byte in line {line}, column {at - line_start + 1}: a part of the file was not "
            "written. Save it again, or delete that line.",
        )


def undecodable(text: Text) -> tuple[int, int] | None:
    """How many characters cannot be decoded, and the line of the first; None if all can."""
    decoder = codecs.getincrementaldecoder(text.encoding)("replace")
    count, first, line = 0, 0, 1
    for at in range(text.start, len(text.content) + 1, CHUNK_BYTES):
        decoded = decoder.decode(text.content[at : at + CHUNK_BYTES], at + CHUNK_BYTES >= len(text.content))
        if not first and "\ufffd" in decoded:
            first = line + decoded.count("\n", 0, decoded.index("\ufffd"))
        count, line = count + decoded.count("\ufffd"), line + decoded.count("\n")
    return (count, first) if count else None
