"""A place in the queue: asked for on the portal, by phone, or at the door; kept without a word of the matter."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import connection

from trongdan.core.cases.scope import Scope, scope, scope_of
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import new_reference, token_holds, tracking_token
from trongdan.law import load_law
from trongdan.law.receiving import online_cases
from trongdan.platform import keys
from trongdan.platform.text import clean

from .models import Booking, Session
from .once import Doer, at, once, require_planner
from .services import ONLINE_TOLD, SPACE

CHANNELS = ("portal", "phone", "door")
SEEING = ("reception", "office", "head", "deputy")  # roles at the agency of the session, and nobody else's
MANY = 500
COLUMNS = ("name", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks for. `person` {name, phone, email, address} lies apart from the queue, or nowhere when `unnamed`.
    `protect`: wants to stay unknown as a denouncer; then only a meeting face to face is offered (NĐ 154/2026 Đ20 k4)."""

    session: UUID
    channel: str
    person: Mapping[str, str] = field(default_factory=dict)
    interpreter: str = ""
    wheelchair: bool = False
    hearing: bool = False
    home_visit: bool = False
    people: int = 1
    unnamed: bool = False
    online_case: str = ""
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """What the person takes along: the number in the queue, and the code with its secret half."""

    id: UUID
    number: int
    reference: str
    token: str


def token_of(booking: UUID) -> str:
    return tracking_token(keys.secret("tokens"), f"booking:{booking}", 0)


def opens(booking: UUID, token: str) -> bool:
    """Whether a slip's secret half opens this booking."""
    return token_holds(keys.secret("tokens"), f"booking:{booking}", 0, token)


def book(ask: Ask, doer: Doer, now: datetime | None = None, came_on: date | None = None) -> Slip:
    """A number in a posted session, once for its key. Raises Refusal; nothing is written then.

    `came_on`: the day on which somebody stood at the door while there was no network, told afterwards by the desk."""
    moment = at(now)
    booking = uuid5(SPACE, f"booking:{doer.client}:{doer.key}")
    desk = doer.actor.post is not None
    whose = scope_of(doer.actor) if desk else Scope()
    with scope(Scope(whose.agencies, whose.posts, booking, identity=True)):
        session = Session.objects.filter(id=ask.session).first()
        if session is None or session.posted_at is None:
            raise Refusal("booking.unknown", "Không có buổi tiếp này. Hãy xem lại lịch.")
        if desk:
            require_planner(doer, session.agency)
        _check(ask, session, came_on if desk and came_on else moment.astimezone(VIETNAM).date())
        if once(doer, "book", session.agency, booking, asdict(ask)):
            _keep(ask, session, booking, moment)
        kept = Booking.objects.get(id=booking)
    return Slip(booking, kept.number, kept.reference, token_of(booking))


def _check(ask: Ask, session: Session, today: date) -> None:
    if session.moved_to_id is not None or session.on < today:
        raise Refusal("booking.gone", "Buổi này đã qua hoặc đã lùi sang ngày khác. Hãy chọn buổi khác trong lịch.")
    if ask.channel not in CHANNELS or not 1 <= ask.people <= MANY:
        raise Refusal("booking.people", "Hãy ghi số người cùng đi, từ 1 trở lên.", None, {"field": "people"})
    if ask.channel == "phone" and not ask.unnamed and not clean(ask.person.get("name", "")):
        raise Refusal("booking.name", "Hãy ghi họ tên người đặt, hoặc đánh dấu không ghi tên.", None, {"field": "name"})
    if session.online:
        _check_online(ask, session, today)


def _check_online(ask: Ask, session: Session, today: date) -> None:
    """The conditions and steps of an online reception (NĐ 154/2026 Đ20, Đ23)."""
    if ask.online_case not in online_cases():
        raise Refusal("booking.online_case", "Tiếp trực tuyến chỉ dùng cho một số trường hợp. Hãy chọn trường hợp của ông/bà.",
                      "NĐ 154/2026/NĐ-CP Đ20", {"field": "online_case"})  # fmt: skip
    if ask.protect or (ask.unnamed and ask.online_case == "denunciation"):
        raise Refusal("booking.protected", "Người tố cáo muốn giữ kín danh tính thì không tiếp trực tuyến được. Hãy chọn buổi "
                      "tiếp trực tiếp, ở tỉnh nếu việc liên quan đến cán bộ xã.", "NĐ 154/2026/NĐ-CP Đ20 k4",
                      {"field": "protect"})  # fmt: skip
    due = load_law().due(ONLINE_TOLD, session.on)
    last = getattr(due, "due", None)
    if last is not None and today > last:
        raise Refusal("booking.online_late", f"Buổi trực tuyến này nhận đăng ký đến hết ngày {last:%d/%m/%Y}. Hãy chọn buổi "
                      "khác.", "NĐ 154/2026/NĐ-CP Đ23 k1")  # fmt: skip


def _keep(ask: Ask, session: Session, booking: UUID, moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_reception_take(%s, %s)", [session.id, ask.channel == "door"])
        number = cursor.fetchone()[0]
        if number is None:
            raise Refusal("booking.full", "Buổi này đã đủ số chỗ đặt trước. Hãy chọn buổi khác, hoặc đến trực tiếp: người đến "
                          "không đặt trước vẫn được tiếp sau những người đã đặt.")  # fmt: skip
        for role in SEEING:
            cursor.execute("SELECT td_grant(%s, NULL, %s, false, 'phiếu hẹn')", [booking, f"{session.agency}/{role}"])
        named = {} if ask.unnamed else {c: v[:400] for c in COLUMNS if (v := clean(ask.person.get(c) or ""))}
        if named:
            cursor.execute("INSERT INTO td_identity (case_id, role, name, phone, email, address) "
                           "VALUES (%s, 'sender', %s, %s, %s, %s)", [booking, *(named.get(c) for c in COLUMNS)])  # fmt: skip
    Booking.objects.create(
        id=booking, session=session, number=number, reference=new_reference(os.urandom), channel=ask.channel,
        interpreter=clean(ask.interpreter)[:40], wheelchair=ask.wheelchair, hearing=ask.hearing, home_visit=ask.home_visit,
        people=ask.people, unnamed=ask.unnamed, online_case=ask.online_case if session.online else "", made_at=moment,
    )  # fmt: skip


def cancel(booking: UUID, doer: Doer) -> None:
    """Whoever booked comes no more. The place is free again for who comes without one; the number is not given twice."""
    with scope(Scope(case=booking)):
        found = Booking.objects.filter(id=booking).select_related("session").first()
        if found is None:
            raise Refusal("booking.unknown", "Không có phiếu hẹn này.")
        if found.state not in (Booking.State.WAITING, Booking.State.CANCELLED):
            raise Refusal("booking.begun", "Đã gọi số này nên không hủy được nữa.")
        if once(doer, "cancel", found.session.agency, booking, {}):
            Booking.objects.filter(id=booking).update(state=Booking.State.CANCELLED)
