"""The receipt: a signed statement of what was received and when, checkable offline, later provable in the log.

What it cannot show is said: that the whole log was rolled back to a state nobody kept a checkpoint of.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .canonical import Json, NotCanonical, canonical
from .checkpoint import Checkpoint
from .errors import Refusal
from .journal import commit_bytes, instant, opens
from .merkle import leaf_hash, verify_consistency, verify_inclusion

TYPE = "trongdan/receipt"
VERSION = 1
Verify = Callable[[bytes, bytes], bool]  # (signature, message) -> holds


@dataclass(frozen=True, slots=True)
class Received:
    """What a receipt states. `commitment` and `event` are 32 bytes; `head` is the last signed head of the log."""

    reference: str
    kind: str
    at: datetime
    on: date
    commitment: bytes
    event: bytes
    deadlines: Sequence[Mapping[str, Json]]
    head: Checkpoint
    files: Sequence[str] = ()  # salted commitments (hex) to the files sent along


def statement(received: Received) -> dict[str, Json]:
    """The object that is signed. Raises NotCanonical when a deadline lacks its clock or due date."""
    for deadline in received.deadlines:
        if not deadline.get("clock") or "due" not in deadline:
            raise NotCanonical("deadlines", "a deadline without clock or due")
    sent_along = {"files": list(received.files)} if received.files else {}
    return {
        **sent_along, "v": VERSION, "type": TYPE, "reference": received.reference,
        "kind": received.kind, "at": instant(received.at),
        "on": received.on.isoformat(), "commitment": received.commitment.hex(), "event": received.event.hex(),
        "deadlines": [dict(d) for d in received.deadlines],
        "log": {"origin": received.head.origin, "size": received.head.size,
                "root": b64encode(received.head.root).decode()},
    }  # fmt: skip


def signed_receipt(received: Received, salt: bytes, sign: Callable[[bytes], bytes]) -> dict[str, Any]:
    """{statement, signature (base64), salt (hex)}. The salt is the sender's: with it the words can be shown to match."""
    stated = statement(received)
    return {"statement": stated, "signature": b64encode(sign(canonical(stated))).decode(), "salt": salt.hex()}


def _unreadable() -> Refusal:
    return Refusal("receipt.unreadable", "Tệp này không phải giấy xác nhận đã nhận đơn do hệ thống cấp. Hãy dùng đúng tệp"
                   " đã tải về.")  # fmt: skip


def check_receipt(document: Any, verify: Verify) -> dict[str, Json]:
    """The statement of a receipt whose signature holds.

    Raises Refusal "receipt.unreadable" (not a receipt at all) or "receipt.forged" (altered, or signed by another)."""
    try:
        stated = document["statement"]
        if stated["type"] != TYPE or stated["v"] != VERSION:
            raise _unreadable()
        signature = b64decode(document["signature"], validate=True)
        message = canonical(stated)
    except (KeyError, TypeError, IndexError, ValueError, Base64Error, NotCanonical):
        raise _unreadable() from None
    if not verify(signature, message):
        raise Refusal("receipt.forged", "Chữ ký số không khớp: giấy xác nhận đã bị sửa hoặc không do hệ thống này cấp.")
    return dict(stated)


def receipt_opens(document: Any, text: str) -> bool:
    """Whether the sender's own copy of the letter is what the receipt committed to."""
    try:
        return opens(bytes.fromhex(document["statement"]["commitment"]), bytes.fromhex(document["salt"]), text)
    except (KeyError, TypeError, IndexError, ValueError):
        return False


def receipt_opens_file(document: Mapping[str, Any], data: bytes) -> bool:
    """Whether a file, byte for byte as it was sent, is one of those the receipt states. Its salts are in `file_salts`."""
    stated = set(document.get("statement", {}).get("files", ()))
    salts = document.get("file_salts", ())
    try:
        return any(commit_bytes(bytes.fromhex(salt), data).hex() in stated for salt in salts)
    except (NotCanonical, TypeError, ValueError):
        return False


def receipt_in_log(stated: Mapping[str, Any], index: int, path: Sequence[bytes], later: Checkpoint) -> bool:
    """Whether the receipt's event is leaf `index` of the log at a later checkpoint."""
    if stated["log"]["origin"] != later.origin:
        return False
    return verify_inclusion(leaf_hash(bytes.fromhex(stated["event"])), index, later.size, path, later.root)


def receipt_history_kept(stated: Mapping[str, Any], path: Sequence[bytes], later: Checkpoint) -> bool:
    """Whether the log only grew since the head that the receipt names."""
    log = stated["log"]
    if log["origin"] != later.origin:
        return False
    return verify_consistency(log["size"], b64decode(log["root"]), later.size, later.root, path)
