"""The pages of lines: kiosk, telephone, screen, counter, board. Nobody's name is on any of them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.kinds.waiting.hall import CENTRE, MORNING, at, by, clerk, number, seat
from trongdan.doors.cli.demo import person_id
from trongdan.doors.portal import centres
from trongdan.kinds.waiting import booking, services
from trongdan.kinds.waiting.models import Appointment, Counter, Ticket
from trongdan.platform.logs import without_secrets

pytestmark = pytest.mark.django_db(transaction=True)
HALL = f"/trung-tam/{CENTRE}/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> Any:
    """It is Thursday, half past eight; `clock(minutes)` moves the clock of doors and services."""
    from django.utils import timezone

    def set_to(minutes: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at(minutes))

    set_to(30)
    centres.NUMBERS.forget()
    centres.CODES.forget()
    return set_to


@pytest.fixture
def person() -> Client:
    return Client()


def desk(login: str) -> Client:
    found = Client()
    found.force_login(User.objects.get(username=login))
    return found


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def key_of(answer: Any) -> str:
    return re.search(r'name="key" value="([^"]+)"', answer.content.decode()).group(1)  # type: ignore[union-attr]


def test_a_commune_is_found_by_an_old_name_and_its_centre_says_when_it_is_open_and_how_long_the_wait_is(person: Client) -> None:
    page = person.get("/trung-tam/", {"xa": "vinh dong"})
    assert HALL in page.content.decode() or "Trung tâm Phục vụ hành chính công xã" in text(page)
    seat(1, clerk())
    for n in range(6):
        number("civil", n)
    said = text(person.get(HALL))
    assert "Đang mở cửa." in said
    assert re.search(r"Hộ tịch, chứng thực \S.*? phút\. Đang đợi: 6 người\.", said), said
    assert "Nghị định 63/2010 Đ18 k8" in said
    assert person.get("/trung-tam/c99999-hcc/").status_code == 404


def test_at_night_no_number_is_given_and_the_page_says_when_it_opens(person: Client, clock: Any) -> None:
    clock(12 * 60)
    assert "Mở lại lúc 07:30, 18/09/2026" in text(person.get(HALL))
    answer = person.post(HALL + "lay-so/", {"service": "civil", "key": "k1"})
    assert answer.status_code == 422
    assert "Trung tâm đang đóng cửa nên chưa phát số" in text(answer)


def test_a_number_by_telephone_is_taken_once_followed_and_given_up(person: Client) -> None:
    seat(1, clerk())
    page = person.get(HALL + "lay-so/")
    form = {"service": "civil", "key": key_of(page)}
    first, second = (person.post(HALL + "lay-so/", form) for _ in range(2))
    assert first.url == second.url
    assert Ticket.objects.count() == 1
    said = text(person.get(first.url))
    assert "A001" in said
    assert "Trước ông/bà: 0 người" in said
    assert "Refresh" not in person.get(first.url).headers
    assert person.get(first.url + "?tu-dong=1").headers["Refresh"] == "30"
    person.post(first.url, {"do": "leave", "key": "x"})
    assert "Ông/bà đã báo không đợi nữa" in text(person.get(first.url))
    assert person.post(first.url, {"do": "leave", "key": "y"}).status_code == 422
    assert person.get("/so-thu-tu/7K3-9QX-M4P/").status_code == 404


def test_the_machine_in_the_hall_opens_by_its_own_address_gives_large_numbers_and_begins_anew(person: Client) -> None:
    assert person.get(HALL + "may-lay-so/guess/").status_code == 404
    address = HALL + f"may-lay-so/{centres.kiosk_token(CENTRE)}/"
    page = person.get(address)
    assert page.content.decode().count('name="service"') == 7
    answer = person.post(address, {"service": "land", "helped": "1", "key": key_of(page)})
    assert "B001" in text(answer)
    assert answer.headers["Refresh"] == f"20; url={address}"
    assert "data:image/png" in answer.content.decode()
    taken = Ticket.objects.get()
    assert (taken.helped, taken.via) == (True, "kiosk")
    booked = booking.book(CENTRE, "civil", at(90), by(None, 0))
    assert "A001" in text(person.post(address, {"do": "arrive", "code": booked.code[2:].lower(), "key": "z"}))
    wrong = person.post(address, {"do": "arrive", "code": "7K3-9QX-M4Z", "key": "w"})
    assert wrong.status_code == 422
    assert "7K3-9QX-M4Z" in wrong.content.decode()


def test_the_screen_shows_numbers_and_counters_only_and_loads_itself(person: Client) -> None:
    anna = clerk()
    seat(1, anna)
    number("civil", 0)
    services.call_next(by(anna, 29.9))
    page = person.get(HALL + "man-hinh/")
    assert page.headers["Refresh"] == "5"
    assert re.search(r"A001 mời vào 1 ", text(page))
    assert "http-equiv" not in page.content.decode()


def test_an_hour_is_booked_without_a_name_changed_and_cancelled_by_its_code_without_script(person: Client) -> None:
    page = person.get(HALL + "dat-lich/", {"service": "land"})
    first, later = re.findall(r'name="slot" value="([^"]+)"', page.content.decode())[:2]
    assert datetime.fromisoformat(first) == at(60)
    none = person.post(HALL + "dat-lich/", {"service": "land", "key": "k", "phone": "0912345678"})
    assert none.status_code == 422
    assert "Hãy chọn một giờ" in text(none)
    assert "0912345678" in none.content.decode(), "what was typed stays"
    bad = person.post(HALL + "dat-lich/", {"service": "land", "key": "k", "slot": first, "phone": "12"})
    assert "Số điện thoại cần từ 8 đến 15 chữ số" in text(bad)
    assert Appointment.objects.count() == 0
    done = person.post(HALL + "dat-lich/", {"service": "land", "key": "k", "slot": first, "phone": "0912345678", "needs": ["steps", "x"]})
    made = Appointment.objects.get()
    assert made.needs == ["steps"]
    said = text(person.get(done.url))
    assert "09:00, 17/09/2026" in said
    assert "0912" not in said
    person.post(done.url, {"do": "change", "slot": later, "key": "c"})
    assert "09:30, 17/09/2026" in text(person.get(done.url))
    assert person.get("/lich-hen/", {"ma": made.code[2:]}).url == done.url
    person.post(done.url, {"do": "cancel", "key": "h"})
    assert "Đã hủy." in text(person.get(done.url))
    assert person.get("/lich-hen/", {"ma": "nonsense"}).status_code == 422


def test_codes_of_numbers_and_appointments_stay_out_of_the_log() -> None:
    for path in ("/so-thu-tu/TD7K39QXM4P/", "/lich-hen/TD7K39QXM4P/", "/lich-hen/?ma=7K39QXM4P", f"{HALL}may-lay-so/abcdef/"):
        assert "7K39QXM4P" not in without_secrets(path)
        assert "abcdef" not in without_secrets(path)


def test_a_connection_that_asks_again_and_again_is_told_to_wait(person: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(centres.NUMBERS, "most", 2)
    answers = [person.post(HALL + "lay-so/", {"service": "civil", "key": f"n{n}"}).status_code for n in range(3)]
    assert answers == [302, 302, 422]


# --- the desk -----------------------------------------------------------------------------------------------------------


def test_a_counter_is_worked_by_a_few_presses_and_each_counts_once() -> None:
    official = desk("quay")
    page = official.get("/ban-lam-viec/goi-so/")
    assert "Ngồi quầy nào?" in text(page)
    counter = Counter.objects.get(centre_id=CENTRE, number=1)
    official.post("/ban-lam-viec/goi-so/lam/", {"do": "sit", "counter": counter.id, "key": "s"})
    first, second = number("civil", 1, helped=True), number("civil", 2)
    for _ in range(2):
        assert official.post("/ban-lam-viec/goi-so/lam/", {"do": "call", "key": "one"}).status_code == 302
    said = text(official.get("/ban-lam-viec/goi-so/"))
    assert "A001" in said
    assert "Được hỗ trợ" in said
    assert "Đang đợi: 1 người" in said
    for do in ("begin", "again"):
        official.post("/ban-lam-viec/goi-so/lam/", {"do": do, "key": do})
    assert official.post("/ban-lam-viec/goi-so/lam/", {"do": "away", "key": "a"}).status_code == 422
    official.post("/ban-lam-viec/goi-so/lam/", {"do": "transfer", "service": "land", "key": "t"})
    official.post("/ban-lam-viec/goi-so/lam/", {"do": "call", "key": "two"})
    assert {t.id: t.status for t in Ticket.objects.all()} == {first.id: "waiting", second.id: "called"}
    official.post("/ban-lam-viec/goi-so/lam/", {"do": "done", "key": "d"})
    official.post("/ban-lam-viec/goi-so/lam/", {"do": "call", "key": "three"})
    assert "Không còn ai đợi nhóm việc của quầy này" in text(official.get("/ban-lam-viec/goi-so/"))
    for code in ("nonsense", "sit"):
        assert official.post("/ban-lam-viec/goi-so/lam/", {"do": code, "counter": "x"}).status_code in (404, 422)


def test_a_number_is_taken_for_somebody_by_telephone_and_an_appointments_code_is_understood() -> None:
    official = desk("quay")
    official.post("/ban-lam-viec/goi-so/lam/", {"do": "take", "centre": CENTRE, "service": "civil", "helped": "1", "key": "1"})
    assert re.search(r"Số A001\. Mã để xem trên điện thoại: \w{3}-\w{3}-\w{3}", text(official.get("/ban-lam-viec/goi-so/")))
    booked = booking.book(CENTRE, "land", at(90), by(None, 0))
    official.post("/ban-lam-viec/goi-so/lam/", {"do": "take", "centre": CENTRE, "code": booked.code, "key": "2"})
    assert Ticket.objects.get(label="B001").appointment_id == booked.id
    other = official.post("/ban-lam-viec/goi-so/lam/", {"do": "take", "centre": "hcc-tinh", "service": "civil", "key": "3"})
    assert other.status_code == 422


def test_who_does_not_work_at_a_centre_sits_nowhere() -> None:
    stranger = desk("tiepdan")
    assert "không làm việc ở Trung tâm" in text(stranger.get("/ban-lam-viec/goi-so/"))
    counter = Counter.objects.get(centre_id=CENTRE, number=1)
    assert stranger.post("/ban-lam-viec/goi-so/lam/", {"do": "sit", "counter": counter.id, "key": "s"}).status_code == 422
    assert not Counter.objects.filter(open=True).exists()


def test_the_board_says_who_waits_how_long_what_to_open_and_why_to_those_it_concerns() -> None:
    seat(2, clerk(4))
    for n in range(14):
        number("land", n)
    said = text(desk("giamdocxa").get("/ban-lam-viec/hang-cho/"))
    assert "B001 : 30 phút" in said or "B001: 30 phút" in said
    assert re.search(r"Đất đai, môi trường: mở thêm \d+ quầy\. Lúc 8 giờ dự kiến \d+ người đến, đang đợi 14, cần \d+ quầy, đang mở 1", said), said
    assert "Trang máy lấy số" in said
    assert "B001" in text(desk("chutich").get(f"/ban-lam-viec/hang-cho/{CENTRE}/"))
    assert "Trang máy lấy số" not in text(desk("chutich").get(f"/ban-lam-viec/hang-cho/{CENTRE}/"))
    assert desk("chutich").get("/ban-lam-viec/hang-cho/hcc-tinh/").status_code == 404
    assert desk("giamdoctinh").get(f"/ban-lam-viec/hang-cho/{CENTRE}/").status_code == 200


def test_a_centres_head_sets_counters_and_hours_and_nobody_else_does() -> None:
    form = {"do": "counter", "number": "9", "serves": ["civil"], "key": "1"}
    assert desk("quay").post(f"/ban-lam-viec/hang-cho/{CENTRE}/dat-lai/", form).status_code == 422
    head = desk("giamdocxa")
    assert head.post(f"/ban-lam-viec/hang-cho/{CENTRE}/dat-lai/", form).status_code == 302
    assert Counter.objects.get(centre_id=CENTRE, number=9).serves == ["civil"]
    hours = {"do": "hours", "since": "2026-09-21", "from1": "07:00", "to1": "11:00", "decision": "QĐ 12", "key": "2"}
    assert head.post(f"/ban-lam-viec/hang-cho/{CENTRE}/dat-lai/", {**hours, "to1": "25:00", "key": "3"}).status_code == 422
    assert head.post(f"/ban-lam-viec/hang-cho/{CENTRE}/dat-lai/", {**hours, "since": "mai", "key": "4"}).status_code == 422
    assert head.post(f"/ban-lam-viec/hang-cho/{CENTRE}/dat-lai/", hours).status_code == 302
    assert booking.slots(CENTRE, "civil", date(2026, 9, 21), MORNING)[-1].ends.hour == 11


def test_a_clerk_at_a_counter_sees_no_letter_of_the_committee() -> None:
    from tests.core.cases.people import send
    from trongdan.core.agencies.selectors import actor_for
    from trongdan.core.cases import selectors
    from trongdan.core.cases.scope import scope

    send()
    actor = actor_for(person_id("quay"), None, MORNING.date())
    assert actor.post is not None
    with scope(actor):
        assert selectors.of_agency("c04978", "open") == []
        assert selectors.in_hand(actor) == []
    assert isinstance(person_id("quay"), UUID)
