"""The trail: hash chain of events and salted commitments."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kernel.canonical import NotCanonical
from trongdan.kernel.journal import Sealed, commit, event_fields, event_hash, instant, opens, seal, verify_chain

CASE = "0197c9a0-0000-7000-8000-000000000001"
SALT = bytes(range(16))


def event(seq: int = 0, **changes: Any) -> Sealed:
    base = Sealed(
        case=CASE, seq=seq, at=datetime(2026, 7, 20, 1, 2, 3, 4, UTC), on=date(2026, 7, 20), tag="letter:receipt:recorded",
        kind="letters.letter", kind_version=1, actor_post="c05089/reception", actor_person=None, on_behalf=None,
        payload={"step": "received", "n": seq},
    )  # fmt: skip
    return replace(base, **changes)


def chain(length: int) -> list[Sealed]:
    events: list[Sealed] = []
    for seq in range(length):
        events.append(seal(event(seq), events[-1].hash if events else None))
    return events


def test_event_v1_is_frozen_its_hashed_text_and_hash_are_these_for_ever() -> None:
    text = (
        '{"actor_person":null,"actor_post":"c05089/reception","at":"2026-07-20T01:02:03.000004Z",'
        f'"case":"{CASE}","kind":"letters.letter","kind_version":1,"on":"2026-07-20","on_behalf":null,'
        '"payload":{"n":0,"step":"received"},"prev":null,"seq":0,"tag":"letter:receipt:recorded","v":1}'
    )
    assert event_hash(None, event_fields(event())) == hashlib.sha256(text.encode()).digest()
    assert event_hash(None, event_fields(event())).hex() == (
        "0d7034869842e708d11a1116d79cf726dfb3c429ff0d30c0283fb27506504e81"
    )


def test_the_hash_before_enters_in_hexadecimal() -> None:
    prev = bytes(32)
    with_prev = {**event_fields(event()), "prev": "00" * 32}
    expected = json.dumps(with_prev, sort_keys=True, separators=(",", ":")).encode()
    assert event_hash(prev, event_fields(event())) == hashlib.sha256(expected).digest()


def test_one_instant_has_one_text_whatever_zone_it_was_given_in() -> None:
    hanoi = timezone(timedelta(hours=7))
    assert instant(datetime(2026, 7, 1, 8, 0, tzinfo=hanoi)) == "2026-07-01T01:00:00.000000Z"
    assert instant(datetime(2026, 7, 1, 1, 0, tzinfo=UTC)) == "2026-07-01T01:00:00.000000Z"
    with pytest.raises(NotCanonical, match="without a zone"):
        instant(datetime(2026, 7, 1, 8, 0))  # noqa: DTZ001 - the point of the test


def test_an_event_read_back_from_json_storage_hashes_to_the_same_value() -> None:
    original = event(payload={"z": [1, True, None, "Đơn thư"], "a": {"ắ": "ộ"}})
    stored = replace(original, payload=json.loads(json.dumps(original.payload, sort_keys=True)))
    assert event_hash(None, event_fields(stored)) == event_hash(None, event_fields(original))


def test_a_chain_as_it_was_sealed_has_no_break() -> None:
    assert verify_chain(chain(7)) == ()
    assert verify_chain([]) == ()


CHANGES: dict[str, Any] = {
    "at": datetime(2026, 7, 20, 1, 2, 3, 5, UTC), "on": date(2026, 7, 19), "tag": "letter:receipt:altered",
    "kind": "letters.other", "kind_version": 2, "actor_post": None, "actor_person": CASE, "on_behalf": "c05089/head",
    "payload": {"step": "received"}, "hash": bytes(32),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("at", [0, 2, 4])
def test_changing_any_field_of_any_event_is_a_break_at_that_event(name: str, at: int) -> None:
    events = chain(5)
    events[at] = replace(events[at], **{name: CHANGES[name]})
    breaks = verify_chain(events)
    assert breaks
    assert breaks[0].seq == at


@given(st.integers(2, 8).flatmap(lambda n: st.tuples(st.just(n), st.permutations(range(n)))))
def test_leaving_out_or_reordering_events_is_always_noticed(drawn: tuple[int, list[int]]) -> None:
    length, order = drawn
    events = chain(length)
    shuffled = [events[i] for i in order]
    assert bool(verify_chain(shuffled)) is (order != sorted(order))
    assert verify_chain(events[1:])
    assert verify_chain([*events[:-2], events[-1]])


def test_an_event_of_another_case_does_not_belong_in_a_chain() -> None:
    events = chain(2)
    stranger = seal(event(2, case=CASE[:-1] + "2"), events[-1].hash)
    assert [b.reason for b in verify_chain([*events, stranger])] == [f"belongs to another case than {CASE}"]


def test_an_event_that_cannot_be_hashed_is_reported_not_raised() -> None:
    broken = replace(chain(1)[0], payload={"x": 1.5})
    assert "cannot be hashed" in verify_chain([broken])[0].reason


def test_a_commitment_is_the_hash_of_salt_and_nfc_text_and_only_they_open_it() -> None:
    commitment = commit(SALT, "Đơn kiến nghị")
    assert commitment == hashlib.sha256(SALT + "Đơn kiến nghị".encode()).digest()
    assert opens(commitment, SALT, "Đơn kiến nghị")
    assert opens(commitment, SALT, unicodedata.normalize("NFD", "Đơn kiến nghị"))
    assert not opens(commitment, SALT, "Đơn khiếu nại")
    assert not opens(commitment, bytes(16), "Đơn kiến nghị")
    assert not opens(commitment, b"", "Đơn kiến nghị")


def test_the_same_short_letter_gives_different_commitments_under_different_salts() -> None:
    assert commit(SALT, "ok") != commit(bytes(16), "ok")


def test_a_salt_of_another_size_is_refused() -> None:
    with pytest.raises(NotCanonical, match="15 bytes"):
        commit(SALT[:15], "x")
