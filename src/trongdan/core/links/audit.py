"""Who asked a national system what, for which purpose, on which basis, and whether an answer came: never what it said.

The question is on record before it goes out, in a transaction of its own: a call that is cut off leaves its first row."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.cases.sealing import uuid7
from trongdan.kernel.case import Actor
from trongdan.platform import keys


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on record. `number` leaves only its keyed digest."""

    link: str
    operation: str
    actor: Actor
    purpose: str
    basis: str
    number: str
    fields: tuple[str, ...]


def subject_of(number: str) -> bytes:
    return hmac.digest(keys.secret("links"), number.encode(), "sha256")


def begin(asked: Asked, now: datetime) -> UUID:
    """The first row. Inside a scope, in a transaction that ends before the call."""
    made = uuid7()
    _row(made, 1, asked, now, None, None, None)
    return made


def end(call: UUID, asked: Asked, now: datetime, outcome: str, tries: int, millis: int) -> None:
    _row(call, 2, asked, now, outcome, tries, millis)


def _row(call: UUID, turn: int, asked: Asked, now: datetime, outcome: str | None, tries: int | None, millis: int | None) -> None:
    post = asked.actor.post
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO td_link_call (id, turn, at, link, operation, agency, post, person, purpose, basis, subject, fields, "
            "outcome, tries, millis) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [call, turn, now, asked.link, asked.operation, post.agency if post else "", post.id if post else "",
             asked.actor.person, asked.purpose, asked.basis, subject_of(asked.number), sorted(asked.fields), outcome, tries,
             millis])  # fmt: skip


def of_person(number: str) -> Sequence[tuple[Any, ...]]:
    """(at, link, operation, agency, purpose, basis, fields) of each question about a person: for that person's own request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, link, operation, agency, purpose, basis, fields FROM td_link_call WHERE subject = %s "
                       "AND turn = 1 ORDER BY at", [subject_of(number)])  # fmt: skip
        return list(cursor.fetchall())
