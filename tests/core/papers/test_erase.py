"""Erasing waits for the retention and for a decision; what went is gone everywhere, that it went stays in the trail."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from tests.core.cases.people import official, send
from tests.roles import worker
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.papers.check import check_files
from trongdan.core.papers.erase import Erasable, erasable, erase
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.law.retention import retentions

CANARY = "cây đa giếng làng"


def filed(key: str) -> object:
    letter = send(CANARY, key)
    data = {"nature": "khac", "filing_reason": "không có nội dung cụ thể"}
    perform(Command("letters.letter", str(letter.case), "file", data), official("reception"))
    return letter


@pytest.mark.django_db
def test_nothing_is_due_before_the_last_day_of_its_retention() -> None:
    letter = filed("erase-1")
    years = retentions()["LUU-DON"].years
    last = date(today().year + years, 12, 31)
    assert letter.case not in {e.case for e in erasable(last)}  # type: ignore[attr-defined]
    assert letter.case in {e.case for e in erasable(date(last.year + 1, 1, 1))}  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_letter_is_kept_while_a_matter_opened_from_it_is_open() -> None:
    letter = send(CANARY, "erase-2")
    data = {"nature": "kien_nghi", "matter_kind": "letters.petition"}
    perform(Command("letters.letter", str(letter.case), "open_matter", data), official("reception"))
    assert letter.case not in {e.case for e in erasable(date(2099, 1, 1))}


@pytest.mark.django_db
def test_without_a_decision_or_before_its_time_or_while_open_nothing_is_erased() -> None:
    letter = filed("erase-3")
    due = Erasable(letter.case, letter.reference, "letters.letter", date(2020, 12, 31), unread=True)  # type: ignore[attr-defined]
    with pytest.raises(Refusal, match="quyết định"):
        erase(due, " ")
    early = Erasable(due.case, due.reference, due.kind, date(2099, 12, 31), unread=True)
    with pytest.raises(Refusal, match="Chưa hết"):
        erase(early, "12/QĐ-UBND")
    still = send(CANARY, "erase-4")
    with pytest.raises(Refusal, match="chưa kết thúc"):
        erase(Erasable(still.case, still.reference, "letters.letter", date(2020, 12, 31), unread=True), "12/QĐ-UBND")


@pytest.mark.django_db(transaction=True)
def test_the_worker_erases_words_salts_and_names_and_the_check_finds_nothing_wrong() -> None:
    letter = filed("erase-5")
    due = Erasable(letter.case, letter.reference, "letters.letter", date(2020, 12, 31), unread=True)  # type: ignore[attr-defined]
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege('td_web', 'td_content', 'body', 'UPDATE'), "
                       "has_column_privilege('td_job', 'td_content', 'body', 'UPDATE')")  # fmt: skip
        assert cursor.fetchone() == (False, True)
    with worker():
        erase(due, "12/QĐ-UBND")
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_content WHERE case_id = %s AND (body IS NOT NULL OR salt IS NOT NULL)", [due.case])
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM td_identity WHERE case_id = %s", [due.case])
        assert cursor.fetchone()[0] == 0
        loaded = load([due.case])[due.case]
        assert (loaded.state.step, loaded.events[-1].tag) == ("filed", "case:erased")
        assert loaded.events[-1].payload["decision"] == "12/QĐ-UBND"
    assert not list(check())
    assert not list(check_files())

