"""Thời hạn theo luật: anyone computes a deadline, for the case at hand, and reads why."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from trongdan.kernel.errors import LawError
from trongdan.law import load_law
from trongdan.law.groups import GROUPS
from trongdan.law.questions import questions, read_questions

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


# --- for who waits for an answer --------------------------------------------------------------------------------------


def test_the_first_page_asks_in_plain_words_and_shows_no_day_that_nobody_asked_for() -> None:
    page = ask()
    assert all(q.vi in page and f"?rule={q.rule}" in page for q in questions())
    assert "Hạn: " not in page
    chosen = ask(rule="KN-03")
    assert "Khiếu nại của tôi đã được thụ lý. Bao giờ phải có quyết định?" in chosen
    assert "Hãy ghi ngày ở dưới" in chosen
    assert "Hạn: " not in chosen, "the day of today is only proposed"


def test_every_plain_question_is_answered_by_a_rule_with_what_the_law_opens_after_it() -> None:
    law = load_law()
    for q in questions():
        assert law.rule(q.rule).versions[-1].unit.countable
        assert bool(q.after) == bool(q.after_en) == bool(q.basis)
    assert "khiếu nại lần hai" in ask(rule="KN-03", d="6", m="7", y="2026")
    for wrong in ('[[question]]\nrule = "KN-03"\nvi = "?"\n', '[[question]]\nrule = "KN-03"\nvi = "?"\nen = "?"\nafter = "x"\n'):
        with pytest.raises(LawError, match="KN-03"):
            read_questions(wrong)


def test_a_day_is_typed_as_people_say_it_and_an_address_may_hold_it_either_way() -> None:
    for query in ({"d": "28", "m": "8", "y": "2026"}, {"from": "2026-08-28"}, {"from": "28/8/2026"}):
        page = ask(rule="KN-02", **query)
        assert "Hạn: 11/09/2026" in page
        assert "Thứ Sáu." in page
        assert "Mốc thận trọng: 07/09/2026" in page
        assert 'name="d" inputmode="numeric" autocomplete="off" value="28"' in page


@pytest.mark.parametrize(("typed", "words"), [
    ({"d": "31", "m": "2", "y": "2026"}, "Không có ngày 31/2/2026"), ({"d": "6", "m": "7", "y": "26"}, "bốn chữ số"),
    ({"d": "", "m": "7", "y": "2026"}, "ghi đủ ngày, tháng, năm"), ({"d": "", "m": "", "y": ""}, "Hãy ghi ngày bắt đầu tính"),
    ({"d": "mồng sáu", "m": "7", "y": "2026"}, "bằng số"),
    ({"d": "6", "m": "7", "y": "1900"}, "chưa có hoặc không còn hiệu lực"),
])  # fmt: skip
def test_a_wrong_day_is_told_and_nothing_typed_or_chosen_is_lost(typed: dict[str, str], words: str) -> None:
    page = ask(rule="KN-03", variant="remote", pd="8", pm="7", py="2026", **typed)
    assert words in page
    assert "Lỗi:" in page
    assert "Hạn: " not in page
    for name, value in {**typed, "pd": "8", "pm": "7", "py": "2026"}.items():
        assert f'name="{name}" inputmode="numeric" autocomplete="off" value="{value}"' in page
    assert 'value="remote" checked' in page


def test_a_rule_of_cases_asks_for_the_case_in_words() -> None:
    asked = ask(rule="DD-01", d="1", m="10", y="2026")
    assert "Hãy chọn trường hợp" in asked
    assert "Đất phi nông nghiệp" in asked
    assert "nong_nghiep)" not in asked
    assert "Chậm nhất: 02/08/2026" in ask(rule="DD-01", d="1", m="10", y="2026", variant="nong_nghiep")


# --- for who checks it ------------------------------------------------------------------------------------------------


def test_suspension_and_extension_can_be_given_where_the_law_knows_them_and_only_there() -> None:
    suspended = ask(rule="KN-03", d="13", m="7", y="2026", pd="20", pm="7", py="2026", rd="30", rm="7", ry="2026")
    assert "Hạn: 22/08/2026" in suspended
    assert "Luật Khiếu nại Đ11a" in suspended
    assert "Khi tiếp tục còn 24 ngày" in ask(rule="KN-03", d="13", m="7", y="2026", pd="20", pm="7", py="2026")
    assert "cả ngày bắt đầu tạm đình chỉ" in ask(rule="KN-03", d="13", m="7", y="2026", rd="30", rm="7", ry="2026")
    assert "Hạn: 04/09/2026" in ask(rule="TC-05", d="6", m="7", y="2026", extended="1")
    for rule in ("KN-02", "KN-06"):
        assert "Có gia hạn hoặc tạm đình chỉ" not in ask(rule=rule, d="6", m="7", y="2026")


def test_every_version_stands_there_with_its_days_its_article_and_how_far_it_was_read() -> None:
    page = ask(rule="KN-02", d="6", m="7", y="2026")
    assert "Từ 01/07/2012 đến 30/06/2026" in page
    assert "Luật Khiếu nại 02/2011/QH13 Đ27, Đ36 k1, Đ50" in page
    assert "Đã đối chiếu văn bản." in page


def test_a_duty_of_each_period_and_a_forbidden_span_are_told_as_what_they_are() -> None:
    duty, span = ask(rule="TCD-02", d="5", m="8", y="2026"), ask(rule="DD-11", d="1", m="3", y="2026")
    assert "ít nhất 2 ngày mỗi tháng" in duty
    assert "01/08/2026 – 31/08/2026" in duty
    assert "Từ 02/02/2026 đến 04/03/2026" in span
    assert "Pháp luật không quy định số ngày" in ask(rule="PAKN-02")
