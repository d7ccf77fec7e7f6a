"""What is done with numbers and counters. Each call happens once for its key, leaves a row, and refuses in plain words.

A number is given out by one statement a group and day; a counter takes the first of the line by a locked row that no other
counter waits for (SKIP LOCKED), and the database holds that one counter has one number. So no number is called twice.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from django.db import connection
from django.db.models import F

from trongdan.core.cases.sealing import uuid7
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import new_reference, parse_reference

from . import measuring, order
from .models import AT_COUNTER, Appointment, Booking, Centre, Counter, Session, Standing, Ticket
from .reference import rules
from .selectors import Hall, counters_at, day_of, line_of, services_at, spans_of, times_of
from .writing import Who, centre_of, lock, note, once, works_at

EARLY = timedelta(minutes=60)  # numbers are given so long before the doors open: people stand there anyway
WAYS = frozenset({"kiosk", "web", "clerk", "appointment"})


# --- the public ---------------------------------------------------------------------------------------------------------


def take(centre: str, service: str, via: str, who: Who, *, helped: bool = False) -> Ticket:
    """A number for somebody who is there, with the wait as it was told. Raises Refusal: unknown group, closed."""
    with once(who, "take") as before:
        if before is not None:
            return _same(before.ticket, centre, service)
        if via not in WAYS:
            raise ValueError(via)
        ticket = _give(centre_of(centre), service, via, who, helped=helped)
        note(who, "take", centre, ticket=ticket.id, service=service)
    return ticket


def arrive(code: str, who: Who, centre: str | None = None) -> Ticket:
    """Somebody with an appointment is there: their number, ahead by the rule. Raises Refusal: unknown, another day."""
    with once(who, "arrive") as before:
        if before is not None:
            return Ticket.objects.get(id=str(before.ticket))
        found = locked_appointment(code)
        if found.status == Booking.CAME:
            return Ticket.objects.filter(appointment=found).order_by("taken_at")[0]
        if found.status != Booking.BOOKED or day_of(found.starts_at) != day_of(who.at):
            raise Refusal("appointment.not_today", "Mã hẹn này không phải của hôm nay. Hãy lấy số thường, hoặc đặt lại lịch.")
        if centre is not None and found.centre_id != centre:
            raise Refusal("appointment.elsewhere", "Ông/bà hẹn ở một trung tâm khác. Hãy xem lại nơi hẹn.")
        ticket = _give(found.centre, found.service, "appointment", who, appointment=found)
        Appointment.objects.filter(id=found.id).update(status=Booking.CAME)
        note(who, "arrive", found.centre_id, ticket=ticket.id, appointment=found.id, service=found.service)
    return ticket


def leave(code: str, who: Who) -> Ticket:
    """Somebody no longer waits. Raises Refusal when the number is at a counter already or done with."""
    with once(who, "leave") as before:
        ticket = _locked(code)
        if before is None:
            if ticket.status not in (Standing.WAITING, Standing.AWAY):
                raise Refusal("ticket.not_waiting", "Số này không còn trong hàng đợi. Hãy tải lại trang.")
            Ticket.objects.filter(id=ticket.id).update(status=Standing.LEFT, ended_at=who.at)
            note(who, "leave", ticket.centre_id, ticket=ticket.id)
    return ticket


def come_back(code: str, who: Who) -> Ticket:
    """Who was away when called is there again, a little ahead of the newest. Raises Refusal."""
    with once(who, "come_back") as before:
        ticket = _locked(code)
        if before is None:
            if ticket.status != Standing.AWAY or ticket.day != day_of(who.at):
                raise Refusal("ticket.not_away", "Chỉ số đã gọi mà vắng mặt, trong ngày, mới xếp lại được.")
            Ticket.objects.filter(id=ticket.id).update(
                status=Standing.WAITING, counter=None, back=True, moment=order.moment(ticket.taken_at, rules(), back=who.at))
            note(who, "come_back", ticket.centre_id, ticket=ticket.id)
    return ticket


def locked_appointment(code: str) -> Appointment:
    found = Appointment.objects.select_for_update(of=("self",)).select_related("centre").filter(code=parse_reference(code)).first()
    if found is None:
        raise Refusal("appointment.unknown", "Không có lịch hẹn mang mã này. Ông/bà xem lại mã.")
    return found


def _give(centre: Centre, service: str, via: str, who: Who, *, helped: bool = False,
          appointment: Appointment | None = None) -> Ticket:  # fmt: skip
    now = who.at
    day, served = day_of(now), services_at(centre.code)
    if service not in served:
        raise Refusal("waiting.no_service", "Trung tâm này không có nhóm việc ấy. Hãy chọn nhóm khác.")
    spans = spans_of(centre.code, day)
    if not spans or not spans[0][0] - EARLY <= now < spans[-1][1]:
        raise Refusal("waiting.closed", "Trung tâm đang đóng cửa nên chưa phát số. Hãy xem giờ mở cửa.")
    moment = order.moment(now, rules(), helped=helped, appointment=appointment.starts_at if appointment else None)
    hall = Hall(centre.code, now, spans, times_of(centre.code, day), counters_at(centre.code), line_of(centre.code, day))
    seconds = hall.wait(service, moment).seconds
    ticket = Ticket(id=uuid7(), code=new_reference(os.urandom), centre=centre, day=day, service=service,
                    label=_number(centre.code, day, rules().services[service].prefix), via=via, helped=helped,
                    appointment=appointment, taken_at=now, moment=moment, status=Standing.WAITING,
                    told=None if seconds is None else round(seconds))  # fmt: skip
    ticket.save(force_insert=True)
    measuring.came(centre.code, service, now)
    return ticket


def _number(centre: str, day: date, prefix: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_ticket_number (centre_id, day, prefix, last) VALUES (%s, %s, %s, 1) ON CONFLICT "
                       "(centre_id, day, prefix) DO UPDATE SET last = td_ticket_number.last + 1 RETURNING last",
                       [centre, day, prefix])  # fmt: skip
        return f"{prefix}{cursor.fetchone()[0]:03d}"


def _locked(code: str) -> Ticket:
    found = Ticket.objects.select_for_update().filter(code=parse_reference(code)).first()
    if found is None:
        raise Refusal("ticket.unknown", "Không có số mang mã này. Hãy lấy số mới.")
    return found


def _same(ticket: UUID | None, centre: str, service: str) -> Ticket:
    found = Ticket.objects.get(id=str(ticket))
    if (found.centre_id, found.service) != (centre, service):
        raise Refusal("key.reused", "Mã gửi này đã dùng cho việc khác. Hãy tải lại trang rồi làm lại.")
    return found


# --- at the counter -----------------------------------------------------------------------------------------------------


def sit(counter: int, who: Who) -> Counter:
    """The official takes a seat and the counter opens. Raises Refusal: not of this centre, taken by another."""
    with once(who, "sit") as before:
        seat = _seat(counter, who)
        if before is None:
            if seat.person is not None and seat.person != _person(who):
                raise Refusal("counter.taken", "Quầy này đang có người ngồi. Hãy chọn quầy khác.")
            for other in Counter.objects.filter(person=_person(who)).exclude(id=seat.id):
                _refuse_busy(other)
                Counter.objects.filter(id=other.id).update(open=False, person=None, since=None)
            Counter.objects.filter(id=seat.id).update(open=True, person=_person(who), since=who.at)
            note(who, "sit", seat.centre_id, counter=seat.number)
    seat.refresh_from_db()
    return seat


def rise(who: Who) -> None:
    """The official leaves and the counter closes; whoever is there is finished first. Raises Refusal."""
    with once(who, "rise") as before:
        if before is None:
            seat = _mine(who)
            _refuse_busy(seat)
            Counter.objects.filter(id=seat.id).update(open=False, person=None, since=None)
            note(who, "rise", seat.centre_id, counter=seat.number)


def call_next(who: Who) -> Ticket | None:
    """Finish whom the counter has, call the next of the line it serves. None when nobody waits for it."""
    with once(who, "call") as before:
        if before is not None:
            return Ticket.objects.filter(id=str(before.ticket)).first() if before.ticket else None
        seat = _mine(who)
        held = _at(seat)
        if held is not None:
            _finish(held, who.at)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM td_ticket WHERE centre_id = %s AND day = %s AND status = 'waiting' AND service = ANY(%s) "
                "ORDER BY moment, id LIMIT 1 FOR UPDATE SKIP LOCKED",
                [seat.centre_id, day_of(who.at), list(seat.serves)])  # fmt: skip
            row = cursor.fetchone()
        ticket = _call(row[0], seat, who.at) if row else None
        note(who, "call", seat.centre_id, ticket=ticket.id if ticket else None, counter=seat.number)
    return ticket


def _call(ticket: UUID, seat: Counter, now: datetime) -> Ticket:
    found = Ticket.objects.get(id=ticket)
    if found.first_called_at is None:
        measuring.called(found, now)
    Ticket.objects.filter(id=ticket).update(status=Standing.CALLED, counter=seat, called_at=now, calls=F("calls") + 1,
                                            began_at=None, first_called_at=found.first_called_at or now)  # fmt: skip
    found.refresh_from_db()
    return found


def again(who: Who) -> Ticket:
    """Call the same number once more: it flashes on the screen."""
    with once(who, "again") as before:
        held = _held(who, (Standing.CALLED,))
        if before is None:
            Ticket.objects.filter(id=held.id).update(calls=F("calls") + 1, called_at=who.at)
            note(who, "again", held.centre_id, ticket=held.id)
    held.refresh_from_db()
    return held


def begin(who: Who) -> Ticket:
    """The person is at the counter: the visit is measured from now."""
    with once(who, "begin") as before:
        held = _held(who, AT_COUNTER)
        if before is None and held.status == Standing.CALLED:
            Ticket.objects.filter(id=held.id).update(status=Standing.SERVING, began_at=who.at)
            note(who, "begin", held.centre_id, ticket=held.id)
    held.refresh_from_db()
    return held


def done(who: Who) -> None:
    """The visit is over; nobody is called yet."""
    with once(who, "done") as before:
        if before is None:
            held = _held(who, AT_COUNTER)
            _finish(held, who.at)
            note(who, "done", held.centre_id, ticket=held.id)


def away(who: Who) -> None:
    """Nobody came when called. The number may come back the same day."""
    with once(who, "away") as before:
        if before is None:
            held = _held(who, (Standing.CALLED,))
            Ticket.objects.filter(id=held.id).update(status=Standing.AWAY, counter=None)
            note(who, "away", held.centre_id, ticket=held.id)


def transfer(service: str, who: Who) -> Ticket:
    """To another line of the centre, at the place the number always had. Raises Refusal: no such line, the same."""
    with once(who, "transfer") as before:
        if before is not None:
            return Ticket.objects.get(id=str(before.ticket))
        held = _held(who, AT_COUNTER)
        if service == held.service or service not in services_at(held.centre_id):
            raise Refusal("waiting.no_service", "Hãy chọn nhóm việc khác mà trung tâm có.", None, {"field": "service"})
        if held.began_at is not None:
            measuring.visited(held, who.at)
        Ticket.objects.filter(id=held.id).update(status=Standing.WAITING, service=service, counter=None, began_at=None)
        note(who, "transfer", held.centre_id, ticket=held.id, service=service)
    held.refresh_from_db()
    return held


def _finish(held: Ticket, now: datetime) -> None:
    measuring.visited(held, now)
    Ticket.objects.filter(id=held.id).update(status=Standing.DONE, ended_at=now)


def _person(who: Who) -> UUID:
    if who.actor is None or who.actor.person is None:
        raise Refusal("counter.nobody", "Hãy đăng nhập lại.")
    return UUID(who.actor.person)


def _seat(counter: int, who: Who) -> Counter:
    seat = Counter.objects.select_for_update(of=("self",)).select_related("centre").filter(id=counter).first()
    if seat is None or who.actor is None or not works_at(who.actor, seat.centre):
        raise Refusal("counter.not_yours", "Quầy này không thuộc trung tâm của ông/bà.")
    return seat


def _mine(who: Who) -> Counter:
    """The counter where the official sits, locked: its presses follow one another."""
    seat = Counter.objects.select_for_update(of=("self",)).select_related("centre").filter(person=_person(who), open=True).first()
    if seat is None:
        raise Refusal("counter.none", "Ông/bà chưa ngồi quầy nào. Hãy chọn quầy.")
    return seat


def _at(seat: Counter) -> Ticket | None:
    return Ticket.objects.select_for_update(of=("self",)).filter(counter=seat, status__in=AT_COUNTER).first()


def _held(who: Who, standing: Sequence[str]) -> Ticket:
    held = _at(_mine(who))
    if held is None or held.status not in standing:
        raise Refusal("counter.no_ticket", "Quầy không có số nào đang ở bước này. Hãy tải lại trang.")
    return held


def _refuse_busy(seat: Counter) -> None:
    if _at(seat) is not None:
        raise Refusal("counter.busy", "Quầy còn người đang làm. Hãy bấm Xong trước.")


# --- how a centre is set up ------------------------------------------------------------------------------------------------


def set_counter(centre: str, number: int, serves: Sequence[str], who: Who) -> Counter:
    """A counter of the centre, new or other than before. Raises Refusal: not the centre's head, no group, number."""
    groups = [s for s in rules().services if s in set(serves)]
    with once(who, "set_counter") as before:
        _head(centre_of(centre), who)
        if not groups:
            raise Refusal("counter.serves_nothing", "Hãy chọn ít nhất một nhóm việc.", None, {"field": "serves"})
        if not 1 <= number <= 200:
            raise Refusal("counter.number", "Số quầy từ 1 đến 200.", None, {"field": "number"})
        if before is None:
            Counter.objects.update_or_create(centre_id=centre, number=number, defaults={"serves": groups})
            note(who, "set_counter", centre, counter=number)
        return Counter.objects.get(centre_id=centre, number=number)


def set_hours(centre: str, since: date, sessions: Sequence[tuple[time, time]], decision: str, who: Who) -> None:
    """The centre's hours from a day on, by a decision: what was before stays for the days before. Raises Refusal."""
    with once(who, "set_hours") as before:
        _head(centre_of(centre), who)
        lock(f"hours/{centre}")
        if not decision.strip():
            raise Refusal("hours.decision", "Hãy ghi số văn bản quy định giờ làm việc.", None, {"field": "decision"})
        ordered = sorted(sessions)
        apart = all(a[1] <= b[0] for a, b in pairwise(ordered))
        if not ordered or not apart or any(a >= b for a, b in ordered):
            raise Refusal("hours.order", "Giờ đóng cửa phải sau giờ mở cửa, các buổi không chồng nhau.", None, {"field": "hours"})
        if since <= who.at.astimezone(VIETNAM).date():
            raise Refusal("hours.past", "Giờ mới phải bắt đầu từ ngày mai trở đi, để ai đã hẹn còn được báo.", None,
                          {"field": "since"})  # fmt: skip
        if before is None and not Session.objects.filter(centre_id=centre, since=since).exists():
            Session.objects.bulk_create(Session(centre_id=centre, since=since, starts=a, ends=b, decision=decision.strip()[:80])
                                        for a, b in ordered)  # fmt: skip
            note(who, "set_hours", centre)


def _head(centre: Centre, who: Who) -> None:
    if who.actor is None or not any(p.agency == centre.code and p.role in ("head", "deputy") for p in who.actor.posts):
        raise Refusal("centre.not_head", "Chỉ lãnh đạo Trung tâm đặt lại quầy và giờ mở cửa.")


def close_day(day: date, who: Who) -> int:
    """The evening after: who still stood in line was not served; counters are empty. How many were left. For the worker."""
    left = Ticket.objects.filter(day__lte=day, status=Standing.WAITING).update(status=Standing.UNSERVED, ended_at=who.at)
    Ticket.objects.filter(day__lte=day, status__in=AT_COUNTER).update(status=Standing.DONE, ended_at=who.at)
    Counter.objects.filter(open=True, since__date__lte=day).update(open=False, person=None, since=None)
    if left:
        note(who, "evening", "")
    return left
