"""A line for a first visit, which can be dismissed for good."""

from components.offer.widget import offer

__all__ = ["offer"]
