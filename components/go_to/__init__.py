"""Leads the browser to another address of the page that it shows."""

from components.go_to.widget import go_to

__all__ = ["go_to"]
