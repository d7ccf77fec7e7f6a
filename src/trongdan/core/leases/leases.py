"""References lent beforehand (design 4): signed, bound to a device and an officer, used once.

Whether a lease still counts is derived when it is used, never swept: the officer holds the post that day, the device was
not reported lost, the last day has not passed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.kernel.lease import Lease, check_lease, signed_lease
from trongdan.kernel.reference import new_reference
from trongdan.platform import keys

from .devices import Device, desk_of

AT_ONCE = 30  # a busy desk's day without a network
OUTSTANDING = 120  # lent to one officer on one device and neither used nor run out: a device that asks for more is broken
DAYS = 14  # of the organisation, not of any law: after that a person looks before the letter goes in


@dataclass(frozen=True, slots=True)
class Line:
    """A lease as the desk's list shows it."""

    reference: str
    device: UUID
    device_name: str
    lost: bool
    person: UUID
    leased_at: datetime
    until: date
    used_at: datetime | None


def lend(device: Device, actor: Actor, wanted: int, now: datetime) -> list[dict[str, Any]]:
    """New signed leases for a device and the officer at it, as many as wanted and allowed; each is handed out once, so that
    none can stand on two slips. Inside the actor's scope. Raises Refusal."""
    desk = desk_of(actor)
    if device.lost_at is not None:
        raise lost(device)
    if device.desk != desk or actor.post is None:
        raise Refusal("lease.other_desk", _("Máy này được ghi cho bộ phận khác."))
    today = now.date()
    until = today + timedelta(days=DAYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_device WHERE id = %s FOR UPDATE", [device.id])  # two tabs ask one after the other
        cursor.execute("SELECT count(*) FROM td_lease WHERE device = %s AND person = %s AND used_at IS NULL AND until >= %s",
                       [device.id, actor.person, today])  # fmt: skip
        room = min(wanted, AT_ONCE, OUTSTANDING - cursor.fetchone()[0])
        made = [_free(cursor) for _n in range(max(0, room))]
        cursor.executemany("INSERT INTO td_lease (reference, device, person, post, desk, leased_at, until) "
                           "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                           [[r, device.id, actor.person, actor.post.id, desk, now, until] for r in made])  # fmt: skip
    post = actor.post
    return [signed_lease(Lease(r, str(device.id), str(actor.person), post.id, post.agency, today, until), keys.sign) for r in made]


def _free(cursor: Any) -> str:
    while True:
        reference = new_reference(os.urandom)
        cursor.execute("SELECT FROM td_find_reference(%s)", [reference])
        if cursor.fetchone() is None:
            return reference


def lost(device: Device) -> Refusal:
    return Refusal("device.lost", _("Máy “%(name)s” đã được báo mất: đơn từ máy này phải có người xem lại trước khi vào sổ.")
                   % {"name": device.name})  # fmt: skip


def take(document: Mapping[str, Any], item: UUID, device: Device, actor: Actor, today: date) -> Lease:
    """The lease that a device shows for an item, locked until the transaction ends, when it may be used by itself.

    Inside the actor's scope. Raises Refusal; each says what the person who looks at the item should know."""
    lease = check_lease(document, lambda signature, message: keys.verify(keys.public_key(), signature, message))
    row = locked(lease.reference)
    if row is None:
        raise Refusal("lease.other_desk", _("Mã hồ sơ này được cấp cho bộ phận khác."))
    if row["used_at"] is not None and row["item"] != item:
        raise Refusal("lease.used", _("Mã hồ sơ này đã dùng cho một đơn khác."))
    if device.lost_at is not None:
        raise lost(device)
    if row["device"] != device.id:
        raise Refusal("lease.other_device", _("Mã hồ sơ này được cấp cho máy khác."))
    if str(row["person"]) != actor.person:
        raise Refusal("lease.other_officer", _("Đơn này do cán bộ khác nhập, mã hồ sơ cấp cho người đó. Người đó đăng nhập thì đơn "
                      "tự vào; nếu người đó thôi làm ở đây, hãy chuyển đơn cho bộ phận xem lại."))  # fmt: skip
    if row["until"] < today:
        raise Refusal("lease.expired", _("Mã hồ sơ cấp trước đã quá hạn dùng (%(day)s): cần người xem lại ngày nhận.")
                      % {"day": f"{row['until']:%d/%m/%Y}"})  # fmt: skip
    return lease


def locked(reference: str) -> dict[str, Any] | None:
    """A lease of this desk, locked; None when there is none. Inside the actor's scope."""
    columns = ("device", "person", "until", "used_at", "item")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM td_lease WHERE reference = %s FOR UPDATE", [reference])
        row = cursor.fetchone()
    return dict(zip(columns, row, strict=True)) if row else None


def use(reference: str, item: UUID, digest: bytes, case: UUID, now: datetime) -> None:
    """In the transaction that opens its case."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_lease SET used_at = %s, item = %s, box = %s, case_id = %s WHERE reference = %s",
                       [now, item, digest, case, reference])  # fmt: skip


def used_by(item: UUID) -> tuple[UUID, str, bytes] | None:
    """(case, reference, digest of the box) of an item that went in before. Inside the desk's scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, reference, box FROM td_lease WHERE item = %s", [item])
        row = cursor.fetchone()
    return (row[0], row[1], bytes(row[2])) if row else None


def listed(desk: str, most: int = 300) -> list[Line]:
    """The leases of a desk, newest first. Inside its scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT l.reference, l.device, d.name, d.lost_at IS NOT NULL, l.person, l.leased_at, l.until, l.used_at "
                       "FROM td_lease l JOIN td_device d ON d.id = l.device WHERE l.desk = %s "
                       "ORDER BY l.leased_at DESC, l.reference LIMIT %s", [desk, most])  # fmt: skip
        return [Line(*row) for row in cursor.fetchall()]


def counts(desk: str, today: date) -> dict[UUID, tuple[int, int]]:
    """device -> (used, lent and still good), of a desk. Inside its scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT device, count(*) FILTER (WHERE used_at IS NOT NULL), count(*) FILTER (WHERE used_at IS NULL "
                       "AND until >= %s) FROM td_lease WHERE desk = %s GROUP BY device", [today, desk])  # fmt: skip
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
