"""The event table is the outbox: readers take it in batches by a cursor that never skips a late commit (design 4, 8)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event as a reader gets it."""

    xid: str
    position: int
    case_id: UUID
    seq: int
    tag: str
    on: date
    at: datetime
    kind: str
    payload: Any
    hash: bytes


def cursor_of(reader: str) -> tuple[str, int]:
    """How far a reader has come; locks its row so that one worker at a time reads for it."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_cursor (reader, xid, position) VALUES (%s, '0', 0) ON CONFLICT DO NOTHING", [reader])
        cursor.execute("SELECT xid::text, position FROM td_cursor WHERE reader = %s FOR UPDATE", [reader])
        row = cursor.fetchone()
    return row[0], row[1]


def read_batch(after: tuple[str, int], most: int, payload: bool = True) -> Sequence[OutboxEvent]:
    """The next events in order of (xid, position), only those older than every running transaction. Whoever needs no
    `payload` gets None in its place and is spared the reading of it."""
    body = "payload" if payload else "NULL::jsonb"
    with connection.cursor() as cursor:
        cursor.execute(
            # ORDER BY a bare `xid` would mean the text of the first column, by which 1000 comes before 999.
            f"SELECT e.xid::text, position, case_id, seq, tag, on_date, at, kind, {body}, hash FROM td_event e "
            "WHERE (e.xid, position) > (%s::xid8, %s) AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) "
            "ORDER BY e.xid, position LIMIT %s", [after[0], after[1], most])  # fmt: skip
        return [
            OutboxEvent(xid, position, case_id, seq, tag, on, at, kind, json.loads(body) if isinstance(body, str) else body,
                        bytes(hash_))
            for xid, position, case_id, seq, tag, on, at, kind, body, hash_ in cursor.fetchall()
        ]  # fmt: skip


def advance(reader: str, last: OutboxEvent) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_cursor SET xid = %s::xid8, position = %s WHERE reader = %s",
                       [last.xid, last.position, reader])  # fmt: skip
