"""How a file was read, and how to read it otherwise."""

from collections.abc import Mapping

import streamlit as st

from app.controls.widgets import plain
from app.session import AUTOMATIC
from app.upload import Upload

DECIMALS = {".": "point", ",": "comma"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "spaces"}
ENCODINGS = """
    utf-8 utf-16 cp1252 cp1250 cp1251 cp1253 cp1254 cp1257 iso8859-15 mac-roman cp850 gb18030 big5 shift_jis euc_kr
""".split()


def choose_reading(upload: Upload) -> None:
    """How the file was read, and the words that read it otherwise."""
    reading = upload.dataset.reading if upload.dataset and not upload.error else None
    if reading:
        thousands = f", thousands “{reading.thousands}”" if reading.thousands else ""
        header = f"names in line {reading.header_line}" if reading.header else "no line of names"
        st.markdown(
            f"Read as **{reading.encoding}**, delimiter **{DELIMITERS.get(reading.delimiter, reading.delimiter)}**, "
            f"decimal mark **{DECIMALS[reading.decimal]}**{thousands}, **{header}**."
        )
        names = ", ".join(f"“{name}”" for name in upload.dataset.frame.columns[:4])  # type: ignore[union-attr]
        other = "it would be a row" if reading.header else "the first row would be names"
        st.caption(plain(f"The columns are called {names}; read the other way, {other}."))
    else:
        st.caption("Say how the file is written:")
    with st.container(horizontal=True):
        _way("Delimiter", "delimiter", DELIMITERS)
        _way("Decimal mark", "decimal", DECIMALS)
        _way("Encoding", "encoding", dict.fromkeys(ENCODINGS))
        _way("First line holds names", "header", {"yes": "yes", "no": "no"})


def _way(label: str, key: str, options: Mapping[str, str | None]) -> None:
    def shown(option: str) -> str:
        return options.get(option) or option

    st.selectbox(label, [AUTOMATIC, *options], key=key, bind="query-params", width=150, format_func=shown)
