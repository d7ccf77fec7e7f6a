"""Reading the trail: rows of td_event into kernel events, and a case folded from them. Runs inside a scope."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.kernel.case import VIETNAM, CaseState, Event
from trongdan.kernel.folding import fold
from trongdan.kernel.kind import Kind

from .registry import kind as kind_of

_EVENTS = (
    "SELECT case_id, seq, tag, on_date, at, payload, kind, kind_version, actor_post, actor_person, on_behalf, prev, hash "
    "FROM td_event WHERE case_id = ANY(%s) ORDER BY case_id, seq"
)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with what chains it."""

    event: Event
    prev: bytes | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as read: its row, its trail, its state."""

    id: UUID
    reference: str
    parent: UUID | None
    generation: int
    kind: Kind
    trail: tuple[StoredEvent, ...]
    state: CaseState

    @property
    def head(self) -> bytes | None:
        return self.trail[-1].hash if self.trail else None

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(s.event for s in self.trail)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _stored(row: Sequence[Any]) -> StoredEvent:
    _, seq, tag, on, at, payload, kind, version, post, person, behalf, prev, hash_ = row
    actor = {"post": post, "person": str(person) if person else None, "on_behalf": behalf}
    event = Event(tag, on, at, _json(payload), seq, kind, version, actor)
    return StoredEvent(event, bytes(prev) if prev is not None else None, bytes(hash_))


def trails(case_ids: Sequence[UUID]) -> dict[UUID, list[StoredEvent]]:
    """The trails of several cases in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [list(case_ids)])
        out: dict[UUID, list[StoredEvent]] = {case_id: [] for case_id in case_ids}
        for row in cursor.fetchall():
            out[row[0]].append(_stored(row))
    return out


def load(case_ids: Sequence[UUID], lock: bool = False) -> dict[UUID, Loaded]:
    """Cases with their trails and states, those that the scope sees. `lock` locks them in the order of their ids."""
    if not case_ids:
        return {}
    query = "SELECT id, reference, parent, generation, kind FROM td_case WHERE id = ANY(%s) ORDER BY id"
    with connection.cursor() as cursor:
        cursor.execute(query + (" FOR UPDATE" if lock else ""), [list(case_ids)])
        rows = cursor.fetchall()
    found = trails([row[0] for row in rows]) if rows else {}
    out = {}
    for case_id, reference, parent, generation, kind_id in rows:
        kind = kind_of(kind_id)
        trail = tuple(found[case_id])
        out[case_id] = Loaded(case_id, reference, parent, generation, kind, trail, fold(kind, (s.event for s in trail)))
    return out


def bodies(case_ids: Sequence[UUID]) -> dict[str, str]:
    """content id -> text, of the contents of these cases that are not erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, body FROM td_content WHERE case_id = ANY(%s) AND body IS NOT NULL", [list(case_ids)])
        return {str(row[0]): row[1] for row in cursor.fetchall()}


def today() -> date:
    """The day in Vietnam."""
    return datetime.now(VIETNAM).date()
