"""Complaints to their full legal depth: what the law forbids is refused with its article, what it counts is counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from trongdan.core.cases.registry import kinds
from trongdan.core.papers.declaration import missing, papers
from trongdan.kernel.case import VIETNAM, Actor, Command, Event, Post
from trongdan.kernel.decide import decide
from trongdan.kernel.errors import Refusal
from trongdan.kernel.folding import fold
from trongdan.kernel.walk import AGENCY, Walked, walk
from trongdan.law import load_law

LAW = load_law()
FIRST, SECOND = "letters.complaint.first", "letters.complaint.second"
DISCIPLINE, DISCIPLINE_2 = "letters.complaint.discipline", "letters.complaint.discipline.second"
ALL = (FIRST, SECOND, DISCIPLINE, DISCIPLINE_2)
Line = dict[str, Any]


def do(edge: str, by: str, on: str, **data: Any) -> Line:
    reason = data.pop("reason", None)
    return {"do": edge, "by": by, "on": f"2026-{on}", "data": {k: v for k, v in data.items() if v is not None}, "reason": reason}


def go(kind: str, *lines: Line) -> Walked:
    return walk(kinds()[kind], {"walk": lines}, LAW)


def refused(kind: str, *lines: Line) -> Refusal:
    """All lines but the last go well; the last is refused."""
    go(kind, *lines[:-1])
    with pytest.raises(Refusal) as found:
        go(kind, *lines)
    return found.value


def opened(**data: Any) -> Line:
    return do("open", "reception", "07-06", text="…", signed=True, **data)


ACCEPT = do("accept", "reception", "07-13", accepted_content="…")
ACCEPT_2 = do("accept", "reception", "07-13", accepted_content="…", settler="chair")
VERIFY = (do("order_verification", "head", "07-14", verifier="c04978-vhxh/verifier"),
          do("report_verification", "verifier", "07-24", findings="…"))
DECISION = {"conclusion": "…", "legal_grounds": "…", "measure": "…", "result": "rejected"}
INVITE = do("invite_dialogue", "head", "07-24", dialogue_on="2026-08-03", dialogue_place="…")
TALK = do("record_dialogue", "head", "08-03", attendance="came", dialogue_result="…")


# --- representatives, authorisation ------------------------------------------------------------------------------------

@pytest.mark.parametrize(("people", "sent", "lawful"), [
    (4, 0, True), (5, 1, True), (10, 2, True), (10, 3, False), (5, 0, False), (11, 5, True), (11, 6, False), (300, 5, True),
])  # fmt: skip
def test_five_to_ten_people_send_one_or_two_and_more_at_most_five(people: int, sent: int, lawful: bool) -> None:
    line = do("record_many", "reception", "07-07", people=people, representatives=sent, representative_names="…",
              representation_paper=True, all_signed=True)  # fmt: skip
    if lawful:
        assert go(FIRST, opened(), line).state.fields["people"] == people
    else:
        assert "Luật Tiếp công dân Đ29" in str(refused(FIRST, opened(), line).citation)


def test_a_complaint_of_many_is_accepted_only_with_every_signature_and_the_paper_that_appoints() -> None:
    many: Line = {"people": 7, "representatives": 2, "representative_names": "…"}
    for given in ({"all_signed": True}, {"representation_paper": True}):
        line = do("record_many", "reception", "07-07", **many, **given)
        assert "Đ16 k1" in str(refused(FIRST, opened(), line, ACCEPT).citation)


def test_a_relative_is_authorised_with_a_reason_and_a_lawyer_without_one() -> None:
    paper = {"proxy_name": "…", "proxy_scope": "…", "proxy_form": "certified"}
    assert go(FIRST, opened(), do("record_proxy", "reception", "07-07", proxy_kind="lawyer", **paper)).state.fields["by_proxy"]
    assert go(FIRST, opened(), do("record_proxy", "reception", "07-07", proxy_kind="legal_aid", **paper))
    refusal = refused(FIRST, opened(), do("record_proxy", "reception", "07-07", proxy_kind="relative", **paper))
    assert refusal.citation == "Luật Khiếu nại Đ12 k1 đ.a"


def test_from_2027_an_authorisation_is_certified_and_no_longer_notarised() -> None:
    paper: Line = {"proxy_kind": "lawyer", "proxy_name": "…", "proxy_scope": "…", "proxy_form": "notarised"}
    late = {"do": "record_proxy", "by": "reception", "on": "2027-01-04", "data": paper}
    assert go(FIRST, opened(), do("record_proxy", "reception", "12-31", **paper))
    assert refused(FIRST, opened(), late).citation == "NĐ 155/2026/NĐ-CP Đ21 k2"


# --- complexity, dialogue ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ALL)
def test_a_case_is_complex_only_by_one_of_seven_criteria_with_its_reason_in_writing(kind: str) -> None:
    criteria = kinds()[kind].fields["complex_criteria"].choices
    assert [key for key, _ in criteria] == ["a", "b", "c", "d", "dd", "e", "g"]
    assert kinds()[kind].edges["record_complex"].paper == "complexity_note"
    facts = [do("record_facts", "reception", "07-07", discipline_form="warning")] if kind == DISCIPLINE else []
    accept = ACCEPT_2 if kind == SECOND else ACCEPT
    start = (opened(), *facts, accept)
    assert "Đ3a" in str(refused(kind, *start, do("record_complex", "head", "07-14", complex_why="…")).citation)
    assert "Đ3a k2" in str(refused(kind, *start, do("record_complex", "head", "07-14", complex_criteria=["a"])).citation)


def test_the_invitation_goes_out_five_days_before_the_dialogue() -> None:
    late = do("invite_dialogue", "head", "07-24", dialogue_on="2026-07-28", dialogue_place="…")
    assert "Đ28 k1" in str(refused(FIRST, opened(), ACCEPT, *VERIFY, late).citation)
    assert go(FIRST, opened(), ACCEPT, *VERIFY, do("invite_dialogue", "head", "07-24", dialogue_on="2026-07-29", dialogue_place="…"))


def test_a_first_decision_needs_no_dialogue_when_nothing_differs_and_a_second_always_does() -> None:
    decide_now = do("decide", "head", "08-05", **DECISION)
    assert go(FIRST, opened(), ACCEPT, *VERIFY, decide_now).state.step == "decided"
    second = (opened(), ACCEPT_2, *VERIFY)
    assert "Đ39" in str(refused(SECOND, *second, do("decide", "head", "08-05", first_summary="…", **DECISION)).citation)
    assert go(SECOND, *second, INVITE, TALK, do("decide", "head", "08-05", first_summary="…", **DECISION)).state.step == "decided"


@pytest.mark.parametrize(("settler", "before", "basis"), [
    ("head", (), "đ.a"),
    ("chair", (do("record_in_person", "head", "07-15", in_person=["public"]),), "đ.b"),
    ("chair", (do("record_many", "head", "07-15", people=2, all_signed=True),), "đ.b"),
])  # fmt: skip
def test_who_must_hold_the_second_dialogue_in_person_cannot_give_it_to_another(settler: str, before: tuple[Line, ...], basis: str
                                                                               ) -> None:  # fmt: skip
    accept = do("accept", "reception", "07-13", accepted_content="…", settler=settler)
    give = do("assign_dialogue", "head", "07-24", dialogue_chair="ubnd-tinh/deputy")
    assert basis in str(refused(SECOND, opened(), accept, *before, *VERIFY, give).citation)


def test_the_minutes_of_a_dialogue_held_in_person_are_signed_by_the_settler_alone() -> None:
    walked = go(SECOND, opened(), ACCEPT_2, *VERIFY, INVITE)
    kind = kinds()[SECOND]
    talk = Command(SECOND, "case", "record_dialogue", {"attendance": "came", "dialogue_result": {"content": "0", "commitment": "0"}})
    now = datetime(2026, 8, 3, 9, tzinfo=VIETNAM)
    head = Actor(posts=(), post=Post(f"{AGENCY}/head", "head", AGENCY))
    drafted = decide(kind, walked.state, talk, head, now, LAW).events[0]
    state = fold(kind, [Event(drafted.tag, drafted.on, now, drafted.payload, walked.state.seq + 1, kind.id, 1, head.reference())],
                 walked.state)  # fmt: skip
    paper = state.waiting_paper
    assert paper is not None
    sign = Command(SECOND, "case", "paper.sign", {"paper": paper.id})
    deputy = Actor(posts=(), post=Post(f"{AGENCY}/deputy", "deputy", AGENCY))
    with pytest.raises(Refusal) as refusal:
        decide(kind, state, sign, deputy, now, LAW)
    assert refusal.value.code == "post.not_yours"
    assert decide(kind, state, sign, head, now, LAW).events[-1].tag == "second:dialogue:held"


@pytest.mark.parametrize("kind", [DISCIPLINE, DISCIPLINE_2])
def test_a_disciplinary_dialogue_is_always_held_and_signed_by_the_settler(kind: str) -> None:
    assert kinds()[kind].chains["discipline_dialogue_minutes"][0].roles == ("head",)
    assert any(g.path == "dialogue_held" and g.when is None for g in kinds()[kind].edges["decide"].needs)


# --- the decision and after --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("form", ["first_decision", "second_decision", "discipline_decision", "discipline_second_decision"])
def test_a_decision_names_what_the_law_asks_and_it_lacks_names_and_addresses_included(form: str) -> None:
    lacks = missing(form, {})
    assert {"Tên người khiếu nại", "Địa chỉ người khiếu nại", "Căn cứ pháp luật", "Kết quả xác minh"} <= {name for name, _ in lacks}
    assert all("Luật Khiếu nại Đ" in basis for _, basis in lacks)
    assert missing(form, {m["place"]: "…" for m in papers()[form].must}) == []


def test_the_last_days_after_a_decision_count_from_the_day_it_was_received() -> None:
    sent = do("send_decision", "registry", "08-06", sent_on="2026-08-06", sent_to=["complainant", "superior", "inspectorate"])
    walked = go(FIRST, opened(), ACCEPT, *VERIFY, do("decide", "head", "08-05", **DECISION), sent)
    assert str(walked.state.clocks["second"].due) == "2026-09-07", "thirty days from the sending, a Saturday moved"
    walked = go(FIRST, opened(), ACCEPT, *VERIFY, do("decide", "head", "08-05", **DECISION), sent,
                do("record_receipt", "registry", "08-11", received_on="2026-08-10"))  # fmt: skip
    assert str(walked.state.clocks["second"].due) == "2026-09-09"
    assert str(walked.state.clocks["court"].due) == "2027-08-10"


def test_a_decision_is_sent_to_everyone_whom_the_law_names() -> None:
    sent = do("send_decision", "registry", "08-06", sent_on="2026-08-06", sent_to=["complainant"])
    assert refused(FIRST, opened(), ACCEPT, *VERIFY, do("decide", "head", "08-05", **DECISION), sent).citation == "Luật Khiếu nại Đ32"


@pytest.mark.parametrize("given", [
    {"published_how": "posting", "published_until": "2026-08-20"},
    {"published_how": "posting"},
    {"published_how": "meeting", "meeting_noticed_on": "2026-08-05"},
    {"published_how": "media", "published_proof": None},
])  # fmt: skip
def test_publication_is_recorded_with_its_proof_and_the_days_of_its_form(given: Line) -> None:
    line = do("publish_decision", "head", "08-07", **{"published_on": "2026-08-07", "published_proof": "Biên bản", **given})
    line["by"] = "office"
    assert "Đ29" in str(refused(FIRST, opened(), ACCEPT, *VERIFY, do("decide", "head", "08-05", **DECISION), line).citation)


def test_a_decision_is_carried_out_once_it_is_in_force_or_all_agree() -> None:
    before = (opened(), ACCEPT, *VERIFY, do("decide", "head", "08-05", **DECISION))
    order: Line = {"task": "…", "doer": "…", "doer_agency": "c04978", "finish_on": "2026-10-15"}
    assert refused(FIRST, *before, do("order_execution", "head", "09-04", **order)).citation == "Luật Khiếu nại Đ44 k1"
    assert go(FIRST, *before, do("order_execution", "head", "09-07", **order)).spawned == ("letters.execution",)
    assert go(FIRST, *before, do("order_execution", "head", "08-10", agreed=True, **order)).spawned == ("letters.execution",)


def test_carrying_out_ends_on_the_day_its_order_sets_and_with_proof() -> None:
    start = do("open", "system", "09-10", task="…", doer="…", finish_on="2026-10-15")
    work = do("start", "head", "09-11")
    assert str(go("letters.execution", start).state.clocks["finish"].due) == "2026-10-15"
    assert refused("letters.execution", start, work, do("report_done", "head", "10-01", done_what="…", done_on="2026-10-01"))


# --- suspension, withdrawal, halt --------------------------------------------------------------------------------------

def test_suspension_and_termination_ask_a_ground_of_the_law_and_its_proof() -> None:
    assert "Đ11a k1" in str(refused(FIRST, opened(), ACCEPT, do("suspend", "head", "07-20", suspension_proof="…")).citation)
    assert "Đ28a k4" in str(refused(FIRST, opened(), ACCEPT, do("suspend", "head", "07-20", suspension_ground="force")).citation)
    assert "Đ11a k2" in str(refused(FIRST, opened(), ACCEPT, do("terminate", "head", "07-20")).citation)


def test_a_suspended_case_goes_on_from_where_it_stood() -> None:
    walked = go(FIRST, opened(), ACCEPT, *VERIFY, do("suspend", "head", "07-27", suspension_ground="waiting", suspension_proof="…"),
                do("resume", "head", "08-06", resume_why="…"))  # fmt: skip
    assert walked.state.step == "reported"
    assert str(walked.state.clocks["settle"].due) == "2026-08-22"


def test_a_tap_asks_to_withdraw_and_only_a_signature_withdraws() -> None:
    asked = do("ask_to_withdraw", "sender", "07-14", withdrawal_words="…")
    assert go(FIRST, opened(), ACCEPT, asked).state.step == "accepted"
    end = do("terminate", "head", "07-16", termination_ground="withdrawn")
    assert "Đ10" in str(refused(FIRST, opened(), ACCEPT, asked, end).citation)
    unsigned = do("withdraw_all", "reception", "07-15", withdrawal_form="letter")
    assert "Đ10" in str(refused(FIRST, opened(), ACCEPT, asked, unsigned).citation)


def test_what_was_withdrawn_is_settled_again_only_if_it_was_forced() -> None:
    out = (opened(), ACCEPT, do("withdraw_all", "reception", "07-15", withdrawal_form="letter", withdrawal_signed=True),
           do("terminate", "head", "07-16", termination_ground="withdrawn"))  # fmt: skip
    assert go(FIRST, *out).state.outcome == "withdrawn"
    assert "Luật 136/2025" in str(refused(FIRST, *out, do("resume_coerced", "head", "07-20")).citation)


def test_the_contested_decision_is_halted_no_longer_than_there_is_time_to_settle() -> None:
    halt = do("halt", "head", "07-15", halt_reason="…")
    walked = go(FIRST, opened(), ACCEPT, halt)
    assert walked.state.clocks["halt"].due == walked.state.clocks["settle"].due
    walked = go(FIRST, opened(), ACCEPT, halt, do("record_complex", "head", "07-20", complex_criteria=["b"], complex_why="…"))
    assert walked.state.clocks["halt"].due == walked.state.clocks["settle"].due
    assert str(walked.state.clocks["halt"].due) == "2026-08-27"


# --- the second complaint -----------------------------------------------------------------------------------------------

def test_a_second_complaint_waits_until_the_first_is_decided_or_late() -> None:
    lodge = do("lodge_second", "sender", "07-20", second_text="…")
    assert "Đ33" in str(refused(FIRST, opened(), ACCEPT, lodge).citation)
    late = go(FIRST, opened(), ACCEPT, do("lodge_second", "sender", "08-13", second_text="…"))
    assert late.spawned == (SECOND,)
    assert late.state.step == "accepted", "the first stays where it is, and late"


def test_a_second_complaint_after_its_last_day_is_accepted_only_with_a_good_reason() -> None:
    start = do("open", "system", "09-01", text="…", signed=True, window_until="2026-08-27", lodged_on="2026-09-01")
    accept: Line = {"accepted_content": "…", "settler": "chair"}
    assert "Đ11 k6" in str(refused(SECOND, start, do("accept", "reception", "09-03", **accept)).citation)
    assert go(SECOND, start, do("accept", "reception", "09-03", late_reason="Nằm viện.", **accept)).state.step == "accepted"


def test_whoever_verified_the_first_or_drafted_the_decision_does_not_verify_the_second() -> None:
    first = do("record_first", "reception", "07-07", first_agency="c04978", first_verifier="c04978-vhxh/verifier")
    assert refused(SECOND, opened(), first, ACCEPT_2, VERIFY[0]).code == "guard.post"
    drafter = opened(contested_drafter="c04978-vhxh/verifier")
    assert refused(SECOND, drafter, ACCEPT_2, VERIFY[0]).code == "guard.post"


def test_the_courts_are_open_against_dismissal_and_no_other_discipline() -> None:
    for form, open_ in (("dismissal", True), ("warning", False)):
        facts = do("record_facts", "reception", "07-07", discipline_form=form, **({"dismissal": True} if open_ else {}))
        walked = go(DISCIPLINE, opened(known_on="2026-07-01"), facts, ACCEPT, *VERIFY, INVITE, TALK,
                    do("decide", "head", "08-05", council_opinion="…", **DECISION),
                    do("send_decision", "registry", "08-06", sent_on="2026-08-06", sent_to=["complainant"]))  # fmt: skip
        assert ("court" in walked.state.clocks) is open_
        assert str(walked.state.clocks["second"].due) == ("2026-09-07" if open_ else "2026-08-17")


@pytest.mark.parametrize("kind", ALL)
def test_no_tap_reopens_a_settled_complaint(kind: str) -> None:
    settled = [s.id for s in kinds()[kind].steps.values() if s.id in ("decided", "closed", "refused", "terminated", "withdrawn")]
    for edge in kinds()[kind].edges.values():
        if "sender" in edge.by and set(edge.from_) & set(settled):
            assert edge.to == "stay", edge.id
