"""How a file was read, and how to read it otherwise."""

from collections.abc import Mapping

import streamlit as st

from app.dataset import Reading
from app.dataset.upload import ALL_ROWS, LINES_ARE_COLUMNS, LINES_ARE_ROWS, Upload
from app.session import AUTOMATIC
from app.wording import Markdown, as_markdown

DECIMALS = {".": "point", ",": "comma"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "spaces"}
ENCODINGS = """
    utf-8 utf-16 cp1252 cp1250 cp1251 cp1253 cp1254 cp1257 iso8859-15 mac-roman cp850 gb18030 big5 shift_jis euc_kr
""".split()


MAX_COLUMNS_SHOWN = 20
"""Of the first rows; those at the left suffice to compare."""


def show_reading(upload: Upload, reading: Reading) -> None:
    """How a file was read, and folded up the widgets that read it otherwise."""
    delimiter, decimal = DELIMITERS.get(reading.delimiter, reading.delimiter), DECIMALS[reading.decimal]
    thousands = f", thousands “{reading.thousands}”" if reading.thousands else ""
    header = f"names in line {reading.header_line}" if reading.header else "no line of names"
    words = Markdown("Read as **{}**, delimiter **{}**, decimal mark **{}**{}, **{}**.")
    st.markdown(as_markdown(words.format(reading.encoding, delimiter, decimal, thousands, header)))
    ways = st.expander("Read it otherwise", expanded=not reading.header, key="ways", on_change="rerun")
    with ways:
        choose_reading(upload)
        if ways.open and not reading.turned:
            _compare(upload, reading)


def choose_reading(upload: Upload) -> None:
    """The widgets that read a file otherwise."""
    with st.container(horizontal=True):
        _way("Delimiter", "delimiter", DELIMITERS)
        _way("Decimal mark", "decimal", DECIMALS)
        _way("Encoding", "encoding", dict.fromkeys(ENCODINGS))
        lines = list(upload.first_lines)
        single = [f"line {line}" for line in lines]
        pairs = [f"lines {line} and {line + 1}" for line in lines if line + 1 in lines]
        _way("Line of names", "header", dict.fromkeys(["yes", "no", *single, *pairs]))
        for label, key in (("First line of data", "first_line"), ("Last line of data", "last_line")):
            st.number_input(
                as_markdown(label), 1, value=None, placeholder=AUTOMATIC, key=key, bind="query-params", width=150
            )
        _way("Rows", "rows", dict.fromkeys([ALL_ROWS]))
        _way("Orientation", "sides", dict.fromkeys([LINES_ARE_COLUMNS, LINES_ARE_ROWS]))
    st.code("\n".join(f"{line:>3}  {words}" for line, words in upload.first_lines.items()), language=None)


def _compare(upload: Upload, reading: Reading) -> None:
    """The first rows with a line of names and without one."""
    for place, names in zip(st.columns(2), (True, False), strict=True):
        title, as_now = "With names" if names else "Without names", Markdown("**{}**, as now")
        columns = list(upload.first_rows(reading, names).items())[:MAX_COLUMNS_SHOWN]
        place.markdown(as_markdown(as_now.format(title) if names == reading.header else title))
        place.dataframe(dict(columns), hide_index=True, height="content", alt=f"{title}: the first rows")


def _way(label: str, key: str, options: Mapping[str, str | None]) -> None:
    def shown(option: str) -> str:
        return options.get(option) or option

    st.selectbox(as_markdown(label), [AUTOMATIC, *options], key=key, bind="query-params", width=150, format_func=shown)
