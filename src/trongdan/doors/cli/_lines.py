"""Questions to the law as text: a day as one writes it, and lines of JSON. What is wrong is told in Vietnamese."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

from trongdan.kernel.clock import Pause
from trongdan.law import Law

from ._law import Row, answer

DAY = re.compile(r"\d{4}-\d\d-\d\d")


class BadLine(ValueError):
    """What was asked cannot be read; the message is a sentence for people."""


def instant(text: str) -> date | datetime:
    """A day (YYYY-MM-DD) or an instant (ISO 8601, with an hour). Raises BadLine."""
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
        if "T" in text or " " in text:
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise BadLine(f"“{text}” không phải ngày có thật, viết NĂM-THÁNG-NGÀY như 2026-07-06.")


def line_answer(law: Law, line: str) -> Row:
    """The answer to one line of JSON {"rule", "from", "variant"}; `pauses` ([["from", "resumed"]]) and `extended` may be
    given too, and an `id` comes back. Raises BadLine, Refusal, CalendarMissing."""
    row = _asked(line)
    pauses = tuple(_pause(p) for p in row.get("pauses") or ())
    extended = row.get("extended") or 0
    if not isinstance(extended, int):
        raise BadLine("“extended” phải là số lần gia hạn.")
    found = answer(law, row["rule"], instant(row["from"]), row.get("variant") or None, pauses, extended)
    return {"id": row["id"], **found} if "id" in row else found


def _asked(line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        raise BadLine("Dòng này không phải JSON.") from None
    if not isinstance(row, dict):
        raise BadLine('Dòng này phải là một đối tượng {"rule", "from", "variant"}.')
    for key in ("rule", "from"):
        if row.get(key) in (None, ""):
            raise BadLine(f"Thiếu “{key}”.")
        if not isinstance(row[key], str):
            raise BadLine(f"“{key}” phải là chữ.")
    if not isinstance(row.get("variant") or "", str):
        raise BadLine("“variant” phải là chữ.")
    return row


def _pause(pair: Any) -> Pause:
    try:
        first, end = pair
        return Pause(date.fromisoformat(first), date.fromisoformat(end) if end else None)
    except (TypeError, ValueError):
        raise BadLine("“pauses” phải là các cặp [ngày dừng, ngày tiếp tục], viết NĂM-THÁNG-NGÀY.") from None
