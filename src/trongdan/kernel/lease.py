"""A reference lent beforehand to a device that works without the network (design 4): a signed statement, so that the slip a
person is given while the line is down can be checked later, offline, against the published key.

It says who may use the reference, on which device and until when; it says nothing of any letter.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .canonical import Json, NotCanonical, canonical
from .errors import Refusal

TYPE = "trongdan/lease"
VERSION = 1
Verify = Callable[[bytes, bytes], bool]  # (signature, message) -> holds


@dataclass(frozen=True, slots=True)
class Lease:
    """`device` and `person` are UUIDs as text; `until` is the last day on which it may be used without asking anybody."""

    reference: str
    device: str
    person: str
    post: str
    agency: str
    on: date
    until: date


def statement(lease: Lease) -> dict[str, Json]:
    """The object that is signed."""
    return {"v": VERSION, "type": TYPE, "reference": lease.reference, "device": lease.device, "person": lease.person,
            "post": lease.post, "agency": lease.agency, "on": lease.on.isoformat(), "until": lease.until.isoformat()}  # fmt: skip


def signed_lease(lease: Lease, sign: Callable[[bytes], bytes]) -> dict[str, Any]:
    """{statement, signature (base64)}."""
    stated = statement(lease)
    return {"statement": stated, "signature": b64encode(sign(canonical(stated))).decode()}


def check_lease(document: Any, verify: Verify) -> Lease:
    """The lease whose signature holds.

    Raises Refusal "lease.unreadable" (not a lease at all) or "lease.forged" (altered, or signed by another)."""
    try:
        stated = document["statement"]
        if stated["type"] != TYPE or stated["v"] != VERSION:
            raise _unreadable()
        signature, message = b64decode(document["signature"], validate=True), canonical(stated)
        reference, device, person, post, agency = (str(stated[k]) for k in ("reference", "device", "person", "post", "agency"))
        on, until = date.fromisoformat(stated["on"]), date.fromisoformat(stated["until"])
        lease = Lease(reference, device, person, post, agency, on, until)
    except (KeyError, TypeError, IndexError, ValueError, Base64Error, NotCanonical):
        raise _unreadable() from None
    if not verify(signature, message):
        raise Refusal("lease.forged", "Mã hồ sơ cấp trước này đã bị sửa hoặc không do hệ thống này cấp.")
    return lease


def _unreadable() -> Refusal:
    return Refusal("lease.unreadable", "Không đọc được mã hồ sơ cấp trước. Hãy tải lại trang nhận đơn khi có mạng.")
