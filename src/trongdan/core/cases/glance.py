"""Opening a case that is not one's own for a day, with a reason that its person reads. The way in and the event are one
transaction: nobody sees without the trace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.glance import ROLES, refusal
from trongdan.kernel.reference import parse_reference

from .perform import perform
from .scope import scope
from .trail import load


def open_for_a_day(reference: str, actor: Actor, reason: str, now: datetime) -> UUID:
    """The case of a typed reference, seen by the actor's post until the end of the day; one that was seen anyway leaves no trace.
    Raises Refusal."""
    wanted = parse_reference(reference)
    if actor.post is None or actor.post.role not in ROLES:
        raise Refusal("look.not_yours", "Chức danh của ông/bà không mở xem việc của cơ quan khác.", "Luật Tiếp công dân Đ8")
    if not reason.strip():
        raise Refusal("look.reason", "Hãy ghi vì sao cần mở xem: người gửi đọc được lý do này.", None, {"field": "reason"})
    with scope(actor), connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM td_find_reference(%s)", [wanted])
        row = cursor.fetchone()
        if row is None:
            raise refusal()
        case: UUID = row[0]
        if load([case]):
            return case
        today = now.astimezone(VIETNAM).date()
        cursor.execute("SELECT td_glance(%s, %s, %s, %s, %s)",
                       [case, actor.post.id, actor.post.agency, str(actor.person or ""), today])  # fmt: skip
        if not cursor.fetchone()[0]:
            raise refusal()
        perform(Command("", str(case), "case.look", reason=reason.strip()), actor, now=now)
    return case
