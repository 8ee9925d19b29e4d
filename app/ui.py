"""The frame around every page."""

from pathlib import Path

import streamlit as st

from app import session

st.set_page_config(
    page_title="Gradient Descent Playground", page_icon=Path(__file__).with_name("icon.svg"), layout="wide"
)
session.mend_address()
st.navigation([st.Page("views/playground.py", title="Playground", default=True)], position="hidden").run()
