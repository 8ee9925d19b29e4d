"""What a lecture keeps of the page, and goes to."""

import streamlit as st

from app import session
from components.player import stops


def keep_stops() -> None:
    """Let the presenter of a lecture make stops of this page, and go to others."""

    def go() -> None:
        session.go()
        st.rerun()  # all of it, for the widgets outside the fragment that this stands in

    stops(key=session.STOPS, page=session.page_now(), went=session.went(), on_go=go)
