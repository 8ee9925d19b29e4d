"""Number fields that take a decimal comma."""

from components.decimal_comma.widget import decimal_comma

__all__ = ["decimal_comma"]
