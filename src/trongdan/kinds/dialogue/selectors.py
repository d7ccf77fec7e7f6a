"""Reading dialogues: what the public sees without a scope, and what the desk sees inside one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.cases.talks import Question
from trongdan.kernel.reference import format_reference, parse_reference
from trongdan.law import load_law
from trongdan.law.periods import Met, met, period_of

CONFERENCE, ENTERPRISES = "dialogue.conference", "dialogue.enterprises"
KINDS = (CONFERENCE, ENTERPRISES)
DUTY = "DT-01"  # at least once a year in each commune; the Law on grassroots democracy says the same (DC-04)
PAGE = 60


@dataclass(frozen=True, slots=True)
class Meeting:
    """An announced meeting, as anybody may see it. `facts`: occasion, subject, held_on, starts_at, place, questions_until."""

    case: UUID
    reference: str
    kind: str
    agency: str
    step: str
    facts: Mapping[str, str]

    @property
    def shown(self) -> str:
        return format_reference(self.reference)

    @property
    def asks(self) -> bool:
        return self.step == "noticed"

    @property
    def supportable(self) -> bool:
        return self.step in ("noticed", "in_session")

    @property
    def published(self) -> bool:
        return self.step == "published"


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question that a person let go. `people` asked it, `supports` more want it answered; the answer once published."""

    id: UUID
    words: str
    topic: str | None
    people: int
    supports: int
    answer: str | None
    answer_how: str | None
    answered_by: str | None


def _facts(value: Any) -> Mapping[str, str]:
    """JSON as Django's connection gives it: text."""
    return dict(json.loads(value)) if isinstance(value, str) else dict(value or {})


def _rows(query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _meeting(row: tuple[Any, ...]) -> Meeting:
    case, reference, kind, agency, step, facts = row
    return Meeting(case, reference, kind, agency, step, _facts(facts))


def announced(agency: str | None = None, most: int = PAGE) -> list[Meeting]:
    """Announced meetings, the newest day first. Public: needs no scope."""
    return [_meeting(row) for row in _rows(
        "SELECT case_id, reference, kind, agency, step, facts FROM td_meetings(%s, %s)", [agency, most])]  # fmt: skip


def meeting(reference: str) -> Meeting | None:
    """An announced meeting by its reference; None when there is none. Public. Raises Refusal for a broken reference."""
    found = _rows("SELECT case_id, reference, kind, agency, step, facts FROM td_meeting(%s)", [parse_reference(reference)])
    return _meeting(found[0]) if found else None


def public_questions(case: UUID) -> list[PublicQuestion]:
    """The questions that everybody sees, in the order of the day. Public."""
    return [PublicQuestion(*row) for row in _rows(
        "SELECT id, words, topic, people, supports, answer, answer_how, answered_by "
        "FROM td_meeting_questions(%s)", [case])]  # fmt: skip


def told(asked: Sequence[Question]) -> list[Question]:
    """The questions that were put: released, one for each group, in the order of the day."""
    return [q for q in asked if q.status == "released" and q.same_as is None]


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting in the desk's list."""

    id: UUID
    reference: str
    kind: str
    step: str
    agency: str
    due_on: date | None
    facts: Mapping[str, str]

    @property
    def shown(self) -> str:
        return format_reference(self.reference)


def of_scope(most: int = PAGE) -> list[Line]:
    """The meetings that the scope sees, the newest plan first."""
    return [Line(a, b, c, d, e, f, _facts(g)) for a, b, c, d, e, f, g in _rows(
        "SELECT c.id, c.reference, c.kind, c.step, c.agency, c.due_on, "
        "(SELECT coalesce(jsonb_object_agg(d.key, d.value ORDER BY e.seq), '{}') FROM td_event e "
        "CROSS JOIN LATERAL jsonb_each(coalesce(e.payload -> 'data', '{}')) d WHERE e.case_id = c.id "
        "AND e.payload ? 'edge' AND d.key IN ('subject', 'held_on', 'place')) FROM td_case c "
        "WHERE c.kind IN ('dialogue.conference', 'dialogue.enterprises') ORDER BY c.opened_on DESC, c.id LIMIT %s",
        [most])]  # fmt: skip


def duty_of_year(year: int, agencies: Sequence[str]) -> dict[str, Met]:
    """agency -> whether its yearly conference with the people was held and minuted (DT-01). Public facts: no scope."""
    period, rule = period_of("year", date(year, 7, 1)), load_law().rule(DUTY)
    days: dict[str, list[date]] = {}
    for agency, held in _rows("SELECT agency, held FROM td_meetings_held(%s, %s)", [period.first, period.last]):
        days.setdefault(agency, []).append(held)
    return {agency: met(rule, period, days.get(agency, ())) for agency in agencies}
