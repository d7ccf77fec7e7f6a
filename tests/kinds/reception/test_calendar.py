"""The reception calendar: planned, posted in time, put off; who really came; and what each body sees."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tests.core.cases.people import official
from tests.roles import worker
from trongdan.core.cases.scope import INTAKE, JOB, scope
from trongdan.kernel.case import VIETNAM, Actor, Post
from trongdan.kernel.errors import Refusal
from trongdan.kinds.reception import booking, feed, selectors, services
from trongdan.kinds.reception.models import Booking, Mark, Session
from trongdan.kinds.reception.once import Doer
from trongdan.law import load_law
from trongdan.law.receiving import duties, grounds, kept

pytestmark = pytest.mark.django_db(transaction=True)
AGENCY = "c04978"
SENDER = Actor(is_sender=True, door="portal")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=VIETNAM)  # a Tuesday


def by(role: str, agency: str = AGENCY, **more: Any) -> Doer:
    return Doer(official(role, agency, **more), "desk:test", str(uuid4()))


def moment(day: int, hour: int = 8, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=VIETNAM)


def plan(day: int, agency: str = AGENCY, month: int = 12, **more: Any) -> services.Plan:
    return services.Plan(f"{agency}/head", date(2026, month, day), time(7, 30), time(11, 30), "Nơi tiếp công dân", **more)


def posted(day: int, agency: str = AGENCY, now: datetime = NOON, **more: Any) -> UUID:
    session = services.plan(plan(day, agency, **more), by("reception", agency), now)
    services.post(session, by("reception", agency), now)
    return session


def place(session: UUID, **more: Any) -> booking.Slip:
    ask = booking.Ask(session, more.pop("channel", "portal"), more.pop("person", {"name": "Canary Văn Khách", "phone": "0900000777"}), **more)
    return booking.book(ask, Doer(SENDER, "portal", str(uuid4())), NOON)


# --- the calendar --------------------------------------------------------------------------------------------------------


def test_a_regular_day_is_posted_five_working_days_before_and_the_refusal_says_the_first_day_that_still_can_be() -> None:
    late = services.plan(plan(7), by("reception"), NOON)
    with pytest.raises(Refusal) as refused:
        services.post(late, by("reception"), NOON)
    assert refused.value.code == "reception.too_late"
    assert services.soonest(NOON.date()) == date(2026, 12, 8)
    assert "08/12/2026" in refused.value.message
    services.post(services.plan(plan(8), by("reception"), NOON), by("reception"), NOON)
    assert [d.session.on.day for d in selectors.posted([AGENCY], NOON.date())] == [8]


@pytest.mark.parametrize("on", [date(2026, 11, 28) + timedelta(days=n) for n in range(8)])
def test_the_first_day_that_can_be_posted_is_never_a_day_of_rest_whatever_day_it_is_asked_on(on: date) -> None:
    soonest = services.soonest(on)
    assert load_law().calendar.is_working(soonest) and services.last_day_to_post(soonest) >= on


def test_what_is_not_posted_yet_is_seen_by_its_own_agency_alone() -> None:
    session = services.plan(plan(8), by("reception"), NOON)
    assert selectors.public_session(session) is None
    with scope(official("reception", "c04990")):
        assert not Session.objects.filter(id=session).exists()
    with scope(official("head")):
        assert Session.objects.filter(id=session).exists()


def test_a_day_out_of_turn_needs_its_reason_and_may_be_posted_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        services.plan(plan(2, sort="extra"), by("reception"), NOON)
    assert refused.value.details["field"] == "ground"
    session = services.plan(plan(2, sort="extra", ground="Đông người, gay gắt"), by("reception"), NOON)
    services.post(session, by("reception"), NOON)
    assert selectors.public_session(session) is not None


@pytest.mark.parametrize(("change", "code"), [
    ({"ends": time(7, 0)}, "reception.hours"), ({"place": " "}, "reception.place"), ({"on": date(2026, 12, 12)}, "reception.rest"),
    ({"on": date(2026, 11, 2)}, "reception.day"), ({"post": "ubnd-tinh/head"}, "reception.post"),
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused_with_what_to_do(change: dict[str, Any], code: str) -> None:
    base = plan(8)
    wanted = services.Plan(**{f: getattr(base, f) for f in base.__slots__} | change)
    with pytest.raises(Refusal) as refused:
        services.plan(wanted, by("reception"), NOON)
    assert refused.value.code == code


def test_pressed_twice_a_day_is_planned_once_and_the_key_does_not_serve_another() -> None:
    doer = by("reception")
    assert services.plan(plan(8), doer, NOON) == services.plan(plan(8), doer, NOON)
    with pytest.raises(Refusal) as refused:
        services.plan(plan(9), doer, NOON)
    assert refused.value.code == "key.reused"
    with scope(official("head")):
        assert Session.objects.count() == 1


def test_nobody_plans_for_another_body() -> None:
    with pytest.raises(Refusal):
        services.plan(plan(8), by("reception", "c04990"), NOON)
    with pytest.raises(Refusal):
        services.plan(plan(8), by("officer"), NOON)


def test_a_posted_day_is_put_off_with_a_reason_to_a_later_one_and_who_booked_comes_along() -> None:
    session = posted(8)
    slip = place(session)
    with pytest.raises(Refusal) as refused:
        services.move(session, services.PutOff(date(2026, 12, 10), time(8), time(11), " "), by("office"), NOON)
    assert refused.value.details["field"] == "reason"
    with pytest.raises(Refusal) as refused:
        services.move(session, services.PutOff(date(2026, 12, 7), time(8), time(11), "Họp tỉnh"), by("office"), NOON)
    assert refused.value.code == "reception.earlier"
    doer = by("office")
    new = services.move(session, services.PutOff(date(2026, 12, 10), time(8), time(11), "Họp tỉnh"), doer, NOON)
    assert services.move(session, services.PutOff(date(2026, 12, 10), time(8), time(11), "Họp tỉnh"), doer, NOON) == new
    old, later = selectors.posted([AGENCY], NOON.date())
    assert (old.session.moved_to_id, later.session.id, later.session.moved_reason) == (new, new, "Họp tỉnh")
    found, day = selectors.own_slip(slip.id, slip.token)
    assert (found.number, day.session.on) == (1, date(2026, 12, 10))


def test_the_feed_is_icalendar_with_one_event_a_day_and_cancels_what_was_put_off() -> None:
    from icalendar import Calendar

    session = posted(8, topic="Đất đai; nước sạch, đường", attends="Phòng Kinh tế")
    services.move(session, services.PutOff(date(2026, 12, 10), time(8), time(11), "Họp"), by("reception"), NOON)
    read = Calendar.from_ical(feed.feed("UBND xã Kim Bôi", selectors.posted([AGENCY], NOON.date()), "http://x"))
    events = {str(e["uid"]): e for e in read.walk("VEVENT")}
    assert str(events[f"{session}@trongdan"]["status"]) == "CANCELLED"
    new = next(e for uid, e in events.items() if not uid.startswith(str(session)))
    assert new.decoded("dtstart").astimezone(VIETNAM) == datetime(2026, 12, 10, 8, 0, tzinfo=VIETNAM)
    assert "nước sạch, đường" in str(new["description"])


# --- the queue ------------------------------------------------------------------------------------------------------------


def test_numbers_follow_one_another_and_stop_when_the_places_are_taken_but_who_stands_at_the_door_is_received() -> None:
    session = posted(8, capacity=2)
    assert [place(session).number, place(session).number] == [1, 2]
    with pytest.raises(Refusal) as refused:
        place(session)
    assert refused.value.code == "booking.full"
    walk_in = booking.book(booking.Ask(session, "door", {"name": "Khách Đến Cửa"}), by("reception"), NOON)
    assert walk_in.number == 3


def test_a_booking_is_seen_by_the_desk_of_its_own_body_and_no_other_of_a_joint_session() -> None:
    state, party = posted(8, joint=True), posted(8, "c04978-du", joint=True)
    place(state)
    place(party, person={"name": "Người Gặp Bí Thư"})
    for agency, session, name in ((AGENCY, state, "Canary Văn Khách"), ("c04978-du", party, "Người Gặp Bí Thư")):
        with scope(official("reception", agency)):
            assert [p.name for p in selectors.queue(session)] == [name]
            assert Booking.objects.count() == 1
    for other in (official("officer"), official("head", "ubnd-tinh"), official("reception", "ban-tcd")):
        with scope(other):
            assert Booking.objects.count() == 0


def test_a_slip_opens_with_its_secret_half_alone() -> None:
    slip = place(posted(8))
    assert selectors.own_slip(slip.id, slip.token)[0].number == 1
    with pytest.raises(Refusal):
        selectors.own_slip(slip.id, slip.token[:-1] + "x")
    with pytest.raises(Refusal):
        selectors.own_slip(uuid4(), slip.token)


def test_who_asks_not_to_be_named_is_a_number_and_no_more(owner_db: Any) -> None:
    session = posted(8)
    slip = place(session, unnamed=True)
    assert owner_db.execute("SELECT count(*) FROM td_identity WHERE case_id = %s", [slip.id]).fetchone() == (0,)
    with scope(official("reception")):
        assert [(p.name, p.booking.number) for p in selectors.queue(session)] == [("", 1)]


def test_a_denouncer_who_wants_to_stay_unknown_is_not_received_online() -> None:
    session = posted(18, online=True)
    with pytest.raises(Refusal) as refused:
        place(session, online_case="denunciation", protect=True)
    assert refused.value.code == "booking.protected"
    with pytest.raises(Refusal) as refused:
        place(session)
    assert refused.value.details["field"] == "online_case"
    assert place(session, online_case="remote").number == 1


def test_an_online_session_takes_bookings_while_the_parties_can_still_be_told_in_time() -> None:
    session = posted(8, online=True)
    ask = booking.Ask(session, "portal", {"name": "Khách"}, online_case="remote")
    with pytest.raises(Refusal) as refused:
        booking.book(ask, Doer(SENDER, "portal", "k1"), moment(2))
    assert refused.value.code == "booking.online_late"


def test_the_reminder_goes_once_the_day_before_without_a_word_of_the_matter(owner_db: Any) -> None:
    from trongdan.core.notices.tell import Told, tell_people

    session = posted(8)
    slip = place(session, person={"name": "Canary Văn Khách", "email": "khach@example.vn"})
    place(session, unnamed=True)
    with worker(), scope(JOB):
        assert selectors.to_remind(moment(6)) == []
        wanted = [Told(b, ref, t, d.toordinal()) for b, ref, d, t in selectors.to_remind(moment(7))]
        assert [(t.subject, t.template) for t in wanted] == [(slip.id, "appointment")]
        assert tell_people(wanted, moment(7)) == tell_people(wanted, moment(7)) + 1
    rows = owner_db.execute("SELECT template, channel, reference FROM td_notice WHERE case_id = %s", [slip.id]).fetchall()
    assert [r[:2] for r in rows] == [("appointment", "email")]
    assert "Canary" not in str(rows)


def test_names_of_slips_go_a_month_after_their_day(owner_db: Any) -> None:
    from trongdan.kinds.reception import jobs

    slip = place(posted(8))
    owner_db.execute("UPDATE td_reception_session SET on_date = current_date - 31")
    with worker():
        assert jobs.forget() == 1
    assert owner_db.execute("SELECT count(*) FROM td_identity WHERE case_id = %s", [slip.id]).fetchone() == (0,)


def test_the_next_number_is_called_and_the_screen_shows_nothing_but_it() -> None:
    session = posted(8)
    place(session)
    place(session)
    with scope(official("reception")):
        pass
    called = services.call_next(session, by("reception"), moment(8))
    assert called is not None and called.number == 1
    services.not_there(called.id, by("reception"))
    services.call_next(session, by("reception"), moment(8))
    day = selectors.public_session(session)
    assert day is not None and day.session.now == 2
    assert services.call_next(session, by("reception"), moment(8)) is None


# --- who really came -------------------------------------------------------------------------------------------------------


def head(agency: str = AGENCY) -> Doer:
    return by("head", agency)


def received(day: int, agency: str = AGENCY, month: int = 12) -> UUID:
    session = posted(day, agency, moment(1, month=month), month=month)
    services.mark(session, "began", head(agency), now=moment(day, 8, month))
    services.mark(session, "ended", head(agency), now=moment(day, 11, month))
    return session


def test_only_the_head_with_an_own_sign_in_notes_having_come_and_only_on_the_day() -> None:
    session = posted(8)
    for other in (by("deputy"), by("reception"), by("office")):
        with pytest.raises(Refusal) as refused:
            services.mark(session, "began", other, now=moment(8))
        assert refused.value.code == "reception.own_hand"
    lent = Actor(person=str(UUID(int=9)), posts=(Post(f"{AGENCY}/head", "head", AGENCY),), post=Post(f"{AGENCY}/head", "head", AGENCY),
                 on_behalf=f"{AGENCY}/deputy")  # fmt: skip
    with pytest.raises(Refusal):
        services.mark(session, "began", Doer(lent, "desk:x", "k"), now=moment(8))
    with pytest.raises(Refusal) as refused:
        services.mark(session, "began", head(), now=moment(9))
    assert refused.value.code == "reception.not_today"
    with pytest.raises(Refusal):
        services.mark(session, "ended", head(), now=moment(8))
    services.mark(session, "began", head(), now=moment(8))
    with scope(official("reception")):
        assert [m.what for m in selectors.marks(session)] == ["began"]


def test_what_was_noted_is_never_changed() -> None:
    received(8)
    for statement in ("UPDATE td_reception_mark SET what = 'ended'", "DELETE FROM td_reception_mark"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_commune_chair_may_not_send_a_deputy_and_a_department_s_deputy_does_not_count() -> None:
    commune, department = posted(8), posted(8, "so-xd")
    with pytest.raises(Refusal) as refused:
        services.mark(commune, "stood_in", by("deputy"), "Công văn 12", now=moment(8))
    assert refused.value.code == "reception.not_delegable"
    services.mark(department, "stood_in", by("deputy", "so-xd"), "Công văn 12/SXD", now=moment(8))
    with scope(official("head", "so-xd")):
        (line,) = selectors.compliance(date(2026, 12, 1), date(2026, 12, 31))
    assert (line.days, line.stood_in, line.verdict) == ([], [date(2026, 12, 8)], "will_miss")


def test_the_superior_reads_enough_or_short_of_every_head_below_and_never_of_the_party() -> None:
    received(8)
    posted(22)
    posted(9, "c04990")
    received(10, "c04978-du")
    with scope(official("head", "ubnd-tinh")):
        lines = {k.agency: k for k in selectors.compliance(date(2026, 12, 1), date(2027, 1, 4))}
    kim_boi, nat_son = lines[AGENCY], lines["c04990"]
    assert (kim_boi.needed, kim_boi.days, kim_boi.missed, kim_boi.verdict) == (2, [date(2026, 12, 8)], [date(2026, 12, 22)], "short")
    assert (nat_son.missing, nat_son.missed) == (2, [date(2026, 12, 9)])
    assert len(lines) == 148 + 11 + 1 + 1
    assert not [a for a in lines if a.endswith(("-du", "-hdnd")) or a == "tinh-uy"]
    with scope(official("head", "tinh-uy")):
        party = {k.agency: k for k in selectors.compliance(date(2026, 12, 1), date(2026, 12, 15))}
    assert party["c04978-du"].days == [date(2026, 12, 10)] and set(party) & {AGENCY, "ubnd-tinh"} == set()
    with scope(official("head")):
        assert [k.agency for k in selectors.compliance(date(2026, 12, 1), date(2026, 12, 15))] == [AGENCY]
    with scope(official("reception", "ban-tcd")):
        assert AGENCY in {k.agency for k in selectors.compliance(date(2026, 12, 1), date(2026, 12, 15))}


def test_a_day_begun_and_never_ended_proves_nothing() -> None:
    session = posted(8)
    services.mark(session, "began", head(), now=moment(8))
    with scope(official("head")):
        (line,) = selectors.compliance(date(2026, 12, 1), date(2026, 12, 20))
    assert (line.days, line.open, line.missing) == ([], [date(2026, 12, 8)], 2)


def test_a_posted_day_that_goes_by_is_missed_and_one_put_off_is_not() -> None:
    posted(8)
    moved = posted(9)
    services.move(moved, services.PutOff(date(2026, 12, 15), time(8), time(11), "Bão"), by("reception"), NOON)
    with scope(official("head")):
        (line,) = selectors.compliance(date(2026, 12, 1), date(2026, 12, 10))
    assert (line.missed, line.ahead, line.verdict) == ([date(2026, 12, 8)], [date(2026, 12, 15)], "will_miss")


def test_without_a_scope_nothing_of_a_reception_is_read() -> None:
    session = posted(8)
    place(session)
    services.mark(session, "began", head(), now=moment(8))
    for table in ("session", "booking", "mark", "audit"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM td_reception_{table}")
    with scope(INTAKE):
        assert (Booking.objects.count(), Mark.objects.count()) == (0, 0)


# --- the law ------------------------------------------------------------------------------------------------------------------


def test_the_duty_of_a_commune_chair_is_weekly_until_june_2026_and_twice_a_month_since() -> None:
    duty = duties()["committee", "xa"]
    june = kept(duty, load_law(), date(2026, 6, 1), [date(2026, 6, 3), date(2026, 6, 10)])
    assert [m.needed for m in june] == [1] * 4 and sum(m.missing for m in june) == 2
    july = kept(duty, load_law(), date(2026, 7, 1), [date(2026, 7, 3)])
    assert [(m.rule, m.needed, m.missing) for m in july] == [("TCD-02", 2, 1)]


def test_only_two_grounds_of_refusal_need_the_written_notice() -> None:
    assert [g.basis for g in grounds().values() if g.written] == ["Luật Tiếp công dân Đ9 k3", "NĐ 154/2026 Đ4 k1 đ.h"]
    assert len(grounds()) == 3 + 10
