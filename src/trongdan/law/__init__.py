"""What the law says, as data with a source: rules, calendars, worked examples, and their loader. Pure."""

from __future__ import annotations

from .book import Law
from .loader import load_law

__all__ = ["Law", "load_law"]
