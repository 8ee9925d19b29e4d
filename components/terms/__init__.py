"""Explanations of the page's terms, on hover, focus and touch."""

from components.terms.widget import terms

__all__ = ["terms"]
