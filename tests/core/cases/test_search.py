"""Search in the officials' scope, on the real database: what is found is what may be seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.core.cases.people import AGENCY, official, open_petition, send, wait_until_readable
from tests.roles import worker
from trongdan.core.cases import selectors
from trongdan.core.cases.perform import perform, perform_many
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.cases.selectors import search
from trongdan.kernel.case import SYSTEM, Command
from trongdan.platform.text import pairs_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(django_db_setup: None) -> Any:
    """`filled()`: the worker's turn, in the worker's role."""
    from trongdan.doors.cli._shell import as_role

    def turn() -> None:
        wait_until_readable()
        with as_role("td_job"):
            while True:
                with scope(JOB):
                    if not fill_search():
                        return

    return turn


def found(words: str, who: Any) -> set[Any]:
    with scope(who):
        return {line.id for line in search(words)}


def test_words_are_found_without_their_marks_by_those_who_see_the_case_alone(filled: Any) -> None:
    letter = send("Cống thoát nước đầu xóm tắc").case
    filled()
    assert found("cong thoat NUOC", official("reception")) == {letter}
    assert found("cống", Scope(all=True)) == {letter}
    for other in (official("head"), official("reception", "c07900"), official("head", "ubnd-tinh")):
        assert found("cống", other) == set()


def test_an_agency_that_gets_a_case_finds_it_from_then_on(filled: Any) -> None:
    matter = open_petition(send("Đường bê tông vỡ")).opened[0][0]
    filled()
    elsewhere = official("head", "c07900")
    assert found("be tong", elsewhere) == set()
    perform(Command("letters.petition", str(matter), "transfer", {"to_agency": "c07900"}, reason="Thuộc xã bạn"), official("head"))
    filled()
    assert found("be tong", elsewhere) == {matter}


def test_a_denial_keeps_a_case_out_of_what_is_found(filled: Any, owner_db: Any) -> None:
    letter = send("Đường bê tông vỡ").case
    filled()
    owner_db.execute("INSERT INTO td_case_access (case_id, appointment, deny, reason) VALUES (%s, %s, true, 'xung đột lợi ích')",
                     [letter, f"{AGENCY}/reception"])  # fmt: skip
    assert found("be tong", official("reception")) == set()


def test_a_letter_without_a_blank_or_with_endless_words_stops_nobodys_search(filled: Any) -> None:
    huge = send("ă" * 99_000).case
    many = send(" ".join(chr(0x4E00 + n % 20_000) * (1 + n // 20_000) for n in range(33_000))).case
    letter = send("Đường bê tông vỡ").case
    filled()
    assert found("be tong", official("reception")) == {letter}
    assert found("a" * 99_000, official("reception")) == {huge}
    assert found("\u4e00\u4e00", official("reception")) == {many}


@pytest.mark.parametrize("words", ["'", "\\", "' | 'a", "a' & !'b", ":*", "%", "\x00", "<->", "  "])
def test_signs_that_mean_something_to_the_index_are_no_words(words: str, filled: Any) -> None:
    send("Đường bê tông vỡ")
    filled()
    assert found(words, official("reception")) == set()


def test_the_last_word_may_be_a_beginning_and_the_others_stand_whole(filled: Any) -> None:
    letter = send("Hộ bà Nguyễn ở cuối đường").case
    filled()
    assert found("cuoi duon", official("reception")) == {letter}
    assert found("cuo duong", official("reception")) == set()


def lines(words: str, who: Any) -> list[Any]:
    with scope(who):
        return [line.id for line in search(words)]


def test_the_newest_come_first_and_a_page_holds_no_more(filled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [send("Đường bê tông vỡ").case for _ in range(6)]
    filled()
    for who in (official("reception"), Scope(all=True)):
        assert lines("be tong", who) == letters[::-1]
        with scope(who):
            assert [line.id for line in search("be tong", most=2)] == letters[:3:-1]


@pytest.mark.parametrize("words", ["be tong", "be ton"], ids=["whole words", "a beginning"])
def test_what_lies_further_back_than_the_walk_is_found_by_the_index(words: str, filled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    old = send("Đường bê tông vỡ").case
    for _ in range(8):
        send("Cống thoát nước tắc")
    filled()
    monkeypatch.setattr(selectors, "WALK", 1)
    for who in (official("reception"), Scope(all=True)):
        assert lines(words, who) == [old]
    assert lines(words, official("reception", "c07900")) == []


def test_more_letters_take_no_more_statements_and_a_reading_by_machine_writes_no_row_again(filled: Any) -> None:
    counts = []
    for many in (2, 9):
        letters = [send(f"Cống xóm {n} tắc.").case for n in range(many)]
        wait_until_readable()
        with CaptureQueriesContext(connection) as queries, worker(), scope(JOB):
            fill_search()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    before = written(letters)
    perform_many([(Command("letters.letter", str(c), "read", {"reading": "khac", "reading_field": "khác"}), None, None)
                  for c in letters], SYSTEM)  # fmt: skip
    filled()
    assert written(letters) == before


def written(letters: list[Any]) -> list[Any]:
    with worker(), scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT case_id, xmin::text FROM td_case_search WHERE case_id = ANY(%s) ORDER BY 1", [letters])
        return list(cursor.fetchall())


def test_a_reference_is_looked_up_by_its_index_and_not_by_asking_who_sees_every_case() -> None:
    letter = send("Cống tắc")
    matter = open_petition(letter).opened[0][0]
    assert found(letter.reference, official("reception")) == {letter.case, matter}, "a letter and its matters"
    with scope(official("reception")), connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        search(letter.reference)
        statement = asked.captured_queries[0]["sql"]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + statement)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Cond: ((reference >=" in plan, plan


def test_a_name_is_found_as_a_name_before_letters_that_only_hold_its_words(filled: Any) -> None:
    sent = send("Cống tắc.").case  # by Canary Văn Tên, xóm Mớ
    told = send("Bà Quách Thị Hiền ở đồi Dăm Hương lấn đường.").case
    apart = send("Nhà ông Quách ở cạnh chợ Thị, gặp cô Hiền; cây hương trên dăm quả đồi.").case
    filled()
    assert found("quach thi hien", official("reception")) == {told}
    assert found("Quách Thị Hiê", official("reception")) == {told}, "the last word may be a beginning here too"
    assert found("dam huong", official("reception")) == {told}
    assert found("canary van ten", official("reception")) >= {sent}
    with scope(official("reception")):
        assert {line.id for line in search("quach thi hien", wide=True)} == {told, apart}
    assert found("cong tac", official("reception")) >= {sent}, "words that are no name are found as before"


def test_names_of_others_scopes_are_not_found_and_a_name_in_half_the_letters_fills_the_page_with_the_newest(filled: Any) -> None:
    letters = [send("Ông Bùi Văn Chung lấn đường.").case for _ in range(6)]
    filled()
    assert found("bui van chung", official("reception", "c07900")) == set()
    with scope(official("reception")):
        assert [line.id for line in search("bui van chung", most=2)] == letters[:3:-1]


def test_the_desk_offers_to_look_wider(filled: Any) -> None:
    told, apart = send("Bà Quách Thị Hiền lấn đường.").case, send("Ông Quách, chợ Thị, cô Hiền.").case
    filled()
    desk = Client()
    desk.force_login(get_user_model().objects.get(username="tiepdan"))
    page = desk.get("/ban-lam-viec/tim/?q=quach+thi+hien").content.decode()
    assert str(told) in page
    assert str(apart) not in page
    assert "rong=1" in page
    wide = desk.get("/ban-lam-viec/tim/?q=quach+thi+hien&rong=1").content.decode()
    assert str(apart) in wide
    assert "rong=1" not in wide


@pytest.mark.parametrize(("text", "pairs"), [
    ("Tôi là Bùi Thị Mận ở xóm Mớ.", ["bui_thi", "thi_man"]), ("ĐƠN TỐ CÁO", ["don_to", "to_cao"]), ("Đường Hồ Chí Minh, Hà Nội",
     ["duong_ho", "ho_chi", "chi_minh", "ha_noi"]), ("tôi là bùi thị mận", []), ("Mận. Bùi", []), ("A" * 40 + " B", []),
])  # fmt: skip
def test_pairs_are_of_neighbours_that_begin_with_capitals(text: str, pairs: list[str]) -> None:
    assert pairs_of(text) == pairs
    assert pairs_of("", "bùi thị mận") == ["bui_thi", "thi_man"], "a sender's name is one however it is written"
