"""Sentences and formulas about a run."""
