"""What is derived after the fact, in batches: the search text of a case. Never in the sender's request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from pydantic_core import to_json

from trongdan.platform.text import fold, pairs_of, words_of

from .outbox import OutboxEvent, advance, cursor_of, read_batch

READER = "search"
MOST_PAIRED = 100_000  # letters of a text: with pairs beside its words a longer one might not fit the index
EVERYBODY = "*"  # the seer that stands for whoever sees all

# Reasons stay out: among them is what the person thought of the answer, which the rated may not find (domain 21).
_CASES = (
    "SELECT c.id, c.opened_on, c.reference, c.arrival_no, c.secret IS NOT NULL OR c.vault, (SELECT string_agg(t.body, ' ')"
    " FROM td_content t "
    "WHERE t.case_id = c.id AND t.body IS NOT NULL AND t.field <> 'reason'), "
    "(SELECT string_agg(i.name, ' ') FROM td_identity i WHERE i.case_id = c.id), "
    "(SELECT string_agg(DISTINCT e.payload ->> 'number', ' ') FROM td_event e WHERE e.case_id = c.id AND e.payload ? 'number'), "
    "ARRAY(SELECT DISTINCT coalesce(a.agency, a.appointment) FROM td_case_access a WHERE a.case_id = c.id AND NOT a.deny "
    "ORDER BY 1) FROM td_case c WHERE c.id = ANY(%s)"
)
# What whole batches of cases are written by: the words, and beside them who may look for them from which day on.
_WRITE = (
    "WITH rows AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%s) AS r (id uuid, opened_on date, folded text, words text[], "
    "seers text[])), near AS (INSERT INTO td_case_near (seer, opened_on, case_id) SELECT unnest(seers || %s::text), opened_on, id "
    "FROM rows ON CONFLICT DO NOTHING) "
    "INSERT INTO td_case_search AS s (case_id, folded, words, seers) SELECT id, folded, array_to_tsvector(words), seers FROM rows "
    "ON CONFLICT (case_id) DO UPDATE SET folded = excluded.folded, words = excluded.words, seers = excluded.seers "
    "WHERE (s.folded, s.seers, s.words) IS DISTINCT FROM (excluded.folded, excluded.seers, excluded.words)"
)
_PLAIN = frozenset({"edge", "data"})


def fill_search(most: int = 1000) -> int:
    """Bring the search tables up to the trail; how many events were read. Runs inside the job scope."""
    events = read_batch(cursor_of(READER), most)
    if not events:
        return 0
    ids = sorted({event.case_id for event in events if _concerns(event)})
    if ids:
        _fill(ids)
    advance(READER, events[-1])
    return len(events)


def _concerns(event: OutboxEvent) -> bool:
    """Whether an event may change what is searched: not when it only answers questions of its step by plain values, as
    the machine's reading of every letter does. A sealed text, a number, a post, an agency, a paper or a clock does."""
    if event.seq == 0 or not event.payload.keys() <= _PLAIN:
        return True
    data = event.payload.get("data", {})
    return any(isinstance(value, dict) or field in ("arrival_no", "verifier") for field, value in data.items())


def _fill(ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [list(ids)])
        rows = [_row(*found) for found in cursor.fetchall()]
        cursor.execute(_WRITE, [to_json(rows).decode(), EVERYBODY])


def _row(case_id: UUID, opened: Any, reference: str, arrival: str | None, stub: bool, words: str | None,
         name: str | None, papers: str | None, seers: list[str]) -> dict[str, Any]:  # fmt: skip
    # A case with signs of a state secret, and one of the vault, keep a stub: numbers, never words (domain 12, 19).
    text = f"{reference} {arrival or ''}" if stub else " ".join((reference, arrival or "", papers or "", name or "", words or ""))
    folded = fold(text)
    pairs = [] if stub or len(folded) > MOST_PAIRED else pairs_of(words or "", name or "")
    return {"id": case_id, "opened_on": opened, "folded": folded, "words": words_of(folded) + pairs, "seers": seers}
