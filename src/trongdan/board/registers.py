"""Reading a register: what came to an agency in a period, line by line. Inside the reader's own scope: whoever is kept out of
a case has no line of it and no gap in the numbering that would tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.selectors import names, post_titles
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.kernel.errors import Refusal

from .forms import Register
from .sheets import Sheet
from .values import VALUES, Entry, vi

PAGE = 50
MOST = 5000  # lines of one file: a year of a busy commune; more would hold a web process up
_CHUNK = 500
_WHERE = ("FROM td_tally t JOIN td_case c ON c.id = t.case_id WHERE t.agency = %s AND t.fact = 'in' AND t.kind = ANY(%s) "
          "AND t.on_date BETWEEN %s AND %s AND c.vault = %s")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: a register of an agency between two days (both in it). `sealed`: its part apart, of vault cases."""

    register: Register
    agency: str
    since: date
    until: date
    sealed: bool = False

    def parameters(self) -> list[Any]:
        return [self.agency, list(self.register.kinds), self.since, self.until, self.sealed]


@dataclass(frozen=True, slots=True)
class Line:
    case: UUID
    cells: tuple[str, ...]


def count(wanted: Wanted) -> int:
    """How many lines. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_WHERE}", wanted.parameters())
        return int(cursor.fetchone()[0])


def page(wanted: Wanted, number: int) -> list[Line]:
    """The lines of a page, from 1."""
    return list(_lines(wanted, (number - 1) * PAGE, PAGE))


def sheet(wanted: Wanted, agency_name: str) -> Sheet:
    """The whole register of the period, for a file. Raises Refusal when it is too long for one."""
    total = count(wanted)
    if total > MOST:
        raise Refusal("register.too_long", f"Sổ của kỳ này có {total} dòng, quá {MOST} dòng một tệp. Hãy chọn kỳ ngắn hơn.", None)
    register = wanted.register
    part = " – phần lưu riêng" if wanted.sealed else ""
    heads = (agency_name, f"Từ {vi(wanted.since)} đến {vi(wanted.until)}; {total} dòng",
             f"Mẫu {register.code}, {register.instrument}{'' if register.verified else ' (chưa đối chiếu)'}")  # fmt: skip
    rows = [line.cells for start in range(0, total, _CHUNK) for line in _lines(wanted, start, _CHUNK)]
    return Sheet(f"{register.name.upper()}{part.upper()}", heads, tuple((c.name, c.width) for c in register.columns), rows,
                 (register.note,))  # fmt: skip


def _lines(wanted: Wanted, start: int, most: int) -> Iterator[Line]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.case_id, t.seq, t.on_date {_WHERE} ORDER BY t.on_date, t.at, t.case_id OFFSET %s LIMIT %s",
                       [*wanted.parameters(), start, most])  # fmt: skip
        found = cursor.fetchall()
    ids = list({row[0] for row in found})
    cases = load(ids)
    matters = load([UUID(child) for case in cases.values() for child in case.state.children]) if ids else {}
    words = {} if wanted.sealed else bodies(ids)
    people = {} if wanted.sealed else _people(ids)
    settled = _settled(ids, wanted.agency)
    agencies = names(sorted({a for case in (*cases.values(), *matters.values()) for a in _agencies(case)}))
    titles = post_titles(sorted({case.state.assigned or "" for case in cases.values()}))
    for offset, (case_id, seq, on) in enumerate(found):
        if case_id not in cases:
            continue
        case = cases[case_id]
        content = str((case.state.fields.get("text") or {}).get("content", ""))
        done = next((s for s in settled.get(case_id, ()) if s[0] >= seq), None)
        name, address = people.get(case_id, ("", ""))
        entry = Entry(start + offset + 1, on, wanted.agency, case, name, address, words.get(content, ""),
                      tuple(matters[UUID(c)] for c in case.state.children if UUID(c) in matters), words, agencies, titles,
                      done[1] if done else None, done[2] if done else None)  # fmt: skip
        yield Line(case_id, tuple(VALUES[c.value](entry) for c in wanted.register.columns))


def _agencies(case: Loaded) -> list[str]:
    fields = case.state.fields
    return [*case.state.agencies, *(str(fields[f]) for f in ("to_agency", "first_agency") if fields.get(f))]


def _people(ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """case -> (name, address): empty where the reader's role does not need to know who it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, coalesce(name, ''), coalesce(address, '') FROM td_identity WHERE case_id = ANY(%s) "
                       "AND role = 'sender'", [list(ids)])  # fmt: skip
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _settled(ids: Sequence[UUID], agency: str) -> dict[UUID, list[tuple[int, date, bool]]]:
    out: dict[UUID, list[tuple[int, date, bool]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, seq, on_date, late FROM td_tally WHERE case_id = ANY(%s) AND agency = %s "
                       "AND fact = 'settled' ORDER BY seq", [list(ids), agency])  # fmt: skip
        for case_id, seq, on, late in cursor.fetchall():
            out.setdefault(case_id, []).append((seq, on, late))
    return out
