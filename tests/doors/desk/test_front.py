"""The Front's own sample and its register: drawn by a seed nobody knew, seen by nobody it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from tests.core.cases.people import SENDER, official, send
from tests.core.cases.test_after import answered
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load, today
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.satisfaction import selectors, services
from trongdan.law import load_law

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/ban-lam-viec/mat-tran/"
FRONT = official("officer", "mttq-tinh", "mttq-tinh/officer/1")
BY = UUID(int=9)


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


@pytest.fixture
def head_of_log(owner_db: Any) -> Iterator[None]:
    """A signed head after the end of the period."""
    owner_db.execute("INSERT INTO td_checkpoint (size, sealed, at) VALUES (999999, '{\"root\": \"cm9vdA==\", \"note\": \"n\"}', %s)",
                     [datetime.now(UTC) + timedelta(days=1)])
    yield
    owner_db.execute("DELETE FROM td_checkpoint WHERE size = 999999")


def drawn(size: int = 10) -> UUID:
    with scope(FRONT):
        return services.draw_sample("mttq-tinh", today(), today(), size, BY)


def test_no_sample_before_the_log_has_a_head_signed_after_the_period() -> None:
    answered("front-1")
    with scope(FRONT), pytest.raises(Refusal, match="Chưa rút được mẫu"):
        services.draw_sample("mttq-tinh", today(), today(), 5, BY)


def test_a_period_is_drawn_once_and_can_be_drawn_again_by_anybody(head_of_log: None) -> None:
    answered("front-1")
    answered("front-2", "Đề nghị sửa đèn đường.")
    sample = drawn()
    with scope(FRONT):
        assert len(selectors.call_list(sample)) == 2
        assert selectors.drawn_again(sample)
    with scope(FRONT), pytest.raises(Refusal, match="chỉ rút một lần"):
        services.draw_sample("mttq-tinh", today(), today(), 3, BY)


def test_no_vault_case_is_ever_in_the_frame(head_of_log: None) -> None:
    answered("front-1")
    secret = send("Tôi tố cáo cán bộ thu tiền.", "front-v", keep_secret=True)
    perform(Command("letters.letter", str(secret.case), "file", {"nature": "khac", "filing_reason": "…"}), official("reception"))
    with scope(FRONT):
        places = selectors.call_list(services.draw_sample("mttq-tinh", today(), today(), 50, BY))
    assert secret.case not in {p.case for p in places}
    assert len(places) == 1


def test_the_agencies_it_is_about_see_neither_the_list_nor_the_answers_nor_the_page(head_of_log: None) -> None:
    answered("front-1")
    sample = drawn()
    for role, agency in (("head", "c04978"), ("head", "ubnd-tinh"), ("head", "thanh-tra")):
        with scope(official(role, agency)):
            assert selectors.samples() == []
            assert selectors.call_list(sample) == []
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM td_front_frame(%s, %s, %s)", [today(), today(), ["letters.petition/answered"]])
                assert cursor.fetchone() == (0,)
    assert at("chutich").get(BASE).status_code == 404
    assert at("chutichtinh").get(f"{BASE}{sample}/").status_code == 404


def test_a_name_is_shown_only_on_its_own_line_and_looking_is_noted(head_of_log: None) -> None:
    case = answered("front-1")
    sample = drawn()
    desk = at("mattran")
    assert "Canary" not in desk.get(f"{BASE}{sample}/").content.decode()
    shown = desk.get(f"{BASE}{sample}/{case}/").content.decode()
    assert "Canary Văn Tên" in shown
    assert "0900000001" in shown
    with scope(FRONT), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_sample_look WHERE sample = %s AND case_id = %s", [sample, case])
        assert cursor.fetchone() == (1,)
    assert desk.get(f"{BASE}{sample}/{uuid4()}/").status_code == 404, "nobody outside the list"


def test_what_a_person_said_is_kept_at_the_front_alone_and_counted_once(head_of_log: None) -> None:
    case = answered("front-1")
    sample = drawn()
    desk, key = at("mattran"), str(uuid4())
    empty = desk.post(f"{BASE}{sample}/{case}/", {"reached": "answered", "key": key})
    assert empty.status_code == 422
    assert "ít nhất một câu trả lời" in empty.content.decode()
    said = {"reached": "answered", "answered": "yes", "acted": "no", "solved": "no", "words": "cống vẫn tắc", "key": key}
    for _ in range(2):  # pressed twice
        assert desk.post(f"{BASE}{sample}/{case}/", said).status_code == 302
    with scope(FRONT):
        assert selectors.results(sample)["solved"] == {"yes": 0, "partly": 0, "no": 1, "unknown": 0}
        assert [(p.reached, p.tries) for p in selectors.call_list(sample)] == [("answered", 1)]
    assert "Chưa: <strong>1</strong>" in desk.get(f"{BASE}{sample}/").content.decode()
    with scope(official("head", "c04978")):
        assert "case:assessed" not in {e.tag for e in load([case])[case].events}, "not a word of it in the case's own trail"


def test_a_person_who_went_into_the_vault_since_is_called_no_more(head_of_log: None) -> None:
    case = answered("front-1")
    sample = drawn()
    with scope(FRONT):
        parent = selectors.contact(sample, case, BY)
    assert parent is not None
    with scope(official("head", "c04978")):
        letter = load([case])[case].parent
    perform(Command("letters.letter", str(letter), "vault.seal"), SENDER)
    with scope(FRONT):
        assert selectors.contact(sample, case, BY) is None


def test_a_forwarded_letter_is_owed_its_result_seven_days_from_the_decision() -> None:
    desk = at("mattran")
    form = {"agency": "c04978", "letter_no": "45/MTTQ", "letter_on": today().isoformat(), "nature": "khieu_nai", "about": "bồi thường đất",
            "name": "Quách Văn Tám", "draft": str(uuid4())}  # fmt: skip
    made = desk.post(f"{BASE}don-da-chuyen/", form)
    assert made.status_code == 302
    case = UUID(made["Location"].rstrip("/").rsplit("/", 1)[-1])
    clerk = official("reception", "c04978", "c04978-vp/reception")
    data = {"decision_no": "152/QĐ-UBND", "decision_on": today().isoformat()}
    perform(Command("letters.forwarded", str(case), "record_decision", data), clerk)
    with scope(FRONT):
        state = load([case])[case].state
    last = load_law().calendar.next_working(today() + timedelta(days=7))  # a limit does not end on a day of rest
    assert (state.step, state.clocks["reply"].rule, state.clocks["reply"].due) == ("decided", "KN-15", last)
    assert "Đơn do Mặt trận" in desk.get(f"{BASE}don-da-chuyen/").content.decode()
    assert desk.get(f"/ban-lam-viec/ho-so/{case}/").status_code == 200, "the Front sees what it forwarded"
    with scope(official("head", "c04981")):
        assert load([case]) == {}


def test_the_front_that_disagrees_takes_it_to_the_superior_and_no_other_agency_can() -> None:
    perform_as = official("officer", "mttq-tinh", "mttq-tinh/officer/1")
    opened = perform(Command("letters.forwarded", None, "open", {"forwarded_by": "mttq-tinh", "letter_no": "45", "letter_on": today().isoformat(),
                     "nature": "kien_nghi", "about": "cống"}, agency="c04978"), perform_as)  # fmt: skip
    case, head = opened.case, official("head", "c04978")
    perform(Command("", str(case), "record_decision", {"decision_no": "1", "decision_on": today().isoformat()}), head)
    perform(Command("", str(case), "reply", {"result_words": "Không tiếp thu."}), head)
    for action, role in (("check", "office"), ("sign", "head"), ("number", "registry")):
        more = {"number": "9/UBND"} if action == "number" else {}
        perform(Command("", str(case), f"paper.{action}", {"paper": "p1", **more}), official(role, "c04978"))
    objection = {"objection": "Chưa xem hồ sơ.", "letter_no": "60/MTTQ", "letter_on": today().isoformat()}
    with pytest.raises(Refusal):
        perform(Command("", str(case), "object", objection), head)
    done = perform(Command("", str(case), "object", objection), perform_as)
    ((superior, _reference),) = done.opened
    with scope(official("head", "ubnd-tinh")):
        state = load([superior])[superior].state
    assert (state.agency, state.fields["forwarded_by"]) == ("ubnd-tinh", "mttq-tinh")


def test_a_form_that_names_no_agency_or_day_keeps_what_was_typed() -> None:
    page = at("mattran").post(f"{BASE}don-da-chuyen/", {"about": "canary-việc", "letter_on": "ba mươi", "agency": "c04978", "nature": "kien_nghi",
                                                        "letter_no": "1"})  # fmt: skip
    assert page.status_code == 422
    assert "canary-việc" in page.content.decode()
