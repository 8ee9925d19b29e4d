"""The visitor's own table, kept by the browser."""

from components.kept_table.widget import Asked, Shown, kept_table

__all__ = ["Asked", "Shown", "kept_table"]
