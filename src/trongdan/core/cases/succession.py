"""A unit is merged into another while its cases are open: each goes on at the successor, by an event of its own.

Run again after a cut it goes on where it stopped: what has moved has nothing left to move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.selectors import Successors
from trongdan.kernel.case import SYSTEM, Command
from trongdan.kernel.errors import Refusal

from .perform import perform_many
from .scope import JOB, scope
from .trail import load

BATCH = 200
WHY = "cơ quan kế thừa"


@dataclass(frozen=True, slots=True)
class Summary:
    """How many cases were the old unit's, by kind; how many of them are open; (reference, why) of those that stayed."""

    kinds: Mapping[str, int]
    still_open: int
    stayed: tuple[tuple[str, str], ...] = ()


def held_by(follow: Successors) -> Summary:
    """What moving would move: counted, nothing changed. Connects as a job."""
    kinds, still_open = Counter[str](), 0
    for batch in _cases(follow):
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT kind, final FROM td_case WHERE id = ANY(%s)", [batch])
            for kind, final in cursor.fetchall():
                kinds[kind] += 1
                still_open += not final
    return Summary(kinds, still_open)


def move(follow: Successors, decision: str, now: datetime, seen: Callable[[int], None] | None = None) -> Summary:
    """Move every case of the old unit, open or ended, and who may see it; each batch is a transaction. Connects as a job."""
    kinds, still_open, stayed, done = Counter[str](), 0, list[tuple[str, str]](), 0
    data = {"agencies": dict(follow.agencies), "posts": dict(follow.posts), "decision": decision}
    for batch in _cases(follow):
        with scope(JOB):
            loaded = load(batch, lock=True)
            commands = [(Command(one.kind.id, str(id_), "case.succeed", data), None, None) for id_, one in loaded.items()]
            for (id_, one), result in zip(loaded.items(), perform_many(commands, SYSTEM, now=now, loaded=loaded), strict=True):
                if isinstance(result, Refusal):
                    stayed.append((one.reference, result.message))
                    continue
                kinds[one.kind.id] += 1
                still_open += one.state.closed_on is None
                _see(id_, follow, result.state.agency if result.state else one.state.agency)
        done += len(batch)
        if seen is not None:
            seen(done)
    return Summary(kinds, still_open, tuple(stayed))


def _see(case_id: UUID, follow: Successors, agency: str) -> None:
    """Who takes over sees what the one before saw. Whom the old unit's conflict kept out stays out at the new one too, unless
    the new one is the very agency that settles: then only the persons named are kept out, who are known by person."""
    codes, posts = list(follow.agencies), list(follow.posts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, appointment, deny FROM td_case_access WHERE case_id = %s AND (agency = ANY(%s) "
                       "OR appointment = ANY(%s) OR split_part(appointment, '/', 1) = ANY(%s))",
                       [case_id, codes, posts, codes])  # fmt: skip
        for at, appointment, deny in cursor.fetchall():
            to, post = follow.agencies.get(at or ""), follow.post(appointment) if appointment else None
            if (to or post) and not (deny and (to or (post or "").partition("/")[0]) == agency):
                cursor.execute("SELECT td_grant(%s, %s, %s, %s, %s)", [case_id, to, post, deny, WHY])


def _cases(follow: Successors) -> Iterator[list[UUID]]:
    """The cases that the old unit or one of its posts holds or sees, in the order of their ids."""
    codes, last = list(follow.agencies), UUID(int=0)
    while True:
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM td_case c WHERE id > %s AND (agency = ANY(%s) OR EXISTS (SELECT FROM td_case_access a "
                           "WHERE a.case_id = c.id AND (a.agency = ANY(%s) OR split_part(a.appointment, '/', 1) = ANY(%s)))) "
                           "ORDER BY id LIMIT %s", [last, codes, codes, codes, BATCH])  # fmt: skip
            batch = [row[0] for row in cursor.fetchall()]
        if not batch:
            return
        yield batch
        last = batch[-1]
