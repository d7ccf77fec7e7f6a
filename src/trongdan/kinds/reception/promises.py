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
    """Points that fell to an agency and a post in a period: done by the day that the head gave (`kept`), after it (`late`), not
    done and the day gone by (`broken`), still running. `post` None: nobody was named, it lies with the head."""

    agency: str
    post: str | None
    kept: int
    late: int
    broken: int
    running: int

    @property
    def all(self) -> int:
        return self.kept + self.late + self.broken + self.running


def figures(since: date, until: date, today: date) -> list[Kept]:
    """By agency and post, of the scope's bodies and those below; points bound between two days. Inside a scope; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, post, kept, late, broken, running FROM td_promises(%s, %s, %s)", [since, until, today])
        return [Kept(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a conclusion that the scope sees."""

    case: UUID
    shown: str
    agency: str
    step: str
    due: date | None
    closed_on: date | None
    final: bool

    def verdict(self, today: date) -> str:
        """kept | late | broken | running | other"""
        if self.due is None or (self.final and self.step != "done"):
            return "other"
        if self.final:
            return "kept" if self.closed_on and self.closed_on <= self.due else "late"
        return "broken" if self.due < today else "running"


def points(agency: str, most: int = 100) -> list[Point]:
    """The points that an agency concluded or must carry out, as far as the scope sees them: open ones first, by what is due. The
    next session opens with these."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.reference, c.agency, c.step, coalesce(k.due_at, c.due_on), c.closed_on, c.final FROM td_case c "
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
