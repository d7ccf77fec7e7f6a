"""Reading the catalogue. Public, outside any scope: no row of it says anything of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Q

from .in_words import duration_words, fee_words
from .known import Violation, violations
from .models import CatalogueImport, ProcedureVersion
from .search import CODE, Entry, Index
from .words import LifeEvent, Step, words

Row = tuple[str, str, str, list[str], dict[str, Any]]
Made = TypeVar("Made")
_built: dict[str, tuple[Any, Any]] = {}
_lock = Lock()


def in_force(on: date) -> Q:
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


def revision() -> tuple[int, str]:
    """The newest import and its moment, which tells a restored database from the one before; (0, "") when there is none. One
    statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, at::text FROM td_catalogue_import ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "")


def index(on: date) -> Index:
    """The names in force on a day, ready to be searched: built once a process for each import and day, else one statement."""
    return _once("index", on, lambda rows: Index([Entry(code, name, field, tuple(levels), duration_words(body), fee_words(body))
                                                  for code, name, field, levels, body in rows], words()))  # fmt: skip


def _once(what: str, on: date, make: Callable[[Iterator[Row]], Made]) -> Made:
    """What is made of the versions in force on a day, kept until another import or day."""
    key = (connection.settings_dict["NAME"], revision(), on)
    with _lock:
        kept, made = _built.get(what, (None, None))
        if kept != key:
            rows = ProcedureVersion.objects.filter(in_force(on)).values_list("code", "name", "field", "levels", "body")
            made = make(rows.iterator())
            _built[what] = (key, made)
        found: Made = made
        return found


def search(question: str, on: date, limit: int = 20) -> tuple[list[Entry], int]:
    """(best entries, how many there are). An empty question lists all, by code."""
    names = index(on)
    if question.strip():
        return names.find(question, limit)
    every = sorted(names.by_code.values(), key=lambda e: e.code)
    return every[:limit], len(every)


@dataclass(frozen=True, slots=True)
class Found:
    """A procedure in force: its version's id, since when, and its typed body."""

    id: int
    code: str
    since: date
    body: dict[str, Any]


def procedure(code: str, on: date) -> Found | None:
    """The version of a procedure in force on a day; None when there is none (yet, or any more). One statement."""
    if not CODE.fullmatch(code):
        return None
    row = ProcedureVersion.objects.filter(in_force(on), code=code).values_list("id", "code", "since", "body").first()
    return Found(*row) if row else None


def ended(code: str, on: date) -> date | None:
    """The last day of a procedure that is no longer in force; None when it never was or still is."""
    last = ProcedureVersion.objects.filter(code=code).order_by("-since").values_list("until", flat=True).first()
    return last if last is not None and last < on else None


def asking_again(on: date) -> list[Violation]:
    """Procedures in force on a day that ask for what the state has, by field and name: read once a process for each import."""
    return _once("again", on, lambda rows: sorted(violations(rows), key=lambda v: (v.field, v.name, v.code)))


def version(version_id: int) -> Found | None:
    row = ProcedureVersion.objects.filter(id=version_id).values_list("id", "code", "since", "body").first()
    return Found(*row) if row else None


def fields(on: date, level: str = "") -> list[tuple[str, int]]:
    """(field, how many procedures), most first; only those done at a level when given."""
    counts: dict[str, int] = {}
    for entry in index(on).by_code.values():
        if not level or level in entry.levels:
            counts[entry.field] = counts.get(entry.field, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def of_field(field: str, on: date) -> list[Entry]:
    return sorted((e for e in index(on).by_code.values() if e.field == field), key=lambda e: e.name)


def of_event(event: LifeEvent, on: date) -> list[tuple[Step, Entry]]:
    """The procedures of an event that the catalogue has."""
    known = index(on).by_code
    return [(step, known[step.code]) for step in event.steps if step.code in known]


def last_import() -> CatalogueImport | None:
    return CatalogueImport.objects.order_by("-id").first()
