"""Story: who disagrees with a decision is heard by the superior, and nothing that was settled comes undone by a tap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from tests.core.cases.people import AGENCY, SENDER, official, send, wait_until_readable
from tests.roles import worker
from trongdan.core.cases.check import check
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.intake import token_of
from trongdan.kinds.letters.tracking import view_for_sender

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "letters.complaint.first", "letters.complaint.second"
STAGES = {"initial": "unit_head", "check": "office", "sign": "head", "number": "registry", "send": "registry"}


def state(case: UUID | str) -> Any:
    with scope(JOB):
        return load([UUID(str(case))])[UUID(str(case))].state


def act(kind: str, case: UUID | str, action: str, who: Actor, **data: Any) -> Done:
    reason = data.pop("reason", None)
    return perform(Command(kind, str(case), action, data, reason=reason), who)


def through(kind: str, case: UUID | str, agency: str = AGENCY) -> None:
    """Whatever paper is on its way goes through its chain; văn thư sends it."""
    while True:
        now = state(case)
        paper = now.waiting_paper or next((p for p in now.papers.values() if p.effective and p.waits == "send"), None)
        if paper is None:
            return
        role = paper.waits_for[0]
        who = official("verifier", post=now.fields["verifier"]) if role == "verifier" else official(role, agency)
        act(kind, case, f"paper.{paper.waits}", who, paper=paper.id, **({"number": "7/QĐ"} if paper.waits == "number" else {}))


def decided() -> tuple[Done, str]:
    """(letter, first complaint) with a decision that was sent."""
    letter = send("Tôi khiếu nại quyết định bồi thường.", signed=True)
    done = act("letters.letter", letter.case, "open_matter", official("reception"), nature="khieu_nai", matter_kind=FIRST)
    case = str(done.opened[0][0])
    head = official("head")
    act(FIRST, case, "accept", official("reception"), accepted_content="Diện tích.")
    through(FIRST, case)
    act(FIRST, case, "order_verification", head, verifier="c04978-vhxh/verifier")
    through(FIRST, case)
    act(FIRST, case, "report_verification", official("verifier", post="c04978-vhxh/verifier"), findings="Đúng hồ sơ.")
    through(FIRST, case)
    act(FIRST, case, "decide", head, conclusion="Sai.", legal_grounds="Luật Đất đai", measure="Giữ nguyên.", result="rejected")
    through(FIRST, case)
    act(FIRST, case, "send_decision", official("registry"), sent_on=today().isoformat(),
        sent_to=["complainant", "superior", "inspectorate"])  # fmt: skip
    return letter, case


def test_a_settled_complaint_is_not_reopened_by_a_tap_and_the_page_shows_the_lawful_ways_with_their_last_days() -> None:
    letter, case = decided()
    page = f"/theo-doi/{letter.reference}/{token_of(letter.case)}/"
    person = Client()
    for wanted in ("reopen", "withdraw", "decide", "resume_coerced"):
        assert person.post(page, {"case": case, "do": wanted, "words": "Chưa xong."}).status_code == 422
    person.post(page, {"case": case, "do": "assess", "answered": "yes", "solved": "no"})
    now = state(case)
    assert (now.step, now.outcome) == ("decided", "rejected"), "the assessment is counted and changes nothing"
    shown = person.get(page).content.decode()
    for clock in ("second", "court"):
        assert f"{now.clocks[clock].due:%d/%m/%Y}" in shown
    assert "khiếu nại lần hai hoặc khởi kiện" in shown
    assert "Quyết định có hiệu lực pháp luật, nếu không khiếu nại lần hai, từ ngày" in shown


def test_a_second_complaint_goes_to_the_direct_superior_unsigned_with_the_last_day_and_the_first_settler_cannot_read_it() -> None:
    letter, case = decided()
    done = act(FIRST, case, "lodge_second", SENDER, second_text="canary-lần-hai: đo lại đất cho tôi.")
    second = str(done.opened[0][0])
    there = state(second)
    assert there.agency == "ubnd-tinh"
    assert there.fields["first_agency"] == AGENCY
    assert there.fields["first_decision_no"] == "7/QĐ"
    assert there.fields["window_until"] == state(case).clocks["second"].due.isoformat()
    assert not there.fields.get("signed")
    assert "accept" not in there.clocks, "unsigned: the time to accept does not run yet"
    assert state(case).step == "decided"
    for role in ("head", "reception", "deputy", "registry"):
        with scope(official(role)):
            assert UUID(second) not in load([UUID(second)]), role
    desk = Client()
    desk.force_login(get_user_model().objects.get(username="chutich"))
    assert "canary-lần-hai" not in desk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT case_id::text FROM td_content WHERE body LIKE '%%canary-lần-hai%%'")
        assert cursor.fetchall() == [(second,)], "the words are kept with the superior alone"
    with scope(official("reception", "ubnd-tinh")):
        assert UUID(second) in load([UUID(second)])
    views = view_for_sender(letter.case, today())
    assert [v.kind for v in views] == ["letters.letter", FIRST, SECOND]
    assert views[2].reference == f"{letter.reference}/2"
    with pytest.raises(Refusal):
        act(FIRST, case, "lodge_second", SENDER, second_text="Lần nữa.")
    assert list(check()) == []


def test_a_second_complaints_dialogue_is_held_in_person() -> None:
    _letter, case = decided()
    second = str(act(FIRST, case, "lodge_second", SENDER, second_text="…").opened[0][0])
    at = "ubnd-tinh"
    chair, reception = official("head", at), official("reception", at)
    act(SECOND, second, "sign", reception, how_signed="counter")
    act(SECOND, second, "record_many", reception, people=6, representatives=1, representative_names="A", representation_paper=True,
        all_signed=True)  # fmt: skip
    act(SECOND, second, "accept", reception, accepted_content="…", settler="chair")
    through(SECOND, second, at)
    act(SECOND, second, "order_verification", chair, verifier="thanh-tra/verifier")
    through(SECOND, second, at)
    act(SECOND, second, "report_verification", official("verifier", "thanh-tra", "thanh-tra/verifier"), findings="…")
    through(SECOND, second, at)
    with pytest.raises(Refusal) as many:
        act(SECOND, second, "assign_dialogue", chair, dialogue_chair=f"{at}/deputy/1")
    assert "Đ28 k2 đ.b" in str(many.value.citation)
    with pytest.raises(Refusal) as none:
        act(SECOND, second, "decide", chair, first_summary="…", conclusion="…", legal_grounds="…", measure="…", result="upheld")
    assert "Đ39" in str(none.value.citation)


def test_a_decision_is_carried_out_as_cases_that_its_complainant_sees_to_the_end() -> None:
    letter, case = decided()
    head = official("head")
    order = {"task": "Trả lại 30 m².", "doer": "Phòng Kinh tế", "doer_agency": AGENCY, "finish_on": "2099-01-05", "agreed": True}
    act(FIRST, case, "order_execution", head, **order)
    through(FIRST, case)
    work = next(v for v in view_for_sender(letter.case, today()) if v.kind == "letters.execution")
    assert work.texts["task"] == "Trả lại 30 m²."
    assert "05/01/2099" in work.clocks[0].steps[0].vi
    with pytest.raises(Refusal, match="chưa xong"):
        act(FIRST, case, "execute", head, executed="Xong.")
    act("letters.execution", work.id, "start", head)
    done = {"done_what": "Đã trả.", "done_on": today().isoformat(), "proof": "Biên bản giao đất."}
    act("letters.execution", work.id, "report_done", head, **done)
    through("letters.execution", work.id)
    act(FIRST, case, "execute", head, executed="Đã trả đất.")
    assert state(case).step == "closed"
    assert list(check()) == []


def test_a_decision_without_the_complainants_address_is_not_signed() -> None:
    letter = perform(Command("letters.letter", None, "receive", {"text": "Tôi khiếu nại.", "channel": "counter", "signed": True},
                             agency=AGENCY), official("reception"), identity={"name": "Không Địa Chỉ"})  # fmt: skip
    done = act("letters.letter", letter.case, "open_matter", official("reception"), nature="khieu_nai", matter_kind=FIRST)
    case, head = str(done.opened[0][0]), official("head")
    act(FIRST, case, "accept", official("reception"), accepted_content="…")
    through(FIRST, case)
    act(FIRST, case, "decide_at_once", head, findings="…", conclusion="…", legal_grounds="…", measure="…", result="upheld")
    act(FIRST, case, "paper.initial", official("unit_head"), paper="p2")
    act(FIRST, case, "paper.check", official("office"), paper="p2")
    desk = Client()
    desk.force_login(get_user_model().objects.get(username="chutich"))
    page = f"/ban-lam-viec/ho-so/{case}/"
    assert "Chưa đủ để ký" in desk.get(page).content.decode()
    answer = desk.post(f"{page}lam/", {"action": "paper.sign", "paper": "p2", "how": "ink"})
    assert answer.status_code == 422
    assert "Địa chỉ người khiếu nại" in answer.content.decode()
    assert state(case).step == "accepted"


def test_the_papers_a_person_may_take_are_those_of_the_step_and_of_the_own_letter() -> None:
    letter, case = decided()
    second = act(FIRST, case, "lodge_second", SENDER, second_text="Đo lại.").opened[0][0]
    other = send("Thư khác.")
    mine, theirs = (f"/theo-doi/{one.reference}/{token_of(one.case)}/mau/{second}" for one in (letter, other))
    person = Client()
    answer = person.get(f"{mine}/second_form.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert person.get(f"{mine}/withdrawal_form.pdf").status_code == 404, "of another step"
    assert person.get(f"{mine}/second_decision.pdf").status_code == 404, "an agency's paper"
    assert person.get(f"{theirs}/second_form.pdf").status_code == 404


def paper_second(agency: str = "ban-tcd") -> str:
    """A second complaint that was handed in on paper at the province."""
    letter = send("Tôi không đồng ý quyết định số 7/QĐ, khiếu nại lần hai.", agency=agency, signed=True, channel="counter")
    done = act("letters.letter", letter.case, "open_matter", official("reception", agency), nature="khieu_nai", matter_kind=SECOND,
               matter_agency=agency)  # fmt: skip
    return str(done.opened[0][0])


def test_a_second_complaint_on_paper_finds_its_first_and_takes_over_what_that_says_of_it() -> None:
    from django.utils import timezone

    from trongdan.core.cases.glance import open_for_a_day

    letter, first = decided()
    second = paper_second()
    board = Client()
    board.force_login(get_user_model().objects.get(username="bantcd"))
    page = board.get(f"/ban-lam-viec/ho-so/{second}/")
    assert "Tìm lần đầu" in page.content.decode()
    where = f"/ban-lam-viec/ho-so/{second}/lan-dau/"
    for words, told in (("", "mã hồ sơ hoặc số quyết định"), (f"{letter.reference}/1", "Không thấy khiếu nại lần đầu")):
        answer = board.post(where, {"first": words})
        assert (answer.status_code, told in answer.content.decode()) == (422, True), words
    with scope(JOB):
        reference = load([UUID(first)])[UUID(first)].reference
    open_for_a_day(reference, official("reception", "ban-tcd", post="ban-tcd/reception"), "Khiếu nại lần hai trên giấy", timezone.now())
    wait_until_readable()
    with worker(), scope(JOB):
        while fill_search():
            pass
    assert board.post(where, {"first": "7/QĐ"}).status_code == 302, "by the number of its decision as well"
    filled = board.post(where, {"first": reference}, follow=True).content.decode()
    was = state(first)
    assert 'value="7/QĐ"' in filled and f'value="{reference}"' in filled
    assert f'value="{was.clocks["second"].due.isoformat()}"' in filled, "the last day for a second complaint"
    assert f'<option value="{AGENCY}" selected' in filled
    form = {"first_reference": reference, "first_agency": AGENCY, "first_decision_no": "7/QĐ", "first_verifier": was.fields["verifier"],
            "window_until": was.clocks["second"].due.isoformat(), "lodged_on": today().isoformat()}  # fmt: skip
    sent = board.post(f"/ban-lam-viec/ho-so/{second}/lam/", {"action": "record_first", **form})
    assert sent.status_code == 302, sent.content.decode().partition("govuk-error-summary")[2][:900]
    now = state(second)
    assert (now.fields["first_reference"], now.fields["first_agency"], now.fields["first_verifier"]) == (reference, AGENCY, was.fields["verifier"])
    after = board.get(f"/ban-lam-viec/ho-so/{second}/").content.decode()
    assert "Tìm lần đầu" not in after and reference in after
    assert board.post(where, {"first": reference}).status_code == 404, "it is said already"


def test_only_a_second_complaint_looks_for_a_first() -> None:
    _letter, first = decided()
    head = Client()
    head.force_login(get_user_model().objects.get(username="chutich"))
    assert "Tìm lần đầu" not in head.get(f"/ban-lam-viec/ho-so/{first}/").content.decode()
    assert head.post(f"/ban-lam-viec/ho-so/{first}/lan-dau/", {"first": "x"}).status_code == 404
