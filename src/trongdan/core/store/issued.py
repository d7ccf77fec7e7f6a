"""Results that anyone may check: a code on the paper leads to who issued it, when, and whether it still holds; never to whom.

The code is random: it comes from the paper itself or not at all. A file held beside it is compared byte by byte.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

from django.db import connection

# Signed with a certificate; with this demonstration's own; a scan of the paper that was signed by hand.
Signed = Literal["signed", "test", "scan"]
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32, without the letters that are read as digits
LENGTH = 16  # 80 bits


@dataclass(frozen=True, slots=True)
class Issued:
    """A result as it was issued. `file` is its sheet in the dossier; None for who only has the code."""

    code: str
    agency: str
    name: str
    number: str
    issued_on: date
    valid_until: date | None
    how: Signed
    sha256: bytes
    withdrawn_at: datetime | None
    file: UUID | None = None

    def holds(self, on: date) -> bool:
        return self.withdrawn_at is None and (self.valid_until is None or on <= self.valid_until)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: four groups of four."""
    return " ".join(code[i : i + 4] for i in range(0, LENGTH, 4))


def read_code(text: str) -> str | None:
    """A code as typed from paper; None when it is none."""
    code = re.sub(r"[\s\-.]", "", text.upper()).translate(str.maketrans("OIL", "011"))
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def issue(issued: Issued, case: UUID, now: datetime) -> None:
    """Note a result. Inside the scope, and the transaction, of the event that issues it."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_issued (code, case_id, agency, name, number, issued_on, valid_until, how, sha256, file, at) "
                       "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                       [issued.code, case, issued.agency, issued.name[:300], issued.number, issued.issued_on, issued.valid_until,
                        issued.how, issued.sha256, issued.file, now])  # fmt: skip


def withdraw(case: UUID, now: datetime) -> int:
    """The results of a case hold no more; how many did. Inside the scope of the event that says so."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_issued SET withdrawn_at = %s WHERE case_id = %s AND withdrawn_at IS NULL", [now, case])
        return int(cursor.rowcount)


_COLUMNS = "agency, name, number, issued_on, valid_until, how, sha256, withdrawn_at"


def of_case(case: UUID) -> Sequence[Issued]:
    """The results of a case, newest first. Inside a scope that sees it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code, {_COLUMNS}, file FROM td_issued WHERE case_id = %s ORDER BY at DESC", [case])
        return [Issued(*row) for row in cursor.fetchall()]


def by_code(code: str) -> Issued | None:
    """A result by the code on it, for anybody. Outside any scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM td_issued_by(%s)", [code])
        row = cursor.fetchone()
    return Issued(code, *row) if row else None


def same_file(issued: Issued, data: bytes) -> bool:
    """Whether bytes are the issued ones, every one of them."""
    return sha256(data).digest() == bytes(issued.sha256)
