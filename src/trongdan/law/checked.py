"""What of the law as shipped was not read in a primary text: deadlines, calendars, competence, admissibility."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .admissibility.items import items
from .book import Law
from .competence.tables import acts, bodies, fields, routes
from .receiving import duties


@dataclass(frozen=True, slots=True)
class Unchecked:
    """One value: `kind` deadline, day, competence, act, route, field, reception or admissibility; `where` it was read, if
    anywhere."""

    kind: str
    id: str
    verified: str
    says: str
    where: str


def unchecked(law: Law) -> Iterator[Unchecked]:
    """Every value not read in a primary text; within each kind those read nowhere first."""
    for rule, v in law.unread():
        limit = "không có số" if v.value is None else f"{v.value} {v.unit.value}"
        yield Unchecked("deadline", v.id, v.source.verified, f"{limit}: {rule.title} ({v.basis})", v.source.where)
    for note in law.calendar.notes():
        if not note.verified:
            yield Unchecked("day", note.day.isoformat(), "unread", note.name, note.source)
    yield from sorted(_competence(), key=lambda row: row.verified != "unread")
    for duty in sorted(duties().values(), key=lambda d: d.verified != "unread"):
        if duty.verified != "primary":
            yield Unchecked("reception", duty.id, duty.verified, f"{duty.name}: {', '.join(duty.rules)}", duty.basis)
    for item in sorted({i.id: i for i in items()}.values(), key=lambda i: i.verified != "unread"):
        if item.verified != "primary":
            yield Unchecked("admissibility", item.id, item.verified, item.question, item.basis)


def _competence() -> Iterator[Unchecked]:
    for body in bodies().values():
        for step in body.steps:
            if step.verified != "primary":
                yield Unchecked("competence", f"{body.kind}.{step.level}", step.verified,
                                f"{step.name}: {step.head} ({step.first})", step.where)  # fmt: skip
    for versions in acts().values():
        for act in versions:
            if act.verified != "primary":
                yield Unchecked("act", act.id, act.verified, f"{act.words} ({act.basis})", "")
    for route in routes():
        if route.verified != "primary":
            yield Unchecked("route", route.id, route.verified, f"{route.name} ({route.basis})", "")
    table, mark = fields()
    if mark != "primary":
        for name, field in table.items():
            yield Unchecked("field", name, mark, f"{field.department}; {field.ministry}", "")
