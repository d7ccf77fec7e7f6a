"""The national service portal (Cổng Dịch vụ công quốc gia): dossiers come with their national code, states go back in turn.

Nothing is lost while it is away: what came is kept sealed until a kind takes it, what must go back waits here and is sent again
with growing waits that never end. A reconciliation asks what they hold and names what differs; the newest state is then told anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from trongdan.core.cases.scope import JOB, scope
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys

from .calling import Link, LinkDown, backoff
from .contract import CodesIn, CursorIn, DossierIn, PulledOut, StateIn, StateOut, StatesOut

NAME, PURPOSE = "portal", "links"
LEASE, RECHECK = timedelta(minutes=10), timedelta(days=1)
LOOK_AGAIN = timedelta(minutes=10)  # at a dossier that no kind could take
NOT_THERE = "*"  # they know nothing of the dossier
# Opens a dossier once for its code and says what it became; None: not for this kind. A Refusal says why it must wait.
Taker = Callable[[DossierIn], str | None]


@lru_cache(maxsize=4)
def _link(url: str, token: str) -> Link:
    return Link(NAME, url, token)


def portal_link() -> Link | None:
    """The way there; None without TRONGDAN_PORTAL_URL. One a process: its breaker remembers."""
    url = settings.PORTAL_URL
    return _link(url, settings.PORTAL_TOKEN) if url.startswith(("http://", "https://")) else None


# --- dossiers that come -------------------------------------------------------------------------------------------------


def pull(link: Link, now: datetime) -> int:
    """Take over one page of dossiers; how many were new. The cursor moves with what was kept, in one transaction: cut off in
    between, the page comes again and nothing is kept twice. Raises LinkDown."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT cursor FROM td_portal_cursor")
        row = cursor.fetchone()
    page, _tries = link.ask("/portal/pull", CursorIn(cursor=row[0] if row else "0"), PulledOut)
    with scope(JOB), connection.cursor() as cursor:
        new = 0
        for one in page.dossiers:
            sealed = keys.encrypt(PURPOSE, one.model_dump_json().encode(), one.code.encode())
            cursor.execute("INSERT INTO td_portal_dossier (code, agency, procedure, lodged_at, received_at, sealed) VALUES "
                           "(%s, %s, %s, %s, %s, %s) ON CONFLICT (code) DO NOTHING",
                           [one.code, one.agency, one.procedure, one.lodged_at, now, sealed])  # fmt: skip
            new += cursor.rowcount
        cursor.execute("INSERT INTO td_portal_cursor (cursor) VALUES (%s) ON CONFLICT (only_one) DO UPDATE SET "
                       "cursor = excluded.cursor", [page.cursor])  # fmt: skip
    return new


def hand_over(take: Taker, now: datetime, most: int = 50) -> int:
    """Give waiting dossiers to a kind, oldest first; how many it took. What it opened and what is noted here are one
    transaction a dossier, and its own key is the national code: never twice. One that the kind refuses waits with the reason
    beside it, and is tried again: the catalogue or the agencies may change."""
    taken = 0
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT code FROM td_portal_dossier WHERE taken_at IS NULL AND (look_at IS NULL OR look_at <= %s) "
                       "ORDER BY lodged_at, code LIMIT %s", [now, most])  # fmt: skip
        codes = [row[0] for row in cursor.fetchall()]
    for code in codes:
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM td_portal_dossier WHERE code = %s AND taken_at IS NULL FOR UPDATE SKIP LOCKED",
                           [code])  # fmt: skip
            row = cursor.fetchone()
            if row is None:
                continue
            became, why = _took(take, DossierIn.model_validate_json(keys.decrypt(PURPOSE, bytes(row[0]), code.encode())))
            if became is not None:
                cursor.execute("UPDATE td_portal_dossier SET taken_at = %s, taken_as = %s, sealed = NULL, why = '' WHERE code = %s",
                               [now, became, code])  # fmt: skip
                taken += 1
            else:
                cursor.execute("UPDATE td_portal_dossier SET look_at = %s, why = %s WHERE code = %s", [now + LOOK_AGAIN, why, code])
    return taken


def _took(take: Taker, one: DossierIn) -> tuple[str | None, str]:
    try:
        with transaction.atomic():  # whatever a refused dossier had begun to write is taken back
            return take(one), ""
    except Refusal as refusal:
        return None, refusal.message


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dossier that came and is in no register of ours yet; `why` in words, "" when it was not tried yet."""

    code: str
    agency: str
    procedure: str
    lodged_at: datetime
    received_at: datetime
    why: str


def waiting(most: int = 200) -> list[Waiting]:
    """Dossiers of the scope's agencies that wait, the oldest first. No name of anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, agency, procedure, lodged_at, received_at, why FROM td_portal_dossier WHERE taken_at IS NULL "
                       "ORDER BY lodged_at, code LIMIT %s", [most])  # fmt: skip
        return [Waiting(*row) for row in cursor.fetchall()]


# --- states that go back ------------------------------------------------------------------------------------------------


def tell(code: str, state: str, on: date, agency: str, now: datetime, *, due: date | None = None,
         result: str | None = None) -> int:  # fmt: skip
    """Note a state for the portal; its turn. The same state again is no new turn. Runs inside a scope.

    `agency` is the one whose report shows it; `result`: sha256 (hex) of the electronic result. No word and no name goes here."""
    StateIn(code=code, turn=1, state=state, on=on, due=due, result=result)  # its shape is refused here, not by the sender
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"portal/{code}"])
        cursor.execute("SELECT turn, state, on_date, due, result FROM td_portal_state WHERE code = %s ORDER BY turn DESC LIMIT 1",
                       [code])  # fmt: skip
        row = cursor.fetchone()
        if row is not None and tuple(row[1:]) == (state, on, due, result):
            return int(row[0])
        turn = row[0] + 1 if row else 1
        cursor.execute("INSERT INTO td_portal_state (code, turn, agency, state, on_date, due, result, told_at, next_at) VALUES "
                       "(%s, %s, %s, %s, %s, %s, %s, %s, %s)", [code, turn, agency, state, on, due, result, now, now])  # fmt: skip
    return int(turn)


def send_due(link: Link, now: datetime, most: int = 50) -> tuple[int, int]:
    """Send what is due, each dossier's turns in order; (arrived, not yet). Leased, outside any transaction."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_portal_state SET next_at = %s WHERE (code, turn) IN (SELECT code, turn FROM td_portal_state "
                       "WHERE next_at <= %s ORDER BY told_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING code, turn, state, "
                       "on_date, due, result, attempts", [now + LEASE, now, most])  # fmt: skip
        rows = sorted(cursor.fetchall())
    arrived, failed = 0, set()
    for code, turn, state, on, due, result, attempts in rows:
        body = StateIn(code=code, turn=turn, state=state, on=on, due=due, result=result)
        try:
            if code in failed:
                raise LinkDown("after_another")
            answer, _tries = link.ask("/portal/state", body, StateOut)
            if (answer.code, answer.turn) != (code, turn):
                raise LinkDown("half_answer")
        except LinkDown as down:
            failed.add(code)
            again = None if down.final else now + timedelta(seconds=backoff(attempts + 1))
            _note(code, turn, "next_at = %s, attempts = attempts + 1, last = %s", [again, down.code])
        else:
            arrived += 1
            _note(code, turn, "next_at = NULL, sent_at = %s, last = 'arrived', checked_at = NULL, differs = NULL", [now])
    return arrived, len(rows) - arrived


def reconcile(link: Link, now: datetime, most: int = 100) -> tuple[int, int]:
    """Hold the newest arrived states against theirs; (looked at, different). What differs is named, and told anew.

    Raises LinkDown."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT code, turn, state, on_date, due, result FROM td_portal_state s WHERE sent_at IS NOT NULL AND "
                       "(checked_at IS NULL OR checked_at <= %s) AND turn = (SELECT max(turn) FROM td_portal_state n "
                       "WHERE n.code = s.code) ORDER BY checked_at NULLS FIRST LIMIT %s", [now - RECHECK, most])  # fmt: skip
        ours = {code: StateIn(code=code, turn=turn, state=state, on=on, due=due, result=result)
                for code, turn, state, on, due, result in cursor.fetchall()}  # fmt: skip
    if not ours:
        return 0, 0
    theirs, _tries = link.ask("/portal/states", CodesIn(codes=sorted(ours)), StatesOut)
    if set(theirs.states) != set(ours):
        raise LinkDown("half_answer")
    different = 0
    for code, state in ours.items():
        differs = differences(state, theirs.states[code])
        different += bool(differs)
        _note(code, state.turn, "checked_at = %s, differs = %s, next_at = %s", [now, differs, now if differs else None])
    return len(ours), different


def differences(ours: StateIn, theirs: StateIn | None) -> list[str]:
    """The names of what differs."""
    if theirs is None:
        return [NOT_THERE]
    a, b = ours.model_dump(), theirs.model_dump()
    return sorted(k for k in a if a[k] != b[k])


def _note(code: str, turn: int, what: str, values: list[Any]) -> None:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute(f"UPDATE td_portal_state SET {what} WHERE code = %s AND turn = %s", [*values, code, turn])


@dataclass(frozen=True, slots=True)
class Told:
    """The newest state told of a dossier; `sent_at` None: not arrived yet; `differs`: what their register has otherwise."""

    state: str
    on: date
    told_at: datetime
    sent_at: datetime | None
    differs: tuple[str, ...]


def told(code: str) -> Told | None:
    """What the portal was last told of a dossier, if the scope's agencies told it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, on_date, told_at, sent_at, differs FROM td_portal_state WHERE code = %s ORDER BY turn DESC "
                       "LIMIT 1", [code])  # fmt: skip
        row = cursor.fetchone()
    return Told(row[0], row[1], row[2], row[3], tuple(row[4] or ())) if row else None


@dataclass(frozen=True, slots=True)
class Behind:
    """A state that has not arrived, or differs there."""

    code: str
    state: str
    told_at: datetime
    attempts: int
    last: str
    differs: tuple[str, ...]


def behind(most: int = 200) -> list[Behind]:
    """What of the scope's agencies is out of step with the portal, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, state, told_at, attempts, last, differs FROM td_portal_state WHERE sent_at IS NULL OR "
                       "cardinality(coalesce(differs, '{}')) > 0 ORDER BY told_at LIMIT %s", [most])  # fmt: skip
        return [Behind(code, state, told, attempts, last, tuple(differs or ()))
                for code, state, told, attempts, last, differs in cursor.fetchall()]  # fmt: skip


def as_json(found: list[Behind]) -> str:
    """For a report: no name, no word."""
    return json.dumps([{"code": b.code, "state": b.state, "since": b.told_at.isoformat(), "attempts": b.attempts, "last": b.last,
                        "differs": list(b.differs)} for b in found], ensure_ascii=False, indent=1)  # fmt: skip
