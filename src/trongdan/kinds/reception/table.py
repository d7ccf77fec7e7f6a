"""At the table: from a number in the queue to the record of what the person says. The record is a case; only it holds words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import tracking_token
from trongdan.platform import keys

from .models import Booking, Session
from .once import Doer, at, require_planner

RECORD = "reception.record"
COLUMNS = ("name", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class Begun:
    """The record opened for a place in the queue, with the code that its person keeps."""

    case: UUID
    reference: str
    token: str


@dataclass(frozen=True, slots=True)
class Offline:
    """What is told of a record that was begun without the network: the reference lent to its device (None when another is to be
    drawn), the day it was begun, and who came, where the slip of the queue does not say so."""

    on: date
    reason: str
    device: str
    reference: str | None
    person: Mapping[str, str] = field(default_factory=dict)


def begin(booking: UUID, doer: Doer, *, keep_secret: bool = False, now: datetime | None = None, offline: Offline | None = None
          ) -> Begun:  # fmt: skip
    """Open the record of who was called: once for a place in the queue. With `keep_secret` the name goes into the vault at once.

    Raises Refusal. Who sits in the head's place is noted by marks of the session, not here."""
    with scope(doer.actor):
        found = Booking.objects.select_for_update(of=("self",)).select_related("session").filter(id=booking).first()
        if found is None:
            raise Refusal("booking.unknown", "Không có phiếu hẹn này trong phạm vi của ông/bà.")
        require_planner(doer, found.session.agency)
        if found.state in (Booking.State.CANCELLED, Booking.State.ABSENT):
            raise Refusal("booking.gone", "Phiếu này đã hủy hoặc người hẹn không đến.")
        if found.record is not None:
            return _there(found.record)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, phone, email, address FROM td_identity WHERE case_id = %s AND role = 'sender'", [booking])
            row = cursor.fetchone()
        identity = {c: v for c, v in zip(COLUMNS, row or (), strict=False) if v}
        identity |= offline.person if offline else {}
        done = _open(found, identity, doer, at(now), keep_secret=keep_secret, offline=offline)
        called = found.called_at or at(now)
        Booking.objects.filter(id=booking).update(record=done.case, state=Booking.State.CALLED, called_at=called)
        if offline is None:  # the screen in the waiting room follows whom the table receives, called or not
            Session.objects.filter(id=found.session_id, now__lt=found.number).update(now=found.number)
    return Begun(done.case, done.reference, _token(done.case))


def _token(case: UUID) -> str:
    return tracking_token(keys.secret("tokens"), str(case), 0)


def _there(record: UUID) -> Begun:
    """The record that was opened before, if the desk sees it."""
    found = load([record]).get(record)
    if found is None:
        raise Refusal("case.unknown", "Không có hồ sơ này, hoặc hồ sơ không thuộc phạm vi của ông/bà.", None)
    return Begun(record, found.reference, _token(record))


def _open(found: Booking, identity: dict[str, str], doer: Doer, moment: datetime, *, keep_secret: bool, offline: Offline | None
          ) -> Done:  # fmt: skip
    data = {"session": str(found.session_id), "number": found.number, "received_by": found.session.post, "people": found.people,
            "channel": "counter", "named_sender": bool(identity.get("name"))}  # fmt: skip
    if keep_secret:
        data["keep_secret"] = True
    command = Command(RECORD, None, "open", data, agency=found.session.agency)
    if offline is not None:
        command = replace(command, on=offline.on, reason=offline.reason, reference=offline.reference, device=offline.device)
    return perform(command, doer.actor, str(found.id), client="reception", identity=identity, now=moment)
