"""Whose papers: a person by the personal number, a business by its code. Neither lies in the open: a keyed digest finds the papers,
a key made from the number opens them, and a dossier holds the number sealed, for whoever may know whose it is."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db import connection

from trongdan.kernel.errors import Refusal
from trongdan.platform import keys

_PERSON, _BUSINESS = re.compile(r"\d{12}"), re.compile(r"\d{10}(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class Owner:
    """`subject`: 32 bytes, the same for the same owner, tells nothing without the instance's key."""

    kind: Literal["person", "business"]
    number: str = field(repr=False)  # never in a log or a traceback

    @property
    def subject(self) -> bytes:
        return self._made("subject")

    @property
    def key(self) -> bytes:
        """What seals this owner's papers: 32 bytes."""
        return self._made("key")

    def _made(self, what: str) -> bytes:
        return hmac.digest(keys.secret("store"), f"{what}|{self.kind}|{self.number}".encode(), "sha256")


def owner_of(text: str) -> Owner:
    """Read a number as typed, spaces, dots and hyphens aside. Raises Refusal.

    A personal number has 12 digits (Luật Căn cước 26/2023/QH15 Đ12, chưa đối chiếu), a business code 10, a dependent unit 13."""
    digits = re.sub(r"[\s.\-]", "", text)
    if _PERSON.fullmatch(digits):
        return Owner("person", digits)
    if _BUSINESS.fullmatch(digits):
        return Owner("business", digits)
    raise Refusal("store.number", "Số định danh cá nhân gồm 12 chữ số; mã số doanh nghiệp gồm 10 hoặc 13 chữ số. Hãy kiểm tra lại.",
                  None, {"field": "number"})  # fmt: skip


def remember(owner: Owner, case: UUID) -> None:
    """Note whose a dossier is, sealed. Inside a scope that may add to the case; twice is once."""
    sealed = keys.encrypt("store", f"{owner.kind}|{owner.number}".encode(), b"case" + case.bytes)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_store_case (case_id, sealed) VALUES (%s, %s) ON CONFLICT DO NOTHING", [case, sealed])


def owner_of_case(case: UUID) -> Owner | None:
    """Whose a dossier is, None when no number was given. Inside a scope that sees the case and opens identities."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM td_store_case WHERE case_id = %s", [case])
        row = cursor.fetchone()
    if row is None:
        return None
    kind, _, number = keys.decrypt("store", bytes(row[0]), b"case" + case.bytes).decode().partition("|")
    return Owner("business" if kind == "business" else "person", number)
