"""What anybody may do at a dialogue: ask, and support what others ask. Nobody's name is taken; through the database's own
functions, which see no more than they must."""

from __future__ import annotations

import hmac
from datetime import date
from uuid import UUID

from django.db import connection

from trongdan.core.cases.raised import checked
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys


def ask(meeting: UUID, key: UUID, words: str, today: date) -> None:
    """A question from the portal, once per key. Nobody's name is asked. Raises Refusal when the meeting takes none now."""
    text = checked(words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_meeting_ask(%s, %s, %s, %s)", [meeting, key, text, today])
        taken = cursor.fetchone()[0]
    if not taken:
        raise Refusal("question.closed", "Buổi đối thoại này không còn nhận câu hỏi gửi trước. Ông/bà hỏi trực tiếp tại buổi họp.",
                      None, {"field": "words"})  # fmt: skip


def mark_of(question: UUID, by: str) -> bytes:
    """What stands for a device or a phone at one question: keyed, and for no other question the same."""
    return hmac.digest(keys.secret("supports"), question.bytes + by.encode(), "sha256")


def support(question: UUID, by: str) -> bool:
    """One support a device ("device:…") or phone ("phone:…"); whether it was new. Raises Refusal when it is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_meeting_support(%s, %s)", [question, mark_of(question, by)])
        fresh = cursor.fetchone()[0]
    if fresh is None:
        raise Refusal("support.closed", "Câu hỏi này không còn nhận ủng hộ.")
    return bool(fresh)


def phone_mark(number: str) -> str:
    """The digits of a phone as one writes it anywhere: 0912 345 678 and +84912345678 are one. Raises Refusal."""
    digits = "".join(c for c in number if c.isdigit())
    digits = "0" + digits[2:] if digits.startswith("84") and len(digits) in (11, 12) else digits
    if not 9 <= len(digits) <= 11:
        raise Refusal("phone.invalid", "Số điện thoại chưa đúng. Hãy ghi đủ số.", None, {"field": "phone"})
    return f"phone:{digits}"
