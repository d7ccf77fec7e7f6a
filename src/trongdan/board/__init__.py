"""Indicators and early warnings: declared, read from the cases, never written to one (design 9)."""
