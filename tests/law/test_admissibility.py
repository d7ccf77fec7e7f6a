"""The admissibility checklist: each item with its article, in force on its day, advice and never a decision."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kernel.errors import LawError
from trongdan.law import load_law
from trongdan.law.admissibility import CASES, checklist, judge
from trongdan.law.admissibility.items import ANSWERS, NATURES, items, read_items

NOW, OLD = date(2026, 7, 6), date(2026, 6, 30)


def ids(nature: str, on: date = NOW, *cases: str, group: str = "") -> list[str]:
    return [i.id for i in checklist(nature, on, cases) if not group or i.group == group]


def test_the_nine_complaints_that_are_not_accepted_are_all_there_each_with_its_clause() -> None:
    refuse = [i for i in checklist("khieu_nai", OLD, ["represented"]) if i.group == "refuse"]
    assert [i.basis.split(",")[0] for i in refuse] == [f"Luật Khiếu nại Đ11 k{n}" for n in range(1, 10)]
    assert all(i.verified == "primary" for i in refuse)


def test_the_four_conditions_of_a_denunciation_are_all_there_each_with_its_point() -> None:
    accept = [i for i in checklist("to_cao", NOW) if i.group == "accept"]
    assert [i.basis.split(",")[0] for i in accept] == [f"Luật Tố cáo Đ29 k1 đ.{p}" for p in "abcd"]
    assert "Đ29 k1 đoạn cuối" in next(i.basis for i in checklist("to_cao", NOW) if i.id == "grew_from_complaint")


@pytest.mark.parametrize("nature", NATURES)
def test_every_letter_needs_a_name_an_address_a_date_and_a_signature(nature: str) -> None:
    assert {"date", "name", "address", "signed"} <= set(ids(nature, group="handling"))


def test_a_signature_is_for_a_person_to_see_not_for_a_machine_to_read() -> None:
    for nature in NATURES:
        assert {i.prefill for i in checklist(nature, NOW) if i.id in ("signed", "unsigned", "lawful_form")} == {"person"}


def test_items_for_several_senders_a_representative_or_a_second_complaint_show_only_then() -> None:
    assert "representative_appointed" not in ids("khieu_nai")
    assert "representative_appointed" in ids("khieu_nai", NOW, "several")
    assert "first_decision_attached" in ids("khieu_nai", NOW, "second")
    assert {"unlawful_representative", "authorisation_form"} <= set(ids("khieu_nai", NOW, "represented"))


def test_the_notary_lapses_on_the_first_of_january_2027() -> None:
    def question(on: date) -> str:
        return next(i.question for i in checklist("khieu_nai", on) if i.id == "authorisation_form")

    assert "công chứng" in question(date(2026, 12, 31))
    assert "công chứng" not in question(date(2027, 1, 1))
    assert "authorisation_form" not in [i.id for i in checklist("khieu_nai", OLD)]


def test_what_came_with_the_decree_of_2026_is_not_asked_before() -> None:
    assert "answered_nothing_new" in ids("phan_anh")
    assert "answered_nothing_new" not in ids("phan_anh", OLD)
    assert "withdrawn" not in ids("khieu_nai", OLD)


def test_questions_and_the_rest_have_no_conditions() -> None:
    assert checklist("hoi_dap", NOW) == ()
    assert checklist("khac", NOW) == ()


def test_what_stands_against_a_letter_says_what_is_missing_and_how_to_put_it_right() -> None:
    answers = {i.id: i.good for i in checklist("khieu_nai", NOW, [])} | {"signed": "no", "unsigned": "yes"}
    found = judge("khieu_nai", NOW, answers)
    assert [i.id for i in found.against] == ["signed", "unsigned"]
    assert not found.clear
    assert "chữ ký" in found.against[0].missing
    assert "ký" in found.against[0].cure.lower()


@given(st.sampled_from(NATURES), st.data())
def test_each_item_is_open_against_or_settled_and_none_is_forgotten(nature: str, data: st.DataObject) -> None:
    listed = checklist(nature, NOW, CASES)
    answers = data.draw(st.dictionaries(st.sampled_from([i.id for i in listed]), st.sampled_from(ANSWERS)))
    found = judge(nature, NOW, answers, CASES)
    settled = [i for i in listed if answers.get(i.id) == i.good]
    assert {i.id for i in (*found.open, *found.against, *settled)} == {i.id for i in listed}
    assert len(found.open) + len(found.against) + len(settled) == len(listed)
    assert found.clear == (len(settled) == len(listed))


def test_an_answer_that_is_none_or_to_an_unknown_item_is_an_error() -> None:
    with pytest.raises(LawError):
        judge("khieu_nai", NOW, {"signed": "maybe"})
    with pytest.raises(LawError):
        judge("khieu_nai", NOW, {"sealed": "yes"})


def test_a_deadline_that_answers_an_item_is_a_rule_of_the_law() -> None:
    law = load_law()
    assert {i.rule for i in items() if i.rule} == {"KN-01", "KN-14"}
    assert all(law.rule(i.rule).versions for i in items() if i.rule)


ITEM = '''
[[item]]
id = "x"
group = "refuse"
natures = ["khieu_nai"]
question = "X?"
good = "no"
prefill = "text"
basis = "Luật X Đ1"
verified = "primary"
missing = "Thiếu X."
'''


@pytest.mark.parametrize("change", [
    ('good = "no"', 'good = "yes"'), ('group = "refuse"', 'group = "maybe"'), ('natures = ["khieu_nai"]', 'natures = ["khac"]'),
    ('basis = "Luật X Đ1"', 'basis = ""'), ('verified = "primary"', 'verified = "sure"'), ('missing = ', 'missing_ = '),
    ('prefill = "text"', 'prefill = "guess"'),
])  # fmt: skip
def test_an_item_that_does_not_hold_together_is_refused(change: tuple[str, str]) -> None:
    assert len(read_items(ITEM, "x.toml")) == 1
    with pytest.raises(LawError):
        read_items(ITEM.replace(*change), "x.toml")
