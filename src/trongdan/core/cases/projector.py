"""What is derived after the fact, in batches: the search text of a case. Never in the sender's request."""

from __future__ import annotations

from django.db import connection

from trongdan.platform.text import fold, words_of

from .outbox import advance, cursor_of, read_batch

READER = "search"


def fill_search(most: int = 500) -> int:
    """Bring the search table up to the trail; how many events were read. Runs inside the job scope."""
    events = read_batch(cursor_of(READER), most)
    if not events:
        return 0
    ids = sorted({e.case_id for e in events})
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.id, c.reference, c.arrival_no, c.secret IS NOT NULL OR c.vault, "
                       "(SELECT string_agg(t.body, ' ') FROM td_content t WHERE t.case_id = c.id AND t.body IS NOT NULL "
                       "AND t.field <> 'reason'), "
                       "(SELECT string_agg(i.name, ' ') FROM td_identity i "
                       "WHERE i.case_id = c.id), ARRAY(SELECT DISTINCT coalesce(a.agency, a.appointment) FROM td_case_access a "
                       "WHERE a.case_id = c.id AND NOT a.deny ORDER BY 1) FROM td_case c WHERE c.id = ANY(%s)", [ids])  # fmt: skip
        # Reasons stay out: among them is what the person thought of the answer, which the rated may not find (domain 21).
        rows = []
        for case_id, reference, arrival, stub, words, name, seers in cursor.fetchall():
            # A case with signs of a state secret, and one of the vault, keep a stub: numbers, never words (domain 12, 19).
            text = f"{reference} {arrival or ''}" if stub else f"{reference} {arrival or ''} {name or ''} {words or ''}"
            folded = fold(text)
            rows.append((case_id, folded, words_of(folded), seers))
        cursor.executemany(
            "INSERT INTO td_case_search AS s (case_id, folded, words, seers) VALUES (%s, %s, array_to_tsvector(%s), %s) "
            "ON CONFLICT (case_id) DO UPDATE SET folded = excluded.folded, words = excluded.words, seers = excluded.seers "
            "WHERE (s.folded, s.seers) IS DISTINCT FROM (excluded.folded, excluded.seers)", rows)  # fmt: skip
    advance(READER, events[-1])
    return len(events)
