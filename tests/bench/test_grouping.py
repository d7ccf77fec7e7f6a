"""Grouping of letters does not fall below what was measured, on a small part: copies and what names the same are found, and
nothing different is put together (bench/grouping, decision 0070)."""

from __future__ import annotations

from bench.grouping import DIFFERENT, SAME, count, pairs

COPIED = frozenset(SAME) - {"again", "other"}


def test_a_letter_that_was_copied_in_whatever_way_is_found() -> None:
    found = count("held", COPIED)
    assert {s: found.share(s) for s in ("repeat", "typed", "bare")} == {"repeat": 100, "typed": 100, "bare": 100}
    assert min(found.share(s) for s in ("slips", "phone", "scan")) >= 95


def test_two_letters_that_name_one_paper_parcel_or_project_are_found_in_whatever_words() -> None:
    found = count("practice", frozenset({"again", "other"}))
    assert found.asked["again.named"] + found.asked["other.named"] >= 10
    assert found.share("again.named", "other.named") == 100
    assert count("held", frozenset({"again", "other"})).share("again.named", "other.named") >= 80


def test_another_matter_is_never_put_into_the_group_however_near_it_is() -> None:
    for half in ("practice", "held"):
        found = count(half, frozenset(DIFFERENT) - {"far"})
        assert [(p.sort, p.matter) for p in found.wrong] == []
        assert found.asked["near"] == 60


def test_the_pairs_are_the_same_each_time_and_forty_matters_are_told() -> None:
    assert list(pairs("held")) == list(pairs("held"))
    assert len({p.matter for half in ("practice", "held") for p in pairs(half) if p.sort == "repeat"}) == 40
