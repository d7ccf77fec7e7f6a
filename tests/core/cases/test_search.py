"""Search in the officials' scope, on the real database: what is found is what may be seen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.cases.people import AGENCY, official, open_petition, send
from trongdan.core.cases.perform import perform
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.cases.selectors import search
from trongdan.kernel.case import Command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(django_db_setup: None) -> Any:
    """`filled()`: the worker's turn, in the worker's role."""
    from trongdan.doors.cli._shell import as_role

    def turn() -> None:
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
