"""What of our cases the national database has: marked from the trail, sent by the worker with retries, held against theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.cases.outbox import advance, cursor_of, read_batch
from trongdan.core.cases.scope import JOB, scope
from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference, parse_reference

from .port import NationalPort, NationalRefused
from .record import Record, declared, digest_of, records

READER = "national"
LEASE = timedelta(minutes=10)
WAITS = (1, 5, 30, 120, 360, 1440)  # minutes after each failure; the last goes on: the duty does not end
RECHECK = timedelta(days=1)
SILENT = ("clock:warned", "clock:overdue", "vault:asked")  # change no field
NOT_THERE = "*"
# They see the whole record.
TYPISTS = ("reception", "registry", "officer", "unit_head", "head", "deputy")
_MARK = (
    "INSERT INTO td_national AS n (case_id, agency, digest, waiting, next_at) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (case_id) DO UPDATE SET agency = excluded.agency, digest = excluded.digest, "
    "waiting = CASE WHEN excluded.digest = n.sent_digest THEN NULL ELSE coalesce(n.waiting, excluded.waiting) END, "
    "next_at = CASE WHEN excluded.digest = n.sent_digest THEN NULL WHEN n.digest = excluded.digest THEN n.next_at "
    "ELSE excluded.next_at END, attempts = CASE WHEN n.digest = excluded.digest THEN n.attempts ELSE 0 END "
    "WHERE (n.agency, n.digest) IS DISTINCT FROM (excluded.agency, excluded.digest)"
)


def mark(now: datetime, most: int = 500) -> int:
    """Note which records changed since the last turn; how many events were read. Runs inside the job scope."""
    events = read_batch(cursor_of(READER), most, payload=False)
    if not events:
        return 0
    ids = sorted({e.case_id for e in events if e.kind in declared().kinds and not e.tag.startswith(SILENT)})
    rows = [(i, case.state.agency, digest_of(record), now, now) for i, (case, record) in records(ids).items()]
    with connection.cursor() as cursor:
        if rows:
            cursor.executemany(_MARK, rows)
    advance(READER, events[-1])
    return len(events)


@dataclass(frozen=True, slots=True)
class Sent:
    """How a turn went."""

    sent: int = 0
    failed: int = 0


def send_due(port: NationalPort, now: datetime, most: int = 50) -> Sent:
    """Send up to `most` records that are due, outside any transaction; each is leased before, and the same record twice does
    no harm there."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_national SET next_at = %s WHERE case_id IN (SELECT case_id FROM td_national WHERE next_at <= %s "
                       "ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING case_id, attempts",
                       [now + LEASE, now, most])  # fmt: skip
        taken: dict[UUID, int] = dict(cursor.fetchall())
        wanted = records(list(taken))
    sent = failed = 0
    for case_id, (_case, record) in wanted.items():
        try:
            their_id = port.put(record)
        except NationalRefused as refused:
            _failed(case_id, refused, taken[case_id] + 1, now)
            failed += 1
        else:
            _done(case_id, digest_of(record), their_id, now)
            sent += 1
    return Sent(sent, failed)


def _done(case_id: UUID, digest: str, their_id: str, now: datetime, by: str = "") -> None:
    """It is there. What changed while it was under way stays waiting."""
    with scope(JOB), connection.cursor() as cursor:
        _note_sent(cursor, case_id, digest, their_id, now, by)


def _note_sent(cursor: Any, case_id: UUID, digest: str, their_id: str, now: datetime, by: str) -> None:
    cursor.execute("UPDATE td_national SET sent_digest = %s, sent_at = %s, their_id = %s, sent_by = %s, attempts = 0, "
                   "last_error = '', differs = '{}', waiting = CASE WHEN digest = %s THEN NULL ELSE %s END, "
                   "next_at = CASE WHEN digest = %s THEN NULL ELSE %s END WHERE case_id = %s",
                   [digest, now, their_id, by, digest, now, digest, now, case_id])  # fmt: skip


def _failed(case_id: UUID, refused: NationalRefused, attempts: int, now: datetime) -> None:
    """Try again later; a record that is refused itself waits until it changes, and stands in the list with its reason."""
    again = None if refused.final else now + timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1])
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_national SET attempts = %s, last_error = %s, next_at = %s WHERE case_id = %s",
                       [attempts, refused.code[:80], again, case_id])  # fmt: skip


# --- what differs ------------------------------------------------------------------------------------------------------

def differences(ours: Record, theirs: Mapping[str, str] | None) -> list[str]:
    """The fields that read otherwise there; ["*"] when they have no such record."""
    if theirs is None:
        return [NOT_THERE]
    return sorted({f.id for f in declared().fields if ours.get(f.id, "") != theirs.get(f.id, "")} | (set(theirs) - set(ours)))


def reconcile(port: NationalPort, now: datetime, most: int = 200) -> tuple[int, int]:
    """(looked at, different) of the records that were sent and not looked at for a day. A difference is sent anew."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM td_national WHERE sent_at IS NOT NULL AND waiting IS NULL "
                       "AND (checked_at IS NULL OR checked_at < %s) ORDER BY checked_at NULLS FIRST LIMIT %s",
                       [now - RECHECK, most])  # fmt: skip
        ours = records([row[0] for row in cursor.fetchall()])
    if not ours:
        return 0, 0
    theirs = port.fetch([record["ma"] for _, record in ours.values()])
    found = {case_id: differences(record, theirs.get(record["ma"])) for case_id, (_, record) in ours.items()}
    with scope(JOB), connection.cursor() as cursor:
        cursor.executemany("UPDATE td_national SET differs = %s, checked_at = %s, waiting = CASE WHEN %s THEN %s END, "
                           "next_at = CASE WHEN %s THEN %s END WHERE case_id = %s",
                           [(d, now, bool(d), now, bool(d), now, i) for i, d in found.items()])  # fmt: skip
    return len(found), sum(map(bool, found.values()))


# --- lists, and records that a hand typed in --------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Waiting:
    """A case whose record is not theirs yet, or differs."""

    case: UUID
    reference: str
    since: datetime
    attempts: int
    error: str
    differs: tuple[str, ...]

    @property
    def shown(self) -> str:
        return format_reference(self.reference)


def behind() -> list[tuple[str, int, datetime]]:
    """(agency, how many records wait, since when the oldest): own agencies and those below. In a scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, cases, oldest FROM td_national_behind()")
        return [(a, int(n), since) for a, n, since in cursor.fetchall()]


def waiting(agency: str, start: int = 0, most: int = 50) -> list[Waiting]:
    """The records of an agency that wait, the oldest first: those of cases that the scope sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n.case_id, c.reference, n.waiting, n.attempts, n.last_error, n.differs FROM td_national n "
                       "JOIN td_case c ON c.id = n.case_id WHERE n.agency = %s AND n.waiting IS NOT NULL "
                       "ORDER BY n.waiting, n.case_id OFFSET %s LIMIT %s", [agency, start, most])  # fmt: skip
        return [Waiting(case, reference, since, attempts, error, tuple(differs))
                for case, reference, since, attempts, error, differs in cursor.fetchall()]  # fmt: skip


def typed_in(case_id: UUID, digest: str, their_id: str, actor: Actor, now: datetime) -> None:
    """A clerk copied the record into the national system. `digest` is of what stood on the screen: what changed since waits
    on. Raises Refusal. In the clerk's scope."""
    if actor.post is None or actor.post.role not in TYPISTS:
        raise Refusal("national.not_yours", "Chức danh này không cập nhật Cơ sở dữ liệu quốc gia.", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM td_national WHERE case_id = %s FOR UPDATE", [case_id])
        row = cursor.fetchone()
        if row is None:
            raise Refusal("national.unknown", "Không có bản ghi này, hoặc hồ sơ không thuộc phạm vi của ông/bà.", None)
        if row[0] != digest:
            raise Refusal("national.changed", "Hồ sơ vừa có thay đổi: các trường đã khác lúc mở trang. Hãy chép phần khác.", None)
        _note_sent(cursor, case_id, digest, their_id.strip()[:80], now, actor.post.id)


def confirm(rows: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Records that a package brought there, from the answer file: [{"ma", "id"}]. How many were known and are sent now; one
    that is no reference of ours is passed over."""
    done = 0
    for row in rows:
        try:
            reference = parse_reference(str(row.get("ma", "")))
        except Refusal:
            continue
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT n.case_id, n.digest FROM td_national n JOIN td_case c ON c.id = n.case_id "
                           "WHERE c.reference = %s", [reference])  # fmt: skip
            found = cursor.fetchone()
            if found:
                _note_sent(cursor, found[0], found[1], str(row.get("id", ""))[:80], now, "tệp")
                done += 1
    return done
