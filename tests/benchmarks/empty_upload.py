"""The lower bound for an upload: it only shows the size."""

import streamlit as st

file = st.file_uploader("Upload CSV")
st.write(f"{len(file.getvalue()) if file else 0} bytes")
