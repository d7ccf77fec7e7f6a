"""One sweeper: each clock whose next change has come gets its word, warned or overdue, once for each due value."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from trongdan.kernel.case import SYSTEM, VIETNAM, Command

from .perform import perform
from .scope import JOB, scope


def sweep(now: datetime, most: int = 500) -> int:
    """Sweep what is due on the day of `now` (aware); how many cases got a word."""
    today = now.astimezone(VIETNAM).date()
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT k.case_id, c.kind FROM td_clock k JOIN td_case c ON c.id = k.case_id "
                       "WHERE k.next_on <= %s LIMIT %s", [today, most])  # fmt: skip
        due = cursor.fetchall()
    said = 0
    for case_id, kind in due:
        done = perform(Command(kind, str(case_id), "clock.sweep"), SYSTEM, now=now)
        said += bool(done.tags)
    return said
