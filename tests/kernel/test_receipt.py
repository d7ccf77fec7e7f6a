"""Checkpoints and receipts: what a sender or a witness can check without us."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kernel.canonical import NotCanonical
from trongdan.kernel.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    key_id,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    signed_checkpoint,
    signed_note,
    verifier_key,
)  # fmt: skip
from trongdan.kernel.errors import Refusal
from trongdan.kernel.journal import commit
from trongdan.kernel.merkle import EMPTY_ROOT, Frontier, Node, consistency_proof, inclusion_proof, leaf_hash
from trongdan.kernel.receipt import (
    Received,
    check_receipt,
    receipt_history_kept,
    receipt_in_log,
    receipt_opens,
    signed_receipt,
    statement,
)  # fmt: skip

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
ORIGIN = "phutho.example/trongdan"
SALT = bytes(range(16))


def verifier(public: bytes):  # type: ignore[no-untyped-def]
    def verify(signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify


def received(**changes: Any) -> Received:
    base = Received(
        reference="TD7K39QXM4P", kind="letters.letter", at=datetime(2026, 7, 20, 1, 2, 3, 4, UTC), on=date(2026, 7, 20),
        commitment=commit(SALT, "Đường thôn hỏng"), event=hashlib.sha256(b"event").digest(),
        deadlines=[{"clock": "handle", "due": "2026-08-03", "rule": "XLD-01", "caution_due": None}],
        head=Checkpoint(ORIGIN, 0, EMPTY_ROOT),
    )  # fmt: skip
    return replace(base, **changes)


# --- checkpoints -------------------------------------------------------------------------------------------------

GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_the_published_example_note_of_the_format_opens_with_its_published_key() -> None:
    key = b64decode(GO_KEY.rsplit("+", 1)[1])[1:]
    assert verifier_key("PeterNeumann", key) == GO_KEY
    assert open_note(GO_NOTE, "PeterNeumann", key, verifier(key)).startswith("If you think cryptography")


def test_a_checkpoint_is_origin_size_and_root_on_three_lines() -> None:
    checkpoint = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert checkpoint.text() == f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert parse_checkpoint(checkpoint.text()) == checkpoint
    assert parse_checkpoint(checkpoint.text() + "an extension line\n") == checkpoint


def test_a_signed_checkpoint_opens_for_whoever_has_the_public_key() -> None:
    checkpoint = Checkpoint(ORIGIN, 12, bytes(32))
    note = signed_checkpoint(checkpoint, PUBLIC, PRIVATE.sign)
    assert open_checkpoint(note, ORIGIN, PUBLIC, verifier(PUBLIC)) == checkpoint


def test_a_second_keepers_signature_is_passed_over_and_either_may_be_asked() -> None:
    witness = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    note = signed_checkpoint(Checkpoint(ORIGIN, 1, bytes(32)), PUBLIC, PRIVATE.sign)
    text = open_note(note, ORIGIN, PUBLIC, verifier(PUBLIC))
    key = witness.public_key().public_bytes_raw()
    both = note + signed_note(text, "mat-tran.example", key, witness.sign).rpartition("\n\n")[2]
    assert open_note(both, ORIGIN, PUBLIC, verifier(PUBLIC)) == text
    assert open_note(both, "mat-tran.example", key, verifier(key)) == text


@given(st.data())
def test_no_character_of_a_signed_checkpoint_can_be_changed(data: st.DataObject) -> None:
    note = signed_checkpoint(Checkpoint(ORIGIN, 987, hashlib.sha256(b"r").digest()), PUBLIC, PRIVATE.sign)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.sampled_from("\n 0Az=+{é").filter(lambda c: c != note[at]))
    with pytest.raises(BadCheckpoint):
        open_checkpoint(note[:at] + other + note[at + 1 :], ORIGIN, PUBLIC, verifier(PUBLIC))


def test_a_note_signed_by_another_key_or_under_another_name_is_refused() -> None:
    note = signed_checkpoint(Checkpoint(ORIGIN, 1, bytes(32)), PUBLIC, PRIVATE.sign)
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw()
    with pytest.raises(BadCheckpoint, match="not signed by"):
        open_checkpoint(note, ORIGIN, other, verifier(other))
    with pytest.raises(BadCheckpoint, match="not signed by"):
        open_checkpoint(note, "other.example", PUBLIC, verifier(PUBLIC))
    foreign = signed_note(Checkpoint("other.example", 1, bytes(32)).text(), ORIGIN, PUBLIC, PRIVATE.sign)
    with pytest.raises(BadCheckpoint, match=r"a checkpoint of other\.example"):
        open_checkpoint(foreign, ORIGIN, PUBLIC, verifier(PUBLIC))


@pytest.mark.parametrize("text", [
    "", "a\n1\n", "a\n01\nAAAA\n", f"a\n-1\n{'A' * 43}=\n", f"a b\n1\n{'A' * 43}=\n", f"{{a\n1\n{'A' * 43}=\n",
    "a\n1\nAAAA\n", "a\n1\n!!!!\n", f"a\n{'9' * 40}\n{'A' * 43}=\n", f"a\n1\n{'A' * 42}B=\n", "a\n1\nđ\n", "a\n²\nAAAA\n",
])  # fmt: skip
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadCheckpoint):
        parse_checkpoint(text)


@given(st.text(max_size=80))
def test_a_note_of_noise_is_refused_and_never_crashes(noise: str) -> None:
    for note in (noise, f"a\n\n\u2014 {noise}\n", f"a\n\n\u2014 {ORIGIN} {noise}\n"):
        with pytest.raises(BadCheckpoint):
            open_note(note, ORIGIN, PUBLIC, verifier(PUBLIC))


def test_the_key_id_is_the_start_of_a_hash_over_name_type_and_key() -> None:
    assert key_id("n", bytes(32)) == hashlib.sha256(b"n\n\x01" + bytes(32)).digest()[:4]


# --- receipts ----------------------------------------------------------------------------------------------------

def test_the_statement_says_what_was_received_when_and_what_the_law_promises() -> None:
    assert statement(received()) == {
        "v": 1, "type": "trongdan/receipt", "reference": "TD7K39QXM4P", "kind": "letters.letter",
        "at": "2026-07-20T01:02:03.000004Z", "on": "2026-07-20", "commitment": commit(SALT, "Đường thôn hỏng").hex(),
        "event": hashlib.sha256(b"event").hexdigest(),
        "deadlines": [{"clock": "handle", "due": "2026-08-03", "rule": "XLD-01", "caution_due": None}],
        "log": {"origin": ORIGIN, "size": 0, "root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
    }  # fmt: skip


def test_a_receipt_survives_being_saved_as_json_and_checks() -> None:
    document = json.loads(json.dumps(signed_receipt(received(), SALT, PRIVATE.sign), indent=2, sort_keys=True))
    assert check_receipt(document, verifier(PUBLIC)) == statement(received())
    assert receipt_opens(document, "Đường thôn hỏng")
    assert not receipt_opens(document, "Đường thôn tốt")


def test_without_its_salt_a_receipt_still_proves_itself_but_confirms_no_guess_of_the_words() -> None:
    document = signed_receipt(received(), SALT, PRIVATE.sign)
    del document["salt"]
    assert check_receipt(document, verifier(PUBLIC))
    assert not receipt_opens(document, "Đường thôn hỏng")
    assert "Đường" not in json.dumps(document, ensure_ascii=False)


@pytest.mark.parametrize("path", ["reference", "kind", "at", "on", "commitment", "event"])
def test_a_receipt_with_anything_altered_is_called_forged(path: str) -> None:
    document = signed_receipt(received(), SALT, PRIVATE.sign)
    document["statement"][path] += "0"
    with pytest.raises(Refusal) as refusal:
        check_receipt(document, verifier(PUBLIC))
    assert refusal.value.code == "receipt.forged"


def test_a_later_deadline_written_into_a_receipt_is_noticed() -> None:
    document = signed_receipt(received(), SALT, PRIVATE.sign)
    document["statement"]["deadlines"][0]["due"] = "2026-09-03"
    with pytest.raises(Refusal):
        check_receipt(document, verifier(PUBLIC))


def test_a_signature_on_something_else_is_no_receipt() -> None:
    note = Checkpoint(ORIGIN, 1, bytes(32)).text()
    document = {"statement": note, "signature": b64encode(PRIVATE.sign(note.encode())).decode()}
    with pytest.raises(Refusal) as refusal:
        check_receipt(document, verifier(PUBLIC))
    assert refusal.value.code == "receipt.unreadable"


json_noise = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda s: st.lists(s, max_size=3) | st.dictionaries(st.sampled_from(["statement", "signature", "type", "v"]), s),
)


@given(json_noise)
def test_a_file_that_is_no_receipt_gets_a_sentence_and_not_a_crash(document: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        check_receipt(document, verifier(PUBLIC))
    assert refusal.value.code == "receipt.unreadable"
    assert not receipt_opens(document, "x")


def test_a_deadline_without_its_clock_or_date_cannot_be_promised() -> None:
    with pytest.raises(NotCanonical, match="clock or due"):
        statement(received(deadlines=[{"clock": "handle"}]))


def test_later_the_receipt_is_proven_to_be_in_the_log_and_the_log_not_to_have_been_rewritten() -> None:
    hashes = [hashlib.sha256(bytes([i])).digest() for i in range(20)]
    before, _ = Frontier().extend(leaf_hash(h) for h in hashes[:7])
    stated = statement(received(event=hashes[9], head=Checkpoint(ORIGIN, 7, before.root())))
    log, stored = Frontier().extend(leaf_hash(h) for h in hashes)
    nodes: dict[Node, bytes] = dict(stored)
    later = Checkpoint(ORIGIN, 20, log.root())

    def node(level: int, index: int) -> bytes:
        return nodes[level, index]

    included, kept = inclusion_proof(9, 20, node), consistency_proof(7, 20, node)
    assert receipt_in_log(stated, 9, included, later)
    assert receipt_history_kept(stated, kept, later)
    assert not receipt_in_log(stated, 8, included, later)
    elsewhere = replace(later, origin="other.example")
    assert not receipt_in_log(stated, 9, included, elsewhere)
    assert not receipt_history_kept(stated, kept, elsewhere)
    assert not receipt_history_kept(stated, kept, replace(later, root=bytes(32)))
