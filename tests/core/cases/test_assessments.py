"""The rated must not find out the rater (domain 21)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.cases.people import official, open_petition, send
from trongdan.core.cases import assessments
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.kernel.case import Actor, Command

MONDAY = date(2026, 11, 2)
W = [date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19), date(2026, 10, 26)]


@pytest.mark.parametrize(("weeks", "people"), [
    ([], []), ([(W[0], 4, 4, 0, 0)], []), ([(W[0], 5, 1, 1, 1)], [5]), ([(W[0], 2, 0, 0, 0), (W[1], 3, 1, 0, 0)], [5]),
    ([(W[0], 7, 0, 0, 0), (W[2], 4, 0, 0, 0)], [7]), ([(MONDAY, 50, 0, 0, 0)], []),
])  # fmt: skip
def test_a_unit_sees_whole_weeks_of_at_least_five_and_nothing_of_the_current_week(
    weeks: list[tuple[date, int, int, int, int]], people: list[int]
) -> None:
    assert [b.people for b in assessments.batches(weeks, MONDAY)] == people


def test_a_batch_names_its_first_and_last_day_and_adds_up() -> None:
    (one,) = assessments.batches([(W[0], 2, 1, 0, 2), (W[2], 3, 2, 1, 0)], MONDAY)
    assert (one.since, one.until, one.yes) == (W[0], date(2026, 10, 25), {"answered": 3, "acted": 1, "solved": 2})


@pytest.fixture
def assessed() -> None:
    letter = send("Đề nghị nạo vét cống.", "assessed-1")
    done = open_petition(letter)
    case = str(done.opened[0][0])
    agency = "c04978"
    perform(Command("letters.petition", case, "accept"), official("head", agency))
    perform(Command("letters.petition", case, "case.assign", {"post": f"{agency}-kt/officer/1"}), official("head", agency))
    officer = official("officer", agency, f"{agency}-kt/officer/1")
    data = {"answer": "Đã nạo vét.", "action_taken": "Xong ngày 5.", "result": "accepted"}
    perform(Command("letters.petition", case, "answer", data), officer)
    for action, role in (("initial", "unit_head"), ("check", "office"), ("sign", "head"), ("number", "registry")):
        more = {"number": "01/UBND"} if action == "number" else {}
        perform(Command("letters.petition", case, f"paper.{action}", {"paper": "p1", **more}), official(role, agency))
    verdict = {"answered": "yes", "acted": "no", "solved": "no", "reason": "cống vẫn tắc"}
    perform(Command("letters.petition", case, "case.assess", verdict), Actor(is_sender=True, door="portal"))


@pytest.mark.django_db
def test_the_superior_reads_the_assessment_and_the_rated_agency_and_its_equals_do_not(assessed: None) -> None:
    with scope(official("head", "ubnd-tinh")):
        (found,) = [a for a in assessments.below() if a.agency == "c04978"]
        assert (found.verdict, found.reason) == ({"answered": "yes", "acted": "no", "solved": "no"}, "cống vẫn tắc")
    for role, agency in (("head", "c04978"), ("reception", "c04978"), ("head", "so-xd"), ("head", "c04981")):
        with scope(official(role, agency)):
            assert assessments.below() == []


@pytest.mark.django_db
def test_the_front_of_the_province_reads_it_too(assessed: None) -> None:
    with scope(official("head", "mttq-tinh")):
        assert [a.agency for a in assessments.below()] == ["c04978"]
