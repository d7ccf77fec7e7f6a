"""People received while there was no network: each record once, with its day, its number and its answer; or shown to a person."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.core.cases.people import official
from trongdan.core.cases.check import check
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.core.papers.check import check_files
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.reference import format_reference
from trongdan.kinds.reception import booking, services
from trongdan.kinds.reception import offline as reception
from trongdan.kinds.reception.models import Booking
from trongdan.kinds.reception.once import Doer

from .offline import BASE, at, borrow, enrolled, picture, said, sealed, send
from .test_offline import count, of_case

pytestmark = pytest.mark.django_db(transaction=True)
AGENCY = "c04978"


def doer(agency: str = AGENCY) -> Doer:
    return Doer(official("reception", agency), "desk:test", str(uuid4()))


def session(days_ago: int = 0) -> UUID:
    """A posted day of the commune's head, out of turn so that it may be posted at once."""
    now = datetime.now(VIETNAM) - timedelta(days=days_ago)
    wanted = services.Plan(f"{AGENCY}/head", now.date(), time(7, 30), time(11, 30), "Nơi tiếp công dân", "extra", "Đông người vì mất nước")
    made = services.plan(wanted, doer(), now)
    services.post(made, doer(), now)
    return made


def queue(day: UUID) -> list[Booking]:
    with scope(official("reception", AGENCY)):
        return list(Booking.objects.filter(session=day).order_by("number"))


def test_a_record_becomes_the_case_of_its_slip_with_number_day_sheet_and_clock() -> None:
    day, clerk = session(days_ago=1), enrolled()
    (lease,) = borrow(clerk, 1)
    (done,) = send(clerk, said(lease, day, files=[picture("to-ghi-loi.png")], id_number="017200001111"))
    assert done["state"] == "recorded", done
    assert done["reference"] == format_reference(lease["statement"]["reference"])
    case = of_case(lease["statement"]["reference"])
    yesterday = today() - timedelta(days=1)
    assert [e.event.on for e in case.trail] == [yesterday, yesterday]
    assert (case.state.step, case.state.fields["confirmed_how"], case.state.fields["number"]) == ("owed", "signature", 1)
    assert case.trail[0].event.payload["device"] == lease["statement"]["device"]
    assert case.state.clocks["answer"].started_on == yesterday, "the answer is owed from the day the person was received"
    (place,) = queue(day)
    assert (place.record, place.state, place.channel, place.unnamed) == (case.id, Booking.State.SERVED, "door", True)
    assert clerk.get(done["receipt"])["Content-Type"] == "application/pdf"
    page = clerk.get(done["page"]).content.decode()
    assert "canary-lời-nói" in page
    assert "to-ghi-loi.png" in page
    assert list(check()) == []
    assert list(check_files()) == []


def test_sent_twice_there_is_one_record_and_one_number(owner_db: Any) -> None:
    day, clerk = session(), enrolled()
    (lease,) = borrow(clerk, 1)
    item = said(lease, day, files=[picture()])
    before = count(owner_db)
    assert send(clerk, item) == send(clerk, item)
    assert count(owner_db) == before + 1
    assert len(queue(day)) == 1


def test_letters_and_records_go_in_one_batch() -> None:
    day, clerk = session(), enrolled()
    one, two = borrow(clerk, 2)
    assert [d["state"] for d in send(clerk, sealed(one), said(two, day))] == ["recorded", "recorded"]
    assert of_case(one["statement"]["reference"]).kind.id == "letters.letter"
    assert of_case(two["statement"]["reference"]).kind.id == "reception.record"


def test_the_number_on_a_slip_is_taken_and_an_answer_on_the_spot_ends_it() -> None:
    day, clerk = session(), enrolled()
    slip = booking.book(booking.Ask(day, "portal", {"name": "Bùi Văn Hẹn", "phone": "0900000009"}), Doer(official("reception", AGENCY), "t", "k"))
    (lease,) = borrow(clerk, 1)
    send(clerk, said(lease, day, number=str(slip.number), name="", answer="Xã nạo vét trong tuần này."))
    case = of_case(lease["statement"]["reference"])
    assert (case.state.step, case.state.outcome) == ("answered", "on_the_spot")
    assert case.state.fields["named_sender"] is True, "the name on the slip went over"
    assert [b.record for b in queue(day)] == [case.id]


def test_a_number_that_has_a_record_already_waits_for_a_person_who_says_which() -> None:
    day, clerk = session(), enrolled()
    one, two = borrow(clerk, 2)
    send(clerk, said(one, day))
    (done,) = send(clerk, said(two, day, number="1", text="Đường trục thôn xuống cấp."))
    assert (done["state"], done["code"]) == ("held", "reception.number_taken")
    page = clerk.get(done["page"]).content.decode()
    assert "Đường trục thôn xuống cấp." in page
    assert "Phiếu số 1 đã có bản ghi" in page
    answer = clerk.post(done["page"], {"how": "record", "session": str(day), "number": ""})
    assert answer.status_code == 302
    assert of_case(two["statement"]["reference"]).state.fields["number"] == 2


def test_a_day_put_off_meanwhile_waits_for_a_person_who_names_the_right_one() -> None:
    day, clerk = session(), enrolled()
    (lease,) = borrow(clerk, 1)
    later = services.move(day, services.PutOff(today() + timedelta(days=1), time(7, 30), time(9, 0), "Bão"), doer())
    (done,) = send(clerk, said(lease, day))
    assert (done["state"], done["code"]) == ("held", "reception.moved")
    refused = clerk.post(done["page"], {"how": "record", "session": str(later), "number": ""})
    assert refused.status_code == 422, "nobody was received tomorrow"
    other = services.plan(services.Plan(f"{AGENCY}/head", today(), time(14, 0), time(15, 0), "Nhà văn hóa", "extra", "Mất nước"), doer())
    services.post(other, doer())
    assert clerk.post(done["page"], {"how": "record", "session": str(other), "number": ""}).status_code == 302
    assert of_case(lease["statement"]["reference"]).state.fields["session"] == str(other)


def test_what_the_kind_refuses_is_held_with_the_reason_and_nothing_of_it_is_written(owner_db: Any) -> None:
    day, clerk = session(), enrolled()
    before = count(owner_db)
    one, two = borrow(clerk, 2)
    held = send(clerk, said(one, day, confirmed_how="fingerprint"), said(two, day, people="7"))
    assert [d["state"] for d in held] == ["held", "held"]
    assert "đọc lại" in held[0]["words"]
    assert count(owner_db) == before
    assert queue(day) == [], "no number was used up"


def test_a_denunciation_is_sealed_from_the_first_moment_though_nobody_ticked_the_box(owner_db: Any) -> None:
    day, clerk = session(), enrolled()
    (lease,) = borrow(clerk, 1)
    send(clerk, said(lease, day, files=[picture("don-to-cao-Bui-Thi-Man.png")], nature="to_cao", name="Bùi Thị Mận"))
    case = of_case(lease["statement"]["reference"])
    assert case.state.vault
    assert owner_db.execute("SELECT count(*) FROM td_identity WHERE case_id = %s AND name IS NOT NULL", [case.id]).fetchone() == (0,)
    assert owner_db.execute("SELECT name, sealed FROM td_file WHERE case_id = %s", [case.id]).fetchall() == [("Tệp trong kho kín", True)]
    (place,) = queue(day)
    assert owner_db.execute("SELECT count(*) FROM td_identity WHERE case_id = %s", [place.id]).fetchone() == (0,), "no name in the queue"


def test_a_session_of_another_agency_or_not_posted_is_no_session() -> None:
    clerk = enrolled()
    theirs = services.plan(services.Plan("c04990/head", today(), time(7, 30), time(9, 0), "Nơi tiếp", "extra", "Mất nước"), doer(agency="c04990"))
    services.post(theirs, doer(agency="c04990"))
    hidden = services.plan(services.Plan(f"{AGENCY}/head", today(), time(16, 0), time(17, 0), "Nơi tiếp", "extra", "Mất nước"), doer())
    one, two, three = borrow(clerk, 3)
    done = send(clerk, said(one, theirs), said(two, hidden), said(three, uuid4()))
    assert [d["code"] for d in done] == ["reception.unknown"] * 3


def test_a_device_keeps_posted_days_and_nobody_who_comes() -> None:
    day = session()
    booking.book(booking.Ask(day, "portal", {"name": "Canary Văn Khách", "phone": "0900000777"}), doer())
    answer = enrolled().get(BASE + "trang-thai/")
    assert str(day) in [d["id"] for d in answer.json()["days"]]
    assert "Canary" not in answer.content.decode()
    assert at("chutich").get(BASE + "trang-thai/").json()["days"] == []


def test_an_item_of_a_kind_that_the_server_does_not_know_waits_for_a_person() -> None:
    from trongdan.core.leases import packed
    from trongdan.platform import boxes

    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    item = sealed(lease)
    bound = packed.bound_to(UUID(item["id"]), item["reference"], UUID(lease["statement"]["device"]))
    (done,) = send(clerk, item | {"box": boxes.seal(packed.pack({"text": "x"}, [], "tomorrow"), bound)})
    assert (done["state"], done["code"]) == ("held", "item.kind")


# --- who really came ------------------------------------------------------------------------------------------------------


def test_a_head_who_received_without_a_network_notes_it_in_person_when_the_line_is_back() -> None:
    day, clerk = session(days_ago=1), enrolled()
    head = at("chutich")
    page = f"/ban-lam-viec/tiep-cong-dan/{day}/"
    late = {"do": "mark", "what": "began", "words": "7 giờ 30"}
    assert head.post(page + "lam/", late).status_code == 422, "nothing says that the day was held without a network"
    (lease,) = borrow(clerk, 1)
    send(clerk, said(lease, day))
    assert "Hôm ấy mất mạng" in head.get(page).content.decode()
    assert "Hôm ấy mất mạng" not in clerk.get(page).content.decode()
    assert clerk.post(page + "lam/", late).status_code == 422, "nobody notes it in the head's place"
    assert head.post(page + "lam/", late | {"words": ""}).status_code == 422
    assert head.post(page + "lam/", late).status_code == 302
    assert head.post(page + "lam/", late | {"what": "ended", "words": "11 giờ"}).status_code == 302
    assert "7 giờ 30" in head.get(page).content.decode()


def test_a_server_that_dies_between_the_record_and_its_words_leaves_nothing_and_the_next_try_makes_it_whole(
        monkeypatch: pytest.MonkeyPatch, owner_db: Any) -> None:  # fmt: skip
    day, clerk = session(), enrolled()
    (lease,) = borrow(clerk, 1)
    item, before = said(lease, day, files=[picture()]), count(owner_db)
    whole = reception.perform_with_files
    monkeypatch.setattr(reception, "perform_with_files", lambda *_a, **_k: (_ for _ in ()).throw(OSError(5, "dies here")))
    with pytest.raises(OSError, match="dies here"):
        send(clerk, item)
    assert count(owner_db) == before
    assert queue(day) == []
    monkeypatch.setattr(reception, "perform_with_files", whole)
    assert send(clerk, item)[0]["state"] == "recorded"
    assert count(owner_db) == before + 1
    assert [b.number for b in queue(day)] == [1]
    assert list(check_files()) == []
