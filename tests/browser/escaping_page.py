"""A page that shows the words in its URL in every way in which Streamlit reads Markdown."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.wording import Markdown, as_markdown

for word in st.query_params.get_all("word"):
    st.markdown(as_markdown(word))
    st.caption(as_markdown(Markdown("**of** {}").format(word)))
    st.warning(as_markdown(word))
    st.progress(0.5, as_markdown(word))
    st.button(as_markdown(word), help=as_markdown(word))
    st.table({as_markdown(word): [as_markdown(word)]})
