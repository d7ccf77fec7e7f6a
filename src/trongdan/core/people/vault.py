"""Opening the vault: by perform, with a reason; what is in it comes back only to the transaction that wrote the event.

The database holds to that too (`td_vault_read`): no reading without a trace, and each trace is told to whoever watches.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.kernel.case import Actor, Command
from trongdan.platform import keys

from . import sealed

OPENING = ("vault.open", "vault.confirm")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file in the vault: what it is, and the key that opens its bytes on disk."""

    id: UUID
    name: str
    media: str
    size: int
    key: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """What a vault held at one opening. Shown once, kept nowhere."""

    identity: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    files: tuple[SealedFile, ...] = ()
    people: tuple[Mapping[str, str], ...] = ()  # where several send together: the newest list, each as `several.people` gives it


def open_vault(case_id: UUID, actor: Actor, reason: str, action: str = "vault.open", seen_seq: int | None = None) -> Opened:
    """Open the vault of a case, or confirm an emergency opening ("vault.confirm"). Raises Refusal; nothing is read then.

    The event, the alert it carries and the reading are one transaction."""
    if action not in OPENING:
        raise ValueError(action)
    with scope(actor):
        perform(Command("", str(case_id), action, reason=reason, seen_seq=seen_seq), actor)
        return _read(case_id)


def _read(case_id: UUID) -> Opened:
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, field, sealed, wrapped FROM td_vault_read(%s)", [case_id])
        rows = cursor.fetchall()
    identity: dict[str, str] = {}
    texts: list[str] = []
    files: list[SealedFile] = []
    people: dict[str, list[dict[str, str]]] = {}
    for root, name, body, wrapped in rows:
        plain = keys.open_under(sealed.unwrap(root, bytes(wrapped)), bytes(body), sealed.bound(root, name))
        kind, _, own = name.partition(":")
        if kind == "identity":
            identity = dict(json.loads(plain))
        elif kind == "text":
            texts.append(plain.decode())
        elif kind == "people":
            people[own] = json.loads(plain)
        elif kind == "file":
            about: dict[str, Any] = json.loads(plain)
            files.append(SealedFile(UUID(own), about["name"], about["media"], about["size"], bytes.fromhex(about["key"])))
    return Opened(identity, tuple(texts), tuple(files), tuple(people[max(people)]) if people else ())  # ids begin with their time
