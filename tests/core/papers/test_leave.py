"""A matter under the Party's charter leaves: number, date and receiver stay, nothing else does (domain 15)."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.db import connection

from tests.core.cases.people import until, wait_until_readable
from tests.core.people.denouncing import (
    CANARY,
    CHAIR,
    RECEPTION,
    denounce,
    matter_of,
    open_denunciation,
    picture,
    state_of,
)
from tests.roles import worker
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.papers import files
from trongdan.core.papers.check import check_files
from trongdan.core.papers.leave import leave
from trongdan.kernel.case import Command

pytestmark = pytest.mark.django_db(transaction=True)


def hand(case: UUID, by: object) -> None:
    data = {"party_no": "12-CV/UBKT", "party_on": today().isoformat(), "party_receiver": "Ủy ban Kiểm tra Tỉnh ủy"}
    perform(Command("", str(case), "hand_to_party", data), by)  # type: ignore[arg-type]


def gone() -> None:
    with worker():
        wait_until_readable()
        total = 0
        while turn := leave():
            total += turn
        assert total


def rows(table: str, *cases: UUID) -> int:
    with scope(JOB), connection.cursor() as cursor:
        body = "body IS NOT NULL AND" if table == "td_content" else ""
        cursor.execute(f"SELECT count(case_id) FROM {table} WHERE {body} case_id = ANY(%s)", [list(cases)])
        return int(cursor.fetchone()[0])


def test_from_the_letter_its_words_its_files_and_its_vault_go() -> None:
    letter = denounce(picture("don.png", b"anh don " * 9)).case
    with scope(JOB):
        (file,) = files.listed(letter)
    hand(letter, RECEPTION)
    assert state_of(letter).stub, "hidden at once, before the worker's turn"
    gone()
    assert (rows("td_content", letter), rows("td_file", letter)) == (0, 0)
    with worker():
        assert rows("td_vault", letter) == 0
    assert not files.path_of(UUID(str(file["id"]))).exists()
    with scope(JOB):
        trail = json.dumps([dict(e.payload) for e in load([letter])[letter].events], ensure_ascii=False, default=str)
    assert "12-CV/UBKT" in trail and "Ủy ban Kiểm tra Tỉnh ủy" in trail and CANARY not in trail
    assert [*check(), *check_files()] == []


def test_from_the_matter_its_letter_goes_along() -> None:
    letter = denounce().case
    matter = matter_of(open_denunciation(letter))
    hand(matter, CHAIR)
    gone()
    assert rows("td_content", letter, matter) == 0
    with worker():
        assert rows("td_vault", letter) == 0
    assert [*check(), *check_files()] == []


def test_a_letter_from_which_something_else_was_opened_stays_for_that() -> None:
    letter = denounce().case
    first = matter_of(open_denunciation(letter))
    second = matter_of(open_denunciation(letter))
    hand(first, CHAIR)
    gone()
    assert rows("td_content", first) == 0
    assert rows("td_content", second) > 0
    assert not state_of(second).stub


def test_nothing_is_taken_where_nothing_left() -> None:
    letter = denounce().case
    with worker():
        wait_until_readable()
        until(1, leave)
    assert rows("td_content", letter) > 0
