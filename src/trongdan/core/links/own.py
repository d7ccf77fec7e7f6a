"""Which cases are somebody's own, for the person who signs in: by a keyed digest of the personal number, nothing else.

Never a case of the vault: what was sent under secrecy is followed by its code alone, and a link to a case that goes into the vault
later is removed (domain 1, 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from .audit import subject_of


@dataclass(frozen=True, slots=True)
class Own:
    """A case of one's own as its list shows it. `generation` is that of its tracking token."""

    case: UUID
    reference: str
    generation: int
    kind: str
    step: str
    agency: str
    opened_on: date
    due_on: date | None
    final: bool


def link(number: str, case: UUID, now: datetime) -> None:
    """Note that a case is this person's. Inside a scope; twice is once."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_own_case (subject, case_id, since) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                       [subject_of(number), case, now])  # fmt: skip


def own_cases(number: str) -> Sequence[Own]:
    """The newest 200 of a person's own cases, none of the vault. Outside any scope: whose they are was proved by signing in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, reference, generation, kind, step, agency, opened_on, due_on, final FROM td_own_cases(%s)",
                       [subject_of(number)])  # fmt: skip
        return [Own(*row) for row in cursor.fetchall()]


def asked_about(number: str) -> Sequence[tuple[datetime, str, str, str, list[str]]]:
    """(at, agency, purpose, basis, fields) of each question to a national system about this person, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, agency, purpose, basis, fields FROM td_asked_about(%s)", [subject_of(number)])
        return list(cursor.fetchall())


def forget_hidden() -> int:
    """Remove links to cases that went into the vault or were withdrawn; how many. The worker's."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_own_case o USING td_case c WHERE c.id = o.case_id AND (c.vault OR c.secret IS NOT NULL)")
        return int(cursor.rowcount)


def own_open(number: str, kind: str, topic: str) -> Sequence[tuple[str, str, date]]:
    """(reference, agency, opened on) of a person's open cases of a kind and topic, newest first: asked before another is made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, agency, opened_on FROM td_own_open(%s, %s, %s)", [subject_of(number), kind, topic])
        return list(cursor.fetchall())
