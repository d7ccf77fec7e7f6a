"""What became of the points of conclusions: kept, late, broken, still running; by agency and post. Vault cases are in no figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from trongdan.kernel.reference import format_reference

POINT = "reception.point"


@dataclass(frozen=True, slots=True)
class Kept:
    """Points that fell to an agency and a post in a period: done by the day that the head gave first (`kept`), after it but by a
    day that the head moved it to (`moved`), after the day (`late`), not done and the day gone by (`broken`), still running.
    `redated`: of all these, how many had their day moved. `post` None: nobody was named, it lies with the head."""

    agency: str
    post: str | None
    kept: int
    moved: int
    late: int
    broken: int
    running: int
    redated: int

    @property
    def all(self) -> int:
        return self.kept + self.moved + self.late + self.broken + self.running


def figures(since: date, until: date, today: date) -> list[Kept]:
    """By agency and post, of the scope's bodies and those below; points bound between two days. Inside a scope; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, post, kept, moved, late, broken, running, redated FROM td_promises(%s, %s, %s)",
                       [since, until, today])  # fmt: skip
        return [Kept(*row) for row in cursor.fetchall()]


def verdict(done: bool, first: date | None, due: date | None, stopped: date | None, today: date) -> str:
    """kept | moved | late | broken | running | other: what became of a point, by the day given first and the one that binds now."""
    if due is None:
        return "other"
    if not done:
        return "broken" if due < today else "running"
    if stopped is None or stopped > due:
        return "late"
    return "kept" if first is None or stopped <= first else "moved"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a conclusion that the scope sees. `first` is the day given first, `moves` how often it was moved."""

    case: UUID
    shown: str
    agency: str
    step: str
    first: date | None
    due: date | None
    stopped: date | None
    final: bool
    moves: int

    def verdict(self, today: date) -> str:
        if self.final and self.step != "done":
            return "other"
        return verdict(self.final, self.first, self.due, self.stopped, today)


def points(agency: str, most: int = 100) -> list[Point]:
    """The points that an agency concluded or must carry out, as far as the scope sees them: open ones first, by what is due. The
    next session opens with these."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.reference, c.agency, c.step, (SELECT (n ->> 'due')::date FROM td_event e "
            "CROSS JOIN LATERAL jsonb_array_elements(e.payload -> 'clocks') n WHERE e.case_id = c.id "
            "AND e.tag = 'point:binding:recorded' AND n ->> 'clock' = 'finish' ORDER BY e.seq LIMIT 1), "
            "coalesce(k.due_at, c.due_on), coalesce(k.stopped_on, c.closed_on), c.final, "
            "(SELECT count(*) FROM td_event e WHERE e.case_id = c.id AND e.tag = 'point:date:moved') FROM td_case c "
            "LEFT JOIN td_clock k ON k.case_id = c.id AND k.clock_id = 'finish' "
            "WHERE c.kind = %s AND NOT c.vault AND (c.agency = %s "
            "OR EXISTS (SELECT 1 FROM td_case p WHERE p.id = c.parent AND p.agency = %s)) AND c.step <> 'draft' "
            "ORDER BY c.final, coalesce(k.due_at, c.due_on), c.id LIMIT %s",
            [POINT, agency, agency, most],
        )
        return [Point(row[0], format_reference(row[1]), *row[2:]) for row in cursor.fetchall()]


def records(session: UUID) -> dict[int, UUID]:
    """number in the queue -> record, of a session. Inside the scope of its own body."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, record FROM td_reception_booking WHERE session_id = %s AND record IS NOT NULL", [session])
        return dict(cursor.fetchall())
