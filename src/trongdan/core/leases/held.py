"""What a device brought and could not be taken in by itself: kept sealed until a person decides. Nothing is dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from trongdan.kernel.errors import Refusal

KEEP_DAYS = 30  # the box of an item that repeats another letter, after a person said so: like an unsent draft


@dataclass(frozen=True, slots=True)
class Held:
    """`words` say why. `box` is None once the item went in, or 30 days after it was found to repeat another."""

    item: UUID
    desk: str
    device: UUID
    reference: str
    person: UUID | None
    box: bytes | None
    digest: bytes
    code: str
    words: str
    held_at: datetime
    settled_at: datetime | None
    settled_how: str | None
    case: UUID | None
    told: str


COLUMNS = "item, desk, device, reference, person, box, digest, code, words, held_at, settled_at, settled_how, case_id, told"


def hold(item: UUID, desk: str, device: UUID, reference: str, person: str | None, box: bytes, digest: bytes, why: Refusal) -> None:
    """Keep an item; kept before, it stays as it is. Inside the desk's scope."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_held (item, desk, device, reference, person, box, digest, code, words) "
                       "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (item) DO NOTHING",
                       [item, desk, device, reference, person, box, digest, why.code, str(why)])  # fmt: skip


def find(item: UUID, lock: bool = False) -> Held | None:
    """Inside the desk's scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM td_held WHERE item = %s{' FOR UPDATE' if lock else ''}", [item])
        row = cursor.fetchone()
    return _held(row) if row else None


def _held(row: tuple[object, ...]) -> Held:
    plain = [bytes(v) if isinstance(v, memoryview) else v for v in row]
    return Held(*plain)  # type: ignore[arg-type]


def waiting(desk: str) -> list[Held]:
    """What still waits for a person at a desk, oldest first, without the boxes. Inside its scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS.replace(' box,', ' NULL,')} FROM td_held WHERE desk = %s AND settled_at IS NULL "
                       "ORDER BY held_at, item LIMIT 200", [desk])  # fmt: skip
        return [_held(row) for row in cursor.fetchall()]


def settle(item: UUID, how: str, person: str | None, told: str, case: UUID | None) -> None:
    """A person decided: it went in ("recorded", and its box goes), or repeats a letter that is there ("same")."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_held SET settled_at = now(), settled_by = %s, settled_how = %s, told = %s, case_id = %s, "
                       "box = CASE WHEN %s = 'recorded' THEN NULL ELSE box END WHERE item = %s",
                       [person, how, told, case, how, item])  # fmt: skip


def forget_old(days: int = KEEP_DAYS) -> int:
    """The boxes of what repeated another letter, some time after a person said so; how many. In the worker's scope."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_held SET box = NULL WHERE box IS NOT NULL "
                       "AND settled_at < now() - make_interval(days => %s)", [days])  # fmt: skip
        return int(cursor.rowcount)
