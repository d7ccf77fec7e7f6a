"""The calendar as iCalendar (RFC 5545), for whoever keeps it in a telephone. The `icalendar` package folds and escapes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Event

from trongdan.kernel.case import VIETNAM

from .selectors import Day


def feed(name: str, days: Iterable[Day], site: str) -> bytes:
    """One event a session. A session that was put off is cancelled under its own id; the new one has another."""
    calendar = Calendar()
    calendar.add("prodid", "-//Trong Dan//Lich tiep cong dan//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Lịch tiếp công dân: {name}")
    for day in days:
        calendar.add_component(_event(day, site))
    return bytes(calendar.to_ical())


def _event(day: Day, site: str) -> Event:
    session, event = day.session, Event()
    event.add("uid", f"{session.id}@trongdan")
    event.add("dtstamp", session.posted_at)
    event.add("dtstart", _moment(session.on, session.starts))
    event.add("dtend", _moment(session.on, session.ends))
    event.add("summary", f"{day.title} tiếp công dân")
    event.add("location", "Trực tuyến: " + session.place if session.online else session.place)
    words = [f"Nội dung dự kiến: {session.topic}" if session.topic else "",
             f"Cùng dự: {session.attends}" if session.attends else ""]  # fmt: skip
    if session.moved_to is not None:
        event.add("status", "CANCELLED")
        words.insert(0, f"Lùi sang ngày {session.moved_to.on:%d/%m/%Y}: {session.moved_reason}")
    else:
        event.add("status", "CONFIRMED")
    event.add("description", "\n".join(w for w in words if w))
    event.add("url", f"{site}/lich-tiep-cong-dan/{session.agency}/")
    return event


def _moment(day: date, hour: time) -> datetime:
    """In UTC: a time zone by name would need its whole table in the file."""
    return datetime.combine(day, hour, VIETNAM).astimezone(UTC)
