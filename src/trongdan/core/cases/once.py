"""A command counts once: what it did is kept by its key, and the same again gets the same answer."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.kernel.case import CaseState, Command, Event
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys

_sorted = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str).encode


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: the case, its reference, how far its trail goes, the tags written, the cases opened."""

    case: UUID
    reference: str
    seq: int
    tags: tuple[str, ...]
    opened: tuple[tuple[UUID, str], ...] = ()
    state: CaseState | None = None
    contents: tuple[Mapping[str, Any], ...] = ()
    first_hash: bytes = b""
    opening: Event | None = None
    replayed: bool = False
    vault_key: bytes | None = None  # of a vault laid down just now: files that came along go in under it

    def stored(self) -> dict[str, Any]:
        return {"case": str(self.case), "reference": self.reference, "seq": self.seq, "tags": list(self.tags),
                "opened": [[str(i), r] for i, r in self.opened]}  # fmt: skip


def restore(stored: Mapping[str, Any]) -> Done:
    return Done(UUID(stored["case"]), stored["reference"], stored["seq"], tuple(stored["tags"]),
                tuple((UUID(i), r) for i, r in stored["opened"]), replayed=True)  # fmt: skip


def known_keys(client: str, keys: Iterable[str]) -> set[str]:
    """Which keys of a client were used before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM td_command_key WHERE client = %s AND key = ANY(%s)", [client, list(keys)])
        return {row[0] for row in cursor.fetchall()}


def digest_of(command: Command, identity: Mapping[str, str] | None) -> bytes:
    """Keyed, because the table of keys is open to every role: a plain hash of a short letter would confirm its words.
    Commitments to files have a new salt at each try, so they are left out."""
    data = {k: v for k, v in command.data.items() if k not in ("files", "supplement_files")}
    body = {"kind": command.kind, "case": command.case, "action": command.action, "data": data,
            "on": command.on, "reason": command.reason, "agency": command.agency, "identity": dict(identity or {})}  # fmt: skip
    if command.reference:
        body["reference"] = command.reference
    words = _sorted(body).encode()
    return hmac.digest(keys.secret("commands"), words, "sha256")


def already(client: str, key: str, digest: bytes) -> Done:
    """The key was used: the same body gets what it got then, another body is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_hash, result FROM td_command_key WHERE client = %s AND key = %s", [client, key])
        row = cursor.fetchone()
    if row is None or bytes(row[0]) != digest:
        raise Refusal("key.reused", "Mã chống gửi trùng này đã dùng cho một nội dung khác. Hãy gửi lại từ đầu.", None)
    stored = row[1] if isinstance(row[1], dict) else json.loads(row[1])
    return restore(stored)
