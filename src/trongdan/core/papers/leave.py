"""Matters that leave this system, by an edge that is a `stub` (domain 15): number, date and receiver stay in the event,
everything else goes. The page hides the words at once; the worker takes them away."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from trongdan.core.cases import talks
from trongdan.core.cases.outbox import advance, cursor_of, read_batch
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.platform.jobs import every

from .files import forget

READER = "leaving"
TABLES = ("td_vault", "td_vault_term", "td_vault_key", "td_identity", "td_case_search")


@every(5, READER)
def leave() -> int:
    """Take away the words of the cases that left since the last turn; how many events were looked at."""
    gone: list[UUID] = []
    with scope(JOB):
        events = read_batch(cursor_of(READER), 200)
        for event in events:
            if event.payload.get("stub"):
                for case_id in _leaving(event.case_id):
                    gone += _erase(case_id)
        if events:
            advance(READER, events[-1])
    for file_id in gone:  # after the commit, as in erase
        forget(file_id)
    return len(events)


def _leaving(case_id: UUID) -> list[UUID]:
    """The case; and its letter, unless something else was opened from that and stays."""
    loaded = load([case_id])[case_id]
    if loaded.parent is None:
        return [case_id]
    letter = load([loaded.parent])[loaded.parent]
    others = load([UUID(c) for c in letter.state.children if c != str(case_id)])
    return [case_id] if any(not one.state.stub for one in others.values()) else [case_id, letter.id]


def _erase(case_id: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_content SET body = NULL, salt = NULL, erased_at = now() WHERE case_id = %s", [case_id])
        talks.forget(case_id)
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE case_id = %s", [case_id])
        cursor.execute("DELETE FROM td_file WHERE case_id = %s RETURNING id", [case_id])
        return [row[0] for row in cursor.fetchall()]
