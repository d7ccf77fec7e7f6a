"""Numbers, counters, appointments: what the line promises."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from tests.kinds.waiting.hall import CENTRE, MORNING, at, by, clerk, number, seat
from tests.roles import worker
from trongdan.core.notices.models import Notice
from trongdan.kernel.errors import Refusal
from trongdan.kinds.waiting import booking, services
from trongdan.kinds.waiting.jobs import evening, remind
from trongdan.kinds.waiting.models import Appointment, Booking, Counter, Entry, Measure, Standing, Ticket
from trongdan.kinds.waiting.reference import rules
from trongdan.kinds.waiting.selectors import board, error_of, hall, screen
from trongdan.kinds.waiting.writing import Who, centre_of

pytestmark = pytest.mark.django_db(transaction=True)


def refused(code: str, what: Any, *args: Any, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        what(*args, **more)
    assert found.value.code == code
    return found.value


# --- order --------------------------------------------------------------------------------------------------------------


def test_people_are_called_as_they_came_and_who_is_helped_by_law_before_those_who_came_within_the_hour() -> None:
    anna = clerk()
    seat(1, anna)
    early, late = number("civil", -25), number("civil", 10)
    helped = number("civil", 30, helped=True)
    order = [services.call_next(by(anna, 31 + n)) for n in range(3)]
    assert [t.label for t in order if t] == [helped.label, early.label, late.label]
    assert [early.label, late.label, helped.label] == ["A001", "A002", "A003"]


def test_who_waits_already_longer_than_the_head_start_is_not_passed() -> None:
    anna = clerk()
    seat(1, anna)
    first = number("civil", -25)
    number("civil", 50, helped=True)
    called = services.call_next(by(anna, 51))
    assert called and called.id == first.id


def test_who_has_an_appointment_and_comes_in_time_goes_before_who_came_just_before() -> None:
    anna = clerk()
    seat(1, anna)
    booked = booking.book(CENTRE, "civil", at(60), by(None, 0))
    number("civil", 30)
    ticket = services.arrive(booked.code, by(None, 55))
    called = services.call_next(by(anna, 56))
    assert called and called.id == ticket.id
    assert Appointment.objects.get(id=booked.id).status == Booking.CAME


def test_who_comes_too_late_for_the_appointment_stands_like_anybody_and_arriving_twice_gives_one_number() -> None:
    booked = booking.book(CENTRE, "civil", at(60), by(None, 0))
    ticket = services.arrive(booked.code, by(None, 75))
    assert ticket.moment == ticket.taken_at
    assert services.arrive(booked.code, by(None, 76)).id == ticket.id
    assert Ticket.objects.count() == 1


def test_an_appointment_of_another_day_or_place_takes_no_number() -> None:
    booked = booking.book(CENTRE, "civil", at(60), by(None, 0))
    refused("appointment.not_today", services.arrive, booked.code, by(None, -24 * 60))
    refused("appointment.elsewhere", services.arrive, booked.code, by(None, 50), centre="hcc-tinh")
    assert Ticket.objects.count() == 0


# --- a number's way -----------------------------------------------------------------------------------------------------


def test_a_number_is_called_begun_transferred_at_its_old_place_and_done_and_every_step_leaves_a_row() -> None:
    anna, binh = clerk(1), clerk(2)
    seat(1, anna)
    seat(2, binh)
    first = number("civil", 0)
    number("land", 1)
    services.call_next(by(anna, 5))
    services.begin(by(anna, 6))
    moved = services.transfer("land", by(anna, 10))
    assert (moved.status, moved.label, moved.moment) == ("waiting", first.label, first.moment)
    called = services.call_next(by(binh, 11))
    assert called and called.id == first.id, "it waited before the other did"
    services.done(by(binh, 20))
    assert [e.what for e in Entry.objects.filter(ticket=first.id).order_by("id")] == ["take", "call", "begin", "transfer", "call", "done"]
    measured = {(m.service, m.visits, m.calls) for m in Measure.objects.all()}
    assert measured == {("civil", 1, 1), ("land", 1, 0)}, "two visits; the wait is counted once, at the first call"


def test_calling_the_next_finishes_the_one_before_and_one_press_sent_twice_calls_once() -> None:
    anna = clerk()
    seat(1, anna)
    first, second, third = (number("civil", n) for n in range(3))
    one = services.call_next(by(anna, 5, "press"))
    again = services.call_next(by(anna, 5, "press"))
    assert one and again and one.id == again.id == first.id
    services.call_next(by(anna, 12))
    states = {t.id: t.status for t in Ticket.objects.all()}
    assert states == {first.id: "done", second.id: "called", third.id: "waiting"}


def test_who_was_away_comes_back_ahead_of_the_newest_the_same_day_only() -> None:
    anna = clerk()
    seat(1, anna)
    first = number("civil", 0)
    services.call_next(by(anna, 1))
    services.away(by(anna, 2))
    number("civil", 3)
    refused("ticket.not_away", services.come_back, first.code, by(None, 24 * 60))
    services.come_back(first.code, by(None, 10))
    called = services.call_next(by(anna, 11))
    assert called and called.id == first.id


def test_a_number_that_left_is_not_called_and_one_at_a_counter_cannot_leave() -> None:
    anna = clerk()
    seat(1, anna)
    first, second = number("civil", 0), number("civil", 1)
    services.leave(first.code, by(None, 2))
    called = services.call_next(by(anna, 3))
    assert called and called.id == second.id
    refused("ticket.not_waiting", services.leave, second.code, by(None, 4))
    assert services.call_next(by(anna, 9)) is None


def test_an_evening_closes_lines_and_counters_and_forgets_addresses() -> None:
    anna = clerk()
    seat(1, anna)
    number("civil", 0)
    booking.book(CENTRE, "civil", at(60), by(None, 0), needs=["steps"], contact={"phone": "0912 345 678"})
    with worker():
        assert evening(at(24 * 60)) >= 3
        assert connection.cursor().execute("SELECT 1") is not None
    assert set(Ticket.objects.values_list("status", flat=True)) == {Standing.UNSERVED}
    assert not Counter.objects.filter(open=True).exists()
    kept = Appointment.objects.get()
    assert (kept.status, kept.needs) == (Booking.MISSED, [])


# --- refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [-130, 9.5 * 60, 24 * 60 * 2])
def test_outside_the_hours_of_the_laws_calendar_no_number_is_given(minutes: float) -> None:
    refused("waiting.closed", number, "civil", minutes)


def test_a_day_made_up_for_is_worked_and_the_national_day_is_not() -> None:
    made_up, feast = date(2026, 1, 10), date(2026, 9, 2)
    noon = {d: MORNING.replace(year=d.year, month=d.month, day=d.day) for d in (made_up, feast)}
    assert services.take(CENTRE, "civil", "kiosk", Who("t", "made-up", None, noon[made_up])).label == "A001"
    refused("waiting.closed", services.take, CENTRE, "civil", "kiosk", Who("t", "feast", None, noon[feast]))


def test_another_centres_official_may_not_sit_here_and_two_do_not_share_a_counter() -> None:
    stranger, anna, binh = clerk(9, "hcc-tinh"), clerk(1), clerk(2)
    refused("counter.not_yours", seat, 1, stranger)
    seat(1, anna)
    refused("counter.taken", seat, 1, binh)
    seat(2, anna)
    assert seat(1, binh).person == UUID(int=2), "who moves frees the old seat"
    refused("counter.none", services.call_next, by(clerk(5), 0))


def test_a_counter_with_somebody_is_not_left() -> None:
    anna = clerk()
    seat(1, anna)
    number("civil", 0)
    services.call_next(by(anna, 1))
    refused("counter.busy", services.rise, by(anna, 2))
    services.done(by(anna, 3))
    services.rise(by(anna, 4))
    assert not Counter.objects.filter(open=True).exists()


def test_a_key_is_for_one_thing() -> None:
    services.take(CENTRE, "civil", "kiosk", by(None, 0, "k"))
    refused("key.reused", services.take, CENTRE, "land", "kiosk", by(None, 1, "k"))
    refused("key.reused", booking.book, CENTRE, "civil", at(60), by(None, 1, "k"))
    refused("waiting.no_service", number, "moon", 2)
    refused("waiting.no_centre", number, "civil", 2, "c99999-hcc")


def test_only_the_centres_head_sets_counters_and_hours_and_hours_begin_tomorrow() -> None:
    head, anna = clerk(8, role="head"), clerk()
    refused("centre.not_head", services.set_counter, CENTRE, 9, ["civil"], by(anna, 0))
    refused("counter.serves_nothing", services.set_counter, CENTRE, 9, ["moon"], by(head, 0))
    assert services.set_counter(CENTRE, 9, ["results", "civil"], by(head, 0)).serves == ["civil", "results"]
    hours = [(time(7), time(11)), (time(13), time(16))]
    refused("hours.past", services.set_hours, CENTRE, date(2026, 9, 17), hours, "QĐ 1", by(head, 0))
    refused("hours.order", services.set_hours, CENTRE, date(2026, 9, 21), [(time(7), time(11)), (time(10), time(16))], "QĐ 1", by(head, 0))
    services.set_hours(CENTRE, date(2026, 9, 21), hours, "QĐ 1", by(head, 0))
    monday = [s.starts for s in booking.slots(CENTRE, "civil", date(2026, 9, 21), MORNING)]
    assert (monday[0].hour, monday[-1].hour, monday[-1].minute) == (7, 15, 30)
    assert booking.slots(CENTRE, "civil", date(2026, 9, 18), MORNING)[0].starts.minute == 30


# --- appointments -------------------------------------------------------------------------------------------------------


def test_a_full_hour_is_refused_and_a_change_frees_the_old_one() -> None:
    most = booking.capacity(CENTRE, "land")
    made = [booking.book(CENTRE, "land", at(60), by(None, 0)) for _ in range(most)]
    refused("slot.full", booking.book, CENTRE, "land", at(60), by(None, 1))
    booking.change(made[0].code, at(90), by(None, 2))
    booking.book(CENTRE, "land", at(60), by(None, 3))
    booking.cancel(made[0].code, by(None, 4))
    refused("appointment.over", booking.change, made[0].code, at(120), by(None, 5))
    refused("slot.unknown", booking.book, CENTRE, "land", at(61), by(None, 6))
    refused("slot.unknown", booking.book, CENTRE, "land", at(60 + 24 * 60 * 30), by(None, 7))


def test_a_reminder_goes_out_once_without_the_matter_and_again_when_the_hour_changed(owner_db: Any) -> None:
    made = booking.book(CENTRE, "land", at(26 * 60), by(None, 0), contact={"phone": "0912 345 678", "email": " "})
    booking.book(CENTRE, "land", at(26 * 60 + 30), by(None, 0))
    with worker():
        assert remind(at(0)) == 0
        assert remind(at(10 * 60)) == 2
        assert remind(at(10 * 60 + 5)) == 0
    rows = owner_db.execute("SELECT channel, template, reference, status FROM td_notice").fetchall()
    assert rows == [("sms", "appointment", f"{made.code[2:5]}-{made.code[5:8]}-{made.code[8:]}", "waiting")]
    booking.change(made.code, at(27 * 60), by(None, 11 * 60))
    with worker():
        assert remind(at(12 * 60)) == 1
    assert owner_db.execute("SELECT count(*) FROM td_notice").fetchone()[0] == 2
    sealed = owner_db.execute("SELECT sealed FROM td_appointment_contact").fetchone()[0]
    assert b"0912" not in bytes(sealed)


def test_a_reminder_reaches_the_telephone_that_was_left(owner_db: Any, settings: Any) -> None:
    from trongdan.core.cases.scope import JOB, scope
    from trongdan.core.notices.addresses import addresses

    made = booking.book(CENTRE, "land", at(26 * 60), by(None, 0), contact={"phone": "0912 345 678"})
    with worker(), scope(JOB):
        assert addresses().of(made.id, "sms") == "0912 345 678"
        assert addresses().of(UUID(int=5), "sms") is None


def test_the_web_may_add_an_address_and_never_read_one(role_db: Any) -> None:
    booking.book(CENTRE, "land", at(60), by(None, 0), contact={"phone": "0912 345 678"})
    web = role_db("td_web")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("SELECT * FROM td_appointment_contact")


def test_what_was_done_is_never_changed(role_db: Any) -> None:
    number("civil", 0)
    for role in ("td_web", "td_job"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role_db(role).execute("DELETE FROM td_waiting_entry")


# --- two counters at once -----------------------------------------------------------------------------------------------


def test_counters_calling_at_the_same_moment_never_call_one_number_twice_and_lose_none() -> None:
    """Six officials on connections of their own (td_web) call until the line is empty."""
    head = clerk(8, role="head")
    for n in range(5, 11):
        services.set_counter(CENTRE, n, ["civil"], by(head, 0))
        seat(n, clerk(100 + n))
    given = {number("civil", n / 10).id for n in range(60)}
    calls: list[UUID] = []
    wrong: list[BaseException] = []
    together = threading.Barrier(6)

    def work(n: int) -> None:
        try:
            together.wait(30)
            for turn in range(60):
                ticket = services.call_next(by(clerk(100 + n), 10 + turn))
                if ticket is None:
                    return
                calls.append(ticket.id)
        except BaseException as error:  # noqa: BLE001  shown below
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(5, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert len(calls) == len(set(calls)) == 60
    assert set(calls) == given
    assert {t.status for t in Ticket.objects.all()} == {Standing.DONE}
    assert connection.settings_dict["USER"] == "td_web"


def test_numbers_taken_at_the_same_moment_differ_and_one_press_sent_twice_gives_one() -> None:
    labels: list[str] = []
    together = threading.Barrier(8)

    def work(n: int) -> None:
        together.wait(30)
        try:
            labels.append(services.take(CENTRE, "civil", "kiosk", by(None, 1, f"same-{n // 2}")).label)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(labels) == sorted(2 * ["A001", "A002", "A003", "A004"])
    assert Ticket.objects.count() == 4


# --- what is shown ------------------------------------------------------------------------------------------------------


def test_the_place_and_the_wait_follow_the_line_and_the_error_is_measured() -> None:
    anna = clerk()
    seat(1, anna)
    tickets = [number("civil", 0) for _ in range(4)]
    assert [t.told is not None and t.told > 0 for t in tickets] == [False, True, True, True]
    found = hall(CENTRE, at(1))
    waits = [found.wait("civil", ticket=t.id) for t in tickets]
    assert [w.ahead for w in waits] == [0, 1, 2, 3]
    assert [w.seconds for w in waits if w.seconds is not None] == sorted(w.seconds for w in waits if w.seconds is not None)
    for n in range(4):
        services.call_next(by(anna, 1 + 8 * n))
    error = error_of(CENTRE, date(2026, 9, 17), date(2026, 9, 17))
    assert error.n == 4
    assert error.minutes < 5


def test_without_an_open_counter_no_wait_is_promised() -> None:
    ticket = number("civil", 0)
    assert ticket.told is None
    assert hall(CENTRE, at(1)).wait("civil", ticket=ticket.id).seconds is None


def test_the_screen_shows_numbers_and_counters_and_the_board_who_waits_how_long_and_what_to_open() -> None:
    anna = clerk()
    seat(2, anna)
    for n in range(14):
        number("land", n)
    services.call_next(by(anna, 20))
    assert [(c.label, c.counter) for c in screen(CENTRE, at(21))] == [("B001", 2)]
    found = board(centre_of(CENTRE), at(21))
    land = next(g for g in found.groups if g.service == "land")
    assert (len(land.waits), land.waits[0], land.open) == (13, ("B002", 20, False), 1)
    hint = found.suggestions[0]
    assert (hint.service, hint.open) == ("land", 1)
    assert hint.more >= 1
    assert hint.wait > rules().target.total_seconds() / 60
    assert found.left_waiting == 13


def test_notices_of_appointments_stay_outside_every_desks_view() -> None:
    from tests.core.cases.people import official
    from trongdan.core.cases.scope import scope

    booking.book(CENTRE, "land", at(26 * 60), by(None, 0), contact={"phone": "0912 345 678"})
    with worker():
        remind(at(10 * 60))
    with scope(official("reception")):
        assert not Notice.objects.exists()


def test_a_slot_shorter_than_its_lead_is_not_offered() -> None:
    found = booking.slots(CENTRE, "civil", date(2026, 9, 17), at(0))
    assert found[0].starts == at(30)
    assert booking.days(CENTRE, at(0))[:3] == [date(2026, 9, 17), date(2026, 9, 18), date(2026, 9, 21)]
    assert all(s.ends - s.starts == timedelta(minutes=30) for s in found)
