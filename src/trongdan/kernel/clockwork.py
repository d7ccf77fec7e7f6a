"""What the events of a decision do to the clocks of a case. The only place where a decision asks the law for a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from .case import CaseState, ClockState, NewEvent
from .clock import Due, NoLimit, Pause
from .errors import Refusal
from .guards import holds
from .kind import ClockDef, Json, Kind
from .lawbook import LawBook, due_or_wait

# A warning comes when a fifth of the time is left: an office habit, not a legal limit, hence not in law/.
WARN_FRACTION = 5


def clock_notes(kind: Kind, state: CaseState, tag: str, on: date, fields: Mapping[str, Json], law: LawBook,
                origin: date | None = None) -> list[dict[str, Json]]:  # fmt: skip
    """The notes that an event with this tag writes into its payload: {clock, do, rule, version, due, …} each."""
    notes: list[dict[str, Json]] = []
    ends = ends_of(state)
    for definition in kind.clocks.values():
        note = _one(definition, state, tag, on, fields, law, origin or state.origin_on or on)
        if note is not None:
            notes.append(_with_end(definition, note, fields, ends, law))
            ends[definition.id] = (note.get("due"), note.get("days_left")) if note["do"] != "stop" else ends[definition.id]
    return notes


def staged(kind: Kind, state: CaseState, event: NewEvent, form: str, law: LawBook) -> NewEvent:
    """The event of a paper's stage with what it does to clocks: "paper:sent:first_decision" may start or stop one."""
    notes = clock_notes(kind, state, f"{event.tag}:{form}", event.on, state.fields, law)
    return NewEvent(event.tag, event.on, {**event.payload, "clocks": notes}) if notes else event


def next_notes(kind: Kind, state: CaseState, passed: ClockState, law: LawBook) -> list[dict[str, Json]]:
    """The clocks that start because the last day of another went by, on that day: the time for a second complaint when the
    first was not settled (Luật Khiếu nại Đ33 k1)."""
    if passed.due is None:
        return []
    return [start(d, passed.due, state.fields, law) for d in kind.clocks.values()
            if d.after == passed.id and d.id not in state.clocks and holds(d.when, state.fields)]  # fmt: skip


def ends_of(state: CaseState) -> dict[str, tuple[Json, Json]]:
    """clock -> (last day as text, days left), as they stand."""
    return {c.id: (c.due.isoformat() if c.due else None, c.days_left) for c in state.clocks.values()}


def _with_end(d: ClockDef, note: dict[str, Json], fields: Mapping[str, Json], ends: Mapping[str, tuple[Json, Json]],
              law: LawBook) -> dict[str, Json]:  # fmt: skip
    """The last day set by an act (a date field), or that of another clock, where the law gives no number."""
    if note["do"] == "stop" or not (d.ends_on or d.ends_with):
        return note
    end, left = (fields.get(d.ends_on), None) if d.ends_on else ends.get(d.ends_with or "", (None, None))
    if end is None:
        return {**note, "days_left": left}
    started = date.fromisoformat(note["started"])
    last = date.fromisoformat(end)
    return {**note, "due": end, "days_left": left, "no_limit": None, "caution_due": None,
            "warn": _warn_day(started, last, None, _duty_day(d, last, law)).isoformat()}  # fmt: skip


def _one(
         d: ClockDef, state: CaseState, tag: str, on: date, fields: Mapping[str, Json], law: LawBook,
         origin: date) -> dict[str, Json] | None:  # fmt: skip
    clock = state.clocks.get(d.id)
    live = clock is not None and clock.stopped_on is None
    # An event that both stops and starts a clock hands the duty on: whoever gets the case has the whole limit from that day.
    begins = tag in d.starts and (not live or tag in d.stops)
    if (begins or tag in d.restarts) and holds(d.when, fields) and (d.rule_from is None or fields.get(d.rule_from)):
        opening = state.seq < 0  # the first receipt counts for what the opening starts, not for what comes later
        return start(d, _start_day(d, on, origin if opening else on, fields), fields, law)
    if clock is None or not live:
        return None
    if tag in d.stops:
        return {"clock": d.id, "do": "stop"}
    if tag in d.pauses and not clock.paused:
        return _again(d, clock, "pause", fields, law, pauses=(*clock.pauses, (on, None)))
    if tag in d.resumes and clock.paused:
        return _again(d, clock, "resume", fields, law, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], on)))
    if tag in d.extends:
        return _extend(d, clock, fields, law)
    if tag in d.revises:
        return _again(d, clock, "revise", fields, law)
    return None


def _start_day(d: ClockDef, on: date, origin: date, fields: Mapping[str, Json]) -> date:
    """The first of `start_on` that is known; the event's own day when none is."""
    for name in d.start_on:
        if name in ("on", "origin"):
            return on if name == "on" else origin
        value = fields.get(name)
        if isinstance(value, str) and value:
            return date.fromisoformat(value)
    return on


def variant_of(d: ClockDef, fields: Mapping[str, Json]) -> str | None:
    """The variant that the facts bring: "complex", "remote", or "remote_complex" when both hold."""
    names = {name for field_id, name in d.variants.items() if fields.get(field_id)}
    return "_".join(sorted(names, reverse=True)) or None


def start(d: ClockDef, day: date, fields: Mapping[str, Json], law: LawBook) -> dict[str, Json]:
    """The note that starts a clock on a day; the version in force on that day is fixed in it (design 5)."""
    variant, rule = variant_of(d, fields), str(fields[d.rule_from]) if d.rule_from else d.rule
    return _note(d, "start", due_or_wait(law, rule, day, variant), day, variant, 0, law)


def _again(d: ClockDef, clock: ClockState, do: str, fields: Mapping[str, Json], law: LawBook, *,
           pauses: tuple[tuple[date, date | None], ...] | None = None, extended: int | None = None
           ) -> dict[str, Json]:  # fmt: skip
    variant = variant_of(d, fields)
    spans = tuple(Pause(a, b) for a, b in (clock.pauses if pauses is None else pauses))
    longer = clock.extended if extended is None else extended
    result = due_or_wait(law, clock.rule if d.rule_from else d.rule, clock.started_on, variant, spans, longer)
    return _note(d, do, result, clock.started_on, variant, longer, law)


def recompute(kind: Kind, state: CaseState, clock_id: str, law: LawBook) -> dict[str, Json] | None:
    """The note for a clock whose law or calendar changed since, with what it `was`; None when nothing differs for it.

    A new calendar that leaves its days as they were is no news for a clock: it gets no event."""
    clock = state.clocks[clock_id]
    definition = kind.clocks[clock_id]
    note = _with_end(definition, _again(definition, clock, "recompute", state.fields, law), state.fields, ends_of(state), law)
    was = {
        "due": clock.due.isoformat() if clock.due else None,
        "caution_due": clock.caution_due.isoformat() if clock.caution_due else None,
        "days_left": clock.days_left, "version": clock.version, "no_limit": clock.no_limit,
    }  # fmt: skip
    if all(note.get(key) == value for key, value in was.items()):
        return None
    return {**note, "was": was["due"]}


def _extend(d: ClockDef, clock: ClockState, fields: Mapping[str, Json], law: LawBook) -> dict[str, Json]:
    version = law.rule(clock.rule if d.rule_from else d.rule).version_on(clock.started_on)
    extension = version.extension
    if extension is None or clock.extended >= extension.times:
        raise Refusal(
            "clock.no_extension",
            f"Thời hạn “{d.name}” không còn được gia hạn: pháp luật không cho phép hoặc đã gia hạn đủ số lần.",
            version.basis, {"clock": d.id},
        )  # fmt: skip
    return _again(d, clock, "extend", fields, law, extended=clock.extended + 1)


def _note(d: ClockDef, do: str, result: Due | NoLimit, started: date, variant: str | None, extended: int,
          law: LawBook) -> dict[str, Json]:  # fmt: skip
    note: dict[str, Json] = {
        "clock": d.id, "do": do, "rule": result.rule, "version": result.version, "basis": result.basis,
        "started": started.isoformat(), "variant": variant, "whose": d.whose,
        "calendar_version": law.calendar.version, "extended": extended,
    }  # fmt: skip
    if isinstance(result, NoLimit):
        return {**note, "due": None, "no_limit": result.reason, "verified": result.verified}
    note |= {
        "due": result.due.isoformat() if result.due else None,
        "caution_due": result.caution_due.isoformat() if result.caution_due else None,
        "days_left": result.days_left, "verified": result.verified, "local": result.local,
    }  # fmt: skip
    if result.due is not None:
        note["warn"] = _warn_day(started, result.due, result.caution_due, _duty_day(d, result.due, law)).isoformat()
    return note


def _duty_day(d: ClockDef, due: date, law: LawBook) -> date | None:
    """The worked day before something must be done ahead of this last day (`warns_for`): an apology before the day it is for."""
    if d.warns_for is None:
        return None
    ahead = due_or_wait(law, d.warns_for, due)
    return law.calendar.add_working(ahead.due, -1) if isinstance(ahead, Due) and ahead.due else None


def _warn_day(started: date, due: date, caution: date | None, duty: date | None = None) -> date:
    """When to warn: a fifth of the whole time before the earlier of the two defensible dates, and in time for what must be
    done ahead of it. Of a limit counted back from a day still to come (a notice before a meeting), a fifth of the time before
    that limit."""
    limit = min(due, caution) if caution else due
    if limit < started:
        return limit - timedelta(days=max(1, (started - limit).days // WARN_FRACTION))
    usual = limit - timedelta(days=max(1, (limit - started).days // WARN_FRACTION))
    return max(started, min(usual, duty) if duty else usual)
