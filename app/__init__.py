"""The playground's own code: everything that knows what gradient descent is.

README.md beside this file is the map. A room, that is a folder here, imports only rooms further down in that map's
list, and `components`. Torch is imported in `engine` alone, Streamlit only where widgets are, and nothing imports
`main`. tests/test_layers.py holds all of it.
"""
