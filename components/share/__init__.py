"""A button that copies the page's address, which is a link to what the page shows."""

from components.share.widget import share

__all__ = ["share"]
