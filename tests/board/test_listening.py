"""What a leader reads before a visit: sums without anybody in them, and only words that a person let go."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.core.cases.people import official, open_petition, send
from tests.doors.desk.test_dialogues import announced, question
from tests.doors.desk.test_paper_intake import at
from trongdan.board.listening import heard
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import today
from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kinds.letters.intake import Letter, letter_command

pytestmark = pytest.mark.django_db(transaction=True)
PROVINCE, COMMUNE = official("head", "ubnd-tinh"), official("head")
PAGE = "/ban-lam-viec/lang-nghe/c04978/"


def letters(number: int, topic: str = "giao thông", days: int = 0, agency: str = "c04978", **facts: Any) -> None:
    """So many letters about the commune, classified."""
    now = datetime.now(VIETNAM) - timedelta(days=days)
    for _ in range(number):
        command = letter_command(Letter("Đường hỏng, đề nghị sửa.", agency, "portal", facts={"commune": "c04978", **facts}))
        done = perform(command, Actor(is_sender=True, door="portal"), str(uuid4()), client="t", now=now)
        data = {"nature": "kien_nghi", "matter_kind": "letters.petition", "topic": topic}
        if not facts.get("keep_secret"):
            perform(Command("letters.letter", str(done.case), "open_matter", data), official("reception", agency), now=now)


def page(who: Actor = PROVINCE, place: str = "c04978") -> heard.Visit:
    with scope(who):
        return heard.before_a_visit(place, today())


def counts(found: heard.Visit) -> dict[str, tuple[int | None, int | None]]:
    return {t.key: (t.now, t.was) for t in found.topics}


def test_subjects_are_counted_once_a_letter_and_compared_with_as_many_days_before() -> None:
    letters(6, "giao thông")
    letters(5, "giao thông", days=100)
    found = page()
    assert counts(found) == {"giao thông": (6, 5)}
    assert [(t.change, t.less) for t in found.topics] == [(1, 0)]
    assert [n for _a, _b, n in found.spans] == [5, 5, None, None]  # totals are rounded down


def test_a_count_under_five_is_nowhere_not_even_by_taking_others_away() -> None:
    letters(6, "giao thông")
    letters(4, "đất đai")
    letters(3, "môi trường", days=100)
    found = page()
    assert counts(found) == {"giao thông": (6, None)}
    assert [n for _a, _b, n in found.spans][:2] == [10, None]
    assert [(s.key, s.now) for s in found.sources] == [("Đơn thư", 10)]
    shown = at("chutichtinh").get(PAGE).content.decode()
    assert "Đất đai" not in shown
    assert "Môi trường" not in shown


def test_who_is_kept_in_the_vault_is_in_no_number() -> None:
    letters(6, "giao thông")
    before = page()
    letters(9, keep_secret=True)
    after = page()
    assert (after.topics, after.sources, after.spans, after.open) == (before.topics, before.sources, before.spans, before.open)


def test_the_commune_itself_counts_only_what_lies_with_it_so_that_no_letter_past_it_shows() -> None:
    letters(6, "giao thông")
    own = page(COMMUNE)
    letters(7, "giao thông", agency="ban-tcd")
    assert counts(page(COMMUNE)) == counts(own) == {"giao thông": (6, None)}
    assert counts(page()) == {"giao thông": (13, None)}


def test_another_commune_and_a_department_read_nothing_of_it() -> None:
    letters(6)
    for stranger in (official("head", "c04981"), official("head", "so-xd")):
        found = page(stranger)
        assert (found.topics, found.sources, found.examples, found.open, found.voters) == ([], [], [], 0, {})
        with scope(stranger):
            assert not heard.may_count("c04978")
            assert heard.places(today()) == []


def test_only_words_that_a_person_let_go_are_shown() -> None:
    case = announced()
    question(case, "Bao giờ nạo vét cống xóm Mớ?")
    question(case, "Câu hỏi chưa ai đọc, có tên người.", release=False)
    letter = send("Lời đơn không được hiện ở đâu cả.")
    open_petition(letter)
    assert [s.words for s in page().examples] == ["Bao giờ nạo vét cống xóm Mớ?"]
    shown = at("chutichtinh").get(PAGE).content.decode()
    assert "Bao giờ nạo vét cống xóm Mớ?" in shown
    assert "Lời đơn không được hiện" not in shown
    assert "Câu hỏi chưa ai đọc" not in shown


def test_questions_of_a_meeting_with_signs_of_a_state_secret_are_shown_to_no_leader() -> None:
    case = announced()
    question(case, "Bao giờ nạo vét cống xóm Mớ?")
    perform(Command("", str(case), "case.secret_flag", reason="có dấu hiệu"), official("office"))
    assert page().examples == []


def test_questions_for_a_dialogue_are_heard_too() -> None:
    case = announced()
    for number in range(5):
        question(case, f"Câu hỏi số {number} về cống thoát nước?")
    assert [(s.key, s.now) for s in page().sources] == [("Câu hỏi đối thoại", 5)]


def test_the_page_is_for_leaders_and_opens_by_an_old_name_too() -> None:
    letters(5)
    assert at("tiepdan").get(PAGE).status_code == 404
    assert at("chutich").get("/ban-lam-viec/lang-nghe/").status_code == 200  # a commune has one place: its own
    found = at("chutichtinh").get("/ban-lam-viec/lang-nghe/", {"xa": "Vĩnh Đồng, huyện Kim Bôi"}).content.decode()
    assert "Cần biết gì về xã Kim Bôi" in found
    assert at("chutich").get("/ban-lam-viec/lang-nghe/c04981/").status_code == 404
    assert at("chutichtinh").get("/ban-lam-viec/lang-nghe/c99999/").status_code == 404
    listed = at("chutichtinh").get("/ban-lam-viec/lang-nghe/").content.decode()
    assert re.search(r"UBND xã Kim Bôi</a></th><td[^>]*>5\+</td>", listed)
    assert "dưới 5" in listed


def test_the_database_gives_nothing_to_a_scope_of_nobody_and_hides_its_inner_function(role_db: Any) -> None:
    letters(6)
    with scope(Scope()):
        assert heard.before_a_visit("c04978", today()).topics == []
    with pytest.raises(Exception, match="permission denied"):
        role_db("td_web").execute("SELECT * FROM td_said('c04978', current_date, 91, 4, '{letters.letter}', true)")


def test_every_source_is_declared_with_a_name_and_a_kind_that_is_there() -> None:
    from trongdan.core.cases.registry import kinds

    d = heard.declared()
    assert set(d.kinds) <= set(kinds())
    assert all(d.sources.values())
    assert d.least >= 5
