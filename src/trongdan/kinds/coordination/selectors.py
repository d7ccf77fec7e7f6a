"""The register of voters' recommendations: lines, and what became of them by group of deputies, session or agency.
Each is one statement; run inside a scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.kernel.reference import format_reference

KIND = "coordination.voter_recommendation"
PAGE = 50
# What the register is counted by: where that stands of a case `c` and its first event `e`.
BY = {
    "doan": "e.payload #>> '{data,deputy_group}'", "ky": "e.payload #>> '{data,session}'", "co-quan": "c.agency",
    "linh-vuc": "coalesce(c.topic, '')",
}  # fmt: skip
_FROM = "FROM td_case c JOIN td_event e ON e.case_id = c.id AND e.seq = 0 WHERE c.kind = 'coordination.voter_recommendation'"
_LATE = "(NOT c.final AND (c.late OR c.due_on < current_date))"


@dataclass(frozen=True, slots=True)
class Line:
    """One recommendation. `forwarded_by`, `deputy_group` and `session` as recorded first."""

    id: UUID
    reference: str
    step: str
    agency: str
    topic: str | None
    opened_on: date
    due_on: date | None
    late: bool
    forwarded_by: str
    deputy_group: str
    session: str

    @property
    def shown(self) -> str:
        return format_reference(self.reference)


@dataclass(frozen=True, slots=True)
class Sum:
    """How far the recommendations of a row have come: four different facts, each counted apart."""

    of: str
    total: int
    unanswered: int
    answered: int
    acted: int
    verified: int
    confirmed: int
    explained: int
    late: int


def _narrowed(only: Mapping[str, str]) -> tuple[str, list[str]]:
    chosen = [(BY[k], v) for k, v in only.items() if k in BY and v]
    return "".join(f" AND {column} = %s" for column, _ in chosen), [value for _, value in chosen]


def register(only: Mapping[str, str], after: tuple[date, UUID] | None = None, most: int = PAGE) -> list[Line]:
    """The newest first, narrowed to {key of BY: value}; `after` is the last line of the page before."""
    where, values = _narrowed(only)
    parameters: list[Any] = [*values]
    if after is not None:
        where += " AND (c.opened_on, c.id) < (%s, %s)"
        parameters += after
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, c.reference, c.step, c.agency, c.topic, c.opened_on, c.due_on, {_LATE}, "
            "coalesce(e.payload #>> '{data,forwarded_by}', ''), coalesce(e.payload #>> '{data,deputy_group}', ''), "
            f"coalesce(e.payload #>> '{{data,session}}', '') {_FROM}{where} ORDER BY c.opened_on DESC, c.id DESC LIMIT %s",
            [*parameters, most])  # fmt: skip
        return [Line(*row) for row in cursor.fetchall()]


def sums(by: str, only: Mapping[str, str]) -> list[Sum]:
    """The recommendations counted by a key of BY, the biggest row first. Raises KeyError for another key."""
    where, values = _narrowed(only)
    steps = ("answered", "acted", "verified", "confirmed", "explained")
    counted = ", ".join(f"count(*) FILTER (WHERE c.step = '{step}')" for step in steps)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce({BY[by]}, ''), count(*), count(*) FILTER (WHERE c.step IN ('received', 'working')), {counted}, "
            f"count(*) FILTER (WHERE {_LATE}) {_FROM}{where} GROUP BY 1 ORDER BY 2 DESC, 1", values)  # fmt: skip
        return [Sum(*row) for row in cursor.fetchall()]
