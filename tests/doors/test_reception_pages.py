"""The pages of receptions: found, booked, called and counted through the doors, as people and officials meet them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.doors.cli.demo import PASSWORD
from trongdan.doors.portal import robots
from trongdan.kinds.reception import services
from trongdan.law import load_law

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"post": "c04978/head", "starts": "07:30", "ends": "11:30", "place": "Nơi tiếp công dân xã", "capacity": "5"}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "SOONEST", 0)
    robots._seen.clear()


def desk(login: str) -> Client:
    client = Client()
    assert client.login(username=login, password=PASSWORD)
    return client


def planned(client: Client, **more: str) -> str:
    page = client.post("/ban-lam-viec/tiep-cong-dan/", {**FORM, "on": services.soonest(today()).isoformat(), "draft": str(uuid4()), **more})
    assert page.status_code == 302, page.content.decode()[:3000]
    return str(page.url)


def posted(client: Client, **more: str) -> str:
    """The address of a session on the desk, posted."""
    address = planned(client, **more)
    assert client.post(f"{address}lam/", {"do": "post", "draft": str(uuid4())}).status_code == 302
    return address


def text(page: Any) -> str:
    return str(page.content.decode())


def test_a_day_planned_at_the_desk_is_found_booked_and_seen_in_the_queue() -> None:
    clerk, person = desk("tiepdan"), Client()
    address = posted(clerk)
    session = address.rstrip("/").rpartition("/")[2]
    found = person.get("/lich-tiep-cong-dan/", {"noi": "kim boi"})
    assert (found.status_code, found.url) == (302, "/lich-tiep-cong-dan/c04978/")
    assert f"/lich-tiep-cong-dan/buoi/{session}/dang-ky/" in text(person.get(found.url))
    form = f"/lich-tiep-cong-dan/buoi/{session}/dang-ky/"
    stamp = robots.new_stamp()
    slip = person.post(form, {"name": "Bùi Thị Mận", "phone": "0900000123", "people": "6", "wheelchair": "1", "stamp": stamp,
                              "draft": str(uuid4())})  # fmt: skip
    assert slip.status_code == 302
    page = text(person.get(slip.url))
    assert "Phiếu hẹn" in page and "cử người đại diện" in page and "Bùi Thị Mận" not in page
    assert person.get(f"{slip.url}phieu.pdf").content.startswith(b"%PDF")
    queue = text(clerk.get(address))
    assert "Bùi Thị Mận" in queue and "đi xe lăn; 6 người" in queue
    assert "Bùi Thị Mận" not in text(Client().get(f"/lich-tiep-cong-dan/buoi/{session}/man-hinh/"))
    assert desk("bithu").get(address).status_code == 404
    assert person.post(slip.url).status_code == 302
    assert "đã hủy" in text(person.get(slip.url))


def test_a_wrong_word_keeps_what_was_typed() -> None:
    clerk = desk("tiepdan")
    refused = clerk.post("/ban-lam-viec/tiep-cong-dan/", {**FORM, "on": today().isoformat(), "ends": "06:00", "topic": "Nước sạch", "draft": str(uuid4())})
    assert refused.status_code == 422
    assert "Giờ kết thúc phải sau giờ bắt đầu." in text(refused) and 'value="Nước sạch"' in text(refused)
    person, address = Client(), posted(clerk)
    session = address.rstrip("/").rpartition("/")[2]
    again = person.post(f"/lich-tiep-cong-dan/buoi/{session}/dang-ky/", {"name": "Canary Tên", "people": "0", "stamp": robots.new_stamp(), "draft": str(uuid4())})
    assert again.status_code == 422 and "Canary Tên" in text(again)


def test_feed_and_poster_are_public_and_a_wrong_place_is_said() -> None:
    posted(desk("tiepdan"), topic="Nước sạch")
    person = Client()
    feed = person.get("/lich-tiep-cong-dan/c04978.ics")
    assert feed["Content-Type"].startswith("text/calendar") and b"BEGIN:VEVENT" in feed.content
    assert person.get("/lich-tiep-cong-dan/c04978.pdf").content.startswith(b"%PDF")
    assert person.get("/lich-tiep-cong-dan/", {"noi": "Atlantis"}).status_code == 422
    assert person.get("/lich-tiep-cong-dan/khong-co/").status_code == 404


def test_the_head_notes_having_come_and_the_page_of_the_superior_counts_it() -> None:
    clerk, chair = desk("tiepdan"), desk("chutich")
    address = posted(clerk, on=today().isoformat(), sort="extra", ground="Đông người")
    clerk.post(f"{address}lam/", {"do": "book", "name": "Khách", "channel": "door", "people": "1", "draft": str(uuid4())})
    assert "Mời số 1" in text(clerk.post(f"{address}lam/", {"do": "call", "draft": str(uuid4())}, follow=True))
    assert "Tôi bắt đầu tiếp" not in text(clerk.get(address)) and "Tôi bắt đầu tiếp" in text(chair.get(address))
    refused = clerk.post(f"{address}lam/", {"do": "mark", "what": "began", "draft": str(uuid4())})
    assert refused.status_code == 422 and "Chỉ chính người tiếp" in text(refused)
    for what in ("began", "ended"):
        assert chair.post(f"{address}lam/", {"do": "mark", "what": what, "draft": str(uuid4())}).status_code == 302
    page = text(desk("chutichtinh").get("/ban-lam-viec/tiep-cong-dan/theo-doi/"))
    row = page.split("Chủ tịch UBND xã Kim Bôi", 1)[1].split("</tr>", 1)[0]
    assert f"{today():%d/%m}" in row
    assert "Bí thư Đảng ủy xã Kim Bôi" not in page
    assert "Bí thư Đảng ủy xã Kim Bôi" in text(desk("bithu").get("/ban-lam-viec/tiep-cong-dan/theo-doi/"))


def test_a_posted_day_is_put_off_at_the_desk_and_the_public_page_says_to_when_and_why() -> None:
    clerk = desk("tiepdan")
    address = posted(clerk)
    later = load_law().calendar.next_working(services.soonest(today()) + timedelta(days=7))
    moved = clerk.post(f"{address}lam/", {"do": "move", "new_on": later.isoformat(), "new_starts": "08:00", "new_ends": "11:00",
                                          "reason": "Họp khẩn về bão", "draft": str(uuid4())})  # fmt: skip
    assert moved.status_code == 302
    page = text(Client().get("/lich-tiep-cong-dan/c04978/"))
    assert "Lùi lịch" in page and "Họp khẩn về bão" in page and f"Tiếp ngày {later:%d/%m/%Y}, từ 08:00." in page


def test_the_record_is_opened_from_the_queue_and_its_person_reads_and_confirms_it() -> None:
    from trongdan.kinds.letters.intake import token_of
    from trongdan.kinds.reception.models import Booking

    clerk, chair = desk("tiepdan"), desk("chutich")
    address = posted(clerk, on=today().isoformat(), sort="extra", ground="Đông người")
    clerk.post(f"{address}lam/", {"do": "book", "name": "Bùi Thị Mận", "channel": "door", "people": "1", "draft": str(uuid4())})
    with scope(JOB):
        place = Booking.objects.get()
    opened = clerk.post(f"{address}lam/", {"do": "begin", "booking": str(place.id)}, follow=True)
    assert "Bản ghi" in text(opened)
    with scope(JOB):
        record = Booking.objects.get().record
    case = f"/ban-lam-viec/ho-so/{record}/"
    assert "Bùi Thị Mận" in text(clerk.get(case)) and chair.get(case).status_code == 200
    assert clerk.get(f"{case}giay-xac-nhan.pdf").content.startswith(b"%PDF")
    shown = clerk.post(f"{case}lam/", {"action": "show", "text": "Đèn đường hỏng", "nature": "phan_anh", "draft": str(uuid4())})
    assert shown.status_code == 302, text(shown)[:2000]
    person, track = Client(), f"/theo-doi/{reference(record)}/{token_of(record)}/"
    page = text(person.get(track))
    assert "Lời ông/bà, cơ quan ghi lại" in page and "Đèn đường hỏng" in page and "Xác nhận bản ghi đúng lời tôi" in page
    agreed = person.post(track, {"case": str(record), "do": "confirm", "draft": str(uuid4())})
    assert agreed.status_code == 302, text(agreed)[:2000]
    assert "Đã ghi, chờ trả lời" in text(clerk.get(case))


def reference(case: Any) -> str:
    with scope(JOB):
        return str(load([case])[case].reference)


def test_the_page_of_conclusions_and_the_register_stand_for_an_empty_year() -> None:
    clerk = desk("tiepdan")
    assert "Chưa có điểm kết luận nào" in text(clerk.get("/ban-lam-viec/tiep-cong-dan/ket-luan/"))
    assert clerk.get("/ban-lam-viec/tiep-cong-dan/ket-luan/?nam=abc").status_code == 200
    assert "03/TCD" in text(clerk.get("/ban-lam-viec/so/tiep-cong-dan/"))
