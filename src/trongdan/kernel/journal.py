"""The trail of a case, format "event v1": each event is hashed together with the hash before it (design 8).

Settled before the first migration and never changed: a later format is a new version beside this one. Personal data
and free text enter an event only as salted commitments, because the plain hash of a short letter would let anybody
who can guess its words confirm that it was sent.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from unicodedata import normalize

from .canonical import Json, NotCanonical, canonical

EVENT_VERSION = 1
SALT_SIZE = 16
HASH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event as the trail keeps it. `seq` counts from 0 within the case; `at` is aware, precise to microseconds.

    `prev` is the hash of the case's event before (None for the first), `hash` this event's own, 32 bytes each.
    """

    case: str
    seq: int
    at: datetime
    on: date
    tag: str
    kind: str
    kind_version: int
    actor_post: str | None
    actor_person: str | None
    on_behalf: str | None
    payload: Mapping[str, Json]
    prev: bytes | None = None
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: the case, the position in it, and what is wrong (for an operator, English)."""

    case: str
    seq: int
    reason: str


def instant(at: datetime) -> str:
    """An aware datetime as UTC text with six decimals: "2026-07-01T01:02:03.000004Z"."""
    if at.tzinfo is None:
        raise NotCanonical("at", "a time without a zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def event_fields(event: Sealed) -> dict[str, Json]:
    """The object of format "event v1" that is hashed, except `prev`, which `event_hash` adds."""
    on = event.on.date() if isinstance(event.on, datetime) else event.on
    return {
        "v": EVENT_VERSION, "case": event.case, "seq": event.seq, "at": instant(event.at), "on": on.isoformat(),
        "tag": event.tag, "kind": event.kind, "kind_version": event.kind_version, "actor_post": event.actor_post,
        "actor_person": event.actor_person, "on_behalf": event.on_behalf, "payload": event.payload,
    }  # fmt: skip


def event_hash(prev: bytes | None, fields: Mapping[str, Json]) -> bytes:
    """SHA-256 over the canonical JSON of the fields and `prev` in hexadecimal (null for a case's first event)."""
    if prev is not None and len(prev) != HASH_SIZE:
        raise NotCanonical("prev", f"{len(prev)} bytes instead of {HASH_SIZE}")
    return sha256(canonical({**fields, "prev": prev.hex() if prev is not None else None})).digest()


def seal(event: Sealed, prev: bytes | None) -> Sealed:
    """The event chained to the hash before it."""
    return replace(event, prev=prev, hash=event_hash(prev, event_fields(event)))


def verify_chain(events: Iterable[Sealed]) -> tuple[Break, ...]:
    """Every place where one case's events, in order of `seq`, do not chain. Empty when they do.

    An event is checked against the hash *stored* in the one before, so that one altered event is one break and not
    all that follow it.
    """
    breaks: list[Break] = []
    case: str | None = None
    prev: bytes | None = None
    for expected, event in enumerate(events):
        case = event.case if case is None else case
        breaks.extend(Break(event.case, event.seq, reason) for reason in _flaws(event, case, expected, prev))
        prev = event.hash
    return tuple(breaks)


def _flaws(event: Sealed, case: str, expected: int, prev: bytes | None) -> Iterable[str]:
    if event.case != case:
        yield f"belongs to another case than {case}"
    if event.seq != expected:
        yield f"seq {event.seq} where {expected} should be"
    if event.prev != prev:
        yield "prev is not the hash of the event before"
    try:
        computed = event_hash(event.prev, event_fields(event))
    except NotCanonical as problem:
        yield f"cannot be hashed ({problem})"
        return
    if computed != event.hash:
        yield "hash does not match what the event says"


def commit(salt: bytes, text: str) -> bytes:
    """The salted commitment to a text: SHA-256 of the salt (16 bytes) and the text's NFC in UTF-8.

    The text is normalised here, so that its writer's own copy, typed on a device that decomposes accents, still opens
    the commitment. The salt lies with the content and goes with it when the content is erased.
    """
    if len(salt) != SALT_SIZE:
        raise NotCanonical("salt", f"{len(salt)} bytes instead of {SALT_SIZE}")
    return sha256(salt + normalize("NFC", text).encode()).digest()


def commit_bytes(salt: bytes, data: bytes) -> bytes:
    """The salted commitment to a file, byte for byte as it was sent."""
    if len(salt) != SALT_SIZE:
        raise NotCanonical("salt", f"{len(salt)} bytes instead of {SALT_SIZE}")
    return sha256(salt + data).digest()


def opens(commitment: bytes, salt: bytes, text: str) -> bool:
    """Whether a text and its salt are what was committed to."""
    return len(salt) == SALT_SIZE and hmac.compare_digest(commit(salt, text), commitment)
