"""A desk without the network: references lent beforehand, what comes in once, and what a person must look at."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.core.cases.people import official
from trongdan.core.agencies.models import Appointment
from trongdan.core.cases.check import check
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.leases import held
from trongdan.core.leases.jobs import forget
from trongdan.core.people.models import Person
from trongdan.doors.cli.demo import person_id
from trongdan.kernel.reference import format_reference

from .offline import BASE, at, borrow, enrolled, picture, sealed, send

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "Đường trục thôn xuống cấp, xe không đi được khi mưa, đề nghị xã sửa."


def of_case(reference: str) -> Any:
    """The stored case of a reference, with all there is."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_case WHERE reference = %s", [reference])
        (case,) = cursor.fetchone()
        return load([case])[case]


def count(db: Any, what: str = "td_case") -> int:
    return int(db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


# --- references ---------------------------------------------------------------------------------------------------------


def test_references_are_lent_once_signed_and_to_the_reception_on_a_named_device_alone() -> None:
    clerk = enrolled()
    first, more = borrow(clerk, 3), borrow(clerk, 3)
    assert len({lease["statement"]["reference"] for lease in first + more}) == 6, "never one twice"
    assert first[0]["statement"]["person"] == str(person_id("tiepdan"))
    assert at("tiepdan").post(BASE + "ma/", {"wanted": "1"}).json()["code"] == "device.unknown"
    head = at("chutich")
    assert head.post(BASE + "may/", {"name": "máy"}).status_code == 422
    assert "chỉ bộ phận tiếp công dân" in head.post(BASE + "may/", {"name": "máy"}).content.decode().lower()


def test_a_device_can_not_hoard_references() -> None:
    clerk = enrolled()
    got = [len(borrow(clerk, 999)) for _ in range(6)]
    assert got == [30, 30, 30, 30, 0, 0]


def test_a_cookie_that_was_guessed_or_cut_is_no_device() -> None:
    clerk = enrolled()
    cookie = clerk.cookies["td_device"].value
    for wrong in (cookie[:-1] + ("a" if cookie[-1] != "a" else "b"), cookie.partition(".")[0], "x", ""):
        clerk.cookies["td_device"] = wrong
        assert clerk.post(BASE + "ma/", {"wanted": "1"}).json()["code"] == "device.unknown"
    stranger = enrolled("bantcd")
    stranger.cookies["td_device"] = cookie
    assert stranger.post(BASE + "ma/", {"wanted": "1"}).json()["code"] == "device.unknown", "another agency's"


# --- what comes in --------------------------------------------------------------------------------------------------------


def test_an_item_becomes_the_case_of_its_slip_with_day_device_files_and_a_receipt_to_print() -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    on = today() - timedelta(days=1)
    (done,) = send(clerk, sealed(lease, files=[picture()], on=on.isoformat(), signed="1"))
    assert done["state"] == "recorded", done
    assert done["reference"] == format_reference(lease["statement"]["reference"])
    case = of_case(lease["statement"]["reference"])
    opening = case.trail[0].event
    assert (opening.on, opening.payload["device"], case.state.fields["signed"]) == (on, lease["statement"]["device"], True)
    assert opening.payload.get("reason"), "why the day is another is told"
    assert case.state.fields["attachments"] == 1
    assert clerk.get(done["receipt"])["Content-Type"] == "application/pdf"
    assert at("tiepdan").get(done["receipt"]).status_code == 404, "its secret is not for other sign-ins"
    assert "don.png" in clerk.get(done["page"]).content.decode()
    assert list(check()) == []


def test_a_note_of_a_telephone_call_is_never_signed_with_or_without_a_network() -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    send(clerk, sealed(lease, channel="phone", signed="1"))
    state = of_case(lease["statement"]["reference"]).state
    assert (state.fields["channel"], state.fields.get("signed")) == ("phone", False)


def test_the_same_batch_again_gives_the_same_answers_and_no_second_case(owner_db: Any) -> None:
    clerk = enrolled()
    one, two = (sealed(lease, text) for lease, text in zip(borrow(clerk, 2), ("Cống tắc.", OTHER), strict=True))
    before = count(owner_db)
    first, again = send(clerk, one, two), send(clerk, one, two)
    assert [d["state"] for d in again] == ["recorded", "recorded"]
    assert first == again
    assert count(owner_db) == before + 2
    assert count(owner_db, "td_held") == 0


def test_two_windows_that_send_the_same_at_the_same_moment_make_one_case_of_each(owner_db: Any) -> None:
    clerk = enrolled()
    items = [sealed(lease, text, files=[picture()]) for lease, text in zip(borrow(clerk, 3), ("Cống tắc.", OTHER, "Đèn hỏng."), strict=True)]
    other = Client()
    other.cookies = clerk.cookies
    before, got = count(owner_db), list[list[dict[str, Any]]]()
    start = threading.Barrier(2)

    def window(browser: Client) -> None:
        start.wait(20)
        got.append(send(browser, *items))
        connection.close()

    both = [threading.Thread(target=window, args=[browser]) for browser in (clerk, other)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [[d["state"] for d in answers] for answers in got] == [["recorded"] * 3] * 2
    assert [d["reference"] for d in got[0]] == [d["reference"] for d in got[1]]
    assert (count(owner_db), count(owner_db, "td_held"), count(owner_db, "td_file")) == (before + 3, 0, 3)


def test_one_item_that_fails_holds_up_no_other() -> None:
    clerk = enrolled()
    a, b, c = borrow(clerk, 3)
    broken = sealed(b, OTHER) | {"box": b"TD1" + b"\x00" * 200}
    empty = sealed(c, " ")
    states = [d["state"] for d in send(clerk, broken, empty, sealed(a))]
    assert states == ["refused", "held", "recorded"]


def test_a_used_reference_takes_no_second_letter() -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    send(clerk, sealed(lease))
    (second,) = send(clerk, sealed(lease, OTHER))
    assert (second["state"], second["code"]) == ("held", "lease.used")


def test_an_item_under_a_known_id_with_another_content_is_refused() -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    item = uuid4()
    send(clerk, sealed(lease, item=item))
    (second,) = send(clerk, sealed(lease, OTHER, item=item))
    assert (second["state"], second["code"]) == ("refused", "key.reused")


def test_a_sealed_letter_can_not_be_moved_to_another_slip() -> None:
    clerk = enrolled()
    one, other = borrow(clerk, 2)
    item = sealed(one)
    (done,) = send(clerk, item | {"reference": other["statement"]["reference"], "lease": other})
    assert (done["state"], done["code"]) == ("refused", "box.unreadable")
    (done,) = send(clerk, item | {"reference": other["statement"]["reference"]})
    assert (done["state"], done["code"]) == ("held", "lease.unreadable")


def test_a_letter_to_be_kept_secret_goes_into_the_vault_and_its_words_into_no_table_of_the_queue(owner_db: Any) -> None:
    clerk = enrolled()
    lease, other = borrow(clerk, 2)
    send(clerk, sealed(lease, "Tôi tố cáo cán bộ nhận tiền. canary-offline", name="Canary Offline", files=[picture("canary-anh.png")]))
    case = of_case(lease["statement"]["reference"])
    assert case.state.vault
    send(clerk, sealed(other, "canary-offline tố cáo lần nữa", name="Canary Offline", on=(today() + timedelta(days=2)).isoformat()))
    rows = [owner_db.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t").fetchone()[0].lower()
            for table in ("td_lease", "td_held", "td_device", "td_command_key")]  # fmt: skip
    assert all("canary" not in row and "6361" + "6e617279" not in row for row in rows)
    assert "Canary" not in "".join(str(e.payload) for e in case.events)


def test_a_batch_that_is_no_batch_leaves_everything_on_the_device() -> None:
    clerk = enrolled()
    for junk in ("", "{}", "[1]", "null", json.dumps([{"id": str(uuid4()), "reference": "x", "lease": {}}]), json.dumps([{}] * 11)):
        answer = clerk.post(BASE + "gui/", {"items": junk})
        assert answer.status_code == (200 if junk == "{}" else 409), junk
        if junk != "{}":
            assert answer.json()["code"] == "batch.unreadable"


def test_without_the_forms_protection_nothing_is_taken() -> None:
    clerk = enrolled()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = clerk.cookies
    assert strict.post(BASE + "gui/", {"items": "[]"}).status_code == 403


# --- who may not, and who then looks ---------------------------------------------------------------------------------------


def colleague() -> Client:
    """A second clerk at the same desk, with the same device."""
    user = Person.objects.get(id=person_id("xacminh"))
    _appoint(user.id)
    other = at("xacminh")
    session = other.session
    session["post"] = "c04978-vp/reception"
    session.save()
    return other


def _appoint(person: UUID) -> None:
    settings = connection.settings_dict
    with psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user="postgres", autocommit=True) as db:
        db.execute("INSERT INTO td_appointment (person, post_id, since, decision) VALUES (%s, 'c04978-vp/reception', '2025-07-01', 't') "
                   "ON CONFLICT DO NOTHING", [person])  # fmt: skip


def test_another_officers_letter_stays_on_the_device_until_it_is_handed_over_and_then_waits_for_a_person() -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    item = sealed(lease)
    other = colleague()
    other.cookies["td_device"] = clerk.cookies["td_device"].value
    (done,) = send(other, item)
    assert (done["state"], done["code"]) == ("refused", "lease.other_officer")
    (done,) = send(other, item, hand_over=True)
    assert (done["state"], done["code"]) == ("held", "lease.other_officer")
    page = other.get(done["page"]).content.decode()
    assert "Cống đầu xóm bị tắc" in page and "Quách Thị Ngần" in page
    answer = other.post(done["page"], {"how": "record", "on": today().isoformat()})
    assert answer.status_code == 302, answer.content.decode()
    case = of_case(lease["statement"]["reference"])
    assert case.trail[0].event.actor["person"] == str(person_id("xacminh")), "who took it in answers for it"
    (again,) = send(clerk, item)
    assert (again["state"], again["reference"]) == ("recorded", format_reference(lease["statement"]["reference"]))


def test_an_officer_who_lost_the_post_sends_nothing_by_oneself(owner_db: Any) -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    owner_db.execute("UPDATE td_appointment SET until = current_date - 1 WHERE person = %s", [person_id("tiepdan")])
    assert clerk.post(BASE + "gui/", {"items": "[]"}).status_code == 403
    other = colleague()
    other.cookies["td_device"] = clerk.cookies["td_device"].value
    (done,) = send(other, sealed(lease), hand_over=True)
    assert done["state"] == "held"
    assert Appointment.objects.filter(person=person_id("tiepdan"), until=None).count() == 0


def test_a_copy_of_the_queue_on_another_device_waits_for_a_person() -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    (done,) = send(enrolled(), sealed(lease))
    assert (done["state"], done["code"]) == ("held", "lease.other_device")
    answer = clerk.post(done["page"], {"how": "record", "on": today().isoformat()})
    assert answer.status_code == 302
    assert of_case(lease["statement"]["reference"])


def test_a_device_reported_lost_borrows_nothing_and_what_it_brings_waits_for_a_person() -> None:
    clerk = enrolled()
    (lease, _unused) = borrow(clerk, 2)
    page = clerk.get(BASE + "may/").content.decode()
    device = lease["statement"]["device"]
    assert f"{BASE}may/{device}/mat/" in page
    assert ">đã dùng<" not in page and ">chưa dùng, hoặc đơn còn trên máy<" in page
    refused = at("vanthu")
    refused.post(f"{BASE}may/{device}/mat/")
    assert borrow(clerk, 1), "văn thư can not say so"
    assert at("vanphong").post(f"{BASE}may/{device}/mat/").status_code == 302
    assert clerk.post(BASE + "ma/", {"wanted": "1"}).json()["code"] == "device.lost"
    (done,) = send(clerk, sealed(lease))
    assert (done["state"], done["code"]) == ("held", "device.lost")
    assert "thu hồi: máy báo mất" in clerk.get(BASE + "may/").content.decode()


def test_a_lease_that_ran_out_waits_for_a_person_who_keeps_the_reference_of_the_slip(owner_db: Any) -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    owner_db.execute("UPDATE td_lease SET until = current_date - 1")
    (done,) = send(clerk, sealed(lease))
    assert (done["state"], done["code"]) == ("held", "lease.expired")
    assert clerk.post(done["page"], {"how": "record", "on": today().isoformat()}).status_code == 302
    assert of_case(lease["statement"]["reference"])
    assert ">đã dùng<" in clerk.get(BASE + "may/").content.decode()


def test_a_letter_typed_twice_is_shown_to_a_person_who_says_it_is_one(owner_db: Any) -> None:
    clerk = enrolled()
    a, b = borrow(clerk, 2)
    text = OTHER + " Đoạn này dài hơn hai trăm mét, đã có người ngã xe hôm mùng hai vừa rồi, ai cũng biết."
    send(clerk, sealed(a, text))
    before = count(owner_db)
    (done,) = send(clerk, sealed(b, text.replace("mùng hai", "mồng hai")))
    assert (done["state"], done["code"]) == ("held", "letter.twice")
    assert format_reference(a["statement"]["reference"]) in done["words"]
    wrong = clerk.post(done["page"], {"how": "same", "reference": format_reference(b["statement"]["reference"])})
    assert wrong.status_code == 422
    right = clerk.post(done["page"], {"how": "same", "reference": format_reference(a["statement"]["reference"]).lower()})
    assert right.status_code == 302
    assert count(owner_db) == before
    assert "trùng với hồ sơ mã" in clerk.get(done["page"]).content.decode()
    assert clerk.post(done["page"], {"how": "record", "on": today().isoformat()}).status_code == 422, "decided once"


def test_two_people_with_the_same_short_matter_are_two_letters() -> None:
    clerk = enrolled()
    a, b = borrow(clerk, 2)
    states = [d["state"] for d in send(clerk, sealed(a, "Khiếu nại đất đai."), sealed(b, "Khiếu nại đất đai.", name="Đinh Công Lực"))]
    assert states == ["recorded", "recorded"]


def test_what_a_rule_refuses_waits_and_goes_in_when_the_person_puts_it_right() -> None:
    clerk = enrolled()
    lease, other = borrow(clerk, 2)
    future = (today() + timedelta(days=3)).isoformat()
    first, second = send(clerk, sealed(lease, on=future), sealed(other, OTHER, files=[("virus.exe", b"MZ" * 40), picture()]))
    assert (first["state"], second["state"], second["code"]) == ("held", "held", "file.type")
    assert clerk.post(first["page"], {"how": "record", "on": future}).status_code == 422
    assert clerk.post(first["page"], {"how": "record", "on": today().isoformat()}).status_code == 302
    assert clerk.post(second["page"], {"how": "record", "on": today().isoformat()}).status_code == 422
    bad = clerk.get(second["page"] + "tep/0/")
    assert bad.content == b"MZ" * 40 and bad["Content-Disposition"].startswith("attachment") and bad["Content-Type"] == "application/octet-stream"
    assert at("vanthu").get(second["page"] + "tep/0/").status_code == clerk.get(second["page"] + "tep/2/").status_code == 404
    assert clerk.post(second["page"], {"how": "record", "on": today().isoformat(), "without": ["virus.exe"]}).status_code == 302
    assert of_case(other["statement"]["reference"]).state.fields["attachments"] == 1


def test_what_waits_is_seen_by_its_own_desk_alone() -> None:
    clerk = enrolled()
    (lease,) = borrow(clerk, 1)
    (done,) = send(clerk, sealed(lease, " "))
    code = format_reference(lease["statement"]["reference"])
    assert code in clerk.get(BASE + "may/").content.decode()
    for login in ("chutich", "vanthu", "bantcd", "chuyenvien"):
        other = at(login)
        assert other.get(done["page"]).status_code == 404, login
        assert code not in other.get(BASE + "may/").content.decode(), login
    with scope(official("officer")):
        assert held.waiting("c04978/reception") == []


def test_the_box_of_a_letter_that_was_there_already_is_forgotten_after_a_month(owner_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = enrolled()
    a, b = borrow(clerk, 2)
    send(clerk, sealed(a))
    (done,) = send(clerk, sealed(b))
    clerk.post(done["page"], {"how": "same", "reference": a["statement"]["reference"]})
    kept = "SELECT count(*) FROM td_held WHERE box IS NOT NULL"
    assert owner_db.execute(kept).fetchone() == (1,)
    owner_db.execute("UPDATE td_held SET settled_at = settled_at - interval '31 days'")
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "USER", "td_job")
    assert (forget(), forget()) == (1, 0)
    connection.close()
    assert owner_db.execute(kept).fetchone() == (0,)


# --- the page and its worker -------------------------------------------------------------------------------------------------


def test_the_page_is_the_same_for_everybody_and_holds_no_name_token_or_message() -> None:
    clerk = enrolled()
    stranger, own = Client().get(BASE), clerk.get(BASE)
    assert own.content == stranger.content
    assert "csrfmiddlewaretoken" not in own.content.decode()
    assert "form-action 'none'" in own["Content-Security-Policy"] and "unsafe" not in own["Content-Security-Policy"]


def test_the_worker_serves_the_desk_keeps_one_page_and_changes_with_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from trongdan.doors.desk import offline

    first = Client().get("/ban-lam-viec/mat-mang.js")
    code = first.content.decode()
    assert first["Content-Type"].startswith("text/javascript")
    assert first["Content-Security-Policy"].startswith("default-src 'none'")
    assert "/ho-so/" not in code and "/tim/" not in code
    monkeypatch.setattr(offline, "_asset", lambda name: b"another")
    assert Client().get("/ban-lam-viec/mat-mang.js").content.decode() != code


def test_the_state_tells_the_worker_who_sits_here_and_a_stranger_nothing() -> None:
    assert Client().get(BASE + "trang-thai/").status_code == 302
    told = enrolled().get(BASE + "trang-thai/").json()
    assert told["device"]["name"] == "máy quầy 1" and told["takes_letters"] and len(told["csrf"]) > 20
