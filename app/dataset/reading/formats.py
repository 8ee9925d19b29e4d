"""Recognizes files that are not CSV whatever their name says, by their first bytes; nothing is unpacked."""

import re

SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook (xls) or another old Office document"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture or a sound"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"MATLAB 5.0", "a MATLAB file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"RDX2\n", "an R workspace"),
    (b"RDX3\n", "an R workspace"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"MZ\x90", "a program"),
    (b"\x7fELF", "a program"),
)
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
PICKLE = re.compile(rb"\x80[\x02-\x05]")
HTML = re.compile(rb"\s*<(!doctype html|html|head|body)\b", re.IGNORECASE)
MARKUP = re.compile(rb"\s*<(\?xml|[a-zA-Z!][^,;\t|]*>)")
JSON = re.compile(rb'\s*(\{\s*("[^"]*"\s*:|\})|\[\s*([\[{"\]]|-?\d|true|false|null))')


def foreign_format(content: bytes) -> str:
    """What the file is if it is not a table as text, such as "a PDF document"; else ""."""
    head, tail = content[:4096].removeprefix(b"\xef\xbb\xbf"), content[-4096:].rstrip()
    if head.startswith(b"PK\x03\x04"):
        return _zip(content)
    for signature, what in SIGNATURES:
        # A CSV header may begin with "ORC" too, but it has no control characters.
        if head.startswith(signature) and (BINARY.search(head) or not signature.isalnum()):
            return what
    if PICKLE.match(head) and tail.endswith(b"."):
        return "a Python pickle"
    if HTML.match(head) or (MARKUP.match(head) and tail.endswith(b">")):
        return "an XML file" if b"<?xml" in head[:100] and b"<html" not in head.lower() else "a web page"
    if JSON.match(head) and tail.endswith((b"}", b"]")):
        return "a Jupyter notebook" if b'"cells"' in head and b'"nbformat"' in tail else "a JSON file"
    return ""


def _zip(content: bytes) -> str:
    """What a zip archive is, by the names of its members, which it holds as plain bytes."""
    names = content[:100_000] + content[-100_000:]
    for member, what in (
        (b"xl/", "an Excel workbook (xlsx)"),
        (b"opendocument.spreadsheet", "a LibreOffice spreadsheet (ods)"),
        (b"word/", "a Word document"),
        (b"ppt/", "a PowerPoint presentation"),
        (b"Index/Tables/", "a Numbers spreadsheet"),
    ):
        if member in names:
            return what
    return "a zip archive"
