"""Lists for the desk: the inbox, the morning page, search. Each is one statement; run inside a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference, parse_reference
from trongdan.platform.text import fold, words_of

PAGE = 50
WALK = 1000  # the newest cases of a scope that a search looks through before it asks the index of words
_COLUMNS = ("id, reference, kind, step, final, agency, holder, assigned, outcome, nature, topic, opened_on, due_on, late, "
            "arrival_no, secret, waits")  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    id: UUID
    reference: str
    kind: str
    step: str
    final: bool
    agency: str
    holder: str | None
    assigned: str | None
    outcome: str | None
    nature: str | None
    topic: str | None
    opened_on: date
    due_on: date | None
    late: bool
    arrival_no: str | None
    secret: str | None
    waits: str | None = None

    @property
    def shown(self) -> str:
        return format_reference(self.reference)


def _lines(query: str, parameters: Sequence[Any]) -> list[CaseLine]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [CaseLine(*row) for row in cursor.fetchall()]


# What is to be done with a line: the stage its paper waits for, or sending one that was numbered.
_STAGE = "CASE WHEN unsent AND (final OR holder IS DISTINCT FROM 'registry') THEN 'send' ELSE coalesce(waits, '') END"


def _mine(actor: Actor) -> tuple[str, list[Any], str]:
    """What the acted post has in hand: (condition, its parameters, the stage of a line). By its role at the agency, by
    being assigned; văn thư also has what was numbered and not sent, in closed cases too."""
    post = actor.post
    if post is None:
        return "false", [], "''"
    roles = [post.role, *(["head"] if post.role == "deputy" else [])]
    mine = "(NOT final AND agency = %s AND (holder = ANY(%s) OR (holder = 'assigned' AND assigned = %s)))"
    if post.role != "registry":
        return mine, [post.agency, roles, post.id], "coalesce(waits, '')"
    return f"({mine} OR (unsent AND agency = %s))", [post.agency, roles, post.id, post.agency], _STAGE


def tasks(actor: Actor) -> list[tuple[str, int]]:
    """What the acted post has in hand by what is to be done: (stage of a paper or "", how many), most urgent first."""
    mine, parameters, stage = _mine(actor)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {stage} AS stage, count(*) FROM td_case WHERE {mine} "
                       "GROUP BY 1 ORDER BY min(coalesce(due_on, 'infinity'))", parameters)  # fmt: skip
        return list(cursor.fetchall())


def in_hand(actor: Actor, after: tuple[date | None, UUID] | None = None, most: int = PAGE, stage: str | None = None
            ) -> list[CaseLine]:  # fmt: skip
    """The cases the acted post has in hand, due first; `after` is the last line of the page before. `stage`: only
    those with a paper that waits for it ("sign", "number", "send" …); "" for those with none."""
    mine, parameters, expression = _mine(actor)
    page = ""
    if stage is not None:
        page = f"AND {expression} = %s "
        parameters = [*parameters, stage]
    if after is not None:
        page += "AND (coalesce(due_on, 'infinity'), id) > (coalesce(%s, 'infinity'::date), %s)"
        parameters = [*parameters, *after]
    columns = _COLUMNS.replace("waits", f"nullif({expression}, '')")
    return _lines(f"SELECT {columns} FROM td_case WHERE {mine} {page} "
                  "ORDER BY coalesce(due_on, 'infinity'), id LIMIT %s", [*parameters, most])  # fmt: skip


def verifying(actor: Actor) -> list[CaseLine]:
    """The cases whose verification was given to the acted post."""
    if actor.post is None or actor.post.role != "verifier":
        return []
    query = f"SELECT {_COLUMNS} FROM td_case WHERE NOT final AND holder = 'verifier' ORDER BY due_on NULLS LAST, id LIMIT %s"
    return _lines(query, [PAGE])


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty means all. The names are columns of td_case."""

    kind: str = ""
    topic: str = ""
    holder: str = ""

    def where(self) -> tuple[str, list[str]]:
        chosen = [(c, v) for c, v in (("kind", self.kind), ("topic", self.topic), ("holder", self.holder)) if v]
        return "".join(f" AND {column} = %s" for column, _ in chosen), [value for _, value in chosen]


def of_agency(agency: str, only: str = "open", most: int = PAGE, after: tuple[date | None, UUID] | None = None,
              narrow: Filter = Filter()) -> list[CaseLine]:  # fmt: skip
    """The cases of an agency: `open` or `late` (due first), or `closed` (newest first). `after`: (day, id) of the last
    line of the page before, where day is due_on, or opened_on of closed ones."""
    where = {"open": "NOT final", "late": "NOT final AND due_on < current_date", "closed": "final"}[only]
    order = "opened_on DESC, id DESC" if only == "closed" else "coalesce(due_on, 'infinity'), id"
    more, values = narrow.where()
    parameters: list[Any] = [agency, *values]
    if after is not None:
        more += (" AND (opened_on, id) < (%s, %s)" if only == "closed"
                 else " AND (coalesce(due_on, 'infinity'), id) > (coalesce(%s, 'infinity'::date), %s)")  # fmt: skip
        parameters += after
    return _lines(f"SELECT {_COLUMNS} FROM td_case WHERE agency = %s AND {where}{more} ORDER BY {order} LIMIT %s",
                  [*parameters, most])  # fmt: skip


def choices_of(agency: str) -> dict[str, list[str]]:
    """What the open cases of an agency can be narrowed to: kinds, topics, holders. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(DISTINCT kind), array_agg(DISTINCT topic) FILTER (WHERE topic IS NOT NULL), "
                       "array_agg(DISTINCT holder) FILTER (WHERE holder IS NOT NULL) FROM td_case WHERE agency = %s AND NOT final",
                       [agency])  # fmt: skip
        kinds, topics, holders = cursor.fetchone()
    return {"kind": kinds or [], "topic": topics or [], "holder": holders or []}


@dataclass(frozen=True, slots=True)
class LateBelow:
    """How much an agency below is late with, by who holds it. Sums only: those above see no case by it."""

    agency: str
    holder: str
    cases: int
    oldest: date


def late_below() -> list[LateBelow]:
    """What agencies below the scope's are late with, the oldest first. Runs inside a scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, holder, cases, oldest FROM td_late_below()")
        return [LateBelow(*row) for row in cursor.fetchall()]


def counts(actor: Actor, today: date) -> dict[str, int]:
    """The morning page's numbers: in hand, due soon or late in hand, late in the agency."""
    mine, parameters, _stage = _mine(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE due_on < %s), count(*) FILTER (WHERE due_on = %s) FROM td_case "
            f"WHERE {mine}", [today, today, *parameters])  # fmt: skip
        hand, late, now = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM td_case WHERE NOT final AND agency = %s AND due_on < %s",
                       [actor.post.agency if actor.post else "", today])  # fmt: skip
        return {"hand": hand, "late": late, "today": now, "agency_late": cursor.fetchone()[0]}


def search(words: str, most: int = PAGE) -> list[CaseLine]:
    """By reference, number or whole words without diacritics (the last may be its beginning), inside the scope."""
    try:
        return _lines(f"SELECT {_COLUMNS} FROM td_case WHERE reference LIKE %s ORDER BY reference LIMIT %s",
                      [parse_reference(words).partition("/")[0] + "%", most])  # fmt: skip
    except Refusal:
        pass
    terms = [t for t in words_of(fold(words)) if len(t) > 1][:8]
    if not terms:
        return []
    query = f"SELECT {_COLUMNS} FROM td_case WHERE id IN (SELECT td_search(%s, %s, %s)) ORDER BY opened_on DESC, id DESC LIMIT %s"
    return _lines(query, [terms, most, WALK, most])


def present(case_id: UUID, person: UUID, name: str) -> list[str]:
    """Note that a person has a case open; the names of the others who do. Two officers on one file see each other."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_presence (case_id, person, name, at) VALUES (%s, %s, %s, now()) ON CONFLICT "
                       "(case_id, person) DO UPDATE SET at = now(), name = excluded.name", [case_id, person, name])  # fmt: skip
        cursor.execute("SELECT name FROM td_presence WHERE case_id = %s AND person <> %s "
                       "AND at > now() - interval '45 seconds' ORDER BY name", [case_id, person])  # fmt: skip
        return [row[0] for row in cursor.fetchall()]
