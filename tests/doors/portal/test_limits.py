"""Thời hạn theo luật: anyone computes a deadline, for the case at hand, and reads why."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from trongdan.law import load_law
from trongdan.law.groups import GROUPS

pytestmark = pytest.mark.django_db


def ask(**query: str) -> str:
    answer = Client().get("/thoi-han/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_countable_rule_can_be_chosen_under_a_subject_with_a_name() -> None:
    page = ask()
    offered = set(re.findall(r'<option value="([A-Z][^"]*)"', page))
    wanted = {r.id for r in load_law().rules.values() if r.versions[-1].unit.countable}
    assert wanted <= offered
    assert {r.id.partition("-")[0] for r in load_law().rules.values()} <= set(GROUPS)


def test_a_case_with_a_limit_of_its_own_is_offered_and_moves_the_day() -> None:
    usual, remote = ask(rule="KN-03", **{"from": "2026-07-06"}), ask(rule="KN-03", variant="remote", **{"from": "2026-07-06"})
    days = [re.search(r"Hạn: (\d\d/\d\d/\d{4})", page) for page in (usual, remote)]
    assert all(days)
    assert days[0][1] != days[1][1]  # type: ignore[index]
    assert "vùng sâu, vùng xa" in usual
    assert "Ngày cuối cùng của thời hạn" in remote


def test_what_was_read_in_no_primary_text_says_so() -> None:
    rule = next(r for r, v in load_law().unread() if v.unit.countable and v.in_force(v.effective_from) and v.value)
    start = rule.versions[-1].effective_from.isoformat()
    assert "chưa đối chiếu được với văn bản gốc" in ask(rule=rule.id, **{"from": max(start, "2026-07-06")})


@pytest.mark.parametrize("query", [{"from": "x"}, {"rule": "'"}, {"rule": "KN-03", "variant": "boss"}, {"from": "2039-01-01"}, {"from": "1900-01-01"}])
def test_a_wrong_question_is_answered_calmly(query: dict[str, str]) -> None:
    ask(**query)
