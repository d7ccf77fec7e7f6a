"""Whether what is kept of repeats and groups still follows from the trail, and made anew where it does not.

What a person decided has its event: that is held to it. What the machine found is advice without an event: of it only that nothing
hidden is in it. Why a person was right to decide so is nobody's to check here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from .alike import forget
from .trail import Loaded

GROUPING = ("case:grouped", "case:ungrouped")
TURN = timedelta(minutes=10)  # the worker takes away what was hidden; before its turn nothing is wrong


@dataclass(frozen=True, slots=True)
class Together:
    """What there is, or ought to be, of a case: the first it repeats, the group a person put it into, whether a person decided."""

    first: UUID | None = None
    group: UUID | None = None
    by_person: bool = False


def differing(cases: Mapping[UUID, Loaded]) -> list[tuple[UUID, str]]:
    """(case, what differs) of cases whose repeats or groups do not follow from their trail."""
    kept, signed = _kept(cases), _traces(cases)
    out, now = [], timezone.now()
    for case, loaded in cases.items():
        if _hidden(loaded):
            if case in signed and _last(loaded) < now - TURN:
                out.append((case, "còn trong nhóm hay dấu so đơn, dù nội dung đã rút"))
            continue
        want, have = _wanted(loaded), kept.get(case, Together())
        if have.first != want.first:
            out.append((case, "đơn trùng: khác với dấu vết"))
        if have.by_person != want.by_person or (want.by_person and have.group != want.group):
            out.append((case, "nhóm do người ghép: khác với dấu vết"))
    return out


_CHOSEN = (
    "INSERT INTO td_group_member (case_id, group_id, since, by_person, reasons, out_of) "
    "VALUES (%s, %s, %s, true, '[{\"kind\": \"chosen\"}]', %s) ON CONFLICT (case_id) "
    "DO UPDATE SET group_id = excluded.group_id, by_person = true, out_of = excluded.out_of"
)


def rebuild(cases: Mapping[UUID, Loaded]) -> None:
    """Write what differs anew, from the trail. Inside the job's scope."""
    for case in dict.fromkeys(case for case, _what in differing(cases)):
        loaded = cases[case]
        if _hidden(loaded):
            forget([case])
            continue
        want = _wanted(loaded)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM td_repeat WHERE case_id = %s", [case])
            if want.first is not None:
                cursor.execute("INSERT INTO td_repeat (case_id, first) VALUES (%s, %s)", [case, want.first])
            if want.by_person:
                cursor.execute(_CHOSEN, [case, want.group, loaded.state.opened_on, _left(loaded)])
            else:
                cursor.execute("UPDATE td_group_member SET by_person = false WHERE case_id = %s", [case])


def _hidden(loaded: Loaded) -> bool:
    state = loaded.state
    return state.vault or state.secret is not None or state.stub or any(e.tag == "case:erased" for e in loaded.events)


def _last(loaded: Loaded) -> datetime:
    return loaded.events[-1].at


def _wanted(loaded: Loaded) -> Together:
    first = UUID(str(loaded.state.repeat_of)) if loaded.state.repeat_of else None
    decided = [e for e in loaded.events if e.tag in GROUPING]
    if not decided:
        return Together(first)
    last = decided[-1]
    return Together(first, UUID(str(last.payload["group"])) if last.tag == GROUPING[0] else None, by_person=True)


def _left(loaded: Loaded) -> list[UUID]:
    """The groups a person took it out of: the machine may not put it there again."""
    return [UUID(str(e.payload["group"])) for e in loaded.events if e.tag == GROUPING[1]]


def _kept(cases: Iterable[UUID]) -> dict[UUID, Together]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT c, r.first, m.group_id, coalesce(m.by_person, false) FROM unnest(%s::uuid[]) AS c LEFT JOIN "
                       "td_repeat r ON r.case_id = c LEFT JOIN td_group_member m ON m.case_id = c", [list(cases)])  # fmt: skip
        return {case: Together(first, group, by) for case, first, group, by in cursor.fetchall()}


def _traces(cases: Iterable[UUID]) -> set[UUID]:
    """Those of which there is any trace. Signatures are the worker's alone: another role checks the rest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('td_alike', 'SELECT')")
        tables = ["td_repeat", "td_group_member", *(("td_alike", "td_alike_term") if cursor.fetchone()[0] else ())]
        there = " OR ".join(f"EXISTS (SELECT FROM {table} x WHERE x.case_id = c)" for table in tables)
        cursor.execute(f"SELECT c FROM unnest(%s::uuid[]) AS c WHERE {there}", [list(cases)])
        return {row[0] for row in cursor.fetchall()}
