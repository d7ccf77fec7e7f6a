"""The Front's sample, read: its lists, whom to call, what people said, and whether it can be drawn again. Inside its scope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from .sampling import Unit, digest, draw
from .services import QUESTIONS


@dataclass(frozen=True, slots=True)
class Sample:
    """A draw: of `frame` closed cases of a period `drawn` are to be asked, `asked` were, `tried` were at least called."""

    id: UUID
    since: date
    until: date
    size: int
    seed: str
    log_size: int
    frame: int
    frame_hash: str
    drawn_at: datetime
    drawn: int
    asked: int
    tried: int


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a call list. `reached` of the last attempt; "" when nobody has called yet."""

    place: int
    case: UUID
    kind: str
    agency: str
    outcome: str
    reached: str
    tries: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call and about what; shown once somebody opens the line, which is noted."""

    name: str
    phone: str
    address: str
    opened_on: date
    topic: str


_SAMPLE = (
    "SELECT s.id, s.since, s.until, s.size, s.seed, s.log_size, jsonb_array_length(s.frame), s.frame_hash, s.drawn_at, "
    "count(DISTINCT d.case_id), count(DISTINCT c.case_id) FILTER (WHERE c.verdict IS NOT NULL), count(DISTINCT c.case_id) "
    "FROM td_sample s JOIN td_sample_case d ON d.sample = s.id LEFT JOIN td_sample_call c ON c.sample = d.sample AND "
    "c.case_id = d.case_id {where} GROUP BY s.id ORDER BY s.until DESC, s.since DESC"
)


def samples() -> list[Sample]:
    """The samples of the scope's Front, the newest period first."""
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE.format(where=""))
        return [Sample(*row) for row in cursor.fetchall()]


def sample(wanted: UUID) -> Sample | None:
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE.format(where="WHERE s.id = %s"), [wanted])
        row = cursor.fetchone()
    return Sample(*row) if row else None


def call_list(of: UUID) -> list[Place]:
    """The list in its order, with the last attempt of each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT d.place, d.case_id, d.kind, d.agency, d.outcome, "
                       "coalesce((array_agg(c.reached ORDER BY c.id DESC))[1], ''), count(c.id) "
                       "FROM td_sample_case d LEFT JOIN td_sample_call c ON c.sample = d.sample AND c.case_id = d.case_id "
                       "WHERE d.sample = %s GROUP BY 1, 2, 3, 4, 5 ORDER BY 1", [of])  # fmt: skip
        return [Place(*row) for row in cursor.fetchall()]


def contact(of: UUID, case: UUID, looker: UUID) -> Contact | None:
    """Whom to call; None when the case is not in the sample, or has come into the vault since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(name, ''), coalesce(phone, ''), coalesce(address, ''), opened_on, coalesce(topic, '') "
                       "FROM td_front_contact(%s, %s, %s)", [of, case, looker])  # fmt: skip
        row = cursor.fetchone()
    return Contact(*row) if row else None


def results(of: UUID) -> dict[str, dict[str, int]]:
    """question -> {yes, partly, no, unknown}, by the last attempt at which a person answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (case_id) verdict::text FROM td_sample_call WHERE sample = %s AND verdict IS NOT NULL "
                       "ORDER BY case_id, id DESC", [of])  # fmt: skip
        said: list[dict[str, Any]] = [json.loads(row[0]) for row in cursor.fetchall()]
    return {q: {word: sum(v.get(q) == word for v in said) for word in ("yes", "partly", "no", "unknown")} for q in QUESTIONS}


def drawn_again(of: UUID) -> bool:
    """Whether the same seed draws the same list from the frame that was kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT frame::text, frame_hash, seed, size FROM td_sample WHERE id = %s", [of])
        row = cursor.fetchone()
    if row is None:
        return False
    frame = [Unit(*unit) for unit in json.loads(row[0])]
    listed = [str(place.case) for place in call_list(of)]
    return digest(frame) == row[1] and [u.id for u in draw(frame, row[3], row[2])] == listed
