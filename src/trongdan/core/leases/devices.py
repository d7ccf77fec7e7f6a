"""Devices that a desk works with while there is no network: known by a cookie of their own, reported lost by anyone of the
agency who may look after it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import gettext as _

from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

COOKIE = "td_device"
LONGEST = 60  # letters of a name
MAY_REPORT = ("reception", "office", "head", "deputy")


@dataclass(frozen=True, slots=True)
class Device:
    """`desk` is "agency/role". `lost_at` is when it was reported lost, None otherwise."""

    id: UUID
    name: str
    desk: str
    made_at: datetime
    seen_at: datetime | None
    lost_at: datetime | None


def desk_of(actor: Actor) -> str:
    """The desk an actor works at: "agency/role". Raises Refusal for who has no reception desk."""
    if actor.post is None or actor.post.role != "reception":
        raise Refusal("post.not_yours", _("Chỉ bộ phận tiếp công dân, xử lý đơn mới ghi nhận đơn."))
    return f"{actor.post.agency}/{actor.post.role}"


def enrol(name: str, actor: Actor) -> str:
    """A new device of the actor's desk; the value of its cookie. Inside the actor's scope. Raises Refusal."""
    desk, shown = desk_of(actor), " ".join(clean(name).split())[:LONGEST]
    if not shown:
        raise Refusal("device.name", _("Hãy đặt tên cho máy, như “máy quầy 1”."), None, {"field": "name"})
    device, secret = uuid4(), secrets.token_urlsafe(32)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_device (id, agency, desk, name, secret, made_by) VALUES (%s, %s, %s, %s, %s, %s)",
                       [device, desk.partition("/")[0], desk, shown, sha256(secret.encode()).digest(), actor.person])  # fmt: skip
    return f"{device}.{secret}"


def _row(row: tuple[object, ...]) -> Device:
    return Device(*row)  # type: ignore[arg-type]


COLUMNS = "id, name, desk, made_at, seen_at, lost_at"


def of_cookie(value: str) -> Device | None:
    """The device that shows this cookie; None for a wrong one, or another agency's. Inside a scope of its agency."""
    known, _dot, secret = value.partition(".")
    try:
        device = UUID(known)
    except ValueError:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS}, secret FROM td_device WHERE id = %s", [device])
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(bytes(row[-1]), sha256(secret.encode()).digest()):
        return None
    return _row(row[:-1])


def seen(device: UUID) -> None:
    """That it spoke with the server just now. Inside a scope of its agency."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_device SET seen_at = now() WHERE id = %s", [device])


def listed(agency: str) -> list[Device]:
    """The devices of an agency, newest first. Inside a scope of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM td_device WHERE agency = %s ORDER BY made_at DESC, id LIMIT 200", [agency])
        return [_row(row) for row in cursor.fetchall()]


def report_lost(device: UUID, actor: Actor) -> None:
    """From now on nothing that it brings is taken in without a person's look. Inside the actor's scope. Raises Refusal."""
    if actor.post is None or actor.post.role not in MAY_REPORT:
        words = _("Hãy báo cho bộ phận tiếp công dân, văn phòng hoặc lãnh đạo cơ quan để ghi máy đã mất.")
        raise Refusal("device.not_yours", words)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_device SET lost_at = now(), lost_by = %s WHERE id = %s AND lost_at IS NULL",
                       [actor.person, device])  # fmt: skip
