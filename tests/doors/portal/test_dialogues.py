"""A dialogue as anybody sees it: when and where, a question without a name, one support a device, the answers at the end."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import signing
from django.test import Client

from tests.core.cases.people import official
from tests.doors.desk.test_dialogues import announced, asked, do, held, in_days, planned, question, signed
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.doors.portal.robots import SALT
from trongdan.kinds.dialogue import selectors, services

pytestmark = pytest.mark.django_db(transaction=True)


def path_of(case: UUID) -> str:
    with scope(JOB):
        return f"/doi-thoai/{load([case])[case].reference}/"


def stamp() -> str:
    return signing.dumps(int(time.time()) - 10, salt=SALT)


def ask(client: Client, case: UUID, words: str, **more: str) -> Any:
    return client.post(path_of(case), {"do": "ask", "draft": str(uuid4()), "stamp": stamp(), "words": words, **more})


def test_only_announced_meetings_are_public_and_found_by_the_name_of_a_commune() -> None:
    plan = planned(subject="Chưa thông báo")
    case = announced(subject="Tình hình của xã")
    assert Client().get(path_of(plan)).status_code == 404
    assert Client().get("/doi-thoai/KHONGCO/").status_code == 404
    for place, there in (("", True), ("kim boi", True), ("Cường Thịnh", False), ("Atlantis", False)):
        page = Client().get("/doi-thoai/", {"xa": place}).content.decode()
        assert ("Tình hình của xã" in page) is there, place
        assert "Chưa thông báo" not in page
    assert "Nhà văn hóa xã" in Client().get(path_of(case)).content.decode()


def test_a_question_is_taken_without_a_name_and_shown_only_after_a_person_read_it() -> None:
    case, person = announced(), Client()
    assert ask(person, case, "Bao giờ nạo vét cống xóm Mớ?").status_code == 302
    assert "Bao giờ nạo vét" not in person.get(path_of(case)).content.decode()
    (one,) = asked(case).values()
    assert (one.channel, one.status) == ("portal", "new")
    with scope(official("office")):
        services.release(load([case])[case], official("office"), one.id, one.body)
    assert "Bao giờ nạo vét" in person.get(path_of(case)).content.decode()


def test_the_same_form_sent_twice_is_one_question() -> None:
    case, person, key = announced(), Client(), str(uuid4())
    for _ in range(2):
        ask(person, case, "Bao giờ nạo vét cống xóm Mớ?", draft=key)
    assert len(asked(case)) == 1


def test_what_reads_like_a_denunciation_is_shown_the_way_where_it_is_kept_secret_and_nothing_is_sent() -> None:
    case, person = announced(), Client()
    words = "Tôi tố cáo ông Chủ tịch xã nhận tiền của các hộ, không có biên lai."
    page = ask(person, case, words)
    assert page.status_code == 422
    assert "/to-cao/" in page.content.decode()
    assert words in page.content.decode()
    assert asked(case) == {}
    assert ask(person, case, words, sure="1").status_code == 302  # nobody is stopped
    assert len(asked(case)) == 1


def test_an_empty_question_is_refused_with_what_to_do() -> None:
    page = ask(Client(), announced(), "  ")
    assert page.status_code == 422
    assert "Hãy viết điều ông/bà muốn hỏi" in page.content.decode()


def test_questions_are_taken_until_the_day_that_the_notice_says() -> None:
    from datetime import timedelta

    from trongdan.core.cases.trail import today
    from trongdan.kernel.errors import Refusal
    from trongdan.kinds.dialogue import asking

    case = announced(questions_until=in_days(3))
    asking.ask(case, uuid4(), "Bao giờ nạo vét cống?", today() + timedelta(days=3))
    with pytest.raises(Refusal, match="không còn nhận câu hỏi"):
        asking.ask(case, uuid4(), "Bao giờ nạo vét cống?", today() + timedelta(days=4))


def test_a_device_supports_a_question_once_and_nothing_is_set_before_it_does() -> None:
    case = announced()
    one = question(case, "Bao giờ nạo vét cống xóm Mớ?")
    person = Client()
    person.get(path_of(case))
    assert "td_thiet_bi" not in person.cookies
    for _ in range(3):
        person.post(path_of(case), {"do": "support", "question": str(one), "stamp": stamp()})
    Client().post(path_of(case), {"do": "support", "question": str(one), "stamp": stamp()})
    assert asked(case)[one].supports == 2
    assert person.cookies["td_thiet_bi"]["httponly"]
    hidden = question(case, "Câu chưa duyệt của một người.", release=False)
    person.post(path_of(case), {"do": "support", "question": str(hidden), "stamp": stamp()})
    assert asked(case)[hidden].supports == 0


def test_answers_are_public_when_the_results_are_and_not_while_they_are_drafts() -> None:
    case = held()
    person = Client()
    assert "Kết quả" not in person.get(path_of(case)).content.decode()
    signed(case, do(case, "report", results="Cống xóm Mớ nạo vét trước 30/11."))
    do(case, "publish", published_at=["media", "posted", "villages"])
    page = person.get(path_of(case)).content.decode()
    assert "Cống xóm Mớ nạo vét trước 30/11." in page
    assert [m.step for m in selectors.announced("c04978")] == ["published"]
