"""One sweeper: each clock whose next change has come gets its word, warned or overdue, once for each due value."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from trongdan.kernel.case import SYSTEM, VIETNAM, Command
from trongdan.kernel.errors import CalendarMissing

from .once import Done
from .perform import perform_many
from .scope import JOB, scope

log = logging.getLogger(__name__)
TOGETHER = 100  # cases a transaction


def sweep(now: datetime, most: int = 500, stuck: set[UUID] | None = None) -> int:
    """Sweep what is due on the day of `now` (aware); how many cases got a word. A case whose next clock runs into a year
    without a calendar holds no other up: it is noted in `stuck`, whose cases are passed over."""
    today = now.astimezone(VIETNAM).date()
    apart = stuck if stuck is not None else set[UUID]()
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT k.case_id, c.kind FROM td_clock k JOIN td_case c ON c.id = k.case_id "
                       "WHERE k.next_on <= %s AND NOT k.case_id = ANY(%s) LIMIT %s", [today, list(apart), most])  # fmt: skip
        due = cursor.fetchall()
    said = 0
    for start in range(0, len(due), TOGETHER):
        said += _some(due[start : start + TOGETHER], now, apart)
    return said


def _some(due: Sequence[tuple[UUID, str]], now: datetime, stuck: set[UUID]) -> int:
    commands = [(Command(kind, str(case_id), "clock.sweep"), None, None) for case_id, kind in due]
    try:
        return sum(isinstance(done, Done) and bool(done.tags) for done in perform_many(commands, SYSTEM, now=now))
    except CalendarMissing as missing:
        if len(due) > 1:
            return sum(_some([one], now, stuck) for one in due)
        if not stuck:  # once is enough to know
            log.warning("thiếu lịch nghỉ năm %s: có hồ sơ chưa quét được thời hạn", missing.year)
        stuck.add(due[0][0])
        return 0
