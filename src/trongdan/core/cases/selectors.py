"""Lists for the desk: the inbox, the morning page, search. Each is one statement; run inside a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.kernel.case import Actor, Post
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference, parse_reference
from trongdan.platform.text import fold, words_of

PAGE = 50
WALK = 1000  # the newest cases of a scope that a search looks through before it asks the index of words
_COLUMNS = ("id, reference, kind, step, final, agency, holder, assigned, outcome, nature, topic, opened_on, due_on, late, "
            "arrival_no, secret, waits, lent")  # fmt: skip


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
    lent: str | None = None

    @property
    def shown(self) -> str:
        return format_reference(self.reference)


def _lines(query: str, parameters: Sequence[Any]) -> list[CaseLine]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [CaseLine(*row) for row in cursor.fetchall()]


# What is to be done with a line: the stage its paper waits for, or sending one that was numbered.
_STAGE = "CASE WHEN unsent AND (final OR holder IS DISTINCT FROM 'registry') THEN 'send' ELSE coalesce(waits, '') END"


def _roles(role: str) -> list[str]:
    """The holders that a role stands in for."""
    return [role, *(["head"] if role == "deputy" else [])]


def _mine(post: Post) -> list[tuple[str, list[Any]]]:
    """What a post has in hand, in parts that do not overlap: (condition, its parameters). By its role at the agency, by
    being assigned there or in a step that another agency lent it; văn thư also has what was numbered and not sent, in closed
    cases too."""
    parts: list[tuple[str, list[Any]]] = [("NOT final AND agency = %s AND holder = %s", [post.agency, role])
                                          for role in _roles(post.role)]  # fmt: skip
    parts.append(("NOT final AND agency = %s AND holder = 'assigned' AND assigned = %s", [post.agency, post.id]))
    parts.append(("NOT final AND lent = %s AND assigned = %s AND holder = 'assigned'", [post.agency, post.id]))
    if post.role == "registry":
        parts.append(("unsent AND agency = %s AND (final OR NOT coalesce(holder = 'registry' OR (holder = 'assigned' AND "
                      "assigned = %s), false))", [post.agency, post.id]))  # fmt: skip
    return parts


@dataclass(frozen=True, slots=True)
class Morning:
    """A post's numbers. `tasks`: what it has in hand by what is to be done, (stage of a paper or "", how many), most urgent
    first; in hand in all, late, due today; and what its agency is late with."""

    tasks: list[tuple[str, int]]
    hand: int = 0
    late: int = 0
    today: int = 0
    agency_late: int = 0


def morning(actor: Actor, today: date) -> Morning:
    """The numbers of the acted post. One statement, counted in the database for all cases at once."""
    post = actor.post
    if post is None:
        return Morning([])
    with connection.cursor() as cursor:
        cursor.execute("SELECT stage, cases, late, today FROM td_morning(%s, %s, %s, %s, %s)",
                       [post.agency, _roles(post.role), post.id, post.role == "registry", today])  # fmt: skip
        found = cursor.fetchall()
    mine = [row for row in found if row[0] is not None]
    return Morning([(stage, cases) for stage, cases, _late, _today in mine], sum(r[1] for r in mine), sum(r[2] for r in mine),
                   sum(r[3] for r in mine), sum(r[2] for r in found if r[0] is None))  # fmt: skip


def in_hand(actor: Actor, after: tuple[date | None, UUID] | None = None, most: int = PAGE, stage: str | None = None
            ) -> list[CaseLine]:  # fmt: skip
    """The cases the acted post has in hand, due first; `after` is the last line of the page before. `stage`: only
    those with a paper that waits for it ("sign", "number", "send" …); "" for those with none.

    Each part is read in its index's own order and no further than a page: with thousands in hand, who sees them is asked
    of a page and not of all (bench/)."""
    post = actor.post
    if post is None:
        return []
    expression = _STAGE if post.role == "registry" else "coalesce(waits, '')"
    page, more, parameters = "", list[Any](), list[Any]()
    if stage is not None:
        page, more = f" AND {expression} = %s", [stage]
    if after is not None:
        page += " AND (coalesce(due_on, 'infinity'), id) > (coalesce(%s, 'infinity'::date), %s)"
        more += after
    columns = _COLUMNS.replace("waits", f"nullif({expression}, '') AS waits")
    parts = []
    for mine, values in _mine(post):
        parts.append(f"(SELECT {columns} FROM td_case WHERE {mine}{page} ORDER BY due_on, id LIMIT %s)")
        parameters += [*values, *more, most]
    return _lines(f"SELECT {_COLUMNS} FROM ({' UNION ALL '.join(parts)}) AS mine ORDER BY due_on, id LIMIT %s",
                  [*parameters, most])  # fmt: skip


def lent_here(post: Post, most: int = PAGE) -> list[CaseLine]:
    """The cases of other agencies with a step at the post's own, due first: for those who lead there."""
    query = (f"SELECT {_COLUMNS} FROM td_case WHERE NOT final AND lent = %s AND holder = 'assigned' ORDER BY due_on, id "
             "LIMIT %s")  # fmt: skip
    return _lines(query, [post.agency, most])


def verifying(actor: Actor) -> list[CaseLine]:
    """The cases whose verification was given to the acted post."""
    if actor.post is None or actor.post.role != "verifier":
        return []
    query = f"SELECT {_COLUMNS} FROM td_case WHERE NOT final AND holder = 'verifier' ORDER BY due_on NULLS LAST, id LIMIT %s"
    return _lines(query, [PAGE])


def of_ids(ids: Sequence[UUID]) -> list[CaseLine]:
    """These cases, those that the scope sees, oldest first."""
    return _lines(f"SELECT {_COLUMNS} FROM td_case WHERE id = ANY(%s) ORDER BY opened_on, id", [list(ids)])


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
    order = "opened_on DESC, id DESC" if only == "closed" else "due_on, id"
    more, values = narrow.where()
    parameters: list[Any] = [agency, *values]
    if after is not None:
        more += (" AND (opened_on, id) < (%s, %s)" if only == "closed"
                 else " AND (coalesce(due_on, 'infinity'), id) > (coalesce(%s, 'infinity'::date), %s)")  # fmt: skip
        parameters += after
    return _lines(f"SELECT {_COLUMNS} FROM td_case WHERE agency = %s AND {where}{more} ORDER BY {order} LIMIT %s",
                  [*parameters, most])  # fmt: skip


def of_kind(kind: str, most: int = PAGE) -> list[CaseLine]:
    """The newest cases of a kind that the scope sees: for kinds with a register of their own, few and far between."""
    return _lines(f"SELECT {_COLUMNS} FROM td_case WHERE kind = %s ORDER BY opened_on DESC, id LIMIT %s", [kind, most])


def choices_of(agency: str) -> dict[str, list[str]]:
    """What the open cases of an agency can be narrowed to: kinds, topics, holders. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kinds, topics, holders FROM td_choices(%s)", [agency])
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


def search(words: str, most: int = PAGE, wide: bool = False) -> list[CaseLine]:
    """By reference, number or whole words without diacritics (the last may be its beginning), inside the scope. Where the words are
    a name (of a person, a place) that cases hold as such, those alone; `wide`: also cases that hold the words apart."""
    try:
        root = parse_reference(words).partition("/")[0]
        # A range and no LIKE: under row security only operators that tell nothing of a row they fail on come before the question
        # who sees it; with LIKE that was asked of every case. "0" comes next after the "/" before a matter's own number.
        return _lines(f"SELECT {_COLUMNS} FROM td_case WHERE reference >= %s AND reference < %s ORDER BY reference LIMIT %s",
                      [root, root + "0", most])  # fmt: skip
    except Refusal:
        pass
    terms = [t for t in words_of(fold(words)) if len(t) > 1][:8]
    if not terms:
        return []
    query = (f"SELECT {_COLUMNS} FROM td_case WHERE id IN (SELECT td_find(%s, %s, %s, %s)) ORDER BY opened_on DESC, id DESC "
             "LIMIT %s")  # fmt: skip
    return _lines(query, [terms, most, WALK, wide, most])


def present(case_id: UUID, person: UUID, name: str) -> list[str]:
    """Note that a person has a case open; the names of the others who do. Two officers on one file see each other."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_presence (case_id, person, name, at) VALUES (%s, %s, %s, now()) ON CONFLICT "
                       "(case_id, person) DO UPDATE SET at = now(), name = excluded.name", [case_id, person, name])  # fmt: skip
        cursor.execute("SELECT name FROM td_presence WHERE case_id = %s AND person <> %s "
                       "AND at > now() - interval '45 seconds' ORDER BY name", [case_id, person])  # fmt: skip
        return [row[0] for row in cursor.fetchall()]


def is_known(reference: str) -> bool:
    """Whether the scope sees a case of this reference (stored form). Inside a scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM td_case WHERE reference = %s", [reference])
        return cursor.fetchone() is not None
