"""The frame around every page."""

from pathlib import Path

import streamlit as st

from app import controls, session, tabs
from app.dataset import PRESETS
from app.runs.turns import turns
from components.connection import connection
from components.decimal_comma import decimal_comma
from components.stylesheet import stylesheet

st.set_page_config(
    page_title="Gradient Descent Playground", page_icon=Path(__file__).with_name("icon.svg"), layout="wide"
)
stylesheet("".join(Path(__file__).with_name(f"{name}.css").read_text("utf-8") for name in ("style", "lecture")))
decimal_comma()
controls.explain_terms()
former = {"tab": {"The step that runs": tabs.CODE}}
session.arrive({"dataset": {preset.key: preset.title for preset in PRESETS}, **controls.TITLES, **former})
pages = [
    st.Page("views/playground.py", title="Playground", default=True),
    st.Page("views/learn.py", title="Learn", url_path="learn"),
]
page = st.navigation(pages, position="hidden")
with turns.turn():
    page.run()
connection(away="No connection: the player goes on, and changes wait.")
