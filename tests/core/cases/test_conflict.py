"""Conflict of interest: the denounced and those below them are out of everything, by the tree and the posts of that day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.core.people.denouncing import (
    CHAIR,
    RECEPTION,
    TRANSCRIPT,
    denounce,
    matter_of,
    official,
    open_denunciation,
    state_of,
)
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.cases.trail import bodies, load
from trongdan.doors.cli.demo import person_id
from trongdan.kernel.case import Actor, Command, Post
from trongdan.kernel.errors import Refusal

pytestmark = pytest.mark.django_db
COMMUNE = "c04978"
ROLES = ("head", "deputy", "office", "registry", "reception", "unit_head", "officer", "verifier")


def at(role: str, agency: str = COMMUNE, person: int = 99) -> Actor:
    return official(f"{agency}/{role}", agency, role, person)


def brought_to_the_commune() -> UUID:
    data = {"text": "Tôi tố cáo Chủ tịch xã.", "channel": "counter", "keep_secret": True}
    return perform(Command("letters.letter", None, "receive", data, agency=COMMUNE), at("reception"), str(uuid4())).case


def sees(actor: Actor, *cases: UUID) -> set[UUID]:
    with scope(actor):
        return set(load(list(cases)))


def test_about_the_chair_the_letter_and_the_matter_leave_the_commune_by_themselves_and_say_why() -> None:
    letter = brought_to_the_commune()
    matter = matter_of(open_denunciation(letter, at("reception")))
    with scope(JOB):
        found = load([letter, matter])
    assert found[letter].state.agency == "ban-tcd"
    assert found[matter].state.agency == "ubnd-tinh"
    for one in found.values():
        routed = [e.payload["routed"] for e in one.events if "routed" in e.payload]
        assert routed == [{"from": COMMUNE, "why": "accused"}]
    assert not [r for r in ROLES if sees(at(r), letter, matter)], "nobody of the commune, the clerk who opened it included"
    assert sees(CHAIR, matter) == {matter}
    assert RECEPTION and letter in sees(RECEPTION, letter, matter)


@pytest.mark.parametrize("accused", ["c04978/head", "c04978/deputy"])
def test_a_leader_is_settled_one_level_up_whatever_agency_was_chosen(accused: str) -> None:
    matter = matter_of(open_denunciation(denounce().case, accused=accused))
    assert state_of(matter).agency == "ubnd-tinh"


def test_an_officer_is_settled_by_his_head_and_only_he_is_out() -> None:
    matter = matter_of(open_denunciation(denounce().case, accused="c04978-kt/officer/1"))
    assert state_of(matter).agency == COMMUNE
    assert sees(at("head"), matter) == {matter}
    officer = official("c04978-kt/officer/1", COMMUNE, "officer")
    with pytest.raises(Refusal) as caught:
        perform(Command("", str(matter), "case.assign", {"post": "c04978-kt/officer/1"}), at("head"))
    assert caught.value.code == "assign.conflict"
    assert not sees(officer, matter)


def test_the_head_of_a_room_takes_the_room_along() -> None:
    matter = matter_of(open_denunciation(denounce().case, accused="c04978-kt/unit_head"))
    with pytest.raises(Refusal):
        perform(Command("", str(matter), "case.assign", {"post": "c04978-kt/officer/1"}), at("head"))
    perform(Command("", str(matter), "case.assign", {"post": "c04978-vhxh/officer/2"}), at("head"))


def test_the_denounced_is_out_under_any_post_also_one_that_comes_later() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    moved = Post("ubnd-tinh/deputy", "deputy", "ubnd-tinh")
    chair = Actor(person=str(person_id("chutich")), posts=(moved,), post=moved)
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT td_grant(%s, 'ubnd-tinh', NULL, false, 'thử')", [matter])
    assert not sees(chair, matter), "the person, not only the post"
    assert sees(official("ubnd-tinh/deputy", "ubnd-tinh", "deputy", 1), matter) == {matter}
    assert state_of(matter).kept_out(chair)


def test_the_kernel_refuses_even_who_got_past_the_database() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    clerk = at("officer")
    with scope(Scope(all=True)), pytest.raises(Refusal) as caught:
        from trongdan.kernel.decide import decide
        from trongdan.law import load_law

        loaded = load([matter])[matter]
        from datetime import datetime

        from trongdan.kernel.case import VIETNAM

        decide(loaded.kind, loaded.state, Command("", str(matter), "case.note", {"note": {"content": "0"}}), clerk,
               datetime.now(VIETNAM), load_law())  # fmt: skip
    assert caught.value.code == "conflict.excluded"


def test_nobody_kept_out_is_put_on_the_verification_team() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    for data in ({"identity_checked": "known", "offender_clear": True},):
        perform(Command("", str(matter), "check_identity", data), CHAIR)
    perform(Command("", str(matter), "sign", {"how_signed": "paper"}), CHAIR)
    with scope(JOB):
        kind = load([matter])[matter].kind
    from trongdan.kernel.conflict import refuse_named

    with pytest.raises(Refusal) as caught:
        refuse_named(kind, state_of(matter).shut_out, {"verifier": "thanh-tra/verifier", "team": ["c04978-vhxh/officer/2"]}, {})
    assert (caught.value.code, caught.value.details["field"]) == ("conflict.named", "team")


def test_the_wrong_official_named_is_put_right_and_the_denial_ends() -> None:
    matter = matter_of(open_denunciation(denounce().case, accused="c04981/head", agency="ubnd-tinh"))
    assert not sees(at("head", "c04981"), matter)
    perform(Command("", str(matter), "record_accused", {"accused": ["c04978/head"]}), CHAIR)
    assert set(state_of(matter).shut_out["accused"].agencies) >= {COMMUNE}
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT td_grant(%s, a, NULL, false, 'thử') FROM unnest(ARRAY['c04978', 'c04981']) a", [matter])
    assert not sees(at("head"), matter)
    assert sees(at("head", "c04981"), matter) == {matter}


def test_above_the_province_there_is_nobody_here_to_settle_it_and_the_refusal_says_where_to_go() -> None:
    with pytest.raises(Refusal) as caught:
        open_denunciation(denounce().case, accused="ubnd-tinh/head", agency="ubnd-tinh")
    assert caught.value.code == "conflict.above_us"


def test_who_was_below_is_read_as_of_the_legal_date(owner_db: Any) -> None:
    from trongdan.core.agencies.conflict import shut_out
    from trongdan.core.cases.registry import kind

    (conflict,) = kind("letters.denunciation").conflicts
    now = shut_out(conflict, ["c04978/head"], date(2026, 8, 5))
    before = shut_out(conflict, ["c04978/head"], date(2025, 6, 1))
    assert {"c04978", "c04978-vp", "c04978-kt"} <= now.agencies
    assert "c04978-kt" not in before.agencies, "the commune as it is stands only since 2025-07-01"
    assert now.persons == {str(person_id("chutich"))} and not before.persons


def test_who_drafted_the_contested_decision_may_not_verify_it_under_another_post_either() -> None:
    command = Command("letters.complaint.first", None, "open", {"text": "…", "signed": True}, agency=COMMUNE)
    case = perform(command, at("reception")).case
    perform(Command("", str(case), "record_facts", {"contested_drafter": "c04978-vhxh/officer/2"}), at("head"))
    shut = state_of(case).shut_out["drafter"]
    assert shut.out_of == ("verifier", "assigned")
    assert "c04978-vhxh/verifier" in shut.posts, "the same official holds both posts"
    with pytest.raises(Refusal) as assigned:
        perform(Command("", str(case), "case.assign", {"post": "c04978-vhxh/officer/2"}), at("head"))
    assert assigned.value.code == "assign.conflict"
    perform(Command("", str(case), "accept", {"accepted_content": "…"}), at("head"))
    from trongdan.core.cases.registry import kind
    from trongdan.kernel.conflict import refuse_named

    with pytest.raises(Refusal) as caught:
        refuse_named(kind("letters.complaint.first"), {"drafter": shut}, {"verifier": "c04978-vhxh/verifier"}, {})
    assert (caught.value.code, caught.value.citation) == ("conflict.named", "Luật Khiếu nại Đ29")
    assert sees(at("head"), case), "he is out of the verifying, not of the case"


def test_the_transcript_is_what_the_settler_reads() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    with scope(CHAIR):
        assert TRANSCRIPT in bodies([matter]).values()
