"""Canonical JSON: the bytes that hashes and signatures rest on."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kernel.canonical import MAX_DEPTH, MAX_INTEGER, NotCanonical, canonical

texts = (
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
    .map(lambda s: unicodedata.normalize("NFC", s))
)  # fmt: skip
scalars = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5), max_leaves=20
)


@given(values)
def test_the_bytes_are_those_of_the_rfc8785_package(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_sorting_example_of_rfc_8785_is_reproduced_with_its_keys_in_utf16_order() -> None:
    value = {
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"): "Emoji: Grinning Face",
        "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis",
    }  # fmt: skip
    del value["\ufb33"]  # a composition exclusion: it is not NFC, hence outside our subset
    order = ["Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji"]
    found = [canonical(value).decode().index(word) for word in order]
    assert found == sorted(found)


def test_an_emoji_key_sorts_before_a_private_use_key_as_utf16_demands() -> None:
    assert canonical({"\uff61": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\uff61":1}'.encode()


def test_vietnamese_text_stays_as_it_is_and_controls_are_escaped() -> None:
    assert canonical({"b": ["Đơn\n", "\x1f\x7f"], "a": {"đ": True}}) == (
        '{"a":{"đ":true},"b":["Đơn\\n","\\u001f\x7f"]}'.encode()
    )


def test_the_order_in_which_keys_were_written_does_not_matter() -> None:
    assert canonical({"a": 1, "b": {"c": 2, "d": 3}}) == canonical({"b": {"d": 3, "c": 2}, "a": 1})


def test_a_string_enum_is_written_as_its_value() -> None:
    class Unit(StrEnum):
        DAY = "calendar_day"

    assert canonical([Unit.DAY]) == b'["calendar_day"]'


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (1.0, ""),
        ({"a": [0, float("nan")]}, "a[1]"),
        (MAX_INTEGER + 1, ""),
        (-MAX_INTEGER - 1, ""),
        (b"bytes", ""),
        ({1: "a"}, ""),
        ({"a": {2}}, "a"),
        ({"a": unicodedata.normalize("NFD", "đơn")}, "a"),
        ({unicodedata.normalize("NFD", "ô"): 1}, ""),
        (["\ud800"], "[0]"),
        ({"x": "a\0b"}, "x"),
    ],
)
def test_what_lies_outside_the_subset_is_refused_with_its_place(value: Any, path: str) -> None:
    with pytest.raises(NotCanonical) as refusal:
        canonical(value)
    assert refusal.value.path == path


def test_a_bomb_of_nested_lists_is_refused_instead_of_exhausting_the_stack() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical, match=f"deeper than {MAX_DEPTH}"):
        canonical(value)
    while value:  # unwound by hand, as the interpreter's own release of it would recurse
        value = value[0]
