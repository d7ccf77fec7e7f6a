"""A dialogue from plan to results: announced in time, asked beforehand, grouped, noted while listening, minuted, published."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.core.cases.people import official
from tests.roles import worker
from trongdan.core.cases import talks
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import bodies, load, today
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.dialogue import asking, selectors, services
from trongdan.kinds.dialogue.jobs import forget_marks

from .test_paper_intake import at

pytestmark = pytest.mark.django_db(transaction=True)
DESK = "/ban-lam-viec/doi-thoai/"


def in_days(n: int) -> str:
    return (today() + timedelta(days=n)).isoformat()


def planned(kind: str = selectors.CONFERENCE, held: str = "", agency: str = "c04978", **facts: Any) -> UUID:
    own = {"occasion": "yearly", "front_agreed": True} if kind == selectors.CONFERENCE else {}
    data = {"subject": "Tình hình của xã", "held_on": held or in_days(20), "starts_at": "8 giờ", "place": "Nhà văn hóa xã", **own, **facts}
    return services.plan(data, kind, agency, official("office", agency), str(uuid4())).case


def do(case: UUID, action: str, role: str = "office", on: date | None = None, **data: Any) -> Done:
    with scope(JOB):
        kind = load([case])[case].kind.id
    return perform(Command(kind, str(case), action, data, on=on, reason="Ghi sau" if on else None), official(role))


def signed(case: UUID, done: Done, on: date | None = None) -> None:
    """The waiting paper through the rest of its chain."""
    assert done.state
    paper = done.state.waiting_paper
    assert paper
    for stage, roles in paper.chain:
        data = {"paper": paper.id, **({"number": "9/TB-UBND"} if stage == "number" else {})}
        do(case, f"paper.{stage}", roles[0], on, **data)


def announced(**facts: Any) -> UUID:
    case = planned(**facts)
    signed(case, do(case, "notify"))
    return case


def in_session(**facts: Any) -> UUID:
    """One that was announced in time and is being held today."""
    then = today() - timedelta(days=12)
    data = {"subject": "Tình hình của xã", "held_on": in_days(0), "place": "Nhà văn hóa xã", "occasion": "yearly", "front_agreed": True, **facts}
    case = perform(Command(selectors.CONFERENCE, None, "plan", data, on=then, reason="Ghi sau", agency="c04978"), official("office")).case
    signed(case, do(case, "notify", on=then), then)
    do(case, "open", chair="head")
    return case


def question(case: UUID, words: str, release: bool = True) -> UUID:
    key = uuid4()
    with scope(official("office")):
        loaded = load([case])[case]
        talks.take_down(loaded, official("office"), key, words, "paper")
        if release:
            services.release(loaded, official("office"), key, words)
    return key


def asked(case: UUID) -> dict[UUID, talks.Question]:
    with scope(official("office")):
        return {q.id: q for q in talks.questions(case)}


def act(clerk: Client, case: UUID, **data: Any) -> Any:
    return clerk.post(f"{DESK}{case}/", {"draft": str(uuid4()), **data})


def test_a_notice_less_than_seven_days_before_is_refused_unless_it_is_called_late_with_a_reason() -> None:
    case = planned(held=in_days(6))
    with pytest.raises(Refusal, match="đủ số ngày"):
        do(case, "notify")
    with pytest.raises(Refusal, match="lý do"):
        do(case, "notify_late")
    early = planned(held=in_days(7))
    do(early, "notify")


def test_a_tenth_of_the_voters_must_be_answered_with_a_dialogue() -> None:
    clerk = at("vanphong")
    answer = clerk.post(f"{DESK}lap/yeu-cau/", {"draft": str(uuid4()), "subject": "Bãi rác", "asked_by": "500", "voters": "5000"})
    case = UUID(str(answer["Location"]).rstrip("/").rsplit("/", 1)[-1])
    with pytest.raises(Refusal, match="Đã đủ số cử tri"):
        perform(Command(selectors.CONFERENCE, str(case), "decline", {}, reason="x"), official("office"))
    do(case, "plan", occasion="asked", held_on=in_days(20), place="Nhà văn hóa", front_agreed=True)


def test_the_form_plans_a_meeting_and_says_what_lacks() -> None:
    clerk = at("vanphong")
    form = {"draft": str(uuid4()), "occasion": "yearly", "subject": "Tình hình của xã", "held_on": in_days(20), "place": "Nhà văn hóa xã"}
    refused = clerk.post(f"{DESK}lap/hoi-nghi/", form)
    assert refused.status_code == 422
    assert "Mặt trận Tổ quốc cùng cấp" in refused.content.decode()
    assert "Nhà văn hóa xã" in refused.content.decode()
    done = clerk.post(f"{DESK}lap/hoi-nghi/", {**form, "front_agreed": "1"}, follow=True)
    assert "Tình hình của xã" in done.content.decode()
    assert at("chuyenvien").post(f"{DESK}lap/hoi-nghi/", {**form, "front_agreed": "1"}).status_code == 422


def test_questions_are_read_before_they_are_shown_with_what_names_a_person_taken_out() -> None:
    case, clerk = announced(), at("vanphong")
    act(clerk, case, do="take", words="Tôi tên là Bùi Thị Mận, điện thoại 0912345678. Bao giờ nạo vét cống?", channel="phone")
    page = clerk.get(f"{DESK}{case}/").content.decode()
    suggested = re.search(r'name="public_text">([^<]*)<', page)
    assert suggested
    assert "0912345678" not in suggested[1]
    assert "Mận" not in suggested[1]
    key = next(iter(asked(case)))
    assert selectors.public_questions(case) == []
    assert act(clerk, case, do="release", question=str(key), public_text="Bao giờ nạo vét cống xóm Mớ?").status_code == 302
    assert [q.words for q in selectors.public_questions(case)] == ["Bao giờ nạo vét cống xóm Mớ?"]
    assert act(clerk, case, do="hold", question=str(key), reason="").status_code == 422
    assert act(clerk, case, do="hold", question=str(key), reason="Việc riêng, đã hướng dẫn gửi đơn").status_code == 302
    assert selectors.public_questions(case) == []


def test_the_same_questions_are_grouped_by_a_person_and_each_voice_still_counts() -> None:
    case, clerk = announced(), at("vanphong")
    one = question(case, "Bao giờ xã nạo vét cống thoát nước ở xóm Mớ?")
    two = question(case, "Khi nào nạo vét cống thoát nước xóm Mớ?", release=False)
    asking.support(one, "device:a")
    page = clerk.get(f"{DESK}{case}/").content.decode()
    assert "Có thể là cùng một câu hỏi" in page
    assert act(clerk, case, do="group", speaks=str(one), same=[str(two)]).status_code == 302
    shown = selectors.public_questions(case)
    assert [(q.id, q.people, q.supports) for q in shown] == [(one, 2, 1)]
    act(clerk, case, do="ungroup", question=str(two))
    assert asked(case)[two].status == "new"


def test_one_phone_supports_a_question_once_and_its_number_is_kept_nowhere(owner_db: Any) -> None:
    case, clerk = announced(), at("vanphong")
    one, other = question(case, "Bao giờ nạo vét cống xóm Mớ?"), question(case, "Khi nào có sân bóng cho trẻ?")
    for number in ("0912 345 678", "+84912345678", "0987654321"):
        assert act(clerk, case, do="phone", question=str(one), phone=number).status_code == 302
    act(clerk, case, do="phone", question=str(other), phone="0912345678")
    assert (asked(case)[one].supports, asked(case)[other].supports) == (2, 1)
    marks = [bytes(m) for (m,) in owner_db.execute("SELECT mark FROM td_dialogue_support").fetchall()]
    assert len(set(marks)) == 3
    assert not any(b"912345678" in m for m in marks)


def test_answers_noted_while_listening_become_the_minutes_and_then_can_not_be_changed() -> None:
    case, clerk = in_session(), at("vanphong")
    one, two = question(case, "Bao giờ nạo vét cống xóm Mớ?"), question(case, "Khi nào có sân bóng?")
    act(clerk, case, do="place", question=str(two), number="1")
    act(clerk, case, do="answer", question=str(one), answer="Nạo vét xong trước 30/11.", how="now", by="Chủ tịch UBND xã")
    act(clerk, case, do="answer", question=str(two), answer="Trả lời bằng văn bản trong tháng.", how="later", by="Phòng VHXH")
    assert act(clerk, case, do="minutes", attended="120", more="Chủ tịch kết luận: giao Phòng Kinh tế.").status_code == 302
    refused = act(clerk, case, do="answer", question=str(one), answer="Khác", how="now", by="x")
    assert "đang trình ký" in refused.content.decode()
    with scope(JOB):
        state = load([case])[case].state
        paper = state.waiting_paper
        assert paper
        words = bodies([case])[paper.data["record"]["content"]]
        assert len(paper.data["answers"]) == 2
    assert words.index("sân bóng") < words.index("nạo vét cống")
    assert "Chủ tịch UBND xã: Nạo vét xong trước 30/11." in words
    assert "Chủ tịch kết luận" in words
    do(case, "paper.sign", "head", paper=paper.id)
    assert act(clerk, case, do="answer", question=str(one), answer="Khác", how="now", by="x").status_code == 422
    pdf = clerk.get(f"/ban-lam-viec/ho-so/{case}/van-ban/{paper.id}.pdf")
    assert pdf.content.startswith(b"%PDF")


def held(**facts: Any) -> UUID:
    case = in_session(**facts)
    with scope(official("office")):
        loaded = load([case])[case]
        done = services.minutes(loaded, official("office"), 50, "Đã trả lời hết.")
    signed(case, done)
    return case


def test_results_are_due_ten_days_after_and_count_as_published_at_all_three_lawful_places() -> None:
    case = held()
    with scope(JOB):
        due = load([case])[case].state.clocks["results"].due
    assert due
    assert due >= today() + timedelta(days=10)
    with pytest.raises(Refusal, match="Hãy ban hành"):
        do(case, "publish", published_at=["media", "posted", "villages"])
    signed(case, do(case, "report", results="Cống xóm Mớ nạo vét trước 30/11, Phòng Kinh tế làm."))
    with pytest.raises(Refusal, match="niêm yết tại trụ sở"):
        do(case, "publish", published_at=["portal"])
    done = do(case, "publish", published_at=["media", "posted", "villages"])
    assert done.state
    assert done.state.step == "published"


def test_marks_of_who_supported_go_when_the_results_are_out_and_the_counts_stay(owner_db: Any) -> None:
    over, going_on = held(), announced()
    one = question(going_on, "Bao giờ nạo vét cống xóm Mớ?")
    asking.support(one, "device:a")
    with worker():
        assert forget_marks() == 0
    signed(over, do(over, "report", results="Xong."))
    do(over, "publish", published_at=["media", "posted", "villages"])
    owner_db.execute("UPDATE td_dialogue_question SET meeting = %s WHERE id = %s", [over, one])  # as if asked there
    with worker():
        assert forget_marks() == 1
    assert owner_db.execute("SELECT count(*) FROM td_dialogue_support").fetchone()[0] == 0
    assert selectors.public_questions(over)[0].supports == 1


def test_the_yearly_duty_counts_conferences_held_and_minuted_not_plans_nor_meetings_with_enterprises() -> None:
    announced()
    assert not selectors.duty_of_year(today().year, ["c04978"])["c04978"].met
    held()
    found = selectors.duty_of_year(today().year, ["c04978", "c04981"])
    assert found["c04978"].met
    assert found["c04978"].counted == (today(),)
    assert not found["c04981"].met
    page = at("chutichtinh").get(DESK).content.decode()
    assert "147 trên 148 xã, phường chưa có." in page
    own = at("chutich").get(DESK).content.decode()
    assert "trên 148" not in own


def test_a_meeting_with_enterprises_stands_on_the_same_record_without_the_limits_of_conferences() -> None:
    case = planned(selectors.ENTERPRISES, held=in_days(2))
    signed(case, do(case, "notify"))
    with scope(JOB):
        assert load([case])[case].state.clocks == {}
    question(case, "Bao giờ có điện ba pha cho cụm công nghiệp?")
    assert [m.kind for m in selectors.announced()] == [selectors.ENTERPRISES]


def test_another_agency_neither_sees_nor_changes_the_questions_of_a_meeting() -> None:
    case = announced()
    key = question(case, "Bao giờ nạo vét cống xóm Mớ?", release=False)
    other = official("office", "c04981")
    with scope(other):
        assert talks.questions(case) == []
        assert load([case]) == {}
    assert at("bantcd").get(f"{DESK}{case}/").status_code == 404
    with scope(official("office")):
        loaded = load([case])[case]
    with pytest.raises(Refusal), scope(other):
        services.release(loaded, other, key, "Đã đổi lời của người khác.")


def test_every_change_of_a_question_leaves_a_row_of_who_did_it_without_its_words(owner_db: Any) -> None:
    case = announced()
    question(case, "Bao giờ nạo vét cống xóm Mớ?")
    rows = owner_db.execute("SELECT what, post FROM td_dialogue_change WHERE meeting = %s ORDER BY id", [case]).fetchall()
    assert rows == [("typed", "c04978/office"), ("released", "c04978/office")]


@pytest.mark.parametrize("kind", selectors.KINDS)
def test_what_a_head_concludes_becomes_cases_and_the_next_meeting_opens_with_them(kind: str) -> None:
    case = in_session() if kind == selectors.CONFERENCE else planned(kind, held=in_days(0))
    if kind == selectors.ENTERPRISES:
        signed(case, do(case, "notify"))
        do(case, "open", chair="head")
    opened = do(case, "conclude").opened
    conclusion = str(opened[0][0])
    point = {"task": "Nạo vét cống xóm Mớ", "doer": "Phòng Kinh tế", "doer_agency": "c04978", "finish_on": in_days(20),
             "proof_wanted": "Biên bản nghiệm thu"}  # fmt: skip
    done = perform(Command("reception.conclusion", conclusion, "mark_point", point), official("office"))
    with scope(JOB):
        states = {k: v.state for k, v in load([UUID(conclusion), done.opened[0][0]]).items()}
    assert states[UUID(conclusion)].fields["subject"] == "Tình hình của xã"
    assert states[UUID(conclusion)].fields["held_on"] == in_days(0)
    assert states[done.opened[0][0]].step == "draft"
    page = at("vanphong").get(f"{DESK}{case}/").content.decode()
    assert "Kết luận của buổi này" in page
    with scope(official("office")):
        minuted = services.minutes(load([case])[case], official("office"), 30, "Kết luận.")
    signed(case, minuted)
    again = planned(kind, held=in_days(30))
    page = at("vanphong").get(f"{DESK}{again}/").content.decode()
    assert "Lần trước đã kết luận gì, nay đến đâu" in page
    assert "Điểm kết luận phải thực hiện" in page
