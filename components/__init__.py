"""Streamlit components. None knows what it is used for: they import nothing of the app, and no word of its subject."""
