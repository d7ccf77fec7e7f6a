"""Free text leaves a command before it is decided: what stays is a reference and a salted commitment (design 8)."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from trongdan.kernel.journal import SALT_SIZE, commit
from trongdan.kernel.kind import Kind
from trongdan.platform.text import clean

from .rows import Row

# Free text of the actions every kind has.
KERNEL_TEXTS = {
    "case.note": frozenset({"note"}), "paper.return": frozenset({"remark"}), "clock.explain": frozenset({"explanation"}),
    "case.assess": frozenset({"reason"}), "case.ask": frozenset({"question"}), "case.reply": frozenset({"reply"}),
}  # fmt: skip


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562 version 7), made here so that no round trip is needed for it."""
    millis = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = millis << 80 | 0x7 << 76 | (tail >> 68 & 0xFFF) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=value)


def content_row(case_id: UUID, field: str, text: str) -> Row:
    """A new content with a salt of its own: no content is shared between cases."""
    salt, body = os.urandom(SALT_SIZE), clean(text)
    return {"id": str(uuid7()), "case_id": str(case_id), "field": field, "salt": salt.hex(), "body": body,
            "commitment": commit(salt, body).hex()}  # fmt: skip


def reference_to(row: Row) -> dict[str, str]:
    return {"content": row["id"], "commitment": row["commitment"]}


def seal_data(kind: Kind, action: str, case_id: UUID, data: Mapping[str, Any], contents: list[Row]) -> dict[str, Any]:
    """The data of a command with its free text put into `contents`; other strings are cleaned to NFC."""
    sealed = KERNEL_TEXTS.get(action, kind.sealed_fields)
    out: dict[str, Any] = {}
    for key, value in data.items():
        if key in sealed and isinstance(value, str):
            if not value.strip():
                continue
            row = content_row(case_id, key, value)
            contents.append(row)
            out[key] = reference_to(row)
        else:
            out[key] = clean(value) if isinstance(value, str) else value
    return out


def seal_reason(case_id: UUID, reason: Any, contents: list[Row]) -> Any:
    """The reason of a command, sealed like other free text."""
    if not isinstance(reason, str) or not reason.strip():
        return None
    row = content_row(case_id, "reason", reason)
    contents.append(row)
    return reference_to(row)
