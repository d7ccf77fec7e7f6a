"""Receipts made from the trail: the same statement at intake and whenever it is asked for again."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from django.db import connection

from trongdan.kernel.case import Event
from trongdan.kernel.checkpoint import Checkpoint
from trongdan.kernel.receipt import Received, signed_receipt
from trongdan.platform import keys

from .log import origin
from .trail import Loaded

SHOWN = ("clock", "rule", "due", "caution_due", "basis")


def sealed_receipt(reference: str, kind: str, opening: Event, event_hash: bytes, commitment: str, salt: str
                   ) -> dict[str, Any]:  # fmt: skip
    """The receipt of a case from its first event and the commitment to its text (hex); the salt goes to the sender."""
    deadlines = [{k: n.get(k) for k in SHOWN} for n in opening.payload.get("clocks", ()) if n.get("whose") == "agency"]
    head = opening.payload["log"]
    received = Received(reference, kind, opening.at, opening.on, bytes.fromhex(commitment), event_hash, deadlines,
                        Checkpoint(origin(), head["size"], b64decode(head["root"])),
                        opening.payload.get("data", {}).get("files", ()))  # fmt: skip
    document = signed_receipt(received, bytes.fromhex(salt), keys.sign)
    return {**document, "key": keys.public_key_text()}


def receipt_of(loaded: Loaded) -> dict[str, Any] | None:
    """The receipt of a stored case; None once its text was erased after its retention. Runs inside a scope."""
    first = loaded.trail[0]
    reference = first.event.payload["data"].get("text")
    if not isinstance(reference, dict):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt FROM td_content WHERE id = %s AND salt IS NOT NULL", [reference["content"]])
        row = cursor.fetchone()
    if row is None:
        return None
    return sealed_receipt(loaded.reference, loaded.kind.id, first.event, first.hash, reference["commitment"],
                          bytes(row[0]).hex())  # fmt: skip
