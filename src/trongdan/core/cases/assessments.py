"""What people thought of how their matter was handled. The rated must not find out the rater (domain 21)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

LEAST = 5  # assessments that a unit gets to see together
QUESTIONS = ("answered", "acted", "solved")


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessment as the superior reads it: `verdict` question -> yes | partly | no | unknown. No reference, no name."""

    agency: str
    kind: str
    on: date
    verdict: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Sums that a unit sees of itself: `people` assessments of whole weeks, of which so many said yes to each question."""

    since: date
    until: date
    people: int
    yes: dict[str, int]


def below(most: int = 100) -> list[Assessment]:
    """The newest assessments of the agencies below the scope's. Runs inside a scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, kind, on_date, verdict::text, reason FROM td_assessments(%s)", [most])
        rows = cursor.fetchall()
    return [Assessment(a, k, on, _verdict(v), reason or "") for a, k, on, v, reason in rows]


def _verdict(text: str) -> dict[str, str]:
    found: dict[str, Any] = json.loads(text)
    return {q: str(found.get(q, "unknown")) for q in QUESTIONS}


def own(agency: str, today: date) -> list[Batch]:
    """What a unit sees of itself: whole weeks that are over, put together until they hold at least LEAST assessments."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT week, people, answered, acted, solved FROM td_ratings() WHERE agency = %s ORDER BY week", [agency])
        return batches(cursor.fetchall(), today)


def batches(weeks: Iterable[tuple[date, int, int, int, int]], today: date) -> list[Batch]:
    """Weeks (Monday, people, and yes to each question) in batches; a batch that is not full yet stays unseen."""
    out: list[Batch] = []
    since: date | None = None
    people, yes = 0, [0, 0, 0]
    this_week = today - timedelta(days=today.weekday())
    for week, count, *said in weeks:
        if week >= this_week:
            break
        since = since or week
        people += count
        yes = [a + b for a, b in zip(yes, said, strict=True)]
        if people >= LEAST:
            out.append(Batch(since, week + timedelta(days=6), people, dict(zip(QUESTIONS, yes, strict=True))))
            since, people, yes = None, 0, [0, 0, 0]
    return out
