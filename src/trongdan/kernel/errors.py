"""Errors that are part of the interface: a refusal says what to do, and the article when the law is the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """A command that may not happen. `code` is stable for machines, `message` is Vietnamese for people."""

    def __init__(self, code: str, message: str, citation: str | None = None, details: Mapping[str, Any] | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.citation = citation
        self.details = dict(details or {})

    def __str__(self) -> str:
        return f"{self.message} ({self.citation})" if self.citation else self.message


class LoadError(Exception):
    """Data that does not hold together, refused at start with the file, the key and the reason."""

    def __init__(self, file: str, key: str, reason: str):
        super().__init__(f"{file}: {key}: {reason}")
        self.file = file
        self.key = key
        self.reason = reason


class KindError(LoadError):
    """A declaration of a kind that does not hold together."""


class LawError(LoadError):
    """A rule, a calendar or an example of the law that does not hold together."""


class CalendarMissing(Exception):
    """A year without a calendar: an error, never a silent Monday to Friday (design 5)."""

    def __init__(self, year: int):
        super().__init__(f"Chưa có lịch nghỉ năm {year}. Hãy bổ sung lịch năm {year} trước khi tính hạn.")
        self.year = year
