"""Answered, acted, verified, confirmed are four figures; what is public was checked and decided; the vault is in none."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.core.cases.people import SENDER, official, open_petition, send
from trongdan.core.cases import after, assessments
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load, today
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
AGENCY = "c04978"
CLERK = f"{AGENCY}-kt/officer/1"
KIND = "letters.petition"


def do(case: UUID, action: str, role: str, reason: str | None = None, **data: object) -> None:
    actor = SENDER if role == "sender" else official(role, AGENCY, CLERK if role == "officer" else None)
    perform(Command(KIND, str(case), action, data, reason=reason), actor)


def answered(key: str, text: str = "Đề nghị nạo vét cống.") -> UUID:
    case = open_petition(send(text, key)).opened[0][0]
    do(case, "accept", "head")
    do(case, "case.assign", "head", post=CLERK)
    do(case, "answer", "officer", answer="Đã nạo vét cống.", action_taken="Xong ngày 5.", result="accepted")
    for action, role in (("initial", "unit_head"), ("check", "office"), ("sign", "head")):
        do(case, f"paper.{action}", role, paper="p1")
    do(case, "paper.number", "registry", paper="p1", number="01/UBND")
    return case


def figures(role: str, agency: str) -> after.After | None:
    with scope(official(role, agency)):
        return next((r for r in after.after(today() - timedelta(days=1), today()) if r.kind == KIND and r.agency == AGENCY), None)


def test_an_answer_is_no_deed_a_deed_told_is_none_seen_and_only_the_person_confirms() -> None:
    case = answered("after-1")
    open_petition(send("Đề nghị sửa đường.", "after-2"))

    def seen() -> tuple[object, ...]:
        found = figures("head", "ubnd-tinh")
        assert found is not None
        return (found.received, found.answered, found.acted, found.verified, found.confirmed, found.denied)

    assert seen() == (2, 1, 0, 0, 0, 0)
    do(case, "report_action", "officer", done_what="Đã nạo vét 120 m.", done_on=today().isoformat())
    assert seen() == (2, 1, 1, 0, 0, 0)
    do(case, "verify_action", "office", verified_how="Đến tận nơi.", verified_on=today().isoformat())
    assert seen() == (2, 1, 1, 1, 0, 0)
    do(case, "case.assess", "sender", answered="yes", acted="yes", solved="no")
    assert seen() == (2, 1, 1, 1, 0, 1)
    do(case, "case.assess", "sender", answered="yes", acted="yes", solved="yes")
    assert seen() == (2, 1, 1, 1, 1, 0), "the person's last word counts"
    do(case, "reopen", "sender", reopen_reason="Lại tắc.")
    assert seen()[:4] == (2, 0, 0, 0), "opened again: nothing of it counts as done"


def test_a_unit_sees_its_own_deeds_and_nothing_of_what_its_people_said() -> None:
    case = answered("after-1")
    do(case, "case.assess", "sender", answered="yes", acted="yes", solved="yes")
    own = figures("head", AGENCY)
    assert own is not None
    assert (own.answered, own.confirmed, own.denied, own.own) == (1, None, None, True)
    assert figures("head", "c04981") is None, "its equals see nothing of it"


def test_who_did_it_does_not_verify_it_and_nothing_is_verified_before_it_was_done() -> None:
    case = answered("after-1")
    with pytest.raises(Refusal, match="Chưa ai ghi"):
        do(case, "verify_action", "office", verified_how="…", verified_on=today().isoformat())
    do(case, "case.note", "head", note="x")
    do(case, "report_action", "officer", done_what="Xong.", done_on=today().isoformat())
    with pytest.raises(Refusal):
        do(case, "verify_action", "officer", verified_how="…", verified_on=today().isoformat())


def test_a_vault_case_is_in_no_assessment_sum_or_figure() -> None:
    letter = send("Tôi tố cáo cán bộ thu tiền.", "after-v", keep_secret=True)
    with scope(official("head", "ubnd-tinh")):
        before = (assessments.below(), after.after(today(), today()))
    perform(Command("letters.letter", str(letter.case), "file", {"nature": "khac", "filing_reason": "…"}), official("reception"))
    perform(Command("letters.letter", str(letter.case), "case.assess", {"answered": "no", "reason": "canary-đánh-giá"}), SENDER)
    with scope(official("head", "ubnd-tinh")):
        assert (assessments.below(), after.after(today(), today())) == before
    with scope(official("head", "mttq-tinh")):
        assert assessments.below() == []


DECISION = {"public_decision_no": "210/QĐ-UBND", "public_decision_on": today().isoformat()}


def publish(case: UUID, stage: str, **more: object) -> None:
    do(case, f"publish_{stage}", "office", **DECISION, **more)


def public(stage: str) -> list[str]:
    with scope(official("head", AGENCY)):
        return [p.text for p in after.published(stage)]


def test_a_letter_goes_public_stage_by_stage_after_a_persons_check_and_comes_down_again() -> None:
    case = answered("after-1")
    copy = {"public_text": "Một hộ đề nghị nạo vét cống.", "public_answer": "Đã nạo vét.", "public_checked": True}
    with pytest.raises(Refusal, match="từng bước"):
        publish(case, "public")
    with pytest.raises(Refusal, match="đánh dấu đã kiểm tra"):
        publish(case, "inside", **{**copy, "public_checked": None})
    publish(case, "inside", **copy)
    assert (public("inside"), public("council"), public("public")) == ([copy["public_text"]], [], [])
    publish(case, "council")
    publish(case, "public")
    assert public("public") == public("inside") == [copy["public_text"]]
    do(case, "unpublish", "head", reason="Người gửi đề nghị gỡ.")
    assert public("inside") == []


def test_a_letter_that_was_opened_again_is_public_no_longer() -> None:
    case = answered("after-1")
    publish(case, "inside", public_text="Một hộ đề nghị nạo vét cống.", public_answer="Đã nạo vét.", public_checked=True)
    do(case, "reopen", "sender", reopen_reason="Lại tắc.")
    assert public("inside") == []


@pytest.mark.parametrize("words", ["Canary Văn Tên đề nghị", "gọi 090 000 0001", "ở XÓM MỚ"])
def test_a_copy_in_which_the_sender_still_stands_is_refused_whatever_was_ticked(words: str) -> None:
    case = answered("after-1")
    with pytest.raises(Refusal, match="Bản công khai còn"):
        publish(case, "inside", public_text=words if "XÓM" not in words else "Canary Văn Tên", public_answer="…", public_checked=True)
    with scope(official("head", AGENCY)):
        assert load([case])[case].state.fields.get("public_stage") is None
