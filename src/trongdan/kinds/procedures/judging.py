"""One tap after the result: by a code on the slip, used once, nobody of the office in between (domain 21)."""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.cases.assessments import batches
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import Loaded, load
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import parse_reference
from trongdan.platform import keys

from .intake import KIND

LENGTH = 8
_CONFUSED = str.maketrans("018", "OIB", "- ")  # base 32 has none of these three digits
# One question, one tap. What every kind counts is whether the matter was solved: yes, partly, no.
TAPS = {"good": "yes", "fair": "partly", "bad": "no"}
RATER = Actor(is_sender=True, door="rating")


def code_of(case_id: UUID) -> str:
    """Eight letters and digits that rate this dossier and open nothing of it."""
    digest = hmac.digest(keys.secret("tokens"), b"rating:" + case_id.bytes, "sha256")
    return b32encode(digest).decode()[:LENGTH]


def open_to_judge(reference_text: str, code: str) -> Loaded:
    """The dossier that a number and the code of its slip name. One refusal whichever of them is wrong."""
    wrong = Refusal("rating.not_found", "Mã hồ sơ hoặc mã đánh giá không đúng. Ông/bà xem lại trên giấy hẹn.")
    try:
        reference = parse_reference(reference_text).partition("/")[0]
    except Refusal:
        raise wrong from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM td_find_reference(%s)", [reference])
        row = cursor.fetchone()
    case_id = UUID(str(row[0])) if row else None
    typed = code[:40].strip().upper().translate(_CONFUSED)
    if case_id is None or not hmac.compare_digest(code_of(case_id).encode(), typed.encode("utf-8", "surrogatepass")):
        raise wrong
    with scope(Scope(case=case_id)):
        loaded = load([case_id]).get(case_id)
    if loaded is None or loaded.kind.id != KIND:
        raise wrong
    return loaded


def judge(loaded: Loaded, tap: str, marks: Mapping[str, int], reason: str) -> None:
    """Record the tap and what was marked besides, once. Raises Refusal."""
    if loaded.state.assessments:
        raise Refusal("rating.done", "Mã này đã dùng để đánh giá rồi. Cảm ơn ông/bà.")
    data: dict[str, Any] = {**marks, **({"solved": TAPS[tap]} if tap in TAPS else {}), **({"reason": reason} if reason else {})}
    perform(Command(KIND, str(loaded.id), "case.assess", data), RATER, f"rating:{loaded.id}", client="rating")


def factors(agency: str, today: date) -> dict[str, list[tuple[date, date, int, int]]]:
    """factor -> (since, until, people, how many of them marked four or five) in batches of whole weeks and at least five
    people, for the unit itself. Runs inside a scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT factor, week, people, high FROM td_factor_weeks() WHERE agency = %s ORDER BY week", [agency])
        rows = cursor.fetchall()
    weeks: dict[str, list[tuple[date, int, int, int, int]]] = defaultdict(list)
    for factor, week, people, high in rows:
        weeks[factor].append((week, people, high, 0, 0))
    full = {f: batches(w, today) for f, w in weeks.items()}
    return {f: [(b.since, b.until, b.people, b.yes["answered"]) for b in found] for f, found in full.items() if found}
