"""Cases about one matter: where their signatures, groups and repeats lie, and how they are read.

The worker writes what follows from the letters (`keep`, `place`, `forget`); what a person decides comes with its event, in the
append itself (`together`). Nothing of a vault case, nor of one withdrawn as a state secret, is kept here or given out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from pydantic_core import to_json

from trongdan.kernel.case import NewEvent

EACH_TERM = 12  # the newest letters that share a number: a cause of thousands is found by any of them
MOST = 24  # candidates of a letter that are looked at closely
PAGE = 100
NEWEST = 1000  # letters of a matter among which those of other agencies are counted
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sign:
    """A signature as it is stored. `terms` are the numbers it is found by."""

    case: UUID
    opened_on: date
    whole: int
    files: int
    length: int
    sketch: Sequence[int]
    sense: Sequence[int]
    marks: Sequence[int]
    commune: str
    people: int
    terms: Sequence[int]


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier case that shares a number with a new one (`of`); `group` the one it is in."""

    of: UUID
    case: UUID
    whole: int
    files: int
    length: int
    sketch: tuple[int, ...]
    sense: tuple[int, ...]
    marks: frozenset[int]
    commune: str
    group: UUID | None


def together(batch: Any, case_id: UUID, new: NewEvent) -> None:
    """The rows that an event about repeats and groups brings into its batch."""
    if new.tag == "case:linked":
        batch.repeats.append({"case_id": str(case_id), "first": new.payload["first"]})
    elif new.tag in ("case:grouped", "case:ungrouped"):
        inside = new.tag == "case:grouped"
        batch.members.append({"case_id": str(case_id), "group_id": new.payload["group"] if inside else None,
                              "since": new.on.isoformat(), "reasons": [{"kind": "chosen"}] if inside else []})  # fmt: skip


# --- the worker's ---------------------------------------------------------------------------------------------------------

_KEEP = (
    "WITH rows AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%s) AS r (case_id uuid, opened_on date, whole bigint, "
    "files bigint, length int, sketch int[], sense int[], marks bigint[], commune text, people int, terms bigint[])), "
    "signs AS (INSERT INTO td_alike (case_id, opened_on, whole, files, length, sketch, sense, marks, commune, people) "
    "SELECT case_id, opened_on, whole, files, length, sketch, sense, marks, commune, people FROM rows ON CONFLICT DO NOTHING) "
    "INSERT INTO td_alike_term (term, case_id) SELECT DISTINCT unnest(terms), case_id FROM rows ON CONFLICT DO NOTHING"
)


def keep(signs: Sequence[Sign]) -> None:
    """Store signatures, in one statement."""
    rows = [{"case_id": s.case, "opened_on": s.opened_on, "whole": s.whole, "files": s.files, "length": s.length,
             "sketch": s.sketch, "sense": s.sense, "marks": s.marks, "commune": s.commune, "people": s.people, "terms": s.terms}
            for s in signs]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [to_json(rows).decode()])


_RENEW = (
    "WITH rows AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%s) AS r (case_id uuid, sketch int[], sense int[], "
    "marks bigint[], commune text, people int, terms bigint[])), "
    "signs AS (UPDATE td_alike a SET sketch = r.sketch, sense = r.sense, marks = r.marks, commune = r.commune, people = r.people "
    "FROM rows r WHERE a.case_id = r.case_id) "
    "INSERT INTO td_alike_term (term, case_id) SELECT DISTINCT unnest(terms), case_id FROM rows ON CONFLICT DO NOTHING"
)


def renew(signs: Sequence[Sign]) -> None:
    """What a supplement adds to signatures that are kept, in one statement. The words of the letter itself stay what a repeat of it
    is known by."""
    rows = [{"case_id": s.case, "sketch": s.sketch, "sense": s.sense, "marks": s.marks, "commune": s.commune, "people": s.people,
             "terms": s.terms} for s in signs]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, [to_json(rows).decode()])


def before(signs: Sequence[Sign]) -> dict[UUID, list[Before]]:
    """Of each new case the earlier ones that share most numbers with it, most first. One statement for all."""
    pairs = [(s.case, term) for s in signs for term in s.terms]
    out: dict[UUID, list[Before]] = {s.case: [] for s in signs}
    if not pairs:
        return out
    with connection.cursor() as cursor:
        cursor.execute("SELECT of, case_id, whole, files, length, sketch, sense, marks, commune, group_id "
                       "FROM td_alike_before(%s::uuid[], %s::bigint[], %s, %s)",
                       [[c for c, _ in pairs], [t for _, t in pairs], EACH_TERM, MOST])  # fmt: skip
        for of, case, whole, files, length, sketch, sense, marks, commune, group in cursor.fetchall():
            out[of].append(Before(of, case, whole, files, length, tuple(sketch), tuple(sense), frozenset(marks), commune, group))
    return out


@dataclass(frozen=True, slots=True)
class Placed:
    """Into which group the machine puts a case, since when and why (kind, words, percent)."""

    case: UUID
    group: UUID
    since: date
    reasons: tuple[Mapping[str, Any], ...]


_PLACE = (
    "INSERT INTO td_group_member AS m (case_id, group_id, since, reasons) SELECT case_id, group_id, since, reasons "
    "FROM jsonb_to_recordset(%s) AS r (case_id uuid, group_id uuid, since date, reasons jsonb) ON CONFLICT (case_id) DO UPDATE "
    "SET group_id = excluded.group_id, since = excluded.since, reasons = excluded.reasons "
    "WHERE NOT m.by_person AND m.group_id IS NULL AND NOT excluded.group_id = ANY (m.out_of)"
)


def place(placed: Sequence[Placed]) -> None:
    """Put cases into groups; what a person decided stays as it is."""
    rows = [{"case_id": p.case, "group_id": p.group, "since": p.since, "reasons": p.reasons} for p in placed]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_PLACE, [to_json(rows).decode()])


def forget(cases: Sequence[UUID]) -> None:
    """Take all trace of cases out: what went into the vault, was withdrawn as a state secret, or erased."""
    with connection.cursor() as cursor:
        for table in ("td_alike", "td_alike_term", "td_group_member", "td_repeat"):
            cursor.execute(f"DELETE FROM {table} WHERE case_id = ANY(%s)", [list(cases)])


# --- reading, inside a scope ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A case of a group that the scope sees."""

    case: UUID
    reference: str
    kind: str
    agency: str
    step: str
    final: bool
    opened_on: date
    outcome: str | None
    reasons: tuple[Mapping[str, Any], ...]
    by_person: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What of a group lies at an agency outside the scope: a number and its days. `whole` when all letters of the group were
    counted, and not its newest alone."""

    agency: str
    letters: int
    first_on: date
    last_on: date
    whole: bool


_MEMBERS = (
    "SELECT c.id, c.reference, c.kind, c.agency, c.step, c.final, c.opened_on, c.outcome, m.reasons, m.by_person "
    "FROM td_group_seen(%s, %s) m JOIN td_case c ON c.id = m.case_id ORDER BY c.opened_on DESC, c.id DESC"
)


def group_of(case_id: UUID) -> UUID | None:
    """The group that a case is in, if the scope sees the case and it is to be in any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT m.group_id FROM td_group_member m JOIN td_case c ON c.id = m.case_id "
                       "WHERE m.case_id = %s AND NOT c.vault AND c.secret IS NULL", [case_id])  # fmt: skip
        row = cursor.fetchone()
    return row[0] if row else None


def members(group: UUID, most: int = PAGE) -> list[Member]:
    """The newest cases of a group that the scope sees."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [group, most])
        return [Member(case, reference, kind, agency, step, final, opened, outcome, tuple(_json(reasons)), by)
                for case, reference, kind, agency, step, final, opened, outcome, reasons, by in cursor.fetchall()]  # fmt: skip


def elsewhere(group: UUID, most: int = NEWEST) -> list[Elsewhere]:
    """What of a group lies outside the scope, by agency, most letters first; counted among its `most` newest letters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, letters, first_on, last_on, whole FROM td_group_elsewhere(%s, %s)", [group, most])
        return [Elsewhere(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Past:
    """What became of the same matter in another letter of the group or a case opened from it. `case`, `letter` None outside
    the scope; `same_sender` when name and telephone or address are the same."""

    case: UUID | None
    letter: UUID | None
    kind: str
    agency: str
    step: str
    final: bool
    late: bool
    outcome: str | None
    opened_on: date
    closed_on: date | None
    due_on: date | None
    same_sender: bool


def history(case_id: UUID) -> list[Past]:
    """The files on the same matter, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, letter, kind, agency, step, final, late, outcome, opened_on, closed_on, due_on, "
                       "same_sender FROM td_group_history(%s)", [case_id])  # fmt: skip
        return [Past(*row) for row in cursor.fetchall()]


def repeated(case_id: UUID) -> tuple[UUID, str] | None:
    """(id, reference) of the case that one repeats, if the scope sees it outside the vault."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.id, c.reference FROM td_repeat r JOIN td_case c ON c.id = r.first "
                       "WHERE r.case_id = %s AND NOT c.vault AND c.secret IS NULL", [case_id])  # fmt: skip
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def first_of(case_id: UUID) -> tuple[str | None, date] | None:
    """(reference, day) of what the scope's own case repeats; no reference when it may be another person's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, opened_on FROM td_first_of(%s)", [case_id])
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True, slots=True)
class Week:
    """What a group got in the week that begins on a Monday: sums of the agencies that the scope answers for."""

    group: UUID
    week: date
    letters: int
    people: int
    agencies: tuple[str, ...]
    communes: tuple[str, ...]
    mine: bool  # whether the scope sees a letter of the group itself


def growth(since: date, least: int) -> list[Week]:
    """The weeks of every group that got a letter since a day: from `least` people on, or seen by the scope itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT group_id, week, letters, people, agencies, communes, mine FROM td_group_growth(%s, %s)",
                       [since, least])
        return [Week(group, week, letters, people, tuple(agencies or ()), tuple(communes or ()), mine)
                for group, week, letters, people, agencies, communes, mine in cursor.fetchall()]  # fmt: skip


def matters(groups: Sequence[UUID]) -> dict[UUID, str]:
    """What groups are about, where letters share a decision or a project."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT group_id, words FROM td_group_matter(%s)", [list(groups)])
        return dict(cursor.fetchall())


def repeats(case_id: UUID) -> list[tuple[UUID, str, date]]:
    """(id, reference, day) of the cases that repeat this one and that the scope sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.id, c.reference, c.opened_on FROM td_repeat r JOIN td_case c ON c.id = r.case_id "
                       "WHERE r.first = %s AND NOT c.vault AND c.secret IS NULL ORDER BY c.id LIMIT %s",
                       [case_id, PAGE])  # fmt: skip
        return list(cursor.fetchall())


def repeats_to_seal(case_id: UUID) -> list[UUID]:
    """All repeats of a case, whatever the scope: their words are its words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_repeats_of(%s)", [case_id])
        return [row[0] for row in cursor.fetchall()]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
