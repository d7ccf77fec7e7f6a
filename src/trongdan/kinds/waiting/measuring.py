"""What is measured, at the moment it happens, in the transaction that makes it happen: sums by centre, group, day and hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from trongdan.kernel.case import VIETNAM

from .estimate import NEAR
from .models import Ticket
from .reference import rules

_ADD = """
INSERT INTO td_wait_measure AS m (centre_id, service, day, hour, came, visits, seconds, squares, calls, waited, told, told_waited,
                                  judged, error, near)
VALUES (%(centre)s, %(service)s, %(day)s, %(hour)s, %(came)s, %(visits)s, %(seconds)s, %(squares)s, %(calls)s, %(waited)s, %(told)s,
        %(told_waited)s, %(judged)s, %(error)s, %(near)s)
ON CONFLICT (centre_id, day, service, hour) DO UPDATE SET
    came = m.came + excluded.came, visits = m.visits + excluded.visits, seconds = m.seconds + excluded.seconds,
    squares = m.squares + excluded.squares, calls = m.calls + excluded.calls, waited = m.waited + excluded.waited,
    told = m.told + excluded.told, told_waited = m.told_waited + excluded.told_waited, judged = m.judged + excluded.judged,
    error = m.error + excluded.error, near = m.near + excluded.near
"""
_NOTHING = dict.fromkeys(("came", "visits", "seconds", "squares", "calls", "waited", "told", "told_waited", "judged", "error",
                          "near"), 0)  # fmt: skip


def _add(centre: str, service: str, at: datetime, **sums: Any) -> None:
    local = at.astimezone(VIETNAM)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, {**_NOTHING, **sums, "centre": centre, "service": service, "day": local.date(), "hour": local.hour})


def came(centre: str, service: str, at: datetime) -> None:
    _add(centre, service, at, came=1)


def called(ticket: Ticket, at: datetime) -> None:
    """The first call: how long the person waited, and how far off what was told was."""
    waited = (at - ticket.taken_at).total_seconds()
    sums: dict[str, Any] = {"calls": 1, "waited": waited}
    if ticket.told is not None:
        off = abs(ticket.told - waited)
        sums |= {"told": ticket.told, "told_waited": waited, "judged": 1, "error": off, "near": int(off <= NEAR)}
    _add(ticket.centre_id, ticket.service, at, **sums)


def visited(ticket: Ticket, at: datetime) -> None:
    """A visit's length, by the hour it began; a press by mistake or a forgotten one is left out."""
    since = ticket.began_at or ticket.called_at
    if since is None or not rules().shortest <= at - since <= rules().longest:
        return
    seconds = (at - since).total_seconds()
    _add(ticket.centre_id, ticket.service, since, visits=1, seconds=seconds, squares=seconds * seconds)
