"""Streamlit components, each a folder with its Python side and its frontend/: a player of charts, and a log slider.

They show what they are sent and know nothing of where it comes from: they must never import anything from `app`, nor
name its subject in an identifier, a message or a text. Whatever a page shows of it, an axis title for instance, is an
argument. So each could be used in another app as it is. tests/test_layers.py holds the rule on imports.
"""
