"""Reference numbers and tracking tokens."""

from __future__ import annotations

import contextlib
import random
import re
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import (
    SYMBOLS,
    check_symbol,
    format_reference,
    new_reference,
    parse_reference,
    token_holds,
    tracking_token,
)  # fmt: skip

bodies = st.text(st.sampled_from(SYMBOLS), min_size=8, max_size=8)
KEY = b"k" * 32
CASE = "0197c9a0-0000-7000-8000-000000000001"


def whole(body: str) -> str:
    return "TD" + body + check_symbol(body)


def refused(text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        parse_reference(text)
    return refusal.value.code


def test_a_new_reference_is_td_eight_random_symbols_and_a_check_symbol() -> None:
    made = {new_reference(secrets.token_bytes) for _ in range(2000)}
    assert len(made) == 2000
    for reference in made:
        assert re.fullmatch(r"TD[0-9A-HJKMNP-TV-Z]{9}", reference)
        assert parse_reference(reference) == reference
        assert parse_reference(format_reference(reference)) == reference


def test_the_five_random_bytes_are_all_used() -> None:
    assert new_reference(lambda n: b"\0" * n) == "TD000000000"
    assert new_reference(lambda n: b"\xff" * n)[:10] == "TDZZZZZZZZ"
    assert new_reference(lambda n: bytes([0x08, 0x86, 0x42, 0x98, 0xE8])[:n])[2:10] == "12345678"


def test_the_check_symbol_catches_every_single_wrong_symbol() -> None:
    rng = random.Random(1)
    for _ in range(300):
        good = "".join(rng.choices(SYMBOLS, k=8))
        good += check_symbol(good)
        for at in range(9):
            for symbol in SYMBOLS:
                wrong = good[:at] + symbol + good[at + 1 :]
                assert (check_symbol(wrong[:8]) == wrong[8]) is (wrong == good)


def test_the_check_symbol_catches_every_exchange_of_two_symbols_and_every_twin_error_for_all_pairs_of_symbols() -> None:
    rest = random.Random(2).choices(SYMBOLS, k=9)
    for i in range(9):
        for j in range(i + 1, 9):
            for a in SYMBOLS:
                for b in SYMBOLS:
                    if a == b or 8 in (i, j):
                        continue
                    body = rest[:8]
                    body[i], body[j] = a, b
                    swapped = body.copy()
                    swapped[i], swapped[j] = b, a
                    assert check_symbol("".join(body)) != check_symbol("".join(swapped))
                    if j == i + 1:
                        twin, other = body.copy(), body.copy()
                        twin[i] = twin[j] = a
                        other[i] = other[j] = b
                        assert check_symbol("".join(twin)) != check_symbol("".join(other))


@given(bodies, st.integers(0, 7))
def test_an_exchange_with_the_check_symbol_itself_is_caught(body: str, at: int) -> None:
    full = list(body + check_symbol(body))
    full[at], full[8] = full[8], full[at]
    text = "".join(full)
    assert (check_symbol(text[:8]) == text[8]) is (text == body + check_symbol(body))


@given(bodies, st.data())
def test_it_is_read_however_people_type_it(body: str, data: st.DataObject) -> None:
    reference = whole(body)
    typed = format_reference(reference).replace("0", data.draw(st.sampled_from("0oO")))
    typed = typed.replace("1", data.draw(st.sampled_from("1iIlL")))
    typed = typed.replace("-", data.draw(st.sampled_from(["-", " ", "", "\u2013", " - ", "\u00a0", "\u2011"])))
    typed = data.draw(st.sampled_from(["", "TD", "td ", "TĐ-", "  "])) + typed
    assert parse_reference(typed.lower() if data.draw(st.booleans()) else typed) == reference


def test_full_width_letters_and_invisible_marks_from_copying_are_understood() -> None:
    reference = whole("7K39QXM4")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in reference)
    assert parse_reference(f"\u200b{wide}\u200e\r\n") == reference


def test_a_body_that_itself_begins_with_td_is_not_mistaken_for_the_prefix() -> None:
    reference = whole("TD39QXM4")
    assert parse_reference(reference[2:]) == reference
    assert parse_reference(reference) == reference


def test_a_matter_keeps_the_reference_of_its_letter() -> None:
    reference = whole("7K39QXM4")
    shown = format_reference(reference + "/12")
    assert shown == f"7K3-9QX-M4{reference[-1]}/12"
    assert parse_reference(shown.lower()) == reference + "/12"
    assert parse_reference(shown.replace("/12", " / 012")) == reference + "/12"
    assert refused(reference + "/") == "reference.unreadable"
    assert refused(reference + "/0") == "reference.unreadable"
    assert refused(reference + "/x") == "reference.unreadable"
    assert parse_reference(reference + "/²") == reference + "/2"
    assert refused(reference + "/1/2") == "reference.unreadable"


def test_a_mistyped_reference_is_told_from_something_that_is_no_reference() -> None:
    reference = whole("7K39QXM4")
    wrong = reference[:3] + ("8" if reference[3] != "8" else "9") + reference[4:]
    assert refused(wrong) == "reference.mistyped"
    for text in ("", "TD", "7K3-9QX-M4", reference + "A", "UUU-UUU-UUU", "<script>", "'; DROP TABLE", "Ư" * 9, "9" * 999):
        assert refused(text) == "reference.unreadable"


@given(st.text(max_size=40))
def test_anything_else_is_a_refusal_never_a_crash(text: str) -> None:
    with contextlib.suppress(Refusal):
        assert parse_reference(text).startswith("TD")


def test_a_token_opens_its_own_case_and_generation_only() -> None:
    token = tracking_token(KEY, CASE, 1)
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", token)
    assert token_holds(KEY, CASE, 1, token)
    assert token_holds(KEY, CASE.upper(), 1, token)
    assert not token_holds(KEY, CASE, 2, token)
    assert not token_holds(KEY, CASE[:-1] + "2", 1, token)
    assert not token_holds(b"x" * 32, CASE, 1, token)


@pytest.mark.parametrize("noise", ["", "x", "\ud800", "ộ" * 24, "\0" * 24, "A" * 24, "A" * 100_000])
def test_what_is_not_a_token_opens_nothing(noise: str) -> None:
    assert not token_holds(KEY, CASE, 1, noise)


def test_case_and_generation_cannot_run_into_one_another() -> None:
    assert tracking_token(KEY, "a|1", 1) != tracking_token(KEY, "a", 11)
    assert tracking_token(KEY, "case", 11) != tracking_token(KEY, "case1", 1)
