"""What officials made of the machine's reading: agreement month by month (drift), and their decisions as labelled examples.

An example leaves the instance only by a decision of the head (its number), without names, telephone numbers and papers'
numbers, and never from a denunciation or a letter with signs of a state secret: a denouncer is known by what he tells
(domain 19), and a text that taught the machine can't be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from trongdan.core.cases.scope import JOB, scope
from trongdan.law import classify as law

NEVER = ("to_cao",)
FEW = 30  # decisions in a month; below, a share says nothing
FALL = 0.05  # of agreement against the whole before, at which a retraining is proposed
_NUMBER = re.compile(r"\+?\d[\d .\-/]{6,}\d|\d{4,}")

_PAIRS = """
SELECT c.id, r.payload->'data'->>'reading', r.payload->'data'->>'reading_field', d.payload->'data'->>'nature',
       d.payload->'data'->>'topic', d.on_date
FROM td_case c
JOIN td_event r ON r.case_id = c.id AND r.tag = 'letter:reading:suggested'
JOIN LATERAL (SELECT e.payload, e.on_date FROM td_event e WHERE e.case_id = c.id AND e.payload->'data' ? 'nature'
              ORDER BY e.seq LIMIT 1) d ON true
WHERE c.kind = 'letters.letter' AND NOT c.vault AND c.secret IS NULL ORDER BY d.on_date, c.id
"""


@dataclass(frozen=True, slots=True)
class Month:
    """What was decided in a month beside what the machine had said. `agreed` of `decided` by nature; `into` counts
    (said, decided) where they differ."""

    month: date
    decided: int
    agreed: int
    into: dict[tuple[str, str], int]

    @property
    def share(self) -> float:
        return self.agreed / self.decided if self.decided else 0.0


def months() -> list[Month]:
    """Every month in which letters were classified by officials. Counts only, no letter."""
    found: dict[date, Month] = {}
    for _case, said, _field, decided, _topic, on in _pairs():
        first = on.replace(day=1)
        one = found.setdefault(first, Month(first, 0, 0, {}))
        into = one.into if said == decided else {**one.into, (said, decided): one.into.get((said, decided), 0) + 1}
        found[first] = Month(first, one.decided + 1, one.agreed + (said == decided), into)
    return list(found.values())


def drifted(found: list[Month]) -> bool:
    """Whether the last full enough month agrees clearly less than all before it together: a retraining is proposed."""
    enough = [m for m in found if m.decided >= FEW]
    if len(enough) < 2:
        return False
    before = sum(m.agreed for m in enough[:-1]) / sum(m.decided for m in enough[:-1])
    return enough[-1].share < before - FALL


@dataclass(frozen=True, slots=True)
class Example:
    """A letter without names and numbers, with what an official decided it was."""

    text: str
    nature: str
    field: str


def examples(decision: str) -> Iterator[Example]:
    """Letters that officials classified, as examples for a training outside. `decision`: the head's number for it.

    Raises ValueError without one."""
    if not decision.strip():
        raise ValueError("a decision is needed")
    for case, _said, field, decided, topic, _on in _pairs():
        if decided in NEVER:
            continue
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT body FROM td_content WHERE case_id = %s AND field = 'text' AND body IS NOT NULL", [case])
            row = cursor.fetchone()
        if row:
            yield Example(without_names(row[0]), decided, topic or field or "khác")


def without_names(text: str) -> str:
    """The text with persons, papers and long numbers (telephones, identity cards) taken out."""
    found = law.classify(text, date(2026, 7, 1)).named
    out, at = [], 0
    for one in sorted((n for n in found if n.kind in ("person", "decision", "parcel")), key=lambda n: n.start):
        if one.start >= at:
            out += [text[at : one.start], "[…]"]
            at = one.end
    return _NUMBER.sub("[số]", "".join([*out, text[at:]]))


def _pairs() -> list[tuple[UUID, str, str, str, str, date]]:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute(_PAIRS)
        return list(cursor.fetchall())
