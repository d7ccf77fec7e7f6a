"""What became of what was received: answered, acted, verified, confirmed by the person. Four things, never one figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from trongdan.kernel.kind import COUNTED

from .registry import kinds

STAGES = ("inside", "council", "public")


@dataclass(frozen=True, slots=True)
class After:
    """Of what an agency received of a kind in a period: how many were answered, acted on, verified by another, confirmed by
    the person, or called unfinished by the person. None: the kind has no such event, or (of the scope's own agencies, whose
    raters stay unknown) nobody is to see it here."""

    agency: str
    kind: str
    received: int
    answered: int | None
    acted: int | None
    verified: int | None
    confirmed: int | None
    denied: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A letter as everybody may read it: redacted, checked by a person, by a decision of the chair."""

    agency: str
    kind: str
    topic: str | None
    closed_on: date | None
    text: str
    answer: str
    decision_no: str
    decision_on: date | None


def _tags(what: str) -> list[str]:
    return sorted({tag for kind in kinds().values() for tag in kind.counts.get(what, ())})


def after(since: date, until: date) -> list[After]:
    """By agency and kind, of what came in from one day to another (both included): the scope's own agencies first, then those
    below. Never a vault case. One statement, inside a scope."""
    counted = [kind.id for kind in kinds().values() if kind.counts]
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, kind, received, answered, acted, verified, confirmed, denied, own "
                       "FROM td_after(%s, %s, %s, %s, %s, %s, %s)", [since, until, counted, *map(_tags, COUNTED)])  # fmt: skip
        rows = cursor.fetchall()
    return [_after(*row) for row in rows]


def _after(agency: str, kind: str, received: int, *rest: int | bool | None) -> After:
    declared = kinds()[kind].counts
    answered, acted, verified = (int(n or 0) if what in declared else None for what, n in zip(COUNTED, rest[:3], strict=False))
    confirmed, denied = (None if n is None else int(n) for n in rest[3:5])
    return After(agency, kind, received, answered, acted, verified, confirmed, denied, bool(rest[5]))


def published(stage: str, most: int = 50) -> list[Published]:
    """What is public at a stage ("public" for everybody), newest first. What stands open to all stands open to fewer too."""
    stages = STAGES[STAGES.index(stage) :]
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, kind, topic, closed_on, text, answer, decision_no, decision_on FROM td_published(%s, %s)",
                       [list(stages), most])  # fmt: skip
        return [Published(a, k, topic, on, text, answer or "", number or "", date.fromisoformat(day) if day else None)
                for a, k, topic, on, text, answer, number, day in cursor.fetchall()]  # fmt: skip


def together(rows: Iterable[After]) -> dict[str, int | None]:
    """The sums of some rows; None where none of them says anything."""
    found = list(rows)
    out: dict[str, int | None] = {}
    for name in ("received", "answered", "acted", "verified", "confirmed", "denied"):
        known = [v for row in found if (v := getattr(row, name)) is not None]
        out[name] = sum(known) if known else None
    return out
