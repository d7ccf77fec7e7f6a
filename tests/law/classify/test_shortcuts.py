"""The reader asks its slow patterns only where their first words stand. These tests hold each short way against the long
one, over every letter that the project's writers invented."""

from __future__ import annotations

import re

import pytest
from tools.classify.own import written

from trongdan.law.classify import named, people
from trongdan.law.classify.features import features
from trongdan.law.classify.model import model
from trongdan.law.classify.words import Text, read_text

PATTERNS = {"parcel": named._PARCEL, "paper": named._PAPER, "date": named._DATE, "sum": named._SUM, "agency": named._AGENCY,
            "post": named._POST, "place": named._PLACE, "title": named._TITLE}  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    known = model().known
    return [read_text(sample.text, known) for sample, _ in written()]


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_asked_at_its_first_words_finds_what_it_finds_everywhere(name: str, texts: list[Text]) -> None:
    pattern, found = PATTERNS[name], 0
    for text in texts:
        plain = text.folded.plain
        short = [m.span() for m in named._matches(pattern, plain, named._starts(text)[name])]
        assert short == [m.span() for m in pattern.finditer(plain)]
        found += len(short)
    assert found > 20


@pytest.mark.parametrize(("pattern", "words"), [(people._HIDE, people._HIDE_WORDS), (people._SIGNED, people._SIGNED_WORDS),
                                                (people._CONTACT, people._CONTACT_WORDS)])  # fmt: skip
def test_a_letter_without_the_words_of_a_pattern_never_fits_it(pattern: re.Pattern[str], words: tuple[str, ...],
                                                               texts: list[Text]) -> None:  # fmt: skip
    assert any(pattern.search(text.folded.plain) for text in texts)
    for text in texts:
        if pattern.search(text.folded.plain):
            assert people._any_in(text.folded.plain, *words)


def test_senders_are_counted_where_a_number_stands_before_them(texts: list[Text]) -> None:
    counted = 0
    for text in texts:
        plain = " ".join(text.folded.plain.split())
        if any(pattern.search(plain) for pattern in people._MANY):
            counted += 1
            assert "chung toi" in plain or not people._COUNTED.isdisjoint(features(text).pairs)
    assert counted > 10
