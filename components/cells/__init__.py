"""A small table whose cells are typed in as text."""

from components.cells.widget import Note, cells

__all__ = ["Note", "cells"]
