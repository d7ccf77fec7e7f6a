"""Appointments: slots of the centre's open hours, changed and cancelled by their code. No name is asked.

Of each slot only a part is given to appointments (one a counter): who comes without one is served as well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Count

from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import new_reference, parse_reference
from trongdan.law import load_law
from trongdan.platform import keys

from . import hours
from .models import Appointment, Booking, Contact, Counter
from .reference import rules
from .selectors import day_of, services_at, sessions_of
from .services import locked_appointment
from .writing import Who, centre_of, lock, note, once

PURPOSE = "contacts"  # the key that seals telephone numbers and addresses for reminders
NEEDS = {"interpreter": "cần người phiên dịch", "signs": "cần phiên dịch ngôn ngữ ký hiệu", "steps": "đi lại khó, cần giúp tại chỗ",
         "home": "xin làm tại nhà"}  # fmt: skip
SOON = timedelta(minutes=30)  # later than this before the slot nothing is booked: take a number instead
LONGEST_CONTACT = 120


@dataclass(frozen=True, slots=True)
class Slot:
    starts: datetime
    ends: datetime
    free: int


def capacity(centre: str, service: str) -> int:
    """How many appointments a slot takes: the counters that serve the group, open or not, times the rule's share."""
    return Counter.objects.filter(centre_id=centre, serves__contains=[service]).count() * rules().per_counter


def slots(centre: str, service: str, day: date, now: datetime) -> list[Slot]:
    """The slots of a day that lie far enough ahead, with what is free. Raises CalendarMissing."""
    found = [s for s in hours.slots(day, sessions_of(centre, day), load_law().calendar, rules().slot) if s[0] >= now + SOON]
    if not found:
        return []
    booked = Appointment.objects.filter(centre_id=centre, service=service, status=Booking.BOOKED)
    within = booked.filter(starts_at__gte=found[0][0], starts_at__lt=found[-1][1])
    taken = dict(within.values_list("starts_at").annotate(n=Count("id")))
    most = capacity(centre, service)
    return [Slot(a, b, max(most - taken.get(a, 0), 0)) for a, b in found]


def days(centre: str, now: datetime, most: int | None = None) -> list[date]:
    """The next days on which the centre is open and may be booked, today too while slots are left."""
    first, rule = day_of(now), rules()
    found = hours.days_from(first, sessions_of(centre, first), load_law().calendar, rule.days_ahead, rule.days_ahead)
    usable = [d for d in found if any(s[0] >= now + SOON for s in hours.slots(d, sessions_of(centre, d), load_law().calendar,
                                                                               rule.slot))]  # fmt: skip
    return usable[: most or rule.days_shown]


def book(centre: str, service: str, starts: datetime, who: Who, *, procedure: str = "", needs: Sequence[str] = (),
         contact: Mapping[str, str] | None = None) -> Appointment:  # fmt: skip
    """An hour for somebody. Raises Refusal: no such line, slot full or past; nothing is kept then."""
    with once(who, "book") as before:
        if before is not None:
            return Appointment.objects.get(id=str(before.appointment))
        if service not in services_at(centre_of(centre).code):
            raise Refusal("waiting.no_service", "Trung tâm này không có nhóm việc ấy. Hãy chọn nhóm khác.")
        _free(centre, service, starts, who.at)
        made = Appointment.objects.create(
            id=uuid4(), code=new_reference(os.urandom), centre_id=centre, service=service, procedure=procedure[:40],
            starts_at=starts, status=Booking.BOOKED, needs=[n for n in NEEDS if n in set(needs)], made_at=who.at)  # fmt: skip
        sealed = _sealed(made.id, contact or {})
        if sealed:
            Contact.objects.bulk_create([Contact(appointment=made, sealed=sealed)])
        note(who, "book", centre, appointment=made.id, service=service)
    return made


def change(code: str, starts: datetime, who: Who) -> Appointment:
    """The same appointment at another hour. Raises Refusal: full, past, no longer standing; the old hour stays then."""
    with once(who, "change") as before:
        found = locked_appointment(code)
        if before is None and found.starts_at != starts:
            _refuse_over(found, who.at)
            _free(found.centre_id, found.service, starts, who.at)
            Appointment.objects.filter(id=found.id).update(starts_at=starts, reminded_at=None)
            note(who, "change", found.centre_id, appointment=found.id, service=found.service)
    found.refresh_from_db()
    return found


def cancel(code: str, who: Who) -> Appointment:
    """The hour is free for others. Raises Refusal when it is past or was kept."""
    with once(who, "cancel") as before:
        found = locked_appointment(code)
        if before is None and found.status != Booking.CANCELLED:
            _refuse_over(found, who.at)
            Appointment.objects.filter(id=found.id).update(status=Booking.CANCELLED, needs=[])
            note(who, "cancel", found.centre_id, appointment=found.id, service=found.service)
    found.refresh_from_db()
    return found


def by_code(code: str) -> Appointment:
    """Raises Refusal: mistyped, or unknown."""
    found = Appointment.objects.select_related("centre").filter(code=parse_reference(code)).first()
    if found is None:
        raise Refusal("appointment.unknown", "Không có lịch hẹn mang mã này. Ông/bà xem lại mã.")
    return found


def of_day(centre: str, day: date) -> list[Appointment]:
    """Who is awaited on a day, by the hour: for the centre's own."""
    found = Appointment.objects.filter(centre_id=centre, starts_at__date=day).exclude(status=Booking.CANCELLED)
    return list(found.order_by("starts_at", "code"))


def _free(centre: str, service: str, starts: datetime, now: datetime) -> None:
    """Raises Refusal unless the slot may still be booked; holds it until the transaction ends."""
    lock(f"slot/{centre}/{service}/{starts.isoformat()}")
    latest = day_of(now) + timedelta(days=rules().days_ahead)
    slot = next((s for s in slots(centre, service, day_of(starts), now) if s.starts == starts), None)
    if slot is None or day_of(starts) > latest:
        raise Refusal("slot.unknown", "Giờ này không đặt được nữa. Hãy chọn giờ khác.", None, {"field": "slot"})
    if not slot.free:
        raise Refusal("slot.full", "Giờ này vừa hết chỗ. Hãy chọn giờ khác.", None, {"field": "slot"})


def _refuse_over(found: Appointment, now: datetime) -> None:
    if found.status != Booking.BOOKED or found.starts_at <= now:
        raise Refusal("appointment.over", "Lịch hẹn này đã qua, đã hủy hoặc đã đến, nên không đổi được. Hãy đặt lịch mới.")


# --- reminders: sealed here, opened by the worker alone ---------------------------------------------------------------------


def _sealed(appointment: UUID, contact: Mapping[str, str]) -> bytes | None:
    kept = {k: contact[k].strip()[:LONGEST_CONTACT] for k in ("phone", "email") if contact.get(k, "").strip()}
    if not kept:
        return None
    if "email" in kept and "@" not in kept["email"]:
        raise Refusal("contact.email", "Địa chỉ thư điện tử cần có dấu @.", None, {"field": "email"})
    if "phone" in kept and not 8 <= sum(c.isdigit() for c in kept["phone"]) <= 15:
        raise Refusal("contact.phone", "Số điện thoại cần từ 8 đến 15 chữ số.", None, {"field": "phone"})
    return keys.encrypt(PURPOSE, json.dumps(kept).encode(), appointment.bytes)


def contact_of(appointment: UUID) -> dict[str, str]:
    """{phone, email} for a reminder; empty when none was left. Only in the worker's scope."""
    row = Contact.objects.filter(appointment_id=appointment).values_list("sealed", flat=True).first()
    return {} if row is None else dict(json.loads(keys.decrypt(PURPOSE, bytes(row), appointment.bytes)))
