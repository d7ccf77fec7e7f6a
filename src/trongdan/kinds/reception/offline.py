"""Records of people received while there was no network: the place in the queue, the record and its confirmation, as one.

The day is the session's own. Who sat in the head's place is noted by the head when the line is back (services.mark)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from trongdan.core.cases import drafts
from trongdan.core.cases.perform import perform
from trongdan.core.leases.items import REASON, Slip
from trongdan.core.leases.packed import Typed, checked_files
from trongdan.core.papers.receiving import perform_with_files
from trongdan.kernel.case import VIETNAM, Command
from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

from . import booking, selectors, table
from .models import Booking, Session
from .once import Doer, once
from .services import CUT_OFF

KIND = "reception"  # what an item says it is (core/leases/items)
TEXTS = ("text", "nature", "id_number", "confirmed_how")
FLAGS = ("cannot_write", "read_back", "representation_paper")
SHEET = "tờ ghi lời đã ký, điểm chỉ"


@dataclass(frozen=True, slots=True)
class Day:
    """A reception day as a device keeps it, to choose from. `who` is the title of the post that receives."""

    id: UUID
    on: date
    starts: str
    who: str


def days_ahead(agency: str, today: date) -> list[Day]:
    """The posted days of an agency that a device may need before it sees the line again. Inside the agency's scope."""
    found = selectors.of_agency(agency, today - CUT_OFF, today + CUT_OFF)
    return [Day(d.session.id, d.session.on, f"{d.session.starts:%H:%M}", d.who or d.title) for d in found
            if d.session.posted_at is not None and d.session.moved_to_id is None]  # fmt: skip


def take(typed: Typed, slip: Slip) -> tuple[UUID, str]:
    """Record it (core/leases/items.Taker): a number at the door, or that of the slip the person brought; the record; what was
    said, with how it was confirmed; and the answer, when one was given. Raises Refusal; a person decides then."""
    words = {k: clean(v) for k, v in typed.fields.items()}
    session = _session(words.get("session", ""), slip)
    doer = Doer(slip.actor, slip.client, str(slip.item))
    once(replace(doer, key=f"{slip.item}/0"), "offline", session.agency, session.id, {"item": str(slip.item)})
    # A denouncer is in the vault from the first moment, whether or not the officer without a network thought of the box.
    secret = typed.flag("keep_secret") or words.get("nature") == "to_cao"
    person = {k: words[k] for k in booking.COLUMNS if words.get(k)}
    place = _place(words, session, doer)
    begun = table.begin(place, doer, keep_secret=secret, now=slip.moment,
                        offline=table.Offline(session.on, REASON, str(slip.device), slip.reference, person))  # fmt: skip
    sheets = checked_files(typed)
    data = _said(typed, words, secret=secret) | ({"files": [f.commitment for f in sheets]} if sheets else {})
    command = Command(table.RECORD, str(begun.case), "write_down", data, on=session.on, reason=REASON)
    perform_with_files(command, sheets, SHEET, slip.actor, f"{slip.item}/1", slip.client, now=slip.moment)
    if words.get("answer"):
        answered = Command(table.RECORD, str(begun.case), "answer_now", {"answer": words["answer"]}, on=session.on, reason=REASON)
        perform(answered, slip.actor, f"{slip.item}/2", client=slip.client, now=slip.moment)
    Booking.objects.filter(id=place).update(state=Booking.State.SERVED)
    return begun.case, begun.reference


def _session(wanted: str, slip: Slip) -> Session:
    """The session that the page named, of the desk's own agency, of the last days. Raises Refusal with what to choose."""
    known = drafts.parse_id(wanted)
    found = Session.objects.filter(id=known, agency=slip.agency).first() if known else None
    today = slip.moment.astimezone(VIETNAM).date()
    told = {"field": "session"}
    if found is None or found.posted_at is None:
        raise Refusal("reception.unknown", _("Không có buổi tiếp này trong lịch đã niêm yết. Hãy chọn buổi tiếp đúng."), None, told)
    if found.moved_to_id is not None:
        words = _("Buổi tiếp này đã lùi sang ngày khác trong lúc mất mạng. Hãy chọn buổi mà người đến thật sự được tiếp.")
        raise Refusal("reception.moved", words, None, told)
    if found.on > today or found.on < today - CUT_OFF:
        words = _("Buổi tiếp ngày %(day)s không nằm trong những ngày vừa qua. Hãy xem lại ngày.")
        raise Refusal("reception.day", words % {"day": f"{found.on:%d/%m/%Y}"}, None, told)
    return found


def _place(words: Mapping[str, str], session: Session, doer: Doer) -> UUID:
    """The place in the queue: that of the number typed, or a new one at the door."""
    number, people = words.get("number", ""), words.get("people") or "1"
    if not people.isdecimal() or len(people) > 3:
        raise Refusal("booking.people", _("Hãy ghi số người cùng đi, từ 1 trở lên."), None, {"field": "people"})
    if not number:
        ask = booking.Ask(session.id, "door", people=int(people), unnamed=True)  # the name goes to the record alone
        return booking.book(ask, doer, came_on=session.on).id
    known = number.isdecimal() and len(number) < 5
    found = Booking.objects.filter(session=session, number=int(number)).first() if known else None
    if found is None or found.state == Booking.State.CANCELLED:
        raise Refusal("reception.number", _("Buổi này không có phiếu số %(n)s, hoặc phiếu đã hủy. Để trống thì máy cấp số mới.")
                      % {"n": number[:10]}, None, {"field": "number"})  # fmt: skip
    if found.record is not None:
        raise Refusal("reception.number_taken", _("Phiếu số %(n)s đã có bản ghi. Hãy xem là cùng một người, hay ghi nhầm số.")
                      % {"n": number}, None, {"field": "number"})  # fmt: skip
    if found.state == Booking.State.ABSENT:  # the room's list was made when nobody could look it up
        Booking.objects.filter(id=found.id).update(state=Booking.State.WAITING)
    return found.id


def _said(typed: Typed, words: Mapping[str, str], *, secret: bool) -> dict[str, Any]:
    data: dict[str, Any] = {k: words[k] for k in TEXTS if words.get(k)}
    data["text"] = typed.fields.get("text", "")
    data |= {k: True for k in FLAGS if typed.flag(k)}
    for key in ("people", "representatives"):
        if words.get(key, "").isdecimal():
            data[key] = int(words[key][:4])
    data["signed"] = words.get("confirmed_how") in ("signature", "fingerprint")
    if secret:
        data["keep_secret"] = True
    return {k: v for k, v in data.items() if v not in ("", None)}
