"""When a centre is open: working days by the law's calendar, sessions by its own table. Pure.

A day made up for (làm bù) is worked; a year without a calendar is an error, never a silent Monday to Friday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from trongdan.kernel.calendar import Calendar
from trongdan.kernel.case import VIETNAM

Sessions = Sequence[tuple[time, time]]
Spans = list[tuple[datetime, datetime]]


def spans(day: date, sessions: Sessions, calendar: Calendar) -> Spans:
    """The sessions of a day as aware moments; empty on a day of rest. Raises CalendarMissing."""
    if not calendar.is_working(day):
        return []
    return [(datetime.combine(day, a, VIETNAM), datetime.combine(day, b, VIETNAM)) for a, b in sessions]


def is_open(now: datetime, found: Spans) -> bool:
    return any(start <= now < end for start, end in found)


def slots(day: date, sessions: Sessions, calendar: Calendar, length: timedelta) -> Spans:
    """The slots of a day, each whole within a session."""
    out: Spans = []
    for start, end in spans(day, sessions, calendar):
        at = start
        while at + length <= end:
            out.append((at, at + length))
            at += length
    return out


def days_from(first: date, sessions: Sessions, calendar: Calendar, most: int, within: int) -> list[date]:
    """The next open days from `first` on, at most `most`, looked for `within` so many days."""
    days = (first + timedelta(days=n) for n in range(within + 1))
    return [day for day in days if sessions and calendar.is_working(day)][:most]


def next_opening(now: datetime, sessions: Sessions, calendar: Calendar) -> datetime | None:
    """When it opens next; None when nothing is found within a month."""
    today = now.astimezone(VIETNAM).date()
    found = (start for n in range(31) for start, _end in spans(today + timedelta(days=n), sessions, calendar) if start > now)
    return next(found, None)
