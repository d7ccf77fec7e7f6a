"""Figures of conclusions disclosed in stages: inside until a decision with number and date opens a period to the council and the
Front, then to everybody; beside each figure what the unit itself says of it (domain 22, 23)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from trongdan.core.cases.scope import scope
from trongdan.core.papers.redaction import suggest
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

from .once import Doer, at, once
from .promises import Kept, figures, verdict

FEW = 5  # counts below it are shown to nobody outside (domain 20, 21; 0055)
STAGES = ("inside", "council", "public")
COUNTS = ("kept", "moved", "late", "broken", "running", "redated")
SPEAKERS = ("head", "deputy", "office")
LONGEST = 2000
SPACE = UUID("0b7f4b58-0a1c-4c07-8f57-7d1a3a2c4d65")


@dataclass(frozen=True, slots=True)
class Order:
    """A decision: the period, up to which stage, and its number and date. Stage "inside" takes a disclosure back."""

    since: date
    until: date
    stage: str
    decision_no: str
    decision_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of disclosed figures. None: fewer than FEW. Totals, and all counts of a whole agency (`post` "*"), are rounded down
    to a multiple of FEW, so that nobody finds what was left out by taking away the rest."""

    agency: str
    post: str | None
    total: int
    kept: int | None
    moved: int | None
    late: int | None
    broken: int | None
    running: int | None
    redated: int | None


@dataclass(frozen=True, slots=True)
class Released:
    """What a decision disclosed, as it stood on `as_of`; `accounts` agency -> what the unit says of its own figure."""

    agency: str
    since: date
    until: date
    stage: str
    decision_no: str
    decision_on: date
    as_of: date
    lines: Sequence[Line]
    accounts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Concluded:
    """A point concluded in a public meeting, in words that a person has read. `meeting` is that meeting's reference."""

    agency: str
    concluded_by: str
    meeting: str
    bound: date
    first: date
    due: date
    done: bool
    stopped: date | None
    moves: int
    task: str
    account: str | None

    def verdict(self, today: date) -> str:
        return verdict(self.done, self.first, self.due, self.stopped, today)


# --- what may be shown -----------------------------------------------------------------------------------------------------


def without_small(rows: Iterable[Kept]) -> list[Line]:
    """The figures as they leave the house: each agency as a whole, rounded down; then its posts, exact from FEW upwards. An agency
    or a post with fewer than FEW points is not named at all."""
    out = []
    for agency, found in groupby(sorted(rows, key=lambda k: (k.agency, k.post or "")), key=lambda k: k.agency):
        posts = list(found)
        if sum(k.all for k in posts) < FEW:
            continue
        whole = [_down(sum(getattr(k, c) for k in posts)) for c in COUNTS]
        out.append(Line(agency, "*", sum(k.all for k in posts) // FEW * FEW, *whole))
        out += [Line(agency, k.post, k.all // FEW * FEW, *(_shown(getattr(k, c)) for c in COUNTS)) for k in posts if k.all >= FEW]
    return out


def _shown(n: int) -> int | None:
    return n if n >= FEW else None


def _down(n: int) -> int | None:
    return n // FEW * FEW or None


# --- deciding ----------------------------------------------------------------------------------------------------------------


def release(order: Order, doer: Doer, now: datetime | None = None) -> UUID:
    """Record the decision that discloses the figures of a period, or takes that back. By the head alone, in an own name. Raises
    Refusal: not yet over, out of order, or cutting another disclosed period so that small counts could be found by taking away."""
    moment = at(now)
    today = moment.astimezone(VIETNAM).date()
    post, actor = doer.actor.post, doer.actor
    if post is None or post.role != "head" or actor.on_behalf is not None or actor.person is None:
        raise Refusal("promises.not_yours", "Chỉ người đứng đầu, bằng tài khoản của mình, quyết định công khai số liệu của cơ quan "
                      "mình và cấp dưới.")  # fmt: skip
    _check(order, today)
    new = uuid5(SPACE, f"{doer.client}:{doer.key}")
    with scope(actor):
        if not once(doer, "release", post.agency, new, asdict(order)):
            return new
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 65))", [post.agency])
        _in_order(order, post.agency)
        lines = without_small(figures(order.since, order.until, today)) if order.stage != "inside" else []
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO td_promise_release (id, agency, bodies, since, until, stage, decision_no, decision_on, as_of, "
                "figures, post, person) SELECT %s, %s, ARRAY(SELECT td_reception_bodies()), %s, %s, %s, %s, %s, %s, %s, %s, %s",
                [new, post.agency, order.since, order.until, order.stage, order.decision_no.strip()[:60], order.decision_on, today,
                 json.dumps([asdict(line) for line in lines]), post.id, actor.person])  # fmt: skip
    return new


def _check(order: Order, today: date) -> None:
    if order.stage not in STAGES:
        raise Refusal("promises.stage", "Hãy chọn công khai đến đâu.", None, {"field": "stage"})
    if order.until < order.since or order.until >= today:
        raise Refusal("promises.period", "Chỉ công khai kỳ đã qua: ngày cuối kỳ phải trước hôm nay.", None, {"field": "until"})
    if not order.decision_no.strip():
        raise Refusal("promises.decision", "Hãy ghi số quyết định công khai.", None, {"field": "decision_no"})
    if order.decision_on is None or not order.until < order.decision_on <= today:
        raise Refusal("promises.decision_on", "Ngày quyết định phải sau kỳ và không sau hôm nay.", None, {"field": "decision_on"})


def _in_order(order: Order, agency: str) -> None:
    """Stage by stage; periods of one agency are the same or lie apart."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (since, until) since, until, stage FROM td_promise_release WHERE agency = %s "
                       "AND since <= %s AND until >= %s ORDER BY since, until, n DESC",
                       [agency, order.until, order.since])  # fmt: skip
        before = {(row[0], row[1]): row[2] for row in cursor.fetchall()}
    if any(period != (order.since, order.until) for period in before):
        raise Refusal("promises.overlap", "Kỳ này chồng lên một kỳ đã công khai. Hãy lấy đúng kỳ ấy, hoặc kỳ không chồng nhau; so "
                      "hai kỳ chồng nhau thì lộ ra những số nhỏ.", None, {"field": "since"})  # fmt: skip
    stage = before.get((order.since, order.until), "inside")
    if order.stage == "public" and stage == "inside":
        raise Refusal("promises.order", "Công khai theo từng bước: Hội đồng nhân dân, Mặt trận trước, rồi mới đến mọi người.", None,
                      {"field": "stage"})  # fmt: skip
    if order.stage == "inside" and stage == "inside":
        raise Refusal("promises.not_released", "Kỳ này chưa công khai nên không có gì để gỡ.", None, {"field": "stage"})


def explain(since: date, until: date, words: str, doer: Doer, now: datetime | None = None, *, sure: bool = False) -> UUID:
    """What a unit says of its own figure of a period, to stand beside it wherever it is shown. Raises Refusal: also when it
    seems to name a private person and nobody said that it was read again."""
    post, text = doer.actor.post, clean(words).strip()
    if post is None or post.role not in SPEAKERS or doer.actor.person is None:
        raise Refusal("promises.not_speaker", "Lãnh đạo hoặc văn phòng của chính đơn vị mới giải trình số liệu của đơn vị.")
    if not text or len(text) > LONGEST or until < since:
        raise Refusal("promises.account", f"Hãy ghi lời giải trình, không quá {LONGEST} chữ.", None, {"field": "words"})
    found = suggest(text)
    if found and not sure:
        said = ", ".join(dict.fromkeys(span.why for span in found))
        raise Refusal("promises.names", f"Lời giải trình ai cũng có thể đọc. Hình như còn: {said}. Hãy bỏ đi, hoặc đánh dấu "
                      "đã đọc lại.", None, {"field": "words"})  # fmt: skip
    new = uuid5(SPACE, f"{doer.client}:{doer.key}")
    with scope(doer.actor):
        if once(doer, "account", post.agency, new, [since, until, text]):
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO td_promise_account (id, agency, since, until, words, at, post, person) "
                               "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                               [new, post.agency, since, until, text, at(now), post.id, doer.actor.person])  # fmt: skip
    return new


# --- reading -----------------------------------------------------------------------------------------------------------------


def accounts(since: date, until: date) -> dict[str, str]:
    """agency -> what it says of its own figures of a period, of the scope's bodies and those below. Inside a scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, words FROM td_promise_accounts(%s, %s)", [since, until])
        return dict(cursor.fetchall())


def released(most: int = 12) -> list[Released]:
    """What is disclosed to the scope, the newest decision first; in the scope of nobody, what everybody may read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, since, until, stage, decision_no, decision_on, as_of, figures, accounts "
                       "FROM td_promises_released(%s)", [most])  # fmt: skip
        return [_released(row) for row in cursor.fetchall()]


def _released(row: tuple[Any, ...]) -> Released:
    """What a unit says of a figure that is too small to be shown is not shown either."""
    lines = [Line(**line) for line in _json(row[7])]
    shown = {line.agency for line in lines}
    accounts_shown = {a: words for a, words in _json(row[8]).items() if a in shown}
    return Released(row[0], row[1], row[2], row[3], row[4], row[5], row[6], lines, accounts_shown)


def concluded(most: int = 100) -> list[Concluded]:
    """The points of public meetings that everybody may read, the newest first. Needs no more than the scope of nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, concluded_by, meeting, bound, first_due, due, done, stopped, moves, task, account "
                       "FROM td_concluded(%s)", [most])  # fmt: skip
        return [Concluded(*row) for row in cursor.fetchall()]


def _json(value: Any) -> Any:
    """JSON as Django's connection gives it: text."""
    return json.loads(value) if isinstance(value, str) else value
