"""The promise: an official sees the matters of their own agency. To see another's they say why, for one day, and the person whose
matter it is reads who looked and why. What is kept secret is not opened so, and nobody learns that it is there."""

from __future__ import annotations

import os
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.core.cases.people import official, send
from tests.kinds.procedures.test_counter import sign_in
from tests.roles import worker
from trongdan.core.cases.glance import open_for_a_day
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import Actor, Command, Post
from trongdan.kernel.errors import Refusal
from trongdan.kernel.glance import TAG
from trongdan.kernel.reference import format_reference, new_reference
from trongdan.kinds.letters.intake import token_of
from trongdan.kinds.letters.sealing import seal

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = "c05086"
WHY = "Bà Mận đến bàn tiếp của tỉnh hỏi việc này"


def reception(agency: str = ELSEWHERE, role: str = "reception") -> Actor:
    post = Post(f"{agency}/{role}", role, agency)
    return Actor(person=str(UUID(int=11)), posts=(post,), post=post)


def sees(actor: Actor, case: UUID) -> bool:
    with scope(actor):
        return bool(load([case]))


def tags(case: UUID) -> list[str]:
    with scope(JOB):
        return [e.tag for e in load([case])[case].events]


def test_a_matter_elsewhere_is_seen_for_the_day_with_a_reason_that_its_person_reads() -> None:
    letter = send("Cống xóm Mớ tắc.")
    other = reception()
    assert not sees(other, letter.case)
    assert open_for_a_day(format_reference(letter.reference), other, WHY, timezone.now()) == letter.case
    assert sees(other, letter.case)
    assert not sees(reception("c04792"), letter.case), "the post that asked, no other"
    page = Client().get(f"/theo-doi/{letter.reference}/{token_of(letter.case)}/").content.decode()
    assert "Cơ quan khác đã mở xem việc này" in page and WHY in page
    reader = Client()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = reader.get(f"/theo-doi/{letter.reference}/{token_of(letter.case)}/").content.decode()
    assert "Another agency looked at this matter" in english and WHY in english


def test_to_look_is_not_to_have_a_part_in_it() -> None:
    letter = send("Cống xóm Mớ tắc.")
    other = reception()
    open_for_a_day(letter.reference, other, WHY, timezone.now())
    with pytest.raises(Refusal):
        perform(Command("letters.letter", str(letter.case), "open_matter", {"nature": "kien_nghi", "matter_kind": "letters.petition"}), other)
    with pytest.raises(Refusal):
        perform(Command("letters.letter", str(letter.case), "case.assign", {"post": f"{ELSEWHERE}/head"}), other)


def test_the_day_after_it_is_closed_again_and_opening_anew_is_on_record_anew() -> None:
    letter = send("Cống xóm Mớ tắc.")
    other = reception()
    open_for_a_day(letter.reference, other, WHY, timezone.now())
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("UPDATE td_case_access SET valid_to = valid_to + 900")
    yesterday = timezone.now() - timedelta(days=1)
    second = send("Đèn đường hỏng.")
    with scope(other), connection.cursor() as cursor:
        cursor.execute("SELECT td_glance(%s, %s, %s, %s, %s)", [second.case, f"{ELSEWHERE}/reception", ELSEWHERE, "", yesterday.date()])
    assert not sees(other, second.case), "a day that is over opens nothing"
    open_for_a_day(second.reference, other, WHY, timezone.now())
    assert sees(other, second.case) and tags(second.case).count(TAG) == 1


def test_a_reason_is_owed_and_one_s_own_matters_need_none() -> None:
    letter = send("Cống xóm Mớ tắc.")
    with pytest.raises(Refusal, match="vì sao"):
        open_for_a_day(letter.reference, reception(), "  ", timezone.now())
    assert open_for_a_day(letter.reference, official("reception"), "của mình", timezone.now()) == letter.case
    assert TAG not in tags(letter.case), "what is seen anyway leaves no trace of a look"
    with pytest.raises(Refusal, match="không mở xem"):
        open_for_a_day(letter.reference, reception(role="officer"), WHY, timezone.now())


def test_secret_shut_out_and_missing_ones_are_refused_with_one_and_the_same_sentence() -> None:
    hidden, flagged, conflicted = send("Một."), send("Hai."), send("Ba.")
    seal(hidden.case)
    perform(Command("letters.letter", str(flagged.case), "case.secret_flag", reason="dấu mật"), official("reception"))
    other = reception()
    with worker(), scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT td_grant(%s, NULL, %s, true, 'xung đột lợi ích')", [conflicted.case, f"person:{other.person}"])
    said = set()
    for reference in (hidden.reference, flagged.reference, conflicted.reference, new_reference(os.urandom)):
        with pytest.raises(Refusal) as refused:
            open_for_a_day(reference, other, WHY, timezone.now())
        said.add((refused.value.code, str(refused.value)))
    assert len(said) == 1, said
    assert [TAG in tags(case) for case in (hidden.case, flagged.case, conflicted.case)] == [False] * 3


def test_the_desk_offers_it_beside_the_search_to_those_who_receive_people() -> None:
    letter = send("Cống xóm Mớ tắc.")
    board = sign_in("bantcd")
    page = board.get("/ban-lam-viec/tim/", {"q": letter.reference}).content.decode()
    assert "Mở xem việc của cơ quan khác" in page
    assert "Mở xem việc của cơ quan khác" not in sign_in("chuyenvien").get("/ban-lam-viec/tim/", {"q": "x"}).content.decode()
    bare = board.post("/ban-lam-viec/tim/mo-xem/", {"reference": letter.reference, "reason": ""})
    assert bare.status_code == 422 and "vì sao" in bare.content.decode() and letter.reference in bare.content.decode()
    opened = board.post("/ban-lam-viec/tim/mo-xem/", {"reference": letter.reference, "reason": WHY}, follow=True)
    assert opened.status_code == 200 and "Cống xóm Mớ tắc." in opened.content.decode()
    assert TAG in tags(letter.case)
