"""Logs never carry what people wrote, nor a token: paths lose their query and secret parts."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/theo-doi/[^/\s]+/)[^/\s?\"']+|([?&](?:token|t)=)[^&\s\"']+")


def without_secrets(text: str) -> str:
    """A line without tracking tokens."""
    return _TOKEN.sub(lambda m: (m.group(1) or m.group(2)) + "…", text)


class NoWords(logging.Filter):
    """Takes tokens out of a record's message and keeps tracebacks from printing values of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secrets(record.getMessage())
        record.args = ()
        if hasattr(record, "request"):
            record.request = None
        return True
