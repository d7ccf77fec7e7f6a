"""The port to text messages (SMS, Zalo): one function. A province plugs in its provider by NOTICE_TEXT_GATEWAY.

The gateway at hand writes each message as a line of JSON into TRONGDAN_HOME/outbox-sms, from where an operator or a
provider's own program takes them.
"""

from __future__ import annotations

import fcntl
import json
import os
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from trongdan.platform.home import subfolder

FILE_GATEWAY = "trongdan.core.notices.gateway.FileGateway"


class GatewayRefused(Exception):
    """The gateway did not take a message. `code` is short and without content; `final` when trying again is useless."""

    def __init__(self, code: str, final: bool = False):
        super().__init__(code)
        self.code = code
        self.final = final


class TextGateway(Protocol):
    """What a provider must do. `key` is the same whenever the same notice is tried again, for its own deduplication."""

    def send(self, phone: str, text: str, key: str, at: datetime) -> None:
        """Hand the message over, or raise GatewayRefused."""
        ...


class FileGateway:
    """Messages as lines of JSON in outbox-sms/<day>.jsonl (0600): {"key", "at", "phone", "text"}."""

    def send(self, phone: str, text: str, key: str, at: datetime) -> None:
        line = json.dumps({"key": key, "at": at.isoformat(), "phone": phone, "text": text}, ensure_ascii=False) + "\n"
        path = subfolder("outbox-sms") / f"{at:%Y-%m-%d}.jsonl"
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two workers must not mix their lines
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())


def text_gateway() -> TextGateway | None:
    """The gateway of the setting NOTICE_TEXT_GATEWAY (a dotted class); None when it is empty: no text messages."""
    name = str(getattr(settings, "NOTICE_TEXT_GATEWAY", FILE_GATEWAY))
    return cast("TextGateway", import_string(name)()) if name else None
