"""The promise: when a unit is merged into another, nothing anybody sent is lost, no day is gained or lost, and each person sees who
holds their matter now."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client

from tests.core.cases.people import official, open_petition, send
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.kinds.procedures.test_dossier import holder, take_in
from tests.roles import owner, worker
from trongdan.core.agencies import merge as units
from trongdan.core.agencies.load import load_province
from trongdan.core.agencies.models import Agency, Appointment
from trongdan.core.agencies.selectors import resolve, resolve_post, successors
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.succession import Summary, held_by, move
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.kernel.case import SYSTEM, Actor, Command, Post
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.intake import Letter, receive
from trongdan.kinds.procedures.intake import token_of

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "c04978", "c05086"
DECISION = "12/NQ-HĐND"


def read(case: UUID) -> Loaded:
    with scope(JOB):
        return load([case])[case]


def at(post: str) -> Actor:
    role = post.split("/")[1]
    held = Post(post, role, post.partition("/")[0].partition("-")[0])
    return Actor(person=str(UUID(int=9)), posts=(held,), post=held)


def now() -> object:
    from django.utils import timezone

    return timezone.now()


def merged(day: date | None = None) -> Summary:
    with owner():
        found = units.look(OLD, NEW, day or today(), today())
        units.merge(found, day or today(), DECISION)
    with worker():
        return move(found.follow, DECISION, now())  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def catalogue() -> None:
    bring(row(), on=date(2026, 1, 1))


def test_the_new_commune_exists() -> None:
    assert Agency.objects.filter(code=NEW, kind="committee", valid_to=None).exists()


def test_an_open_matter_goes_on_at_the_successor_with_its_days_and_its_person_is_told() -> None:
    letter = receive(Letter("Tôi kiến nghị nạo vét cống xóm Mớ.", OLD, "portal", {"name": "Bùi Thị Mận", "address": "xóm Mớ"}), "m-1", "t")
    opened = perform(Command("letters.letter", str(letter.case), "open_matter", {"nature": "kien_nghi", "matter_kind": "letters.petition"}),
                     official("reception")).opened[0][0]  # fmt: skip
    perform(Command("", str(opened), "case.assign", {"post": f"{OLD}-kt/officer/1"}), official("head"))
    before = read(opened)
    summary = merged()
    after = read(opened)
    assert (after.state.agency, after.state.assigned) == (NEW, f"{NEW}-kt/officer/1")
    assert after.state.clocks == before.state.clocks, "no day gained, none lost"
    assert after.state.step == before.state.step
    assert summary.kinds["letters.petition"] == 1 and not summary.stayed
    page = Client().get(f"/theo-doi/{letter.reference}/{letter.token}/").content.decode()
    name = Agency.objects.get(code=NEW).short
    assert "đã sáp nhập" in page and name in page
    with scope(at(f"{NEW}-kt/officer/1")):
        assert opened in load([opened])
    with scope(at(f"{NEW}/head")):
        assert opened in load([opened])
    perform(Command("", str(opened), "case.note", {"note": "đã nhận"}), at(f"{NEW}-kt/officer/1"))


def test_a_dossier_goes_on_desk_by_desk_at_the_successor_and_is_given_back_at_its_counter() -> None:
    taken = take_in(now=today())
    due = read(taken.case).state.clocks["settle"].due
    merged()
    state = read(taken.case).state
    assert state.assigned == state.fields["desk_post"] and state.assigned.startswith(NEW)
    assert state.fields["received_by"] == f"{NEW}/counter"
    assert state.clocks["settle"].due == due
    while state.fields["desk"] != state.fields["desks"]:
        perform(Command("", str(taken.case), "pass_on", {}), at(str(state.assigned)))
        state = read(taken.case).state
        assert str(state.assigned).startswith(NEW), "each next desk is the successor's"
    perform(Command("", str(taken.case), "finish", {"result": "granted"}), at(str(state.assigned)))
    perform(Command("", str(taken.case), "deliver", {"delivered_how": "counter"}), at(f"{NEW}/counter"))
    assert Client().get(f"/theo-doi/{taken.reference}/{token_of(taken.case)}/").status_code == 200


def test_what_ended_moves_too_so_that_a_result_can_still_be_given_back() -> None:
    taken = take_in(now=today())
    while read(taken.case).state.step == "processing":
        who = holder(taken.case)
        last = read(taken.case).state.fields["desk"] == read(taken.case).state.fields["desks"]
        perform(Command("", str(taken.case), "finish" if last else "pass_on", {"result": "granted"} if last else {}), who)
    letter = send()
    perform(Command("letters.letter", str(letter.case), "file", {"nature": "khac", "filing_reason": "không có nội dung"}), official("reception"))
    summary = merged()
    assert read(letter.case).state.agency == NEW and summary.still_open < sum(summary.kinds.values())
    with scope(at(f"{NEW}/head")):
        assert letter.case in load([letter.case])
    perform(Command("", str(taken.case), "deliver", {"delivered_how": "counter"}), at(f"{NEW}/counter"))
    assert read(taken.case).state.fields["delivered"] is True


def test_running_again_moves_nothing_and_the_trail_is_whole() -> None:
    petition = open_petition(send())
    merged()
    length = len(read(petition.opened[0][0]).trail)
    again = merged()
    assert len(read(petition.opened[0][0]).trail) == length, "no second event"
    assert not again.stayed
    with worker(), scope(JOB):
        assert list(check(rebuild=True)) == []


def test_whoever_held_the_old_posts_sees_nothing_new_from_then_on() -> None:
    letter = send()
    merged()
    assert not Appointment.objects.filter(post__agency__code=OLD, until=None).exists()
    assert Appointment.objects.filter(post__agency__code=OLD).exists(), "that they held them stays on record"
    assert read(letter.case).state.agency == NEW


def test_new_letters_to_the_old_name_go_to_the_successor() -> None:
    merged()
    assert resolve(OLD, today()) == NEW
    from trongdan.doors.portal.views import _agency

    assert _agency({"commune": "Kim Bôi", "text": "", "to": "commune"})[:2] == (NEW, Agency.objects.get(code=NEW).short)


def test_a_vault_case_is_seen_by_the_same_posts_there_and_by_no_whole_agency() -> None:
    from trongdan.kinds.letters.sealing import seal

    letter = send()
    seal(letter.case)
    merged()
    with scope(at(f"{NEW}/reception")):
        seen = letter.case in load([letter.case])
    with scope(at(f"{NEW}-kt/officer/1")):
        assert letter.case not in load([letter.case])
    assert read(letter.case).state.vault and seen


def test_a_directory_loaded_again_does_not_bring_the_old_unit_back() -> None:
    merged()
    with owner():
        load_province()
    assert Agency.objects.get(code=OLD).valid_to == today() - timedelta(days=1)
    assert resolve_post(f"{OLD}-kt/officer/1", today()) == f"{NEW}-kt/officer/1"


def test_what_can_t_be_merged_is_refused_with_the_reason() -> None:
    for old, new, day, words in ((OLD, OLD, today(), "khác nhau"), (OLD, "khong-co", today(), "Không có"), (OLD, "ubnd-tinh", today(), "cùng loại"),
                                 (OLD, NEW, today() + timedelta(days=1), "đúng ngày")):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            units.look(old, new, day, today())
    with pytest.raises(Refusal, match="số quyết định"):
        units.merge(units.look(OLD, NEW, today(), today()), today(), " ")
    with pytest.raises(Refusal, match="chuyển việc"):
        perform(Command("", str(send().case), "case.succeed", {"agencies": {OLD: NEW}, "posts": {}, "decision": "1"}), official("reception"))
    with worker(), pytest.raises(Refusal, match="số quyết định"):
        perform(Command("", str(send().case), "case.succeed", {"agencies": {OLD: NEW}, "posts": {}}), SYSTEM)


def test_what_would_move_is_counted_before_anything_moves() -> None:
    open_petition(send())
    with worker():
        found = held_by(successors(OLD, NEW))
    assert found.kinds["letters.petition"] == 1 and found.still_open >= 1
    assert resolve(OLD, today()) == OLD
