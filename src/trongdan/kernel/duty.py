"""Who must act and who is told when nobody does: the ladder, late time by holder, and the signs of gaming."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .calendar import Calendar
from .case import CaseState, Event, HeldSpan
from .kind import Kind

# holder -> head of the agency -> chair -> superior (design 4); "superior" is resolved by the agency tree.
LADDER = ("in_hand", "unit_head", "head", "superior")


@dataclass(frozen=True, slots=True)
class LateShare:
    """Days of lateness of one clock that passed while one holder had the case."""

    agency: str
    holder: str
    days: int


@dataclass(frozen=True, slots=True)
class Watch:
    """A sign of gaming found in a trail: it stands beside the figure and accuses nobody."""

    name: str
    on: date
    detail: str


def rung(due: date, today: date) -> int:
    """How far up the ladder an unanswered lateness has climbed: a rung a calendar week, an office habit."""
    late = (today - due).days
    return 0 if late <= 0 else min(len(LADDER) - 1, 1 + (late - 1) // 7)


def late_shares(state: CaseState, clock_id: str, today: date) -> list[LateShare]:
    """Lateness charged to who held the case on each late day (domain 22). A pause is nobody's."""
    clock = state.clocks[clock_id]
    if clock.due is None:
        return []
    end = clock.stopped_on or today
    days: dict[tuple[str, str], int] = {}
    day = clock.due + timedelta(days=1)
    while day <= end:
        span = _holder_on(state.held, day)
        if span is not None and not _paused_on(clock.pauses, day):
            key = (span.agency, span.holder)
            days[key] = days.get(key, 0) + 1
        day += timedelta(days=1)
    return [LateShare(agency, holder, n) for (agency, holder), n in days.items()]


def _holder_on(spans: Iterable[HeldSpan], day: date) -> HeldSpan | None:
    found = None
    for span in spans:
        if span.since <= day:
            found = span
    return found


def _paused_on(pauses: Iterable[tuple[date, date | None]], day: date) -> bool:
    return any(start <= day and (end is None or day < end) for start, end in pauses)


def watches(kind: Kind, state: CaseState, events: Iterable[Event], calendar: Calendar) -> list[Watch]:
    """The signs that the kind asks to look for: asked on the last day, asked twice, sent to and fro, recorded later
    than the postmark (domain 22)."""
    trail = list(events)
    out: list[Watch] = []
    for watch in kind.watches:
        hits = [e for e in trail if e.tag == watch.event]
        match watch.test:
            case "repeated":
                out += [Watch(watch.name, e.on, f"lần {n}") for n, e in enumerate(hits, 1) if n > 1]
            case "last_day":
                out += _on_last_day(watch.name, watch.clock or "", hits, trail)
            case "returned":
                out += _to_and_fro(watch.name, hits, trail)
            case "lag":
                out += _lag(watch.name, watch.field or "", hits, state.fields, calendar)
    return out


def _due_before(clock_id: str, event: Event, trail: Iterable[Event]) -> date | None:
    due: str | None = None
    for other in trail:
        if other.seq >= event.seq:
            break
        for note in other.payload.get("clocks", ()):
            if note["clock"] == clock_id and note.get("due"):
                due = note["due"]
    return date.fromisoformat(due) if due else None


def _on_last_day(name: str, clock_id: str, hits: Iterable[Event], trail: list[Event]) -> list[Watch]:
    out = []
    for event in hits:
        due = _due_before(clock_id, event, trail)
        if due is not None and event.on >= due:
            out.append(Watch(name, event.on, f"hạn {due:%d/%m/%Y}"))
    return out


def _to_and_fro(name: str, hits: Iterable[Event], trail: list[Event]) -> list[Watch]:
    """Each time it comes back to an agency that had it: the one where it was opened counts too."""
    seen = {str(trail[0].payload.get("agency", ""))} if trail else set()
    out = []
    for event in hits:
        agency = str(event.payload.get("agency", ""))
        if agency in seen:
            out.append(Watch(name, event.on, agency))
        seen.add(agency)
    return out


def _lag(name: str, field_id: str, hits: Iterable[Event], fields: Mapping[str, object], calendar: Calendar) -> list[Watch]:
    value = fields.get(field_id)
    if not isinstance(value, str):
        return []
    posted = date.fromisoformat(value)
    return [
        Watch(name, e.on, f"{(e.on - posted).days} ngày sau dấu bưu điện")
        for e in hits
        if e.on > calendar.next_working(posted + timedelta(days=1))
    ]
