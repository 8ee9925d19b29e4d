"""Parameters of the page's URL that no widget reads."""

import streamlit as st


def parameter(name: str) -> str:
    """What the URL says of it; "" if nothing."""
    return str(st.query_params.get(name, ""))


def write_parameter(name: str, text: str) -> None:
    if text == parameter(name):
        return
    if text:
        st.query_params[name] = text
    else:
        del st.query_params[name]
