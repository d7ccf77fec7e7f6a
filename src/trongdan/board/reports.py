"""The figures of a report: one computation for every receiver, from the tally alone. A closed period keeps what was known when
it was closed; what became known later stands beside it as a correction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.selectors import CaseLine, of_ids
from trongdan.kernel.canonical import canonical
from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal

from .forms import Form, Number, Period
from .sheets import Sheet
from .values import vi

PROVINCE = ""
FIRST, LAST = date(1900, 1, 1), date(9999, 12, 31)
CLOSERS = ("head", "deputy", "office", "inspector", "reception")
PAGE = 100
Figures = dict[str, int]


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed period: its figures by agency, what was known then, by whom it was closed, and the hash over all of it."""

    figures: Mapping[str, Figures]
    hash: str
    at: datetime
    by: str


def _terms(form: Form, number: Number, since: date, until: date) -> list[dict[str, Any]]:
    days = {"before": (FIRST, since - timedelta(days=1)), "during": (since, until), "until": (FIRST, until)}
    return [
        {"number": number.id, "sign": -1 if t.less else 1, "fact": t.fact, "kinds": list(form.kinds),
         "natures": list(t.natures) or None, "outcomes": list(t.outcomes) or None, "late": t.late,
         "since": days[t.when][0].isoformat(), "until": days[t.when][1].isoformat()}
        for t in number.count
    ]  # fmt: skip


def figures(form: Form, agency: str, since: date, until: date, known: datetime, sealed: bool = False) -> dict[str, Figures]:
    """agency -> number id -> figure. `agency` PROVINCE gives every agency; `known` leaves out what was recorded later.
    Inside a scope; an agency whose figures it may not read has none. `sealed`: vault cases alone, under PROVINCE."""
    terms = [t for number in form.numbers for t in _terms(form, number, since, until)]
    out: dict[str, Figures] = {} if agency == PROVINCE and not sealed else {agency: {}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, number, total FROM td_report_numbers(%s, %s, %s, %s)",
                       [agency, json.dumps(terms), known, sealed])  # fmt: skip
        for of, number, total in cursor.fetchall():
            out.setdefault(of, {})[number] = int(total)
    return {of: _complete(form, found) for of, found in out.items()}


def _complete(form: Form, found: Figures) -> Figures:
    out: Figures = {}
    for number in form.numbers:
        out[number.id] = sum(out[n] for n in number.sum) if number.sum else found.get(number.id, 0)
    return out


def total(form: Form, of: Mapping[str, Figures]) -> Figures:
    return {n.id: sum(f[n.id] for f in of.values()) for n in form.numbers}


def may_read(agency: str) -> bool:
    """Whether the scope may read these figures."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_counts_for(%s)", [agency])
        return bool(cursor.fetchone()[0])


# --- closing a period -------------------------------------------------------------------------------------------------

def close(form: Form, period: Period, agency: str, actor: Actor, now: datetime) -> Closed:
    """Freeze the figures of a period as they are known now. Raises Refusal: not ended yet, closed before, not yours."""
    if actor.post is None or actor.post.role not in CLOSERS:
        raise Refusal("report.not_yours", "Chức danh này không chốt số liệu báo cáo.", None)
    if now.date() <= period.until:
        raise Refusal("report.not_over", f"Kỳ báo cáo chưa hết: chốt được sau ngày {vi(period.until)}.", None)
    if not may_read(agency) or (agency != PROVINCE and agency not in {p.agency for p in actor.posts}):
        raise Refusal("report.not_yours", "Chỉ cơ quan báo cáo chốt số liệu của mình.", None)
    if closed(form, period, agency) is not None:
        raise Refusal("report.closed", "Kỳ này đã chốt. Thay đổi về sau hiện thành điều chỉnh.", None)
    found = figures(form, agency, period.since, period.until, now)
    digest = _hash(form, period, agency, found, now)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_report (agency, form, period, since, until, numbers, hash, closed_at, closed_by) "
                       "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                       [agency, form.id, period.id, period.since, period.until, json.dumps(found), digest, now,
                        actor.post.id])  # fmt: skip
    return Closed(found, digest, now, actor.post.id)


def closed(form: Form, period: Period, agency: str) -> Closed | None:
    """The frozen figures of a period; None when it was not closed. Raises Refusal when they do not carry their hash."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT numbers, hash, closed_at, closed_by FROM td_report WHERE agency = %s AND form = %s AND period = %s",
                       [agency, form.id, period.id])  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        return None
    numbers = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    if _hash(form, period, agency, numbers, row[2]) != row[1]:
        raise Refusal("report.broken", "Số liệu đã chốt không còn khớp dấu niêm. Hãy báo ngay người quản trị.", None)
    return Closed(numbers, row[1], row[2], row[3])


def _hash(form: Form, period: Period, agency: str, numbers: Mapping[str, Figures], at: datetime) -> str:
    body = {"agency": agency, "form": form.id, "period": period.id, "since": period.since.isoformat(),
            "until": period.until.isoformat(), "numbers": numbers, "at": int(at.timestamp() * 1_000_000)}  # fmt: skip
    return hashlib.sha256(canonical(body)).hexdigest()


def corrections(form: Form, period: Period, agency: str, frozen: Closed, now: datetime) -> Figures:
    """By how much each figure differs now from what was closed; only those that do."""
    today = total(form, figures(form, agency, period.since, period.until, now))
    then = total(form, frozen.figures)
    return {n.id: today[n.id] - then[n.id] for n in form.numbers if today[n.id] != then[n.id]}


# --- what stands behind a number ---------------------------------------------------------------------------------------

def cases(form: Form, number: Number, agency: str, since: date, until: date, known: datetime, start: int = 0) -> list[CaseLine]:
    """The cases behind a figure, those the scope sees. A figure that takes away shows what is left."""
    parts = [number] if number.count else [n for n in (form.number(i) for i in number.sum) if n]
    terms = [t for part in parts for t in _terms(form, part, since, until)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM (SELECT y.case_id FROM jsonb_to_recordset(%s) AS t (sign int, fact text, kinds text[], "
            "natures text[], outcomes text[], late boolean, since date, until date) JOIN td_tally y ON y.fact = t.fact "
            "AND y.kind = ANY (t.kinds) AND y.on_date >= t.since AND y.on_date <= t.until "
            "AND (t.natures IS NULL OR y.nature = ANY (t.natures)) AND (t.outcomes IS NULL OR y.outcome = ANY (t.outcomes)) "
            "AND (t.late IS NULL OR y.late = t.late) WHERE (%s = '' OR y.agency = %s) AND y.at <= %s "
            "GROUP BY y.case_id HAVING sum(t.sign) <> 0) found JOIN td_case c ON c.id = found.case_id AND NOT c.vault "
            "ORDER BY c.opened_on, c.id OFFSET %s LIMIT %s",
            [json.dumps(terms), agency, agency, known, start, PAGE])  # fmt: skip
        return of_ids([row[0] for row in cursor.fetchall()])


def sheet(form: Form, period: Period, of: Mapping[str, Figures], heads: Sequence[str]) -> Sheet:
    """The report as a table: a line an agency, the sum below."""
    labels = names(list(of))
    rows: list[Sequence[str | int]] = [
        [labels.get(a, a or "Toàn tỉnh"), *(found[n.id] for n in form.numbers)]
        for a, found in sorted(of.items(), key=lambda item: labels.get(item[0], ""))
    ]  # fmt: skip
    if len(of) != 1:
        rows.append(["Tổng cộng", *total(form, of).values()])
    form_words = f"Biểu số {form.code}, {form.instrument}{'' if form.verified else ' (chưa đối chiếu)'}"
    return Sheet(form.name.upper(), (form_words, f"{period.name}: từ {vi(period.since)} đến {vi(period.until)}", *heads),
                 (("Cơ quan", 28), *((n.name, 11) for n in form.numbers)), rows, (form.note,))  # fmt: skip
