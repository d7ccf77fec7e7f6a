"""A kind on a base: what it restates, adds and leaves out."""

from __future__ import annotations

import pytest

from trongdan.kernel.errors import KindError
from trongdan.kernel.kindbase import stand_on

BASE = {
    "noun": "khiếu nại", "fields": [{"id": "a", "name": "A", "type": "code"}, {"id": "b", "name": "B"}],
    "edges": [{"id": "open", "from": "new", "event": "*:opening:recorded", "asks": ["a", "b"]}],
    "clocks": [{"id": "settle", "rule": "KN-03", "starts": ["*:opening:recorded"]}],
    "chains": {"one": ["sign:head"], "two": ["sign:head"]}, "next_lawful": [{"text": "x", "steps": ["s"]}],
}  # fmt: skip


def test_a_row_with_an_id_of_the_base_changes_the_keys_it_states_and_a_new_id_is_added() -> None:
    own = {"id": "k", "base": "b", "tags": "second", "fields": [{"id": "a", "name": "A khác"}, {"id": "c", "name": "C"}]}
    made = stand_on(own, BASE, "k.toml")
    assert made["fields"] == [{"id": "a", "name": "A khác", "type": "code"}, {"id": "b", "name": "B"}, {"id": "c", "name": "C"}]
    assert made["noun"] == "khiếu nại"
    assert "base" not in made
    assert "tags" not in made


def test_the_first_word_of_a_tag_is_the_kinds_own_wherever_the_tag_stands() -> None:
    made = stand_on({"base": "b", "tags": "second"}, BASE, "k.toml")
    assert made["edges"][0]["event"] == "second:opening:recorded"
    assert made["clocks"][0]["starts"] == ["second:opening:recorded"]
    assert BASE["edges"][0]["event"] == "*:opening:recorded", "the base itself is left as it is"


def test_what_is_left_out_is_gone_and_leaving_out_what_is_not_there_is_refused() -> None:
    made = stand_on({"base": "b", "without": {"fields": ["b"], "chains": ["two"]}}, BASE, "k.toml")
    assert [row["id"] for row in made["fields"]] == ["a"]
    assert list(made["chains"]) == ["one"]
    for without in ({"fields": ["x"]}, {"noun": ["khiếu nại"]}):
        with pytest.raises(KindError, match=r"k\.toml"):
            stand_on({"base": "b", "without": without}, BASE, "k.toml")


def test_rights_are_the_kinds_own_when_it_states_any() -> None:
    assert stand_on({"base": "b"}, BASE, "k.toml")["next_lawful"] == BASE["next_lawful"]
    assert stand_on({"base": "b", "next_lawful": []}, BASE, "k.toml")["next_lawful"] == []
