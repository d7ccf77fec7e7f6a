"""Logs never carry what people wrote, nor a token: paths lose their secret parts, errors their messages.

A traceback keeps files, lines and types. The message of an error is left out, because it may quote a person's words
(a driver's DETAIL, a parser's "invalid literal …"); a database error keeps its code and constraint. For work on
the code, never with real letters, TRONGDAN_LOG_VALUES=1 shows messages too.
"""

from __future__ import annotations

import logging
import os
import re
import traceback
from types import TracebackType
from typing import TypeAlias

_TOKEN = re.compile(r"(/(?:theo-doi/[^/\s]+|so-thu-tu|lich-hen|may-lay-so)/)[^/\s?\"']+|([?&](?:token|t|ma)=)[^&\s\"']+")
ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def without_secrets(text: str) -> str:
    """A line without tracking tokens."""
    return _TOKEN.sub(lambda m: (m.group(1) or m.group(2)) + "…", text)


def _told(error: BaseException) -> str:
    """What may be told of an error: its type, and for a database error its code and constraint."""
    if os.environ.get("TRONGDAN_LOG_VALUES") == "1":
        return f"{type(error).__name__}: {without_secrets(str(error))}"
    parts = [f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")]
    code = getattr(error, "code", None)  # a Refusal's
    if isinstance(code, str):
        parts.append(code)
    if getattr(error, "sqlstate", None):
        diag = getattr(error, "diag", None)
        parts += [str(error.sqlstate), str(getattr(diag, "constraint_name", None) or "")]  # type: ignore[attr-defined]
    return " ".join(part for part in parts if part)


def frames(error: BaseException) -> str:
    """The traceback of an error and of its causes, without messages."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None and len(lines) < 200:
        lines.append(f"{_told(current)}")
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(current.__traceback__)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)


class Plain(logging.Formatter):
    """One line a record, then a traceback without values."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  the name is logging's
        return frames(ei[1]) if ei[1] is not None else ""


class NoWords(logging.Filter):
    """Takes tokens out of a record's message, and the request (with its body) off the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secrets(record.getMessage())
        record.args = ()
        if hasattr(record, "request"):
            record.request = None
        return True
